"""A new epoch of a team's key: who remains reads on, who left does not, and old keys don't come back."""

import itertools
from datetime import timedelta

import pytest
from django.utils import timezone

from sipuma import vault
from sipuma.cases.access import visible
from sipuma.cases.models import Case, Seal
from sipuma.cases.opening import Reader
from sipuma.cases.resealing import renew_seals
from sipuma.complaints.custody import IDENTITY
from sipuma.complaints.filing import FILED
from sipuma.offices import joining
from sipuma.offices.joining import Seat
from sipuma.offices.models import Member, Membership, Office, Team, TeamKey, TeamKeySeal, TeamKind
from sipuma.offices.officer import Officer
from sipuma.offices.passwords import open_slot
from sipuma.offices.renewal import renew, teams_to_renew
from sipuma.offices.ring import KeyPair, seal_team_key
from sipuma.offices.staffing import enrol
from sipuma.offices.trust import Untrusted, current_key, seat_public, team_public
from tests.world import ACEH, KI, ORGANISATION, PASSWORD, SABANG, Complaint, FileCase, World, move


def team(kind: str = TeamKind.VERIFICATION, office: str = SABANG) -> Team:
    return Team.objects.get(office_id=office, kind=kind)


def leaver(world: World) -> Officer:
    """Enrol one more verifier of Sabang, who is going to leave."""
    seats = [(Seat(team()), world.sheets[ORGANISATION].pair)]
    member, _kit = enrol(
        username="akan-pergi", name="X", office=Office.objects.get(pk=SABANG), seats=seats, password=PASSWORD
    )
    secret = open_slot(member=member, password=PASSWORD)
    assert secret is not None
    return Officer(member, KeyPair.from_bytes(secret))


def again(officer: Officer) -> Officer:
    """Return the same person on the next request."""
    return Officer(Member.objects.get(pk=officer.member.pk), officer.ring.pair)


def reads(officer: Officer, complaint: Complaint) -> bool:
    case = Case.objects.get(pk=complaint.case.pk)
    filed = next(o for o in Reader([case], again(officer).private).timeline(kind=FILED))
    return filed.payload is not None and filed.payload["what"] != ""


def test_after_removal_the_rest_reads_old_and_new_and_the_leaver_nothing(
    world: World, file_case: FileCase
) -> None:
    gone, old = leaver(world), file_case()
    stays, above = world.officer("verifikator"), world.officer("verifikator", ACEH)
    assert reads(gone, old)
    joining.disable(gone.member)
    assert teams_to_renew(stays.member) == [team()]
    renew(team=team(), by=stays.ring)
    assert teams_to_renew(stays.member) == []
    new = file_case()
    assert renew_seals(team(), again(stays)) == 1
    for complaint in (old, new):
        assert reads(stays, complaint)
        assert not reads(gone, complaint)
        assert above.ring.pair_of(bytes(current_key(team()).fingerprint)) is not None
    assert Seal.objects.filter(case=old.case, object=old.case.uid).count() == 1


def test_the_leavers_old_seal_put_back_opens_nothing_that_came_after(
    world: World, file_case: FileCase
) -> None:
    gone, stays, old = leaver(world), world.officer("verifikator"), file_case()
    kept = list(TeamKeySeal.objects.filter(reader=gone.ring.pair.private.public.fingerprint))
    place = Membership.objects.get(member=gone.member)
    joining.disable(gone.member)
    renew(team=team(), by=stays.ring)
    renew_seals(team(), again(stays))
    new = file_case()
    TeamKeySeal.objects.bulk_create(kept)
    place.save()
    Member.objects.filter(pk=gone.member.pk).update(disabled_at=None)
    assert again(gone).private(bytes(kept[0].key.fingerprint)) is not None
    assert not reads(gone, old)
    assert not reads(gone, new)
    # And the next renewal does not take the row that was put back for a colleague's.
    renew(team=team(), by=again(stays).ring)
    assert not reads(gone, file_case())


def test_a_lower_epoch_put_back_on_top_is_refused(world: World) -> None:
    stays = world.officer("verifikator")
    first = current_key(team())
    renew(team=team(), by=stays.ring)
    TeamKey.objects.create(team=team(), epoch=7, fingerprint=b"f" * 16, certificate=bytes(first.certificate))
    with pytest.raises(Untrusted):
        team_public(team())


def test_an_epoch_between_cannot_be_taken_out(world: World) -> None:
    stays = world.officer("verifikator")
    renew(team=team(), by=stays.ring)
    renew(team=team(), by=again(stays).ring)
    TeamKey.objects.filter(team=team(), epoch=1).delete()
    with pytest.raises(Untrusted):
        team_public(team())


def test_each_epoch_opens_the_one_before_and_only_the_newest_is_sealed_to_people(world: World) -> None:
    stays = world.officer("verifikator")
    for _time in range(3):
        renew(team=team(), by=again(stays).ring)
    keys = list(TeamKey.objects.filter(team=team()).order_by("epoch"))
    assert [key.epoch for key in keys] == [0, 1, 2, 3]
    for older, newer in itertools.pairwise(keys):
        assert [bytes(seal.reader) for seal in older.seals.all()] == [bytes(newer.fingerprint)]
    assert keys[-1].seals.count() == 2
    assert all(again(stays).ring.pair_of(bytes(key.fingerprint)) for key in keys)
    assert seat_public(Membership.objects.get(member=stays.member)) == stays.member.public_key


def test_keys_of_supervised_teams_move_to_the_new_epoch(world: World, file_case: FileCase) -> None:
    complaint, above = file_case(), world.officer("verifikator", ACEH)
    old = bytes(current_key(team(office=ACEH)).fingerprint)
    key = renew(team=team(office=ACEH), by=above.ring)
    readers = {bytes(seal.reader) for seal in TeamKeySeal.objects.filter(key__team=team())}
    assert readers == {bytes(key.fingerprint)}
    assert not TeamKeySeal.objects.filter(reader=old).exists()
    assert reads(above, complaint)
    top = world.officer("verifikator", KI)
    assert top.ring.pair_of(bytes(current_key(team()).fingerprint)) is not None


def test_a_supervised_teams_seal_that_does_not_open_is_left_alone(world: World) -> None:
    above = world.officer("verifikator", ACEH)
    TeamKeySeal.objects.filter(key__team=team()).update(sealed=b"broken")
    renew(team=team(office=ACEH), by=above.ring)
    assert bytes(TeamKeySeal.objects.get(key__team=team()).sealed) == b"broken"


def test_a_team_without_supervisor_stays_open_to_its_kit(world: World) -> None:
    side = team(TeamKind.CUSTODIAN, ACEH)
    key = renew(team=side, by=world.officer("kustodian", ACEH).ring)
    kit = Officer(world.officer("admin").member, world.sheets["custody-regions"].pair)
    assert kit.ring.pair_of(bytes(key.fingerprint)) is not None


def test_nobody_else_renews_a_key(world: World) -> None:
    for role, office in (("penerima", SABANG), ("pengkaji", ACEH), ("verifikator", "110400")):
        with pytest.raises(PermissionError):
            renew(team=team(), by=world.officer(role, office).ring)
    assert current_key(team()).epoch == 0


def test_seals_are_renewed_in_batches_until_none_is_left(world: World, file_case: FileCase) -> None:
    stays = world.officer("verifikator")
    complaints = [file_case(disclose=True, name="X", callback="0651 1") for _one in range(3)]
    assert renew_seals(team(), stays) == 0
    renew(team=team(), by=stays.ring)
    moved = []
    while count := renew_seals(team(), again(stays), limit=4):
        moved.append(count)
    assert moved == [4, 4, 1]
    newest = team_public(team()).fingerprint
    for complaint in complaints:
        readers = Seal.objects.filter(case=complaint.case, object=complaint.case.uid)
        assert [bytes(seal.reader) for seal in readers] == [newest]
        opened = Reader([complaint.case], again(stays).private).timeline()
        assert [one.payload is not None for one in opened] == [True, True, True]


def test_seals_of_closed_cases_stay_where_they_are(world: World, file_case: FileCase) -> None:
    complaint, stays = file_case(), world.officer("verifikator")
    Case.objects.filter(pk=complaint.case.pk).update(due=None)
    renew(team=team(), by=stays.ring)
    assert renew_seals(team(), again(stays)) == 0
    assert reads(stays, complaint)


def test_halves_that_stay_under_the_number_of_a_moved_case_are_renewed(
    world: World, file_case: FileCase
) -> None:
    complaint = file_case(name="Pelapor")
    world.officer("verifikator", ACEH)
    move(complaint, "escalate_conflict", by=world.officer("verifikator"), reason="UKI diadukan.")
    side, keeper = team(TeamKind.CUSTODIAN, ACEH), world.officer("kustodian", ACEH)
    renew(team=side, by=keeper.ring)
    assert renew_seals(side, again(keeper)) == 1


def test_a_stranger_renews_no_seals(world: World, file_case: FileCase) -> None:
    complaint, stays = file_case(), world.officer("verifikator")
    renew(team=team(), by=stays.ring)
    assert renew_seals(team(), world.officer("verifikator", "110400")) == 0
    assert reads(stays, complaint)


def test_custodians_halves_move_to_their_new_key(world: World, file_case: FileCase) -> None:
    complaint = file_case(name="Pelapor", email="pelapor@contoh.example")
    side, keeper = team(TeamKind.CUSTODIAN, ACEH), world.officer("kustodian", ACEH)
    renew(team=side, by=keeper.ring)
    assert renew_seals(side, again(keeper)) == 1
    identity = complaint.case.entries.get(kind=IDENTITY)
    context = vault.Context(complaint.case.uid.bytes, identity.uid.bytes, f"{IDENTITY}-half")
    halves = []
    for keeper in (world.officer("kustodian", ACEH), world.officer("kustodian", KI)):
        seal = next(s for s in Seal.objects.filter(object=identity.uid) if keeper.private(bytes(s.reader)))
        private = keeper.private(bytes(seal.reader))
        assert private is not None
        halves.append(vault.open_key(bytes(seal.sealed), private, context=context))
    key = vault.join(*halves)
    context = vault.Context(complaint.case.uid.bytes, identity.uid.bytes, IDENTITY)
    assert b"Pelapor" in vault.open_with_key(bytes(identity.ciphertext or b""), key, context=context)


@pytest.mark.parametrize("how", ["certificate of another team", "no certificate", "swapped key", "own key"])
def test_a_membership_put_into_the_database_gets_no_key_at_renewal(
    world: World, file_case: FileCase, how: str
) -> None:
    stays, attacker = world.officer("verifikator"), world.officer("penerima")
    attackers_team = team(TeamKind.RECEPTION)
    _key, pair = attacker.ring.team(attackers_team)
    place = Membership(member=attacker.member, team=team(), let_in_at=timezone.now())
    if how == "certificate of another team":
        place.certificate = Membership.objects.get(member=attacker.member).certificate
    if how == "swapped key":  # a genuine colleague's row, with the attacker's public key in it
        place = Membership.objects.get(member=stays.member)
        Member.objects.filter(pk=stays.member.pk).update(public=attacker.member.public)
    if how == "own key":
        place.certificate = vault.certify(
            pair.signing,
            subject=place.subject,
            epoch=0,
            encryption=attacker.member.public_key,
            verify=pair.signing.verify_key,
        ).to_bytes()
    place.save()
    Team.objects.filter(pk=team().pk).update(renew=True)
    key = renew(team=team(), by=stays.ring)
    assert bytes(attacker.member.fingerprint or b"") not in {bytes(s.reader) for s in key.seals.all()}
    assert not reads(attacker, file_case())


def test_a_changed_supervisor_gets_no_key_at_renewal_and_no_case(world: World, file_case: FileCase) -> None:
    stays, attacker = world.officer("verifikator"), world.officer("verifikator", "110400")
    Team.objects.filter(pk=team().pk).update(supervisor=team(office="110400"), renew=True)
    renew(team=team(), by=stays.ring)
    assert not reads(attacker, file_case())
    assert not reads(attacker, file_case(conflict=True))
    assert file_case(conflict=True).case.team == team(office=ACEH)


def test_a_team_key_that_an_attacker_sealed_is_not_taken_for_the_teams(world: World) -> None:
    stays, forged = world.officer("verifikator"), KeyPair.generate()
    key = current_key(team())
    sealed = seal_team_key(forged, stays.member.public_key, subject=team().subject, epoch=0)
    TeamKeySeal.objects.filter(key=key, reader=stays.member.fingerprint).update(sealed=sealed)
    with pytest.raises(PermissionError):
        stays.ring.team(team())
    assert again(stays).private(bytes(key.fingerprint)) is None


def test_a_loop_of_seals_ends(world: World) -> None:
    here, above = current_key(team()), current_key(team(office=ACEH))
    TeamKeySeal.objects.filter(key=above).update(reader=bytes(here.fingerprint))
    stranger = world.officer("verifikator", "110400")
    assert stranger.ring.pair_of(bytes(here.fingerprint)) is None
    assert stranger.ring.pair_of(bytes(here.fingerprint)) is None


def test_a_removed_member_is_not_asked_to_renew(world: World) -> None:
    gone, _stays = leaver(world), world.officer("verifikator")
    joining.disable(gone.member)
    assert teams_to_renew(gone.member) == []


def test_open_cases_go_on_after_a_renewal(world: World, file_case: FileCase) -> None:
    complaint, stays = file_case(), world.officer("verifikator")
    renew(team=team(), by=stays.ring)
    move(complaint, "take", by=again(stays))
    renew_seals(team(), again(stays))
    move(complaint, "transfer", by=again(stays), target=ACEH, reason="Salah kantor.")
    assert reads(world.officer("verifikator", ACEH), complaint)
    assert not visible(again(stays)).exists()
    assert complaint.now().due is not None
    assert complaint.now().received_at > timezone.now() - timedelta(minutes=5)
