"""The door to the pages behind a ticket: a ticket that is typed, or the pass that one gave before."""

from collections.abc import Callable, Container
from dataclasses import dataclass, field
from typing import Final

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from sipuma import vault
from sipuma.cases.tickets import Holder, find_by_text, find_holder, keys_of
from sipuma.public import notices
from sipuma.public.file_rows import rows_of_files
from sipuma.public.forms import KeptMessageForm, TicketForm
from sipuma.public.notices import Notice
from sipuma.public.passes import has_expired, open_pass
from sipuma.public.sources import TRACKING
from sipuma.public.uploads import Posted
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


Act = Callable[[Posted, Visit], HttpResponseBase]


def enter(posted: Posted, act: Act, *, known: Container[str]) -> HttpResponseBase:
    """Do what was asked for with a ticket or a pass; ask for the ticket without.

    `known` acts are carried along while the ticket is asked for.
    """
    return _Door(posted, known).enter(act)


@dataclass(frozen=True)
class _Door:
    posted: Posted
    known: Container[str]

    def enter(self, act: Act) -> HttpResponseBase:
        if self.posted.request.method != "POST":
            return self._ask(TicketForm())
        if "token" not in self.posted.form:
            return self._enter_by_ticket(act)
        # As it was when the request began: files on a slow line may take longer than a pass lasts.
        token, began = self.posted.form.get("token", ""), self.posted.began
        ticket = open_pass(token, at=began)
        if ticket is None:
            return self._enter_again(expired=has_expired(token, at=began))
        holder = find_holder(keys_of(ticket))
        return act(self.posted, Visit(ticket, holder)) if holder else self._not_found()

    def _enter_again(self, *, expired: bool) -> HttpResponse:
        """Ask for the ticket; new files stay only with somebody who had shown one before."""
        if not expired:
            self.posted.drop_fresh()
        notice = notices.TICKET_AGAIN_FOR_FILES if self.posted.files else notices.TICKET_AGAIN
        return self._ask(self._form(), notice=notice)

    def _enter_by_ticket(self, act: Act) -> HttpResponseBase:
        """Look for what was typed; failed tries are counted, and a source that used them up has to wait."""
        if not TRACKING.has_left(self.posted.request):
            self.posted.drop_fresh()
            response = self._ask(self._form(), notice=notices.TOO_MANY_TRIES, status=TOO_MANY)
            response.headers["Retry-After"] = str(MINUTE)
            return response
        typed = self.posted.form.get("ticket", "")
        holder = find_by_text(typed)
        if holder is None:
            TRACKING.spend(self.posted.request)
            return self._not_found()
        return act(self.posted, Visit(vault.Ticket.parse(typed), holder))

    def _not_found(self) -> HttpResponse:
        """One answer for unknown, malformed and revoked tickets (R9)."""
        self.posted.drop_fresh()
        return self._ask(self._form({"ticket": ""}))

    def _form(self, data: dict[str, str] | None = None) -> TicketForm:
        """Return the form that asks for the ticket, with the message that was being sent, if any."""
        message = normalise(self.posted.form.get("message", ""))
        if not message:
            return TicketForm(data)
        bound = None if data is None else data | {"message": message}
        return KeptMessageForm(bound, initial={"message": message})

    def _ask(self, form: TicketForm, *, notice: Notice | None = None, status: int = 200) -> HttpResponse:
        act = self.posted.form.get("act", "")
        hidden = {"act": act if act in self.known else "", "files": self.posted.seal()}
        context = {
            "form": form,
            "hidden": {name: value for name, value in hidden.items() if value},
            "files": rows_of_files(self.posted.files),
            "notice": notice,
        }
        return render(self.posted.request, "public/track.html", context, status=status)
