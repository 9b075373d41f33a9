"""The pages behind a ticket: status, history and conversation; writing, withdrawing, printing.

A POST is answered directly, so that the ticket stands in no address; its forms carry a pass instead.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sipuma import vault
from sipuma.cases.tickets import Holder, find_by_text, find_holder, keys_of
from sipuma.complaints.tracking import Letter, Tracked, withdraw, write
from sipuma.offices.refusal import Refused
from sipuma.public import notices
from sipuma.public.forms import AnswerForm, KeptMessageForm, MessageForm, TicketForm, WithdrawalForm
from sipuma.public.notices import Notice
from sipuma.public.passes import open_pass, seal_pass
from sipuma.public.printing import matter_rows, print_view
from sipuma.public.sources import TRACKING, WRITING
from sipuma.web.public import public
from sipuma.web.text import normalise

TOO_MANY: Final = 429
MINUTE: Final = 60


@dataclass(frozen=True)
class Visit:
    """Somebody who showed a ticket, in this request or by the pass that it gave."""

    ticket: vault.Ticket = field(repr=False)
    holder: Holder

    def again(self) -> "Visit":
        """Return the visit with the case as it is now."""
        return Visit(self.ticket, find_holder(keys_of(self.ticket)) or self.holder)


Act = Callable[[HttpRequest, Visit], HttpResponse]


@public
@require_http_methods(["GET", "HEAD", "POST"])
def track_page(request: HttpRequest) -> HttpResponse:
    """GET asks for a ticket; POST brings a ticket or a pass, and what to do (`act`)."""
    return _enter(request, ACTS.get(request.POST.get("act", ""), _look))


@public
@require_http_methods(["POST"])
def print_page(request: HttpRequest) -> HttpResponse:
    """The sheet for printing, from the ticket page's pass."""
    return _enter(request, _print)


def _enter(request: HttpRequest, act: Act) -> HttpResponse:
    if request.method != "POST":
        return _ask(request, TicketForm())
    if "token" not in request.POST:
        return _enter_by_ticket(request, act)
    ticket = open_pass(request.POST["token"])
    if ticket is None:
        return _ask(request, _asking_again(request), notice=notices.TICKET_AGAIN)
    holder = find_holder(keys_of(ticket))
    return act(request, Visit(ticket, holder)) if holder else _not_found(request)


def _enter_by_ticket(request: HttpRequest, act: Act) -> HttpResponse:
    """Look for what was typed; tries that fail are counted, and a source that used them up has to wait."""
    if not TRACKING.has_left(request):
        response = _ask(request, _asking_again(request), notice=notices.TOO_MANY_TRIES, status=TOO_MANY)
        response.headers["Retry-After"] = str(MINUTE)
        return response
    typed = request.POST.get("ticket", "")
    holder = find_by_text(typed)
    if holder is None:
        TRACKING.spend(request)
        return _not_found(request)
    return act(request, Visit(vault.Ticket.parse(typed), holder))


def _not_found(request: HttpRequest) -> HttpResponse:
    """One answer for unknown, malformed and revoked tickets (R9)."""
    return _ask(request, _asking_again(request, {"ticket": ""}))


def _asking_again(request: HttpRequest, data: dict[str, str] | None = None) -> TicketForm:
    """Return the form that asks for the ticket, with the message that was being sent, if any."""
    message = normalise(request.POST.get("message", ""))
    if not message:
        return TicketForm(data)
    bound = None if data is None else data | {"message": message}
    return KeptMessageForm(bound, initial={"message": message})


def _ask(
    request: HttpRequest, form: TicketForm, *, notice: Notice | None = None, status: int = 200
) -> HttpResponse:
    act = request.POST.get("act", "")
    context = {"form": form, "hidden": {"act": act} if act in ACTS else {}, "notice": notice}
    return render(request, "public/track.html", context, status=status)


def _look(
    request: HttpRequest,
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
        "token": seal_pass(visit.ticket),
        "form": form or _message_form(tracked)(),
        "notice": notice,
    }
    return render(request, "public/case.html", context, status=status)


def _entry_of(letter: Letter) -> dict[str, object]:
    """Return a message as `ui/timeline.html` shows it."""
    return {"title": _("You") if letter.mine else _("The office"), "when": letter.at, "body": letter.text}


def _message_form(tracked: Tracked) -> type[MessageForm]:
    return AnswerForm if tracked.answer_by else MessageForm


def _write(request: HttpRequest, visit: Visit) -> HttpResponse:
    tracked = Tracked(visit.holder)
    form = _message_form(tracked)(request.POST)
    if not form.is_valid():
        return _look(request, visit, form=form)
    if not WRITING.spend(request):
        return _look(request, visit, form=form, notice=notices.TOO_MANY_MESSAGES, status=TOO_MANY)
    try:
        write(visit.holder, form.cleaned_data["message"])
    except Refused as refused:
        return _look(request, visit, form=form, notice=Notice(refused.reason, tone="stop"))
    taken = notices.ANSWER_TAKEN if tracked.answer_by else notices.MESSAGE_TAKEN
    return _look(request, visit.again(), notice=taken)


def _ask_to_confirm(request: HttpRequest, visit: Visit) -> HttpResponse:
    return _confirmation(request, visit, WithdrawalForm())


def _confirmation(request: HttpRequest, visit: Visit, form: WithdrawalForm) -> HttpResponse:
    context = {"form": form, "token": seal_pass(visit.ticket), "register": visit.holder.case.register}
    return render(request, "public/withdraw.html", context)


def _withdraw(request: HttpRequest, visit: Visit) -> HttpResponse:
    form = WithdrawalForm(request.POST)
    if not form.is_valid():
        return _confirmation(request, visit, form)
    try:
        withdraw(visit.holder, form.cleaned_data["message"])
    except Refused as refused:
        return _look(request, visit.again(), notice=Notice(refused.reason, tone="stop"))
    return _look(request, visit.again(), notice=notices.WITHDRAWN)


def _print(request: HttpRequest, visit: Visit) -> HttpResponse:
    return print_view(request, visit.ticket, visit.holder)


ACTS: Final[dict[str, Act]] = {
    "message": _write,
    "withdraw": _ask_to_confirm,
    "confirm-withdraw": _withdraw,
    "print": _print,
    "refresh": _look,
}
