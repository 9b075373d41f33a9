"""Moves seals between teams: with a case that changes hands, and after a team's key was renewed."""

import uuid
from collections.abc import Iterable

from django.db import transaction

from sipuma import vault
from sipuma.cases.entries import CASE_KEY, HALF, context_of
from sipuma.cases.models import Case, Entry, Seal
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
    public = team_public(to)
    for seal in Seal.objects.filter(case=case, object=case.uid):
        private = officer.private(bytes(seal.reader))
        if private is not None:
            return _again(case, seal, private, public)
    raise PermissionError(case.register)


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


def drop_seals(case: Case, team: Team) -> None:
    """Take a team's way into a case away."""
    Seal.objects.filter(case=case, reader__in=fingerprints_of(team)).delete()


def renew_seals(team: Team, officer: Officer, *, limit: int = 200) -> int:
    """Re-seal up to `limit` seals of older epochs on open cases to the team's newest key.

    Called on every page of a teammate until nothing is left; returns how many it moved.
    """
    public = team_public(team)
    older = [fp for fp in fingerprints_of(team) if fp != public.fingerprint]
    if not older:
        return 0
    stale = list(
        Seal.objects.filter(reader__in=older, case__due__isnull=False).select_related("case")[:limit]
    )
    moved = [_move(seal, public, officer, half=team.kind == TeamKind.CUSTODIAN) for seal in stale]
    return sum(moved)


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
