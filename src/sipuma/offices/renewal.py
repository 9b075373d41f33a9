"""A new epoch of a team's key, after somebody has left the team."""

from contextlib import suppress

from django.db import transaction

from sipuma import vault
from sipuma.offices.founding import kit_of
from sipuma.offices.joining import vouch
from sipuma.offices.loading import supervising_team
from sipuma.offices.models import Kit, Member, Membership, Team, TeamKey, TeamKeySeal
from sipuma.offices.places import active_memberships
from sipuma.offices.ring import KeyPair, Ring, seal_team_key
from sipuma.offices.trust import Untrusted, seat_public, team_public


def teams_to_renew(member: Member) -> list[Team]:
    """Return the member's own teams whose key is due for a new epoch."""
    places = active_memberships().filter(member=member, team__renew=True)
    return [place.team for place in places.select_related("team__supervisor")]


@transaction.atomic
def renew(*, team: Team, by: Ring) -> TeamKey:
    """Start the team's next epoch: sealed to those who remain and to the supervising team.

    The new key opens the old one, so nothing kept is lost; keys of supervised teams move at once,
    open cases are re-sealed by `cases.resealing`.

    Raises:
        PermissionError: the one who renews does not hold the team's key.
    """
    old_key, old = by.team(team)
    new = KeyPair.generate()
    certificate = vault.certify(
        old.signing,
        subject=team.subject,
        epoch=old_key.epoch + 1,
        encryption=new.private.public,
        verify=new.signing.verify_key,
    )
    seats = _seats(team)
    key = TeamKey.objects.create(
        team=team,
        epoch=old_key.epoch + 1,
        fingerprint=new.private.public.fingerprint,
        certificate=certificate.to_bytes(),
    )
    _seal(key, new, _above(team))
    for place, reader in seats:
        _seal(key, new, reader)
        vouch(place, new)
    _move_supervised(old_key, by, new)
    TeamKeySeal.objects.filter(key=old_key).delete()
    _seal(old_key, old, new.private.public)
    Team.objects.filter(pk=team.pk).update(renew=False)
    return key


def _above(team: Team) -> vault.PublicKey:
    above = supervising_team(team)
    return team_public(above) if above else vault.PublicKey(bytes(Kit.objects.get(pk=kit_of(team)).public))


def _seats(team: Team) -> list[tuple[Membership, vault.PublicKey]]:
    """Return who remains, each with a key that the team vouched for; a swapped one gets no seal."""
    seats = []
    for place in active_memberships().filter(team=team).select_related("member__user", "team"):
        with suppress(Untrusted):
            seats.append((place, seat_public(place)))
    return seats


def _seal(key: TeamKey, pair: KeyPair, reader: vault.PublicKey) -> None:
    sealed = seal_team_key(pair, reader, subject=key.team.subject, epoch=key.epoch)
    TeamKeySeal.objects.update_or_create(key=key, reader=reader.fingerprint, defaults={"sealed": sealed})


def _move_supervised(old_key: TeamKey, by: Ring, new: KeyPair) -> None:
    seals = TeamKeySeal.objects.filter(reader=bytes(old_key.fingerprint)).exclude(key__team=old_key.team)
    for seal in seals.select_related("key__team"):
        pair = by.pair_of(bytes(seal.key.fingerprint))
        if pair is not None:
            _seal(seal.key, pair, new.private.public)
            seal.delete()
