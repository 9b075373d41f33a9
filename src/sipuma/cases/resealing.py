"""Moves seals between teams: with a case that changes hands, and after a team's key was renewed."""

import uuid
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from sipuma import vault
from sipuma.cases.entries import AUDIENCE, CASE_KEY, HALF, context_of
from sipuma.cases.models import Audience, Case, Entry, Seal
from sipuma.cases.opening import FindKey, Reader
from sipuma.cases.word_index import forget
from sipuma.offices.models import Team, TeamKey, TeamKind
from sipuma.offices.officer import Officer
from sipuma.offices.trust import team_public


def fingerprints_of(team: Team) -> list[bytes]:
    """Return the fingerprints of every epoch of a team's key."""
    return [bytes(fp) for fp in TeamKey.objects.filter(team=team).values_list("fingerprint", flat=True)]


def hand_case_key(case: Case, *, to: Team, officer: Officer) -> Seal:
    """Return an unsaved seal of the case key for another team, made in the officer's unlocked session.

    Raises:
        PermissionError: the officer can't open the case key.
    """
    return seal_case_key(case, team_public(to), officer)


def seal_case_key(case: Case, public: vault.PublicKey, officer: Officer) -> Seal:
    """Return an unsaved seal of the case key for a team, or for the case that this one joins.

    Raises:
        PermissionError: the officer can't open the case key.
    """
    private = Reader([case], officer.private, objects=()).case_key(case)
    if private is None:
        raise PermissionError(case.register)
    sealed = vault.seal_private_key(private, public, context=context_of(case.uid, case.uid, CASE_KEY))
    return Seal(case=case, object=case.uid, reader=public.fingerprint, sealed=sealed)


def hand_everything(case: Case, *, source: Team, to: Team, officer: Officer) -> list[Seal]:
    """Return unsaved seals for `to` of all that is sealed straight to `source`: key, contact, identity."""
    public = team_public(to)
    made = []
    for seal in Seal.objects.filter(case=case, reader__in=fingerprints_of(source)):
        private = officer.private(bytes(seal.reader))
        if private is None:
            raise PermissionError(case.register)
        made.append(_again(case, seal, private, public))
    return made


def save_seals(seals: Iterable[Seal]) -> None:
    """Save seals made before the transaction; one that is there already stays."""
    Seal.objects.bulk_create(seals, ignore_conflicts=True)


def holding_teams(case: Case) -> list[Team]:
    """Return the teams that hold the case key."""
    readers = Seal.objects.filter(case=case, object=case.uid).values("reader")
    return list(Team.objects.filter(keys__fingerprint__in=readers).distinct())


def drop_reader(case: Case, public: vault.PublicKey) -> None:
    """Take one key's way into a case away."""
    Seal.objects.filter(case=case, reader=public.fingerprint).delete()


def drop_seals(case: Case, team: Team) -> None:
    """Take a team's way into a case away, and the case out of the team's index."""
    forget(case, team)
    Seal.objects.filter(case=case, reader__in=fingerprints_of(team)).delete()


def renew_seals(team: Team, officer: Officer, *, limit: int = 200) -> int:
    """Re-seal up to `limit` seals of older epochs on open cases to the team's newest key.

    Of a case that was moved one level up the halves of its identity lie under the old number.
    Called on every page of a teammate until nothing is left; returns how many it moved.
    """
    public = team_public(team)
    older = [fp for fp in fingerprints_of(team) if fp != public.fingerprint]
    if not older:
        return 0
    in_use = Q(case__due__isnull=False) | Q(case__moved_at__isnull=False)
    stale = list(Seal.objects.filter(in_use, reader__in=older).select_related("case")[:limit])
    moved = [_move(seal, public, officer, half=team.kind == TeamKind.CUSTODIAN) for seal in stale]
    return sum(moved)


def seals_for_complainant(case: Case, public: vault.PublicKey, officer: Officer) -> tuple[list[Seal], bool]:
    """Return unsaved seals of the complainant's texts for a newer key, and whether they are all of them.

    Those that the officer can't open wait for somebody who can. What each says inside that it is for
    counts, not its row: else a changed row would hand internal notes out.
    """
    named = case.entries.filter(audience=Audience.COMPLAINANT, ciphertext__isnull=False)
    sealed_already = Seal.objects.filter(object=OuterRef("uid"), reader=public.fingerprint)
    waiting = list(named.filter(~Exists(sealed_already)))
    reader = Reader([case], officer.private, objects=[entry.uid for entry in waiting])
    opened = {entry.uid: payload for entry in waiting if (payload := reader.open(entry).payload) is not None}
    meant = [uid for uid, payload in opened.items() if payload.get(AUDIENCE) == Audience.COMPLAINANT]
    keys = _opener(reader.case_key(case), officer)
    made: dict[uuid.UUID, Seal] = {}
    for seal in Seal.objects.filter(case=case, object__in=meant):
        private = keys(bytes(seal.reader)) if seal.object not in made else None
        if private is not None:
            made[seal.object] = _again(case, seal, private, public)
    return list(made.values()), len(opened) == len(waiting)


def reseal_for_complainant(case: Case, officer: Officer) -> None:
    """Let the holder of a ticket that was issued later read what was written before (DESIGN section 4).

    Called when somebody who holds the case key looks at the case; it only adds seals.
    """
    public = case.complainant_key
    if not case.resealing or public is None:
        return
    seals, complete = seals_for_complainant(case, public, officer)
    with transaction.atomic():
        save_seals(seals)
        Case.objects.filter(pk=case.pk, ticket_certificate=case.ticket_certificate).update(
            resealing=not complete
        )


def _opener(case_key: vault.PrivateKey | None, officer: Officer) -> FindKey:
    def find(fingerprint: bytes) -> vault.PrivateKey | None:
        own = case_key is not None and case_key.public.fingerprint == fingerprint
        return case_key if own else officer.private(fingerprint)

    return find


def _move(seal: Seal, public: vault.PublicKey, officer: Officer, *, half: bool) -> bool:
    private = officer.private(bytes(seal.reader))
    if private is None:
        return False
    with transaction.atomic():
        save_seals([_again(seal.case, seal, private, public, half=half)])
        seal.delete()
    return True


def _again(
    case: Case, seal: Seal, private: vault.PrivateKey, public: vault.PublicKey, *, half: bool = False
) -> Seal:
    kind = CASE_KEY if seal.object == case.uid else _kind_of(seal.object) + HALF * half
    context = context_of(case.uid, seal.object, kind)
    if kind == CASE_KEY:
        opened = vault.open_private_key(bytes(seal.sealed), private, context=context)
        sealed = vault.seal_private_key(opened, public, context=context)
    else:
        key = vault.open_key(bytes(seal.sealed), private, context=context)
        sealed = vault.seal_key(key, public, context=context)
    return Seal(case=case, object=seal.object, reader=public.fingerprint, sealed=sealed)


def _kind_of(entry_uid: uuid.UUID) -> str:
    return Entry.objects.values_list("kind", flat=True).get(uid=entry_uid)
