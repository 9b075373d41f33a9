"""A member's way in and out: invited, joined, let in by a key holder, recovered, disabled."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.db import IntegrityError
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from sipuma import vault
from sipuma.cases.access import visible
from sipuma.offices import joining
from sipuma.offices.epochs import CUSTODY_REGIONS, ORGANISATION
from sipuma.offices.joining import Seat, invite, invited, join, let_in, let_in_by_kit
from sipuma.offices.models import (
    Member,
    Membership,
    Office,
    Rank,
    Session,
    SlotKind,
    Team,
    TeamKeySeal,
    TeamKind,
)
from sipuma.offices.officer import Officer
from sipuma.offices.passwords import open_slot
from sipuma.offices.places import Reach, workers_of
from sipuma.offices.refusal import Refused
from sipuma.offices.ring import KeyPair, Ring
from sipuma.offices.trust import Untrusted, member_public, seat_public
from tests.world import ACEH, KI, PASSWORD, SABANG, FileCase, World

OTHER = "sandi-lain-untuk-uji"


def team(kind: str = TeamKind.VERIFICATION, office: str = SABANG) -> Team:
    return Team.objects.get(office_id=office, kind=kind)


def newcomer(*teams: Team, username: str = "pegawai-baru") -> tuple[Member, str]:
    return invite(
        username=username,
        name="Pegawai Baru",
        email="",
        office=Office.objects.get(pk=SABANG),
        seats=[Seat(one) for one in teams],
    )


def seat(member: Member, kind: str = TeamKind.VERIFICATION) -> Membership:
    """Return the member's place as it is stored now, not as the test remembers it."""
    return Membership.objects.get(member=member.pk, team__kind=kind)


def unlock(member: Member, password: str = OTHER) -> Officer:
    secret = open_slot(member=member, password=password)
    assert secret is not None
    return Officer(Member.objects.get(pk=member.pk), KeyPair.from_bytes(secret))


def test_a_newcomer_sees_nothing_until_let_in_by_a_holder_of_the_key(
    world: World, file_case: FileCase
) -> None:
    complaint, verifier = file_case(), world.officer("verifikator")
    member, code = newcomer(team())
    found = invited(code)
    assert found == member
    join(member=found, password=OTHER)
    assert not visible(unlock(member)).exists()
    assert invited(code) is None
    let_in(place=seat(member), by=verifier.ring)
    assert list(visible(unlock(member))) == [complaint.case]
    place = seat(member)
    assert place.let_in_by == verifier.member
    assert seat_public(place) == member_public(Member.objects.get(pk=member.pk)) == found.public_key


def test_a_colleague_of_another_team_cannot_let_in(world: World) -> None:
    member, _code = newcomer(team())
    join(member=member, password=OTHER)
    for role, office in (("penerima", SABANG), ("verifikator", "110400"), ("admin", SABANG)):
        with pytest.raises(Refused, match=r"kunci|key"):
            let_in(place=seat(member), by=world.officer(role, office).ring)
    assert not visible(unlock(member)).exists()


def test_the_supervising_team_lets_in_the_first_member(world: World, file_case: FileCase) -> None:
    complaint, above = file_case(), world.officer("verifikator", ACEH)
    member, _code = newcomer(team())
    join(member=member, password=OTHER)
    assert workers_of(team()) == [above.member]
    let_in(place=seat(member), by=above.ring)
    assert list(visible(unlock(member))) == [complaint.case]
    assert workers_of(team()) == [member]
    assert not visible(world.officer("verifikator", ACEH)).exists()


def test_nobody_is_let_in_before_joining(world: World) -> None:
    member, _code = newcomer(team())
    with pytest.raises(Refused):
        let_in(place=seat(member), by=world.officer("verifikator").ring)
    assert joining.key_code(member) == ""


def test_a_kit_opens_only_its_own_teams(world: World) -> None:
    member, _code = newcomer(team(), team(TeamKind.CUSTODIAN, ACEH))
    join(member=member, password=OTHER)
    for kind, wrong in ((TeamKind.VERIFICATION, CUSTODY_REGIONS), (TeamKind.CUSTODIAN, ORGANISATION)):
        place = seat(member, kind)
        with pytest.raises(Refused):
            let_in_by_kit(place=place, kit=world.sheets[wrong].pair)
        place.refresh_from_db()
        assert place.let_in_at is None


def test_the_code_that_both_sides_compare_is_that_of_the_very_key_that_is_used(world: World) -> None:
    member, _code = newcomer(team())
    join(member=member, password=OTHER)
    told = joining.key_code(member)
    Member.objects.filter(pk=member.pk).update(public=vault.generate().public.raw)
    assert joining.key_code(Member.objects.get(pk=member.pk)) != told


def test_a_name_is_given_once(world: World) -> None:
    newcomer(team())
    with pytest.raises(Refused) as refusal:
        newcomer(team())
    assert refusal.value.field == "username"


@pytest.mark.parametrize(("first", "second"), [(ACEH, KI), (KI, ACEH), (ACEH, "110000"), ("001000", KI)])
def test_nobody_sits_on_two_sides_of_the_custodians(world: World, first: str, second: str) -> None:
    sides = [team(TeamKind.CUSTODIAN, office) for office in (first, second)]
    with pytest.raises(Refused) as refusal:
        newcomer(*sides)
    assert refusal.value.field == "team"
    assert not Member.objects.filter(user__username="pegawai-baru").exists()


def test_a_place_given_again_changes_the_rank_and_stays_one(world: World) -> None:
    member = world.officer("kustodian", ACEH).member
    side = team(TeamKind.CUSTODIAN, ACEH)
    joining.give_seat(member=member, seat=Seat(side, Rank.HEAD))
    assert [(place.team, place.rank) for place in member.memberships.all()] == [(side, Rank.HEAD)]


def test_an_invitation_is_good_for_three_days_and_only_the_newest(world: World) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        member, old = newcomer(team())
        code = joining.renew_invitation(member)
        assert invited(old) is None
        clock.shift(timedelta(days=3, seconds=-1))
        assert invited(code) == member
        clock.shift(timedelta(seconds=1))
        assert invited(code) is None
    assert invited("") is None


def test_no_invitation_is_stored_in_clear(world: World) -> None:
    member, code = newcomer(team())
    assert code.encode() not in bytes(member.invitation or b"")


@pytest.mark.parametrize(
    "password", ["pendek", "a" * 201, "aaaaaaaaaaaaaaaa", "ini-Pegawai-Baru-1", "", "12345123451234"]
)
def test_a_weak_password_is_refused_and_nothing_is_made(world: World, password: str) -> None:
    member, code = newcomer(team())
    with pytest.raises(Refused) as refusal:
        join(member=member, password=password)
    assert refusal.value.field == "password"
    assert not member.slots.exists()
    assert invited(code) == member


def test_joining_again_keeps_nothing_of_the_old_keys(world: World, file_case: FileCase) -> None:
    file_case()
    verifier = world.officer("verifikator")
    old = verifier.ring.pair
    Session.objects.create(pk=b"x" * 32, member=verifier.member, sealed=b"", expires_at=timezone.now())
    join(member=verifier.member, password=OTHER)
    assert not verifier.member.sessions.exists()
    assert not visible(unlock(verifier.member)).exists()
    assert not TeamKeySeal.objects.filter(reader=old.private.public.fingerprint).exists()
    assert open_slot(member=verifier.member, password=PASSWORD) is None


def test_the_recovery_kit_sets_a_new_password_and_keeps_the_keys(world: World) -> None:
    member, _code = newcomer(team())
    kit = join(member=member, password=OTHER)
    before = open_slot(member=member, password=OTHER)
    Session.objects.create(pk=b"x" * 32, member=member, sealed=b"", expires_at=timezone.now())
    joining.recover(member=member, kit=kit, password=PASSWORD)
    assert open_slot(member=member, password=OTHER) is None
    assert open_slot(member=member, password=PASSWORD) == before
    assert not member.sessions.exists()


def test_a_strange_kit_recovers_nothing(world: World) -> None:
    member, _code = newcomer(team())
    with pytest.raises(Refused):
        joining.recover(member=member, kit=vault.RecoveryKit.draw(), password=PASSWORD)
    kit = join(member=member, password=OTHER)
    other, _code = newcomer(team(), username="pegawai-lain")
    join(member=other, password=OTHER)
    with pytest.raises(Refused):
        joining.recover(member=other, kit=kit, password=PASSWORD)
    with pytest.raises(Refused):
        joining.recover(member=member, kit=kit, password="pendek")
    assert open_slot(member=member, password=PASSWORD) is None


def test_a_password_is_changed_with_the_present_one_only(world: World) -> None:
    member = world.officer("verifikator").member
    with pytest.raises(Refused) as refusal:
        joining.change_password(member=member, old="bukan-sandi-ini", new=OTHER)
    assert refusal.value.field == "old"
    with pytest.raises(Refused):
        joining.change_password(member=member, old=PASSWORD, new="pendek")
    before = open_slot(member=member, password=PASSWORD)
    joining.change_password(member=member, old=PASSWORD, new=OTHER)
    assert open_slot(member=member, password=PASSWORD) is None
    assert open_slot(member=member, password=OTHER) == before


def test_an_unknown_member_and_a_wrong_password_look_the_same(world: World) -> None:
    member, _code = newcomer(team())
    known = world.officer("verifikator").member
    for who in (None, member, known):
        assert open_slot(member=who, password="sandi-yang-salah") is None
        assert open_slot(member=who, password="") is None


def test_a_disabled_member_has_nothing_left(world: World, file_case: FileCase) -> None:
    file_case()
    verifier = world.officer("verifikator")
    Session.objects.create(pk=b"x" * 32, member=verifier.member, sealed=b"", expires_at=timezone.now())
    joining.disable(verifier.member)
    late = Officer(Member.objects.get(pk=verifier.member.pk), verifier.ring.pair)
    assert not visible(late).exists()
    assert late.reach.teams() == []
    assert not verifier.member.sessions.exists()
    assert not verifier.member.slots.exists()
    assert not get_user_model().objects.get(pk=verifier.member.user_id).is_active
    assert not TeamKeySeal.objects.filter(reader=verifier.ring.pair.private.public.fingerprint).exists()
    assert team().renew
    with pytest.raises(PermissionError):
        late.ring.team(team())
    with pytest.raises(Untrusted):
        member_public(late.member)
    with pytest.raises(Refused):
        joining.recover(member=late.member, kit=vault.RecoveryKit.draw(), password=OTHER)


def test_a_member_who_never_joined_can_be_disabled(world: World) -> None:
    member, code = newcomer(team())
    joining.disable(member)
    assert invited(code) is None
    assert not team().renew


def test_the_database_itself_keeps_one_place_in_a_team(world: World) -> None:
    member = world.officer("verifikator").member
    with pytest.raises(IntegrityError):
        member.memberships.create(team=team())


def test_a_key_that_was_opened_once_is_kept_for_the_request(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    verifier = world.officer("verifikator", ACEH)
    fingerprint = bytes(team().keys.get().fingerprint)
    assert verifier.private(fingerprint) is not None
    with django_assert_num_queries(0):
        assert verifier.private(fingerprint) is not None


def test_slots_are_of_two_kinds(world: World) -> None:
    member = world.officer("verifikator").member
    assert set(member.slots.values_list("kind", flat=True)) == {SlotKind.PASSWORD, SlotKind.KIT}


def test_reach_names_the_roles_and_puts_own_teams_first(world: World) -> None:
    head = world.officer("kepala-uki", ACEH)
    reach = Reach(head.member)
    own = reach.teams()[: head.member.memberships.count()]
    assert {one.office_id for one in own} == {ACEH}
    assert {str(role) for role in reach.roles_at(ACEH)} == {"verifikator", "kepala-uki"}
    assert {str(role) for role in reach.roles_in(team())} == {"verifikator", "kepala-uki"}
    assert reach.roles_in(team(TeamKind.UNIT)) == frozenset()
    assert {one.kind for one in reach.teams(TeamKind.ASSESSMENT)} == {"assessment"}
    assert isinstance(head.ring, Ring)
