"""Who is told that something happened: never what (R64). Members choose when; it is honoured here alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sipuma.cases.exclusions import mark_of, marks_on
from sipuma.cases.models import Case
from sipuma.complaints.contact_file import on_file
from sipuma.offices.models import Member, Notices, Team, TeamKind
from sipuma.offices.places import workers_of
from sipuma.outbox.models import Channel, Message
from sipuma.outbox.posting import Address, Recipient, held, message, seal_once

CASE_WAITS = "staff-case"


@dataclass(frozen=True)
class Colleague:
    """A member who gets notices: to a sealed address at once, or without one held for the digest."""

    member: int
    at_once: Recipient | None


def to_team(team: Team, register: str) -> list[Message]:
    """Return a notice for each person who works for a team: that a case waits, by its register number."""
    barred = marks_on(register)
    return case_waits(_told([one for one in workers_of(team) if mark_of(one) not in barred]), register)


def to_member(member: Member, register: str, template: str) -> list[Message]:
    """Return a notice for one member that a case asks for them, by its register number."""
    free = [] if mark_of(member) in marks_on(register) else [member]
    return [_notice(one, register, template) for one in _told(free)]


def conflict_found(heads: Iterable[Member], register: str) -> list[Message]:
    """Return notices that somebody who could open a case is among its reported: no name, no matter.

    At once, whatever a head has chosen: this can't wait for the morning.
    """
    data = {"register": register}
    told = [_address(one) for one in heads if one.email]
    return [message(one, template="staff-conflict", data=data, reference=register) for one in told]


def to_handlers(case: Case) -> list[Message]:
    """Return notices for those who handle a case now, and for its verifiers: something came in.

    A related unit is told nothing: it can't read it. What comes into a joined case concerns the main one too.
    """
    teams = {case.verification_id: case.verification}
    if case.team.kind != TeamKind.UNIT and case.closed_at is None:
        teams[case.team_id] = case.team
    told = [one for team in teams.values() for one in to_team(team, case.register)]
    return [*told, *(to_handlers(case.joins) if case.is_joined and case.joins else ())]


def people_of(team: Team) -> list[Colleague]:
    """Return each person who works for a team and gets notices, with a sealed address where one is needed."""
    return _told(workers_of(team))


def case_waits(people: Sequence[Colleague], register: str) -> list[Message]:
    """Return the notices of `to_team` for people who were looked up before there was a number."""
    return [_notice(one, register, CASE_WAITS) for one in people]


def overdue(people: Sequence[Member], count: int) -> list[Message]:
    """Return a notice for each of these people that so many cases of their office are overdue."""
    found = [_address(one) for one in people if one.email]
    return [message(one, template="staff-overdue", data={"count": str(count)}) for one in found]


def to_complainant(case: Case, template: str = "news") -> list[Message]:
    """Return notices on every path that the complainant gave: look at your case."""
    return [
        message(recipient, template=template, data={}, reference=case.register, language=case.language)
        for recipient in on_file(case)
    ]


def _told(members: Sequence[Member]) -> list[Colleague]:
    """Leave out who has no address, and who wants to hear of what is overdue alone."""
    told = [one for one in members if one.email and one.notices != Notices.OVERDUE]
    return [Colleague(one.pk, _address(one) if one.notices == Notices.AT_ONCE else None) for one in told]


def _address(member: Member) -> Recipient:
    return seal_once(Address(Channel.EMAIL, member.email))


def _notice(one: Colleague, register: str, template: str) -> Message:
    if one.at_once is None:
        return held(reader=one.member, template=template, reference=register)
    return message(one.at_once, template=template, data={"register": register}, reference=register)
