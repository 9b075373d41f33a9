"""The evidence of a case: the list with the form for handing files in, and the page of one piece."""

import uuid

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from sipuma.cases.access import log_read, within_reach
from sipuma.cases.evidence import Piece
from sipuma.cases.models import Case
from sipuma.complaints.evidence import Added, add_by_desk, note_original, virus_in
from sipuma.files.basket import Basket, Refusal
from sipuma.files.uploads import receiving
from sipuma.files.verdict import Verdict
from sipuma.offices.officer import Officer
from sipuma.offices.refusal import Refused
from sipuma.web.with_files import with_files
from sipuma.workspace.desk import officer_of
from sipuma.workspace.evidence_cards import card_of, evidence_context
from sipuma.workspace.handing_out import original_of
from sipuma.workspace.middleware import FILES_LOST
from sipuma.workspace.originals import HERE, OriginalForm, let_open, only_original
from sipuma.workspace.pieces import UNREADABLE, reached, scanned
from sipuma.workspace.sights import sight_of, unreadable
from sipuma.workspace.uploads.views import desk_of

RELATED = ("team__office", "verification__office", "office")


# The body is read with the handler that encrypts files on arrival, so the check of the form's token, which
# reads the body, comes after that handler is set.
@with_files
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def evidence_list(request: HttpRequest, register: str) -> HttpResponse:
    """Show the list; take the files that a desk hands in without the script."""
    officer = officer_of(request)
    case = get_object_or_404(within_reach(officer).select_related(*RELATED), register=register)
    if request.method != "POST":
        lost = _("The files have not come in: your session had ended. Choose them again.")
        return _show_list(request, officer, case, refusal=lost if FILES_LOST in request.GET else "")
    with receiving(request) as basket:
        answer: HttpResponse = csrf_protect(_hand_in)(request, officer, case, basket)
        return answer


def _hand_in(request: HttpRequest, officer: Officer, case: Case, basket: Basket) -> HttpResponse:
    desk = desk_of(case, officer)
    if desk is None:
        raise PermissionDenied
    if not basket.files and not basket.refused:
        return _show_list(request, officer, case, refusal=_("Choose at least one file."))
    try:
        added = add_by_desk(case, basket.files, by=officer, desk=desk)
    except Refused as refused:
        return _show_list(request, officer, case, refusal=str(refused))
    basket.keep(added.files)
    if basket.refused or added.repeats:
        return _show_list(request, officer, case, added=added, refused=basket.refused)
    text = ngettext("%(count)d file was added.", "%(count)d files were added.", len(added.files))
    messages.success(request, text % {"count": len(added.files)})
    return redirect("case", register=case.register)


def _show_list(
    request: HttpRequest,
    officer: Officer,
    case: Case,
    *,
    refusal: str = "",
    added: Added | None = None,
    refused: list[Refusal] | None = None,
) -> HttpResponse:
    """Show the list, and after a form what was taken and what was not, by name.

    The names stand on the page itself: a notice for the next page travels in a cookie, where they must not.
    """
    log_read(case, officer)
    values = {"refusal": refusal, "added": added, "refused": refused}
    status = 422 if request.method == "POST" and (refusal or refused) else 200
    context = evidence_context(case, officer) | values
    return render(request, "workspace/evidence_list.html", context, status=status)


@csp_update({"media-src": [SELF]})  # type: ignore[arg-type]  # its types know no view with arguments
@require_http_methods(["GET", "HEAD", "POST"])
def evidence_page(request: HttpRequest, register: str, uid: uuid.UUID) -> HttpResponseBase:
    """Show a piece without giving it to the browser as anything but a picture, sound or film."""
    officer = officer_of(request)
    piece = reached(officer, register=register, uid=uid)
    form = OriginalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        open_it = _open_here if HERE in request.POST and only_original(piece) else _give_original
        return open_it(request, piece, officer, form.cleaned_data["reason"])
    sight = sight_of(request, piece, officer)
    values = {
        "card": card_of(piece, piece.evidence.case),
        "case": piece.evidence.case,
        "zone": piece.evidence.case.team.office.timezone,
        "sight": sight,
        "virus": virus_in(piece, officer),
        "previous": f"?halaman={sight.page - 1}" if sight.page > 1 else "",
        "next": f"?halaman={sight.page + 1}" if sight.page < sight.pages else "",
        "content": reverse("evidence-shown", kwargs={"register": register, "uid": uid}),
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return render(request, "workspace/evidence.html", values, status=status)


def _open_here(request: HttpRequest, piece: Piece, officer: Officer, reason: str) -> HttpResponseBase:
    """Let the officer look at an original on its page; what holds a virus is not shown there either."""
    try:
        verdict = scanned(piece, officer)
        piece.open_original().close()
    except UNREADABLE:
        messages.error(request, unreadable())
        return redirect(request.path)
    if verdict != Verdict.INFECTED:
        note_original(piece, by=officer, reason=reason)
        let_open(request, piece)
    return redirect(request.path)


def _give_original(request: HttpRequest, piece: Piece, officer: Officer, reason: str) -> HttpResponseBase:
    try:
        scanned(piece, officer)
        answer = original_of(piece)
    except UNREADABLE:
        messages.error(request, unreadable())
        return redirect(request.path)
    try:
        note_original(piece, by=officer, reason=reason)
    except BaseException:
        answer.close()
        raise
    return answer
