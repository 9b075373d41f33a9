"""The index key of a team: the same over epochs, open to its holders alone, refused when it was swapped."""

import pytest

from sipuma import vault
from sipuma.offices.index_keys import LABEL, draw_index_key, index_key
from sipuma.offices.models import IndexKey, Member, Team, TeamKind
from sipuma.offices.officer import Officer
from sipuma.offices.renewal import renew
from sipuma.offices.ring import KeyPair
from sipuma.offices.trust import Untrusted, team_public
from tests.world import ACEH, KI, SABANG, World


def team(kind: str = TeamKind.VERIFICATION, office: str = SABANG) -> Team:
    return Team.objects.get(office_id=office, kind=kind)


def again(officer: Officer) -> Officer:
    """Return the same person on the next request."""
    return Officer(Member.objects.get(pk=officer.member.pk), officer.ring.pair)


def test_every_team_has_an_index_key_from_its_founding_and_no_two_share_one(world: World) -> None:
    assert IndexKey.objects.count() == Team.objects.count()
    verifier, unit = world.officer("verifikator"), world.officer("pengkaji-unit")
    keys = [index_key(team(), verifier).reveal(), index_key(team(TeamKind.UNIT), unit).reveal()]
    assert [len(key) for key in keys] == [32, 32]
    assert keys[0] != keys[1]


def test_colleagues_and_the_teams_above_open_the_same_key(world: World) -> None:
    key = index_key(team(), world.officer("verifikator"))
    assert index_key(team(), world.officer("kepala-uki")) == key
    assert index_key(team(), world.officer("verifikator", ACEH)) == key
    assert index_key(team(), world.officer("verifikator", KI)) == key


@pytest.mark.parametrize(("role", "office"), [("penerima", SABANG), ("pyb", KI), ("verifikator", "110400")])
def test_members_of_other_teams_do_not_open_it(world: World, role: str, office: str) -> None:
    with pytest.raises(PermissionError):
        index_key(team(), world.officer(role, office))


def test_it_stays_the_same_when_the_teams_key_is_renewed(world: World) -> None:
    officer = world.officer("verifikator")
    before, sealed = index_key(team(), officer), IndexKey.objects.get(team=team()).sealed
    renew(team=team(), by=officer.ring)
    assert IndexKey.objects.get(team=team()).sealed != sealed
    assert index_key(team(), again(officer)) == before


def test_who_only_has_the_epoch_before_no_longer_opens_it(world: World) -> None:
    officer = world.officer("verifikator")
    _key, old = officer.ring.team(team())
    renew(team=team(), by=officer.ring)
    with pytest.raises(vault.Unopenable):
        vault.unseal(
            old.private,
            bytes(IndexKey.objects.get(team=team()).sealed),
            info=f"{LABEL}/{team().subject}/".encode(),
        )


def own_signature(_world: World) -> bytes:
    """Return a key of an attacker, signed with a key of theirs, sealed to the team's real key."""
    forger, key = KeyPair.generate(), bytes(32)
    info = f"{LABEL}/{team().subject}/".encode()
    return vault.seal(team_public(team()), key + forger.signing.sign(info + key, label=LABEL), info=info)


def no_signature(_world: World) -> bytes:
    return vault.seal(team_public(team()), bytes(32), info=f"{LABEL}/{team().subject}/".encode())


def another_teams(world: World) -> bytes:
    """Return a genuine row of a team whose key the attacker holds."""
    _key, pair = world.officer("verifikator", "110400").ring.team(team(office="110400"))
    return bytes(draw_index_key(team(office="110400"), pair).sealed)


@pytest.mark.parametrize("forge", [own_signature, no_signature, another_teams, lambda _world: b"x"])
def test_a_key_that_somebody_put_into_the_database_is_refused(world: World, forge: object) -> None:
    assert callable(forge)
    IndexKey.objects.filter(team=team()).update(sealed=forge(world))
    with pytest.raises(Untrusted):
        index_key(team(), world.officer("verifikator"))


def test_a_refused_key_does_not_become_good_by_a_renewal(world: World) -> None:
    officer = world.officer("verifikator")
    IndexKey.objects.filter(team=team()).update(sealed=own_signature(world))
    renew(team=team(), by=officer.ring)
    with pytest.raises(Untrusted):
        index_key(team(), again(officer))


def test_a_team_without_an_index_key_is_refused_and_gets_none_in_passing(world: World) -> None:
    IndexKey.objects.filter(team=team()).delete()
    with pytest.raises(Untrusted):
        index_key(team(), world.officer("verifikator"))
    assert not IndexKey.objects.filter(team=team()).exists()
