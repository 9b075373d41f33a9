"""The papers of a reception behind addresses: the form, blank and filled (R25), and the receipt."""

from collections.abc import Callable
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.views.decorators.http import require_safe

from sipuma.cases.access import log_read, within_reach
from sipuma.complaints.reception import desks_of
from sipuma.offices.refusal import Refused
from sipuma.workspace.desk import officer_of
from sipuma.workspace.desk_queries import remit_of
from sipuma.workspace.filled_form import filled_form_of
from sipuma.workspace.papers.forms import Receipt, complaint_form, receipt
from sipuma.workspace.views.register_book import chosen_office

PDF: Final = "application/pdf"
SANDBOX: Final = "default-src 'none'; sandbox"
# Sheets and things that somebody may hand in at once; more is a slip of the finger.
MOST_PAPERS: Final = 999
RELATED: Final = ("office", "reception__office", "team__office")


@require_safe
def blank_form(request: HttpRequest) -> HttpResponse:
    """Answer with the blank form of the officer's office, or of the one that `office` names."""
    office = chosen_office(request, remit_of(officer_of(request)).offices)
    return paper_response(
        request, lambda: complaint_form(office, None, language=_language()), f"formulir-pengaduan-{office.pk}"
    )


@require_safe
def filled_form(request: HttpRequest, register: str) -> HttpResponse:
    """Answer with the form filled, to whoever opens the complaint's text: the desk only until completion."""
    officer = officer_of(request)
    case = get_object_or_404(within_reach(officer).select_related(*RELATED), register=register)
    form = filled_form_of(case, officer)
    if form is None:
        raise Http404
    log_read(case, officer)
    office = case.reception.office if case.reception else case.office
    return paper_response(
        request, lambda: complaint_form(office, form, language=_language()), f"formulir-{case.register}"
    )


@require_safe
def receipt_of(request: HttpRequest, register: str) -> HttpResponse:
    """Answer with the receipt, to receivers of the desk that recorded the complaint, at any time.

    `papers` in the address says how many sheets or things were handed in: only the desk has counted them.
    """
    officer = officer_of(request)
    desks = desks_of(officer)
    recorded = within_reach(officer).filter(reception__in=[desk.pk for desk in desks])
    case = get_object_or_404(recorded.select_related(*RELATED), register=register)
    desk = next(desk for desk in desks if desk.pk == case.reception_id)
    made = Receipt(
        register=case.register,
        received_at=case.received_at,
        zone=desk.office.timezone,
        channel=case.get_channel_display(),
        files=case.evidence.count(),
        papers=_papers(request.GET["papers"]) if request.GET.get("papers") else None,
    )
    return paper_response(
        request, lambda: receipt(desk.office, made, language=_language()), f"tanda-terima-{case.register}"
    )


def _papers(typed: str) -> int:
    if not (typed.isascii() and typed.isdecimal()) or int(typed[:10]) > MOST_PAPERS:
        raise Http404
    return int(typed)


def paper_response(request: HttpRequest, make: Callable[[], bytes], name: str) -> HttpResponse:
    """Answer with a PDF to be shown in the browser; where none can be made, with what is to be installed."""
    try:
        content = make()
    except (Refused, ImportError):
        return render(request, "workspace/reception_no_papers.html", status=503)
    response = HttpResponse(content, content_type=PDF)
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return _closed(response)


def attached(content: bytes, name: str, *, mime: str) -> HttpResponse:
    """Answer with a file to be saved."""
    response = HttpResponse(content, content_type=mime)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return _closed(response)


def _closed(response: HttpResponse) -> HttpResponse:
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "no-store"
    return response


def _language() -> str:
    return translation.get_language() or "id"
