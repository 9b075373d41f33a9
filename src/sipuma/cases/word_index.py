"""The keyed word index: what somebody who holds the case key has opened can be found again by its words.

Each word is stored as a hash under the index key of the team (`offices.index_keys`). What this reveals stands
in the threat model. Filled when a case page is opened, emptied when the team loses its way into the case.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate
from typing import Final

import structlog
from django.db import transaction

from sipuma import vault
from sipuma.cases.entries import AUDIENCE
from sipuma.cases.models import Audience, Case, Entry, IndexedCase, IndexedWord, Seal
from sipuma.cases.opening import Opened, Payload
from sipuma.cases.stems import stems_of
from sipuma.offices.index_keys import index_key
from sipuma.offices.models import Team, TeamKey, TeamKind
from sipuma.offices.officer import Officer
from sipuma.offices.trust import Untrusted

HASH_BYTES: Final = 8
LABEL: Final = "sipuma/index/word"
# What one look at a page indexes, in characters and in different words of an entry; the next one goes on.
MOST_CHARACTERS: Final = 40_000
MOST_WORDS: Final = 2_000

# Who reads these holds the case key, as every member of a team does in whose index they go.
SHARED: Final = frozenset({Audience.COMPLAINANT, Audience.HANDLERS, Audience.UNIT})

Texts = Callable[[Entry, Payload], Iterable[str]]
log = structlog.get_logger(__name__)


def hashes_of(words: Iterable[str], key: vault.Secret) -> dict[str, int]:
    """Return what stands for each word in the index of the team that has this key."""
    raw = key.reveal()
    ids = ((word, vault.lookup_id(raw, word.encode(), label=LABEL)[:HASH_BYTES]) for word in words)
    return {word: int.from_bytes(found, "big", signed=True) for word, found in ids}


def fill(case: Case, officer: Officer, opened: Sequence[Opened], *, texts: Texts) -> None:
    """Put what the officer has just opened into the index of each team through which the case key is theirs.

    Idempotent; two queries when all of it stands there. `texts` says which parts of an entry can be found.
    """
    shared = [one for one in opened if one.payload and one.payload.get(AUDIENCE) in SHARED]
    teams = _holding(case, officer)
    done = dict(IndexedCase.objects.filter(case=case, team__in=teams).values_list("team_id", "entries"))
    for team in teams:
        known = frozenset(done.get(team.pk, ()))
        waiting = [one for one in shared if one.entry.pk not in known]
        if waiting:
            _fill(case, team, officer, known, _spoken(waiting, texts))


def forget(case: Case, team: Team) -> None:
    """Take a case out of a team's index."""
    IndexedWord.objects.filter(case=case, team=team).delete()
    IndexedCase.objects.filter(case=case, team=team).delete()


def forget_all(case: Case) -> None:
    """Take a case out of every index: nobody's key opens it any more."""
    IndexedWord.objects.filter(case=case).delete()
    IndexedCase.objects.filter(case=case).delete()


def _holding(case: Case, officer: Officer) -> list[Team]:
    """Return the teams within reach that the case key is sealed to; custodians have no index."""
    readers = Seal.objects.filter(case=case, object=case.uid).values("reader")
    keys = TeamKey.objects.filter(fingerprint__in=readers, team__in=officer.reach.places)
    found = keys.exclude(team__kind=TeamKind.CUSTODIAN).select_related("team__office", "team__supervisor")
    return list({key.team_id: key.team for key in found}.values())


def _spoken(waiting: Sequence[Opened], texts: Texts) -> dict[int, str]:
    """Return the text of entries by their ids, oldest first, until it is enough for one look at the page."""
    found = [(one.entry.pk, "\n".join(texts(one.entry, one.payload or {}))) for one in waiting]
    before = accumulate((len(text) for _pk, text in found), initial=0)
    return {pk: text for (pk, text), read in zip(found, before, strict=False) if read < MOST_CHARACTERS}


def _fill(case: Case, team: Team, officer: Officer, known: frozenset[int], spoken: dict[int, str]) -> None:
    try:
        key = index_key(team, officer)
    except Untrusted:
        # The page itself needs no index; the search page says that this team's can't be used.
        log.warning("the index key of a team can't be trusted", team=team.subject)
        return
    stems = frozenset[str]().union(*(stems_of(text, most=MOST_WORDS) for text in spoken.values()))
    # Sorted: the order of rows must not tell the order of words.
    hashes = sorted(hashes_of(stems, key).values())
    rows = [IndexedWord(word=word, case=case, team=team) for word in hashes]
    with transaction.atomic():
        if not _still_held(case, team):
            return
        IndexedWord.objects.bulk_create(rows, ignore_conflicts=True)
        entries = sorted(known | spoken.keys())
        IndexedCase.objects.update_or_create(case=case, team=team, defaults={"entries": entries})


def _still_held(case: Case, team: Team) -> bool:
    """Return whether the team has its way into the case, which a move can't take away until we are done."""
    Case.objects.select_for_update().only("pk").get(pk=case.pk)
    readers = TeamKey.objects.filter(team=team).values("fingerprint")
    return Seal.objects.filter(case=case, object=case.uid, reader__in=readers).exists()
