"""Gives cases of one team an index of as many words as Zipf's law has it, and says what to look for."""

import random
from itertools import accumulate

from django.db import connection, transaction

from bench import seed
from sipuma.cases.models import Case, IndexedCase
from sipuma.cases.word_index import hashes_of
from sipuma.offices.index_keys import index_key
from sipuma.offices.models import Member, Team, TeamKind
from sipuma.offices.officer import Officer
from sipuma.offices.passwords import open_slot
from sipuma.offices.ring import KeyPair

VOCABULARY = 30_000
WORDS_A_CASE = 60
QUESTIONS = 60
BATCH = 20_000
ROW = "INSERT INTO cases_indexedword (word, case_id, team_id) "


def fill(count: int, office: str, username: str, password: str) -> list[list[str]]:
    """Make the cases and their index; return the words of questions, some rare, some in most cases."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA cache_size = -1000000")
    seed.fill(count, office)
    chance = random.Random(1)  # noqa: S311  (the same cases each time)
    team = Team.objects.get(office=office, kind=TeamKind.VERIFICATION)
    vocabulary = [f"kata{number}" for number in range(VOCABULARY)]
    hashes = list(hashes_of(vocabulary, index_key(team, _officer(username, password))).values())
    weights = list(accumulate(1 / (rank + 1) for rank in range(VOCABULARY)))
    cases = list(Case.objects.order_by("pk").values_list("pk", flat=True))
    said = [frozenset(chance.choices(range(VOCABULARY), cum_weights=weights, k=WORDS_A_CASE)) for _ in cases]
    rows = sorted((hashes[word], pk) for pk, words in zip(cases, said, strict=True) for word in words)
    with transaction.atomic():
        _save(rows, team.pk)
        marks = (IndexedCase(team=team, case_id=pk, entries=[pk]) for pk in cases)
        IndexedCase.objects.bulk_create(marks, batch_size=BATCH)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return [_question(chance, said, weights, vocabulary, number) for number in range(QUESTIONS)]


def _question(
    chance: random.Random,
    said: list[frozenset[int]],
    weights: list[float],
    vocabulary: list[str],
    number: int,
) -> list[str]:
    """Return one to three words: of one case that is looked for, or in turn of none in particular."""
    many = 1 + number % 3
    if number % 2:
        return [vocabulary[word] for word in sorted(chance.choice(said))[:: max(1, 40 // many)][:many]]
    return [vocabulary[word] for word in chance.choices(range(VOCABULARY), cum_weights=weights, k=many)]


def _officer(username: str, password: str) -> Officer:
    member = Member.objects.get(user__username=username)
    secret = open_slot(member=member, password=password)
    if secret is None:
        raise RuntimeError("the password opens no key slot")
    return Officer(member, KeyPair.from_bytes(secret))


def _save(rows: list[tuple[int, int]], team: int) -> None:
    """Save the rows in the way that is quickest on each database."""
    with connection.cursor() as cursor:
        for start in range(0, len(rows), BATCH):
            batch = rows[start : start + BATCH]
            if connection.vendor == "postgresql":
                words, cases = zip(*batch, strict=True)
                cursor.execute(
                    ROW + "SELECT unnest(%s::bigint[]), unnest(%s::bigint[]), %s",
                    [list(words), list(cases), team],
                )
            else:
                cursor.executemany(ROW + "VALUES (%s, %s, %s)", [(*row, team) for row in batch])
