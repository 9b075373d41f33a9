"""What the reception pages ask of the database: who may know of which case, the register book, work done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from sipuma.cases.access import within_reach
from sipuma.cases.exclusions import barred
from sipuma.cases.models import Case
from sipuma.complaints.models import Reception
from sipuma.complaints.reception import desks_of
from sipuma.offices.models import Member, Office, Team, TeamKind
from sipuma.offices.officer import Officer
from sipuma.offices.places import Role
from sipuma.workspace import drafts
from sipuma.workspace.papers.figures import Work
from sipuma.workspace.queue import UNUSED, Cursor, Page
from sipuma.workspace.register_numbers import register_number

SIZE: Final = 50
MOST_PRINTED: Final = 2000
MOST_OPEN: Final = 50

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


@dataclass(frozen=True)
class Remit:
    """Where an officer knows of receptions: own desks, and the offices whose compliance unit they are in.

    `offices` are all of them, by code, own ones first; `headed` those where the officer is head of UKI.
    Cases about the officer are nowhere among them.
    """

    member: Member

    offices: dict[str, Office]
    desks: tuple[Team, ...]
    units: frozenset[str]
    headed: frozenset[str]

    @property
    def reporting(self) -> dict[str, Office]:
        """Return the offices that the officer can have a report of: as receiver, or as head of UKI."""
        desks = {desk.office_id for desk in self.desks}
        return {code: office for code, office in self.offices.items() if code in desks | self.headed}


def remit_of(officer: Officer) -> Remit:
    """Return where the officer may look into the register: as receiver, or in a compliance unit (R27)."""
    reach, desks = officer.reach, desks_of(officer)
    units = [team for team in reach.teams(TeamKind.VERIFICATION) if Role.VERIFIER in reach.roles_in(team)]
    headed = frozenset(team.office_id for team in units if Role.HEAD in reach.roles_in(team))
    offices = {team.office_id: team.office for team in (*desks, *units)}
    return Remit(officer.member, offices, tuple(desks), frozenset(team.office_id for team in units), headed)


def registered(remit: Remit, offices: Sequence[str] = ()) -> QuerySet[Case]:
    """Return the complaints that have a number of these offices (of all when none is named).

    A receiver also finds what the own desk recorded for another office. That is a complaint about the
    head of the own office or its compliance unit (DOMAIN 14), which therefore must not learn of it.
    """
    codes = offices or tuple(remit.offices)
    desks = [desk.pk for desk in remit.desks if desk.office_id in codes]
    return Case.objects.filter(Q(office__in=codes) | Q(reception__in=desks), ~barred(remit.member))


def find(remit: Remit, typed: str) -> Case | None:
    """Return the complaint with this number; unknown and other offices' numbers are alike not there (R27)."""
    number = register_number(typed)
    return registered(remit).select_related("office").filter(register=number).first() if number else None


def openable(officer: Officer, cases: Sequence[Case]) -> set[int]:
    """Return the ids of those cases whose page the officer can open, in one query."""
    return set(within_reach(officer).filter(pk__in=[case.pk for case in cases]).values_list("pk", flat=True))


def open_receptions(remit: Remit) -> list[Reception]:
    """Return the receptions that are not completed, the longest waiting first; one more than are shown."""
    own = Q(case__reception__in=[desk.pk for desk in remit.desks])
    seen = Q(case__reception__office__in=remit.units, case__office__in=remit.units)
    waiting = Reception.objects.filter(own | seen, ~barred(remit.member, "case"), completed_at=None)
    found = waiting.order_by("saved_at", "pk")
    deferred = [f"case__{name}" for name in UNUSED]
    return list(found.select_related("member", "case__reception__office").defer(*deferred)[: MOST_OPEN + 1])


@dataclass(frozen=True)
class DeskWaiting:
    """What a receiver has not finished: receptions of the own desks, and recordings kept as drafts."""

    open: int
    unfinished: int


def desk_waiting(officer: Officer) -> DeskWaiting | None:
    """Return what waits at the officer's desks; None for who has none, or has finished all."""
    desks = desks_of(officer)
    if not desks:
        return None
    waiting = Reception.objects.filter(case__reception__in=desks, completed_at=None)
    found = DeskWaiting(waiting.count(), len(drafts.unfinished(officer)))
    return found if found.open or found.unfinished else None


@dataclass(frozen=True)
class Book:
    """What the register book of an office is narrowed to; days are the office's, the last one included."""

    office: Office
    first: date
    last: date
    channel: str = ""
    states: tuple[str, ...] = ()
    prefix: str = ""
    oldest_first: bool = False
    place: Cursor | None = None

    @property
    def backwards(self) -> bool:
        return self.place is not None and self.place.backwards


def book_page(remit: Remit, book: Book) -> Page:
    """Return the page of the book at its place: 50 complaints, in the order asked for."""
    rising = book.oldest_first is not book.backwards
    cases = _beyond(book_cases(remit, book), book.place, rising=rising)
    found = list(_ordered(cases, rising=rising)[: SIZE + 1])
    more, shown = len(found) > SIZE, found[:SIZE]
    if book.backwards:
        return Page(shown[::-1], has_previous=more, has_next=True)
    return Page(shown, has_previous=book.place is not None, has_next=more)


def book_printed(remit: Remit, book: Book) -> list[Case]:
    """Return all complaints that the filters leave; one more than are printed."""
    return list(_ordered(book_cases(remit, book), rising=book.oldest_first)[: MOST_PRINTED + 1])


def book_cases(remit: Remit, book: Book) -> QuerySet[Case]:
    """Return the complaints of an office that the book's filters leave (R30)."""
    cases = registered(remit, [book.office.pk]).filter(**_within(book.office, book.first, book.last))
    wanted = {"channel": book.channel, "state__in": book.states, "register__startswith": book.prefix}
    cases = cases.filter(**{name: value for name, value in wanted.items() if value})
    related = ("office", "reception", "verification__office", "recorded_as__member")
    return cases.select_related(*related).defer(*UNUSED)


def place_of(case: Case) -> str:
    """Return the place of a complaint in the book, as it stands in an address."""
    return f"{(case.received_at - _EPOCH) // _MICROSECOND}-{case.pk}"


def _within(office: Office, first: date, last: date, *, field: str = "received_at") -> dict[str, datetime]:
    zone = ZoneInfo(office.timezone)
    ends = (first, last + timedelta(days=1))
    begin, end = (datetime.combine(day, time.min, tzinfo=zone) for day in ends)
    return {f"{field}__gte": begin, f"{field}__lt": end}


def _beyond(cases: QuerySet[Case], place: Cursor | None, *, rising: bool) -> QuerySet[Case]:
    if place is None or place.due is None:
        return cases
    side = "gt" if rising else "lt"
    later = Q(**{f"received_at__{side}": place.due}) | Q(**{f"pk__{side}": place.pk})
    return cases.filter(Q(**{f"received_at__{side}e": place.due}) & later)


def _ordered(cases: QuerySet[Case], *, rising: bool) -> QuerySet[Case]:
    return cases.order_by("received_at", "pk") if rising else cases.order_by("-received_at", "-pk")


def work_done(remit: Remit, *, office: Office, by: Member, first: date, last: date) -> list[Work]:
    """Return the receptions saved at an office's desk from the first day to the last one (R86).

    The head of UKI sees all officers' work, except on complaints that went past this office for its
    head's or its compliance unit's sake; a receiver sees what they recorded themselves.
    """
    found = Reception.objects.filter(
        ~barred(remit.member, "case"),
        case__reception__office=office,
        **_within(office, first, last, field="saved_at"),
    )
    whose = Q(member=by) | Q(case__office=office) if office.pk in remit.headed else Q(member=by)
    rows = list(found.filter(whose).select_related("member__user", "case").only(*_WORK).order_by("pk"))
    names = _names({row.member for row in rows})
    return [
        Work(
            officer=names[row.member_id],
            channel=row.case.channel,
            started=row.started_at,
            saved=row.saved_at,
            completed=row.completed_at,
            complete=row.complete,
            told=row.told,
        )
        for row in rows
    ]


_WORK: Final = (
    "complete", "started_at", "saved_at", "completed_at", "told", "case__channel", "member__name",
    "member__user__username",
)  # fmt: skip


def _names(members: set[Member]) -> dict[int, str]:
    """Return the members' names; with the user name beside it where two have the same one."""
    given = [member.name for member in members]
    return {
        one.pk: one.name if given.count(one.name) == 1 else f"{one.name} ({one.user.get_username()})"
        for one in members
    }
