"""Finding cases: by sealed words through the teams' indexes, by number and metadata; keyset pages.

One query for each team that has an index, and one more for each word there, however many cases there are.
Words that few cases have lead the way; where all are common, the order of the list does, as enough of the
first cases fit.
"""

import heapq
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from sipuma.cases.access import reading_keys, unbarred
from sipuma.cases.exclusions import barred
from sipuma.cases.models import Case, IndexedCase, IndexedWord, Seal
from sipuma.cases.word_index import hashes_of
from sipuma.offices.index_keys import index_key
from sipuma.offices.models import Team, TeamKey, TeamKind
from sipuma.offices.officer import Officer
from sipuma.offices.trust import Untrusted
from sipuma.workspace.desk_queries import place_of
from sipuma.workspace.queue import SIZE, UNUSED, Cursor, Page

# A word that more cases have than this leads nowhere quickly.
COMMON: Final = 5_000
# Teams that hold case keys; the others read what was addressed to them.
KEEPING_AN_INDEX: Final = (TeamKind.VERIFICATION, TeamKind.PYB, TeamKind.ASSESSMENT)
NEWEST, DUE = "newest", "due"


@dataclass(frozen=True)
class Asked:
    """What is looked for: stems that all must be there, a register number or its end, exact values, spans."""

    words: frozenset[str] = field(default=frozenset(), repr=False)
    register: str = ""
    exact: Mapping[str, str] = field(default_factory=dict)
    received_from: datetime | None = None
    received_before: datetime | None = None
    due_from: datetime | None = None
    due_before: datetime | None = None
    team: Team | None = None
    sort: str = NEWEST
    cursor: Cursor | None = None

    @property
    def backwards(self) -> bool:
        return self.cursor is not None and self.cursor.backwards

    @property
    def by(self) -> str:
        """Return the time by which the list is ordered; a case without it stands in no such list."""
        return "due" if self.sort == DUE else "received_at"

    @property
    def rising(self) -> bool:
        """Whether the earliest comes first in the database's answer."""
        return (self.sort == DUE) is not self.backwards


@dataclass(frozen=True)
class Found:
    """A page of cases. `refused`: teams whose index can't be used, as its key is not the one they made."""

    page: Page
    refused: tuple[Team, ...] = ()


def find(officer: Officer, asked: Asked) -> Found:
    """Return the page of the officer's cases that fit."""
    refused: list[Team] = []
    sources = list(_by_words(officer, asked, refused)) if asked.words else [_readable(officer)]
    lists = [_places(source.filter(*unbarred(officer)), asked) for source in sources]
    merged = heapq.merge(*lists, reverse=not asked.rising)
    chosen = list(dict.fromkeys(pk for _moment, pk in merged))[: SIZE + 1]
    cases = Case.objects.select_related("team__office").defer(*UNUSED).in_bulk(chosen)
    return Found(_page([cases[pk] for pk in chosen], asked), tuple(refused))


def unread(officer: Officer) -> int:
    """Return how many cases the officer's teams can read and nobody of them has opened yet."""
    teams = [team.pk for team in officer.reach.teams(*KEEPING_AN_INDEX)]
    keys = TeamKey.objects.filter(team__in=teams).values("fingerprint")
    free = ~barred(officer.member, "case")
    held = Seal.objects.filter(free, reader__in=keys).values("case").distinct().count()
    indexed = IndexedCase.objects.filter(free, team__in=teams).values("case").distinct().count()
    return max(0, held - indexed)


def place_at(case: Case, sort: str) -> str:
    """Return the text of the cursor at a case."""
    return Cursor.at(case) if sort == DUE else place_of(case)


def _readable(officer: Officer) -> QuerySet[Case]:
    """Return the cases of which the officer reads something: by their ids where they are few."""
    seals = Seal.objects.filter(reader__in=reading_keys(officer))
    few = _few(seals)
    if few is not None:
        return Case.objects.filter(pk__in=few)
    return Case.objects.filter(Exists(seals.filter(case=OuterRef("pk"))))


def _by_words(officer: Officer, asked: Asked, refused: list[Team]) -> Iterator[QuerySet[Case]]:
    seals = Seal.objects.filter(case=OuterRef("pk"), reader__in=reading_keys(officer))
    for team in _indexed(officer):
        try:
            hashes = hashes_of(asked.words, index_key(team, officer)).values()
        except (Untrusted, PermissionError):
            refused.append(team)
            continue
        yield _with_words(hashes).filter(Exists(seals))


def _indexed(officer: Officer) -> list[Team]:
    """Return the teams within reach that have an index: one query of index probes."""
    teams = [team.pk for team in officer.reach.teams(*KEEPING_AN_INDEX)]
    filled = IndexedCase.objects.filter(team=OuterRef("pk"))
    return list(Team.objects.filter(Exists(filled), pk__in=teams).select_related("office"))


def _with_words(hashes: Iterable[int]) -> QuerySet[Case]:
    """Return the cases with all these words: by their ids where one of the words is rare."""
    words = {word: IndexedWord.objects.filter(word=word) for word in hashes}
    how_many = {word: rows[: COMMON + 1].count() for word, rows in words.items()}
    first, *others = sorted(words, key=lambda word: how_many[word])
    if how_many[first] > COMMON:
        held = [Exists(rows.filter(case=OuterRef("pk"))) for rows in words.values()]
        return Case.objects.filter(*held)
    held = [Exists(words[word].filter(case=OuterRef("case_id"))) for word in others]
    return Case.objects.filter(pk__in=list(words[first].filter(*held).values_list("case_id", flat=True)))


def _few(seals: QuerySet[Seal]) -> list[int] | None:
    found = list(seals.order_by().values_list("case_id", flat=True).distinct()[: COMMON + 1])
    return found if len(found) <= COMMON else None


def _places(cases: QuerySet[Case], asked: Asked) -> list[tuple[datetime, int]]:
    """Return where the first cases of one source stand in the list, read from nothing but an index."""
    order = (asked.by, "pk") if asked.rising else (f"-{asked.by}", "-pk")
    return list(_narrow(cases, asked).order_by(*order).values_list(asked.by, "pk")[: SIZE + 1])


def _narrow(cases: QuerySet[Case], asked: Asked) -> QuerySet[Case]:
    spans = {
        "received_at__gte": asked.received_from,
        "received_at__lt": asked.received_before,
        "due__gte": asked.due_from,
        "due__lt": asked.due_before,
        "team": asked.team,
        "register__endswith": asked.register,
    }
    cases = cases.filter(**asked.exact, **{name: value for name, value in spans.items() if value})
    cases = cases.filter(**{f"{asked.by}__isnull": False})
    place = asked.cursor
    if place is None or place.due is None:
        return cases
    side = "gt" if asked.rising else "lt"
    later = Q(**{f"{asked.by}__{side}": place.due}) | Q(**{f"pk__{side}": place.pk})
    return cases.filter(Q(**{f"{asked.by}__{side}e": place.due}) & later)


def _page(found: list[Case], asked: Asked) -> Page:
    more, shown = len(found) > SIZE, found[:SIZE]
    if asked.backwards:
        return Page(shown[::-1], has_previous=more, has_next=True)
    return Page(shown, has_previous=asked.cursor is not None, has_next=more)
