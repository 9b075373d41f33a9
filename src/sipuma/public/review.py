"""What the last page shows before sending: every answer, who will read it, where the ticket goes."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.forms import ChoiceField
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

from sipuma.cases.models import Case
from sipuma.cases.workflow import Text
from sipuma.complaints.filing import Filing, accepted_contacts
from sipuma.complaints.words import ELEMENTS, Category
from sipuma.outbox.gateways import has_gateway
from sipuma.outbox.models import Channel
from sipuma.public.steps import Checked


@dataclass(frozen=True)
class Row:
    """One answer, and the page on which it can be changed."""

    label: Text
    value: Text
    step: int


@dataclass(frozen=True)
class TicketPaths:
    """Where the ticket number goes besides the screen (R5), and which of the addresses can't get it (R6)."""

    sent: tuple[str, ...]
    refused: tuple[str, ...]


def rows(checked: Checked) -> list[Row]:
    """Return every answer of every page in the order in which they were asked."""
    return [
        Row(field.label, _shown(field), number)
        for number, form in checked.forms.items()
        for field in form.visible_fields()
    ]


def _shown(field: BoundField) -> Text:
    value = field.form.cleaned_data[field.name]
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(field.field, ChoiceField) and value:
        return next(str(label) for key, label in field.field.widget.choices if key == value)
    return str(value or "") or _("Not filled in")


def ticket_paths(filing: Filing) -> TicketPaths:
    """Return what to say about the contacts that were given, addresses masked."""
    accepted = accepted_contacts(filing)
    sent = tuple(_SENT[name](address.value) for name, address in accepted.items())
    given = {Channel.EMAIL.value: filing.email, Channel.SMS.value: filing.phone}
    refused = (_REFUSED[name]() for name, text in given.items() if text and name not in accepted)
    return TicketPaths(sent, tuple(refused))


def known_paths(case: Case) -> TicketPaths:
    """Return what can be said later, when the addresses are sealed: by which channels the ticket went out."""
    contacts = {Channel.EMAIL.value: case.email_contact, Channel.SMS.value: case.sms_contact}
    return TicketPaths(tuple(_SENT_BEFORE[name]() for name, sealed in contacts.items() if sealed), ())


def mask_email(address: str) -> str:
    """Return «a…@…»: enough to recognise one's own address, too little to learn another's."""
    return f"{address[:1]}…@…"


def mask_number(number: str) -> str:
    """Return «…89», the last two digits."""
    return f"…{number[-2:]}"


_SENT: Final[dict[str, Callable[[str], str]]] = {
    Channel.EMAIL.value: lambda address: (
        _("The ticket number also goes by e-mail (%(address)s).") % {"address": mask_email(address)}
    ),
    Channel.SMS.value: lambda number: (
        _("The ticket number also goes by SMS (%(digits)s).") % {"digits": mask_number(number)}
    ),
}
_SENT_BEFORE: Final[dict[str, Callable[[], str]]] = {
    Channel.EMAIL.value: lambda: _("The ticket number also went by e-mail to the address you gave."),
    Channel.SMS.value: lambda: _("The ticket number also went by SMS to the number you gave."),
}
_REFUSED: Final[dict[str, Callable[[], str]]] = {
    Channel.EMAIL.value: lambda: (
        _("No ticket can go to the e-mail address you gave: it is not complete.")
        if has_gateway(Channel.EMAIL)
        else _("No ticket can go to the e-mail address you gave: this site sends no e-mail.")
    ),
    Channel.SMS.value: lambda: (
        _("No ticket can go to the number you gave: it is no Indonesian mobile number.")
        if has_gateway(Channel.SMS)
        else _("No ticket can go to the number you gave: this site sends no SMS.")
    ),
}


def changes(filed: Mapping[str, str], now: Filing) -> str:
    """Return, as the text of a message, what was changed since the complaint was sent; empty for nothing."""
    return "\n\n".join(_changes(filed, {name: str(value) for name, value in now.matter.items()}))


def _changes(filed: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    for name, label in ELEMENTS:
        if now[name] != filed.get(name, ""):
            yield f"{label}: {now[name] or '-'}"
    if now["category"] != filed.get("category", ""):
        chosen = Category(now["category"]).label if now["category"] else "-"
        yield f"{_('What is it about?')} {chosen}"
