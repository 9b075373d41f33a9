"""Likely duplicates: cases of the same office, received about the same time, that share rare words.

Only hashes are compared, those of the team's own word index. A word counts the more, the fewer of the cases
near by have it; what counts in the end is the weight of what both have beside that of what each has.
"""

from collections import Counter, defaultdict
from datetime import timedelta
from math import log, sqrt
from typing import Final

from sipuma.cases.access import visible
from sipuma.cases.models import Case, IndexedWord
from sipuma.offices.officer import Officer

DAYS: Final = timedelta(days=30)
# So many cases are looked at on each side of the day of receipt, the nearest first.
NEAREST: Final = 150
MOST: Final = 5
LEAST_WORDS: Final = 4
LEAST_SHARE: Final = 0.3


def likely_duplicates(case: Case, officer: Officer) -> list[Case]:
    """Return at most five cases that may be the same matter, the likeliest first, in four queries."""
    near = {one.pk: one for one in _near(case, officer)}
    words: dict[int, set[int]] = defaultdict(set)
    rows = IndexedWord.objects.filter(case__in=[case.pk, *near], team=case.team_id)
    for pk, word in rows.values_list("case_id", "word"):
        words[pk].add(word)
    mine = words.pop(case.pk, set())
    weights = _weights([mine, *words.values()])
    shares = {pk: _share(mine, theirs, weights) for pk, theirs in words.items()}
    found = sorted((pk for pk in shares if shares[pk] >= LEAST_SHARE), key=lambda pk: (-shares[pk], pk))
    return [near[pk] for pk in found[:MOST]]


def _near(case: Case, officer: Officer) -> list[Case]:
    others = visible(officer).filter(office=case.office_id).exclude(pk=case.pk)
    at = case.received_at
    after = others.filter(received_at__gte=at, received_at__lte=at + DAYS).order_by("received_at")
    before = others.filter(received_at__lt=at, received_at__gte=at - DAYS).order_by("-received_at")
    return [*after.select_related("team__office")[:NEAREST], *before.select_related("team__office")[:NEAREST]]


def _weights(cases: list[set[int]]) -> dict[int, float]:
    """Return how much each word counts: next to nothing when all cases have it."""
    having = Counter(word for words in cases for word in words)
    return {word: log((len(cases) + 1) / many) for word, many in having.items()}


def _share(mine: set[int], theirs: set[int], weights: dict[int, float]) -> float:
    shared = mine & theirs
    if len(shared) < LEAST_WORDS:
        return 0
    weight = [sum(weights[word] for word in words) for words in (shared, mine, theirs)]
    return weight[0] / sqrt(weight[1] * weight[2])
