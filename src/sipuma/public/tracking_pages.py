"""The pages behind a ticket: status, history, evidence and conversation; writing, withdrawing, printing.

A POST is answered directly, so that the ticket stands in no address; its forms carry a pass instead.
"""

from dataclasses import replace
from typing import Final

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sipuma import vault
from sipuma.cases.tickets import Holder
from sipuma.cases.workflow import Text
from sipuma.complaints.tracking import Letter, Tracked, withdraw, write
from sipuma.files.store import Unavailable
from sipuma.files.verdict import Verdict
from sipuma.offices.refusal import Refused
from sipuma.public import notices
from sipuma.public.entrance import MINUTE, TOO_MANY, Act, Visit, enter
from sipuma.public.file_rows import rows_of_files, rows_of_pieces, said_of
from sipuma.public.forms import AnswerForm, MessageForm, WithdrawalForm
from sipuma.public.notices import Notice
from sipuma.public.passes import seal_pass
from sipuma.public.printing import matter_rows, print_view
from sipuma.public.saving import save_copy
from sipuma.public.sources import WRITING
from sipuma.public.uploads import Posted, receiving
from sipuma.web.logs import log
from sipuma.web.public import public
from sipuma.web.text import normalise
from sipuma.web.with_files import with_files

NOT_FOUND: Final = 404
AWAY: Final = 503
HOUR: Final = 3600


@with_files
@public
@require_http_methods(["GET", "HEAD", "POST"])
def track_page(request: HttpRequest) -> HttpResponseBase:
    """GET asks for a ticket; POST brings a ticket or a pass, what to do (`act`), and perhaps files."""
    with receiving(request) as posted:
        return enter(posted, ACTS.get(posted.form.get("act", ""), _look), known=ACTS)


@public
@require_http_methods(["POST"])
def print_page(request: HttpRequest) -> HttpResponseBase:
    """The sheet for printing, from the ticket page's pass."""
    with receiving(request) as posted:
        return enter(posted, _print, known=ACTS)


def _look(
    posted: Posted,
    visit: Visit,
    *,
    notice: Notice | None = None,
    form: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    tracked = Tracked(visit.holder)
    context = {
        "tracked": tracked,
        "zone": tracked.zone,
        "history": [{"title": event.label, "when": event.at} for event in tracked.history],
        "letters": [_entry_of(letter) for letter in tracked.conversation],
        "matter": matter_rows(tracked),
        "pieces": rows_of_pieces(tracked.pieces),
        "token": seal_pass(visit.ticket),
        "form": form or _message_form(tracked)(),
        "files": rows_of_files(posted.files),
        "kept": posted.seal(),
        "notice": notice or notices.repeated(posted.repeats),
    }
    return render(posted.request, "public/case.html", context, status=status)


def _entry_of(letter: Letter) -> dict[str, object]:
    """Return a message as `ui/timeline.html` shows it."""
    return {"title": _("You") if letter.mine else _("The office"), "when": letter.at, "body": letter.text}


def _message_form(tracked: Tracked) -> type[MessageForm]:
    return AnswerForm if tracked.answer_by else MessageForm


def _write(posted: Posted, visit: Visit) -> HttpResponse:
    """Enter a message with its files, or only one of the two; what can't be entered stays on the page."""
    tracked = Tracked(visit.holder)
    kind = _message_form(tracked)
    if posted.removes:
        typed = normalise(posted.form.get("message", ""))
        notice = notices.refused(posted.problems)
        return _look(posted, visit, form=kind(initial={"message": typed}), notice=notice)
    form = kind(posted.form, posted=posted)
    if posted.held_back:
        form = kind(initial={"message": form.data.get("message", "")})
        return _held_back(posted, visit, form, notices.TOO_MANY_UPLOADS, seconds=HOUR)
    if not form.is_valid():
        return _look(posted, visit, form=form)
    if not WRITING.spend(posted.request):
        return _held_back(posted, visit, form, notices.TOO_MANY_MESSAGES, seconds=MINUTE)
    try:
        notice = _enter_message(posted, visit.holder, form.cleaned_data["message"], tracked)
    except Refused as refused:
        return _look(posted, visit, form=form, notice=Notice(refused.reason, tone="stop"))
    return _look(posted, visit.again(), notice=notice)


def _held_back(
    posted: Posted, visit: Visit, form: MessageForm, notice: Notice, *, seconds: int
) -> HttpResponse:
    response = _look(posted, visit, form=form, notice=notice, status=TOO_MANY)
    response.headers["Retry-After"] = str(seconds)
    return response


def _enter_message(posted: Posted, holder: Holder, text: str, tracked: Tracked) -> Notice:
    """Enter files and text; return what to say. What a full case does not take, goes.

    Raises:
        Refused: nothing was entered.
    """
    full: Text = ""
    with transaction.atomic():
        try:
            fresh = posted.enter(holder)
        except Refused as refused:
            fresh, full = [], refused.reason
        if text:
            write(holder, text)
    posted.settle(fresh)
    if text:
        taken = notices.ANSWER_TAKEN if tracked.answer_by else notices.MESSAGE_TAKEN
        return _with(taken, taken.text, said_of(fresh), *posted.repeats, full and notices.FILES_REFUSED, full)
    if full:
        return Notice(notices.FILES_REFUSED, full, "stop")
    if fresh:
        return _with(notices.FILES_TAKEN, said_of(fresh), *posted.repeats)
    return _with(notices.FILES_KNOWN, *(posted.repeats or [str(notices.FILES_KNOWN.text)]))


def _with(notice: Notice, *sentences: Text) -> Notice:
    return replace(notice, text=" ".join(str(one) for one in sentences if one))


def _save(posted: Posted, visit: Visit) -> HttpResponseBase:
    """Give back the original of one file."""
    wanted = posted.form.get("piece", "")
    piece = next((one for one in Tracked(visit.holder).pieces if one.evidence.uid.hex == wanted), None)
    if piece is None:
        return _look(posted, visit, notice=notices.FILE_UNKNOWN, status=NOT_FOUND)
    if piece.evidence.scan == Verdict.INFECTED:
        return _look(posted, visit, notice=notices.FILE_LOCKED)
    try:
        return save_copy(piece)
    except Unavailable:
        return _look(posted, visit, notice=notices.FILE_AWAY, status=AWAY)
    except (FileNotFoundError, vault.Unopenable) as error:
        # Without the case: the log must not say when its complainant was here.
        log.error("evidence can't be opened", error=type(error).__name__)
        return _look(posted, visit, notice=notices.FILE_UNREADABLE, status=NOT_FOUND)


def _ask_to_confirm(posted: Posted, visit: Visit) -> HttpResponse:
    return _confirmation(posted, visit, WithdrawalForm())


def _confirmation(posted: Posted, visit: Visit, form: WithdrawalForm) -> HttpResponse:
    context = {"form": form, "token": seal_pass(visit.ticket), "register": visit.holder.case.register}
    return render(posted.request, "public/withdraw.html", context)


def _withdraw(posted: Posted, visit: Visit) -> HttpResponse:
    form = WithdrawalForm(posted.form)
    if not form.is_valid():
        return _confirmation(posted, visit, form)
    try:
        withdraw(visit.holder, form.cleaned_data["message"])
    except Refused as refused:
        return _look(posted, visit.again(), notice=Notice(refused.reason, tone="stop"))
    return _look(posted, visit.again(), notice=notices.WITHDRAWN)


def _print(posted: Posted, visit: Visit) -> HttpResponse:
    return print_view(posted.request, visit.ticket, visit.holder)


ACTS: Final[dict[str, Act]] = {
    "message": _write,
    "withdraw": _ask_to_confirm,
    "confirm-withdraw": _withdraw,
    "print": _print,
    "evidence": _save,
    "refresh": _look,
}
