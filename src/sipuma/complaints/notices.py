"""Who is told that something happened: never what (R64)."""

from collections.abc import Sequence

from sipuma.cases.models import Case
from sipuma.complaints.contact_file import on_file
from sipuma.offices.models import Team, TeamKind
from sipuma.offices.places import workers_of
from sipuma.outbox.models import Channel, Message
from sipuma.outbox.posting import Address, Recipient, message, seal_once


def to_team(team: Team, register: str) -> list[Message]:
    """Return a notice for each person who works for a team: that a case waits, by its register number."""
    return case_waits(people_of(team), register)


def to_handlers(case: Case) -> list[Message]:
    """Return notices for those who handle a case now, and for its verifiers: something came in.

    A related unit is told nothing: it can't read it. What comes into a joined case concerns the main one too.
    """
    teams = {case.verification_id: case.verification}
    if case.team.kind != TeamKind.UNIT and case.closed_at is None:
        teams[case.team_id] = case.team
    told = [one for team in teams.values() for one in to_team(team, case.register)]
    return [*told, *(to_handlers(case.joins) if case.is_joined and case.joins else ())]


def people_of(team: Team) -> list[Recipient]:
    """Return the sealed address of each person who works for a team and has one."""
    return [seal_once(Address(Channel.EMAIL, one.email)) for one in workers_of(team) if one.email]


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
