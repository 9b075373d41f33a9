"""What somebody who can write to the database tries with keys, seals and rows, and does not get."""

import pytest
from django.db import IntegrityError

from sipuma import vault
from sipuma.offices import joining
from sipuma.offices.epochs import ORGANISATION
from sipuma.offices.joining import Seat, invite, join, key_code, let_in
from sipuma.offices.models import Kit, Member, Membership, Office, Team, TeamKeySeal, TeamKind
from sipuma.offices.officer import Officer
from sipuma.offices.passwords import open_slot
from sipuma.offices.refusal import Refused
from sipuma.offices.renewal import renew
from sipuma.offices.ring import KeyPair
from sipuma.offices.staffing import enrol
from sipuma.offices.trust import Untrusted, current_key, kit_public
from sipuma.workspace import upkeep
from tests.world import KI, PASSWORD, SABANG, World


def team(kind: str, office: str = SABANG) -> Team:
    return Team.objects.get(office_id=office, kind=kind)


def newcomer(office: str = SABANG) -> Membership:
    """Invite and join one verifier, who waits to be let in."""
    member, _code = invite(
        username="baru",
        name="Baru",
        email="",
        office=Office.objects.get(pk=office),
        seats=[Seat(team(TeamKind.VERIFICATION, office))],
    )
    join(member=member, password=PASSWORD)
    return Membership.objects.select_related("member__user", "team").get(member=member)


def test_a_top_teams_new_key_is_never_sealed_to_a_sheet_that_somebody_swapped(world: World) -> None:
    officer, stranger = world.officer("verifikator", KI), vault.generate()
    Kit.objects.filter(pk=ORGANISATION).update(
        public=stranger.public.raw, fingerprint=stranger.public.fingerprint
    )
    key = renew(team=team(TeamKind.VERIFICATION, KI), by=officer.ring)
    readers = {bytes(seal.reader) for seal in TeamKeySeal.objects.filter(key=key)}
    assert stranger.public.fingerprint not in readers
    assert world.sheets[ORGANISATION].pair.private.public.fingerprint in readers


def test_a_sheet_that_the_organisation_does_not_vouch_for_is_refused(world: World) -> None:
    officer, stranger = world.officer("verifikator", KI), KeyPair.generate()
    forged = vault.certify(
        stranger.signing,
        subject=Kit.subject(ORGANISATION),
        epoch=0,
        encryption=stranger.private.public,
        verify=stranger.signing.verify_key,
    )
    Kit.objects.filter(pk=ORGANISATION).update(certificate=forged.to_bytes())
    with pytest.raises(Untrusted):
        renew(team=team(TeamKind.VERIFICATION, KI), by=officer.ring)


def test_one_sheets_certificate_does_not_stand_for_another(world: World) -> None:
    other = Kit.objects.get(pk="custody-centre").certificate
    Kit.objects.filter(pk=ORGANISATION).update(certificate=other)
    with pytest.raises(Untrusted):
        kit_public(ORGANISATION)


def test_renewing_one_team_hands_it_no_key_of_another_that_the_renewer_holds(world: World) -> None:
    both = [
        (Seat(team(kind)), world.sheets[ORGANISATION].pair)
        for kind in (TeamKind.VERIFICATION, TeamKind.RECEPTION)
    ]
    member, _kit = enrol(
        username="dua-tim", name="X", office=Office.objects.get(pk=SABANG), seats=both, password=PASSWORD
    )
    secret = open_slot(member=member, password=PASSWORD)
    assert secret is not None
    officer, colleague = Officer(member, KeyPair.from_bytes(secret)), world.officer("penerima")
    wanted, lent = current_key(team(TeamKind.VERIFICATION)), current_key(team(TeamKind.RECEPTION))
    TeamKeySeal.objects.create(key=wanted, reader=lent.fingerprint, sealed=b"laid here by hand")
    renew(team=team(TeamKind.RECEPTION), by=officer.ring)
    again = Officer(colleague.member, colleague.ring.pair)
    assert again.ring.pair_of(bytes(current_key(team(TeamKind.RECEPTION)).fingerprint)) is not None
    assert again.ring.pair_of(bytes(wanted.fingerprint)) is None


@pytest.mark.parametrize("swapped", ["public", "verify"])
def test_a_key_swapped_after_the_code_was_compared_is_not_let_in(world: World, swapped: str) -> None:
    place, by = newcomer(), world.officer("verifikator").ring
    compared, stranger = key_code(place.member), KeyPair.generate()
    raw = {"public": stranger.private.public.raw, "verify": stranger.signing.verify_key.raw}[swapped]
    Member.objects.filter(pk=place.member_id).update(**{swapped: raw})
    place = Membership.objects.select_related("member__user", "team").get(pk=place.pk)
    with pytest.raises(Refused):
        let_in(place=place, by=by, code=compared)
    assert Membership.objects.get(pk=place.pk).let_in_at is None


def test_a_one_time_link_used_in_two_browsers_at_once_makes_one_pair_of_keys(world: World) -> None:
    office = Office.objects.get(pk=SABANG)
    member, code = invite(username="dua-kali", name="X", email="", office=office, seats=[])
    slow = joining.invited(code)
    assert slow is not None
    join(member=member, password=PASSWORD)
    kept = Member.objects.get(pk=member.pk).fingerprint
    with pytest.raises(Refused):
        join(member=slow, password=PASSWORD + "-2")
    assert Member.objects.get(pk=member.pk).fingerprint == kept


def test_a_key_that_a_colleague_renews_in_the_same_moment_costs_nobody_a_page(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = world.officer("penerima")
    Team.objects.filter(pk=team(TeamKind.RECEPTION).pk).update(renew=True)

    def too_late(*_args: object, **_named: object) -> None:
        raise IntegrityError

    monkeypatch.setattr(upkeep, "renew", too_late)
    assert upkeep.keep_up(officer) == 0
