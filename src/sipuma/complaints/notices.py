"""Who is told that something happened: never what (R64)."""

from collections.abc import Iterable, Sequence

from sipuma.cases.exclusions import mark_of, marks_on
from sipuma.cases.models import Case
from sipuma.complaints.contact_file import on_file
from sipuma.offices.models import Member, Team
from sipuma.offices.places import workers_of
from sipuma.outbox.models import Channel, Message
from sipuma.outbox.posting import Address, Recipient, message, seal_once


def to_team(team: Team, register: str) -> list[Message]:
    """Return a notice for each person who works for a team: that a case waits, by its register number."""
    barred = marks_on(register)
    return case_waits(_addressed(one for one in workers_of(team) if mark_of(one) not in barred), register)


def people_of(team: Team) -> list[Recipient]:
    """Return the sealed address of each person who works for a team and has one."""
    return _addressed(workers_of(team))


def conflict_found(heads: Iterable[Member], register: str) -> list[Message]:
    """Return notices that somebody who could open a case is among its reported: no name, no matter."""
    data = {"register": register}
    return [
        message(one, template="staff-conflict", data=data, reference=register) for one in _addressed(heads)
    ]


def _addressed(members: Iterable[Member]) -> list[Recipient]:
    return [seal_once(Address(Channel.EMAIL, one.email)) for one in members if one.email]


def case_waits(people: Sequence[Recipient], register: str) -> list[Message]:
    """Return the notices of `to_team` for addresses that were looked up before there was a number."""
    data = {"register": register}
    return [message(one, template="staff-case", data=data, reference=register) for one in people]


def to_complainant(case: Case, template: str = "news") -> list[Message]:
    """Return notices on every path that the complainant gave: look at your case."""
    return [
        message(recipient, template=template, data={}, reference=case.register, language=case.language)
        for recipient in on_file(case)
    ]
