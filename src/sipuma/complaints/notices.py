"""Who is told that something happened: never what (R64)."""

from collections.abc import Iterator

from sipuma.cases.models import Case
from sipuma.offices.models import Team
from sipuma.offices.places import workers_of
from sipuma.outbox.models import Channel, Message
from sipuma.outbox.posting import CONTACT, Address, Recipient, message, seal_once


def to_team(team: Team, register: str) -> list[Message]:
    """Return a notice for each person who works for a team: that a case waits, by its register number."""
    return [
        message(
            seal_once(Address(Channel.EMAIL, member.email)),
            template="staff-case",
            data={"register": register},
            reference=register,
        )
        for member in workers_of(team)
        if member.email
    ]


def to_complainant(case: Case, template: str = "news") -> list[Message]:
    """Return notices on every path that the complainant gave: look at your case."""
    return [
        message(recipient, template=template, data={}, reference=case.register)
        for recipient in _contacts(case)
    ]


def _contacts(case: Case) -> Iterator[Recipient]:
    for channel, sealed in ((Channel.EMAIL, case.email_contact), (Channel.SMS, case.sms_contact)):
        if sealed:
            yield Recipient(channel, bytes(sealed), CONTACT)
