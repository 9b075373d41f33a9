"""A new epoch of a team's key, after somebody has left the team."""

from contextlib import suppress

from django.db import transaction

from sipuma import vault
from sipuma.offices.epochs import begin_epoch, seal_epoch
from sipuma.offices.index_keys import reseal_index_key
from sipuma.offices.joining import vouch
from sipuma.offices.loading import supervising_team
from sipuma.offices.models import Member, Membership, Team, TeamKey, TeamKeySeal
from sipuma.offices.places import active_memberships
from sipuma.offices.ring import KeyPair, Ring
from sipuma.offices.trust import Untrusted, seat_public


def teams_to_renew(member: Member) -> list[Team]:
    """Return the member's own teams whose key is due for a new epoch."""
    places = active_memberships().filter(member=member, team__renew=True)
    return [place.team for place in places.select_related("team__supervisor")]


@transaction.atomic
def renew(*, team: Team, by: Ring) -> TeamKey:
    """Start the team's next epoch: sealed to those who remain and to the supervising team.

    The new key opens the old one, so nothing kept is lost; keys of supervised teams and the index key, which
    stays the same, move at once, open cases are re-sealed by `cases.resealing`.

    Raises:
        PermissionError: the one who renews does not hold the team's key.
    """
    old_key, old = by.team(team)
    seats = _seats(team)
    key, pair = begin_epoch(team, old_key.epoch + 1, signer=old.signing)
    for place, reader in seats:
        seal_epoch(key, pair, to=reader)
        vouch(place, pair)
    _move_supervised(old_key, by, pair)
    reseal_index_key(team, old=old, new=pair)
    TeamKeySeal.objects.filter(key=old_key).delete()
    seal_epoch(old_key, old, to=pair.private.public)
    Team.objects.filter(pk=team.pk).update(renew=False)
    return key


def _seats(team: Team) -> list[tuple[Membership, vault.PublicKey]]:
    """Return who remains, each with a key that the team vouched for; a swapped one gets no seal."""
    seats = []
    for place in active_memberships().filter(team=team).select_related("member__user", "team"):
        with suppress(Untrusted):
            seats.append((place, seat_public(place)))
    return seats


def _move_supervised(old_key: TeamKey, by: Ring, new: KeyPair) -> None:
    seals = TeamKeySeal.objects.filter(reader=bytes(old_key.fingerprint)).exclude(key__team=old_key.team)
    for seal in seals.select_related("key__team"):
        # One who renews may hold keys of other teams: a row laid here must not hand them to this one.
        if supervising_team(seal.key.team) != old_key.team:
            continue
        pair = by.pair_of(bytes(seal.key.fingerprint))
        if pair is not None:
            seal_epoch(seal.key, pair, to=new.private.public)
            seal.delete()
