"""The pages behind a ticket: status, history, evidence and conversation; writing, withdrawing, printing.

A POST is answered directly, so that the ticket stands in no address; its forms carry a pass instead.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sipuma import vault
from sipuma.cases.tickets import Holder, find_by_text, find_holder, keys_of
from sipuma.complaints.tracking import Letter, Tracked, withdraw, write
from sipuma.files.store import Unavailable
from sipuma.files.verdict import Verdict
from sipuma.offices.refusal import Refused
from sipuma.public import notices
from sipuma.public.file_rows import rows_of_files, rows_of_pieces, said_of
from sipuma.public.forms import AnswerForm, KeptMessageForm, MessageForm, TicketForm, WithdrawalForm
from sipuma.public.notices import Notice
from sipuma.public.passes import has_expired, open_pass, seal_pass
from sipuma.public.printing import matter_rows, print_view
from sipuma.public.saving import save_copy
from sipuma.public.sources import TRACKING, WRITING
from sipuma.public.uploads import Posted, receiving
from sipuma.web.logs import log
from sipuma.web.public import public
from sipuma.web.text import normalise
from sipuma.web.with_files import with_files

TOO_MANY: Final = 429
NOT_FOUND: Final = 404
AWAY: Final = 503
MINUTE: Final = 60
HOUR: Final = 3600


@dataclass(frozen=True)
class Visit:
    """Somebody who showed a ticket, in this request or by the pass that it gave."""

    ticket: vault.Ticket = field(repr=False)
    holder: Holder

    def again(self) -> "Visit":
        """Return the visit with the case as it is now."""
        return Visit(self.ticket, find_holder(keys_of(self.ticket)) or self.holder)


Act = Callable[[Posted, Visit], HttpResponseBase]


@with_files
@public
@require_http_methods(["GET", "HEAD", "POST"])
def track_page(request: HttpRequest) -> HttpResponseBase:
    """GET asks for a ticket; POST brings a ticket or a pass, what to do (`act`), and perhaps files."""
    with receiving(request) as posted:
        return _enter(posted, ACTS.get(posted.form.get("act", ""), _look))


@public
@require_http_methods(["POST"])
def print_page(request: HttpRequest) -> HttpResponseBase:
    """The sheet for printing, from the ticket page's pass."""
    with receiving(request) as posted:
        return _enter(posted, _print)


def _enter(posted: Posted, act: Act) -> HttpResponseBase:
    if posted.request.method != "POST":
        return _ask(posted, TicketForm())
    if "token" not in posted.form:
        return _enter_by_ticket(posted, act)
    # As it was when the request began: files on a slow line may take longer than a pass lasts.
    token, began = posted.form.get("token", ""), posted.began
    ticket = open_pass(token, at=began)
    if ticket is None:
        return _enter_again(posted, expired=has_expired(token, at=began))
    holder = find_holder(keys_of(ticket))
    return act(posted, Visit(ticket, holder)) if holder else _not_found(posted)


def _enter_again(posted: Posted, *, expired: bool) -> HttpResponse:
    """Ask for the ticket; files stay only with somebody who had shown one before."""
    if not expired:
        posted.drop_fresh()
    notice = notices.TICKET_AGAIN_FOR_FILES if posted.files else notices.TICKET_AGAIN
    return _ask(posted, _asking_again(posted), notice=notice)


def _enter_by_ticket(posted: Posted, act: Act) -> HttpResponseBase:
    """Look for what was typed; tries that fail are counted, and a source that used them up has to wait."""
    if not TRACKING.has_left(posted.request):
        posted.drop_fresh()
        response = _ask(posted, _asking_again(posted), notice=notices.TOO_MANY_TRIES, status=TOO_MANY)
        response.headers["Retry-After"] = str(MINUTE)
        return response
    typed = posted.form.get("ticket", "")
    holder = find_by_text(typed)
    if holder is None:
        TRACKING.spend(posted.request)
        return _not_found(posted)
    return act(posted, Visit(vault.Ticket.parse(typed), holder))


def _not_found(posted: Posted) -> HttpResponse:
    """One answer for unknown, malformed and revoked tickets (R9)."""
    posted.drop_fresh()
    return _ask(posted, _asking_again(posted, {"ticket": ""}))


def _asking_again(posted: Posted, data: dict[str, str] | None = None) -> TicketForm:
    """Return the form that asks for the ticket, with the message that was being sent, if any."""
    message = normalise(posted.form.get("message", ""))
    if not message:
        return TicketForm(data)
    bound = None if data is None else data | {"message": message}
    return KeptMessageForm(bound, initial={"message": message})


def _ask(
    posted: Posted, form: TicketForm, *, notice: Notice | None = None, status: int = 200
) -> HttpResponse:
    act = posted.form.get("act", "")
    hidden = {"act": act if act in ACTS else "", "files": posted.seal()}
    context = {
        "form": form,
        "hidden": {name: value for name, value in hidden.items() if value},
        "files": rows_of_files(posted.files),
        "notice": notice,
    }
    return render(posted.request, "public/track.html", context, status=status)


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
        "notice": notice,
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
    """Enter files and text, both or neither; return what to say.

    Raises:
        Refused: nothing was entered.
    """
    files = list(posted.files)
    with transaction.atomic():
        fresh = posted.enter(holder)
        if text:
            write(holder, text)
    posted.settle(fresh)
    if text:
        taken = notices.ANSWER_TAKEN if tracked.answer_by else notices.MESSAGE_TAKEN
        return replace(taken, text=f"{taken.text} {said_of(files)}".rstrip())
    return replace(notices.FILES_TAKEN, text=said_of(fresh)) if fresh else notices.FILES_KNOWN


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
        log.error("evidence can't be opened", case=visit.holder.case.register, error=type(error).__name__)
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
