"""Which cases need the officer, page by page: keyset paging that stays quick at any number of cases.

One query for each team that has something to do, each an equality on the team in the order of an index
(`cases.models.Case.Meta`), merged here; nothing is ever counted or skipped over.
"""

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from sipuma.cases.access import reading_keys, visible
from sipuma.cases.exclusions import barred
from sipuma.cases.models import Case, Entry, FollowUp, Seal
from sipuma.offices.models import Team, TeamKey, TeamKind
from sipuma.offices.officer import Officer
from sipuma.offices.places import Role

SIZE = 25
# Sealed or large, and of no use in a list.
UNUSED = ("public", "complainant_public", "email_contact", "sms_contact")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Cursor:
    """A place in the list: after or before the case with this due date (None: newest first) and id."""

    due: datetime | None
    pk: int
    backwards: bool = False

    @classmethod
    def parse(cls, text: str, *, backwards: bool = False) -> "Cursor | None":
        """Read a cursor of an address; None for what is no cursor."""
        due, _dash, pk = text.partition("-")
        try:
            moment = _EPOCH + int(due) * _MICROSECOND if due else None
            return cls(moment, int(pk), backwards)
        except (ValueError, OverflowError):
            return None

    @classmethod
    def at(cls, case: Case) -> str:
        """Return the text of the cursor at a case of the list by due date."""
        due = (case.due - _EPOCH) // _MICROSECOND if case.due else ""
        return f"{due}-{case.pk}"


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to: exact values by field name, a span of due dates, a team, a place."""

    exact: Mapping[str, object] = field(default_factory=dict)
    due_from: datetime | None = None
    due_before: datetime | None = None
    team: Team | None = None
    cursor: Cursor | None = None

    @property
    def backwards(self) -> bool:
        return self.cursor is not None and self.cursor.backwards


@dataclass(frozen=True)
class Page:
    """The cases of a page, and whether there are others before and after it."""

    cases: Sequence[Case]
    has_previous: bool
    has_next: bool


def to_do(officer: Officer, wanted: Wanted) -> Page:
    """Return the open cases that wait for one of the officer's teams, the earliest due first."""
    order = ("-due", "-pk") if wanted.backwards else ("due", "pk")
    sources = [_narrow(source, wanted) for source in _sources(officer, wanted)]
    lists = [list(source.order_by(*order)[: SIZE + 1]) for source in sources]
    merged = heapq.merge(*lists, key=_place, reverse=wanted.backwards)
    return _page(_distinct(merged), wanted)


def everything(officer: Officer, wanted: Wanted) -> Page:
    """Return every case of which the officer can read something, closed ones too, newest first."""
    ids = {pk for reader in _holding(officer) for pk in _held_by(reader, wanted, officer)}
    newest_first = not wanted.backwards
    chosen = sorted(ids, reverse=newest_first)[: SIZE + 1]
    cases = Case.objects.select_related("team__office", "assignee").defer(*UNUSED).in_bulk(chosen)
    return _page([cases[pk] for pk in chosen], wanted)


def newest_entries(cases: Sequence[Case]) -> dict[int, int]:
    """Return the id of the newest entry of each case of a page: one query, from the end of an index."""
    found = Entry.objects.filter(case__in=cases).values_list("case").annotate(Max("pk")).order_by()
    return dict(found)


def _place(case: Case) -> tuple[datetime, int]:
    return case.due or _EPOCH, case.pk


def _distinct(cases: Iterable[Case]) -> list[Case]:
    return list({case.pk: case for case in cases}.values())[: SIZE + 1]


def _page(found: list[Case], wanted: Wanted) -> Page:
    more, shown = len(found) > SIZE, found[:SIZE]
    if wanted.backwards:
        return Page(shown[::-1], has_previous=more, has_next=True)
    return Page(shown, has_previous=wanted.cursor is not None, has_next=more)


def _sources(officer: Officer, wanted: Wanted) -> list[QuerySet[Case]]:
    open_cases = Case.objects.filter(~barred(officer.member), due__isnull=False)
    cases = open_cases.select_related("team__office", "assignee").defer(*UNUSED)
    sources = [cases.filter(team=team) for team in _busy(officer.reach.teams())]
    if units := officer.reach.teams(TeamKind.UNIT):
        waiting = FollowUp.objects.filter(executor__in=units, reported_at=None)
        sources.append(cases.filter(pk__in=waiting.values("case")))
    if headed := _headed(officer):
        submitted = visible(officer).filter(study="submitted", team__in=headed, due__isnull=False)
        sources.append(submitted.select_related("team__office", "assignee").defer(*UNUSED))
    return [source.filter(team=wanted.team) for source in sources] if wanted.team else sources


def _busy(teams: Iterable[Team]) -> list[Team]:
    """Return the teams that have an open case: one query of index probes, however many teams there are."""
    open_cases = Case.objects.filter(team=OuterRef("pk"), due__isnull=False)
    return list(Team.objects.filter(Exists(open_cases), pk__in=[team.pk for team in teams]))


def _headed(officer: Officer) -> list[Team]:
    """Return the teams whose studies the officer decides on as head (DOMAIN section 7, move 16)."""
    places = officer.reach.places
    offices = {place.team.office_id for place in places.values() if Role.HEAD in place.roles}
    studying = Team.objects.filter(office__in=offices, kind__in=(TeamKind.UNIT, TeamKind.ASSESSMENT))
    return _busy(studying.exclude(pk__in=places)) if offices else []


def _narrow(cases: QuerySet[Case], wanted: Wanted) -> QuerySet[Case]:
    cases = cases.filter(**wanted.exact)
    if wanted.due_from:
        cases = cases.filter(due__gte=wanted.due_from)
    if wanted.due_before:
        cases = cases.filter(due__lt=wanted.due_before)
    if wanted.cursor is None or wanted.cursor.due is None:
        return cases
    return cases.filter(_beyond(wanted.cursor))


def _beyond(cursor: Cursor) -> Q:
    """Return the condition of a keyset page; its first half is what the index is entered by."""
    if cursor.backwards:
        return Q(due__lte=cursor.due) & (Q(due__lt=cursor.due) | Q(pk__lt=cursor.pk))
    return Q(due__gte=cursor.due) & (Q(due__gt=cursor.due) | Q(pk__gt=cursor.pk))


def _holding(officer: Officer) -> list[bytes]:
    """Return which of the officer's keys hold any seal: one query of index probes."""
    readers = reading_keys(officer)
    seals = Seal.objects.filter(reader=OuterRef("fingerprint"))
    keys = TeamKey.objects.filter(Exists(seals), fingerprint__in=readers)
    return [readers[0], *map(bytes, keys.values_list("fingerprint", flat=True))]


def _held_by(reader: bytes, wanted: Wanted, officer: Officer) -> list[int]:
    exact = {f"case__{name}": value for name, value in wanted.exact.items()}
    seals = Seal.objects.filter(~barred(officer.member, "case"), reader=reader, **exact)
    if wanted.team:
        seals = seals.filter(case__team=wanted.team)
    if wanted.cursor is not None:
        beyond = {"case__gt": wanted.cursor.pk} if wanted.backwards else {"case__lt": wanted.cursor.pk}
        seals = seals.filter(**beyond)
    order = "case" if wanted.backwards else "-case"
    return list(seals.order_by(order).values_list("case_id", flat=True).distinct()[: SIZE + 1])
