"""The evidence of a case: the list with the form for handing files in, and the page of one piece."""

import re
import uuid
from dataclasses import dataclass, field

from csp.constants import SELF
from csp.decorators import csp_update
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from sipuma.cases.access import log_read, within_reach
from sipuma.cases.evidence import Piece
from sipuma.cases.models import Case
from sipuma.complaints.evidence import add_by_desk, note_original
from sipuma.files.acceptance import Accepted
from sipuma.files.basket import Basket, Refusal
from sipuma.files.pages import page_count
from sipuma.files.rejected import Rejected
from sipuma.files.uploads import receiving
from sipuma.files.verdict import Verdict
from sipuma.offices.officer import Officer
from sipuma.offices.refusal import Refused
from sipuma.web.forms import SipumaForm
from sipuma.web.with_files import with_files
from sipuma.workspace.desk import officer_of
from sipuma.workspace.evidence_cards import card_of, evidence_context
from sipuma.workspace.handing_out import original_of
from sipuma.workspace.pieces import INLINE, UNREADABLE, kind_shown, reached, scanned
from sipuma.workspace.uploads.views import desk_of

RELATED = ("team__office", "verification__office", "office")
TEXT_BYTES = 200_000
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
BYTE_ORDER_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))


class OriginalForm(SipumaForm):
    """Why an officer needs a file as it was sent, with all that it tells about whoever made it."""

    reason = forms.CharField(
        label=gettext_lazy("Why you need the original"),
        help_text=gettext_lazy("The reason is entered in the timeline with your name."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Write why you need the original. One sentence is enough.")},
    )


@dataclass(frozen=True)
class Sight:
    """How the page shows a piece: `view` as in `files.kinds`; `obstacle` says why it can't."""

    view: str = ""
    obstacle: str = ""
    text: str = field(default="", repr=False)
    cut: bool = False
    page: int = 0
    pages: int = 0


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
        return _show_list(request, officer, case)
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
    basket.keep(added)
    if basket.refused:
        return _show_list(request, officer, case, taken=added, refused=basket.refused)
    text = ngettext("%(count)d file was added.", "%(count)d files were added.", len(added))
    messages.success(request, text % {"count": len(added)})
    return redirect("case", register=case.register)


def _show_list(
    request: HttpRequest,
    officer: Officer,
    case: Case,
    *,
    refusal: str = "",
    taken: list[Accepted] | None = None,
    refused: list[Refusal] | None = None,
) -> HttpResponse:
    """Show the list, and after a form what was taken and what was not, by name.

    The names stand on the page itself: a notice for the next page travels in a cookie, where they must not.
    """
    log_read(case, officer)
    values = {"refusal": refusal, "taken": taken, "refused": refused}
    status = 422 if refusal or refused else 200
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
        return _give_original(request, piece, officer, form.cleaned_data["reason"])
    sight = _sight(piece, officer, request.GET.get("halaman", "1"))
    values = {
        "card": card_of(piece, piece.evidence.case),
        "case": piece.evidence.case,
        "zone": piece.evidence.case.team.office.timezone,
        "sight": sight,
        "previous": f"?halaman={sight.page - 1}" if sight.page > 1 else "",
        "next": f"?halaman={sight.page + 1}" if sight.page < sight.pages else "",
        "content": reverse("evidence-shown", kwargs={"register": register, "uid": uid}),
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return render(request, "workspace/evidence.html", values, status=status)


def _give_original(request: HttpRequest, piece: Piece, officer: Officer, reason: str) -> HttpResponseBase:
    try:
        scanned(piece, officer)
        answer = original_of(piece)
    except UNREADABLE:
        messages.error(request, _unreadable())
        return redirect(request.path)
    try:
        note_original(piece, by=officer, reason=reason)
    except BaseException:
        answer.close()
        raise
    return answer


def _sight(piece: Piece, officer: Officer, page: str) -> Sight:
    """Return how to show the piece; nothing of an infected file is ever shown."""
    try:
        if scanned(piece, officer) == Verdict.INFECTED:
            return Sight(obstacle=_("A virus was found in this file. It is kept apart and not shown."))
        return _open_sight(piece, page)
    except UNREADABLE:
        return Sight(obstacle=_unreadable())
    except Rejected as rejected:
        return Sight(obstacle=rejected.reason)


def _open_sight(piece: Piece, page: str) -> Sight:
    view = kind_shown(piece).view
    if view == "pdf":
        return _sight_of_pages(piece, page)
    if view == "text":
        return _sight_of_text(piece)
    if view == "picture" and not piece.cleaned:
        return Sight(obstacle=_("This picture could not be cleaned: it may tell who made it, and where."))
    if view not in INLINE:
        return Sight(obstacle=_("Files of this kind can’t be shown here. Save it, and open it elsewhere."))
    return Sight(view)


def _sight_of_pages(piece: Piece, page: str) -> Sight:
    with piece.open_shown() as file:
        pages = page_count(file)
    if not pages:
        raise Rejected(_("This document has no pages."))
    if not re.fullmatch("[0-9]{1,9}", page) or not 1 <= int(page) <= pages:
        raise Http404
    return Sight("pdf", page=int(page), pages=pages)


def _sight_of_text(piece: Piece) -> Sight:
    with piece.open_shown() as file:
        raw = file.read(TEXT_BYTES)
    encoding = next((name for mark, name in BYTE_ORDER_MARKS if raw.startswith(mark)), "utf-8")
    text = UNSEEN.sub("\ufffd", raw.decode(encoding, "replace").replace("\r\n", "\n").replace("\r", "\n"))
    return Sight("text", text=text, cut=piece.shown_size > TEXT_BYTES)


def _unreadable() -> str:
    return _("This file can’t be read at the moment. Try again in a few minutes, or tell the administrator.")
