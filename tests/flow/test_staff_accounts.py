"""Joining, being let in, recovering, and looking after one's own account."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from sipuma.offices.joining import Seat, disable, invite, key_code, let_in, renew_invitation
from sipuma.offices.models import Member, Membership, Office, Session, Team, TeamKey, TeamKeySeal, TeamKind
from tests.flow.staff import QUEUE, browser_of, page_of, sign_in, text_of
from tests.world import KI, MALILI, SABANG, FileCase, World, assessed, move

NEW = "kalimat empat kata saya"
TEAM = "/petugas/tim/"


@pytest.fixture
def invited(world: World) -> tuple[Member, str]:
    team = Team.objects.get(office_id=SABANG, kind=TeamKind.VERIFICATION)
    return invite(
        username="baru.130300",
        name="Anggota baru",
        email="",
        office=Office.objects.get(pk=SABANG),
        seats=[Seat(team)],
    )


def joined(code: str) -> str:
    """Join with the link; return the page that shows the kit."""
    answer = Client().post(f"/en/petugas/gabung/{code}/", {"password": NEW, "again": NEW})
    assert answer.status_code == 200
    return answer.content.decode()


def kit_on(page: str) -> str:
    return " ".join(re.findall(r'ticket__group">([^<]+)<', page))


def test_a_one_time_link_makes_keys_and_shows_the_kit_once(world: World, invited: tuple[Member, str]) -> None:
    member, code = invited
    assert Client().get(f"/petugas/gabung/{code}/").status_code == 200
    page = joined(code)
    member.refresh_from_db()
    assert len(kit_on(page).replace(" ", "")) == 36
    assert key_code(member) in page
    for answer in (
        Client().get(f"/petugas/gabung/{code}/"),
        Client().post(f"/petugas/gabung/{code}/", {"password": NEW, "again": NEW}),
    ):
        assert answer.status_code == 404


@pytest.mark.parametrize(
    ("password", "again", "says"),
    [
        ("short", "short", "too short"),
        (NEW, f"{NEW}!", "differ"),
        ("aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa", "easy to guess"),
        ("", "", "Choose a new password"),
    ],
)
def test_a_weak_or_mistyped_password_makes_no_keys(
    world: World, invited: tuple[Member, str], password: str, again: str, says: str
) -> None:
    member, code = invited
    answer = Client().post(f"/en/petugas/gabung/{code}/", {"password": password, "again": again})
    assert answer.status_code == 422
    assert says in text_of(answer)
    member.refresh_from_db()
    assert member.public is None


def test_an_unknown_or_old_link_says_what_to_do(world: World, invited: tuple[Member, str]) -> None:
    Member.objects.filter(pk=invited[0].pk).update(invited_until=timezone.now())
    for code in (invited[1], "never-given"):
        answer = Client().get(f"/en/petugas/gabung/{code}/")
        assert answer.status_code == 404
        assert "ask the administrator for a new one" in text_of(answer)


def test_the_code_of_a_link_is_not_logged(
    world: World, invited: tuple[Member, str], caplog: pytest.LogCaptureFixture
) -> None:
    Client().get(f"/petugas/gabung/{invited[1]}/")
    joined(invited[1])
    assert "join" in caplog.text
    assert invited[1] not in caplog.text


def test_a_teammate_lets_a_member_in_after_comparing_the_code(
    world: World, invited: tuple[Member, str], file_case: FileCase
) -> None:
    register = file_case().case.register
    member, code = invited
    mate = browser_of(world, "verifikator")
    assert "has not used the one-time link yet" in text_of(mate.get(f"/en{TEAM}"))
    joined(code)
    new = sign_in("baru.130300", password=NEW)
    member.refresh_from_db()
    assert key_code(member) in text_of(new.get(TEAM))
    assert new.get(page_of(register)).status_code == 404
    place = Membership.objects.get(member=member)
    page = mate.get(f"/en{TEAM}")
    assert key_code(member) in text_of(page)
    assert mate.post(TEAM, {"place": str(place.pk), "code": key_code(member)}).status_code == 302
    assert new.get(page_of(register)).status_code == 200


@pytest.mark.parametrize("role", ["pengkaji-unit", "admin"])
def test_nobody_else_lets_in(world: World, invited: tuple[Member, str], role: str) -> None:
    joined(invited[1])
    client = browser_of(world, role, "000000" if role == "admin" else SABANG)
    place = Membership.objects.get(member=invited[0])
    assert client.post(TEAM, {"place": str(place.pk)}).status_code == 404
    assert client.post(TEAM, {"place": "x"}).status_code == 404
    place.refresh_from_db()
    assert place.let_in_at is None


def test_a_member_who_has_not_joined_cannot_be_let_in(world: World, invited: tuple[Member, str]) -> None:
    client = browser_of(world, "verifikator")
    place = Membership.objects.get(member=invited[0])
    answer = client.post(f"/en{TEAM}", {"place": str(place.pk)})
    assert answer.status_code == 422
    assert "hasn't joined yet" in text_of(answer)


def test_the_supervisor_lets_the_first_member_of_an_empty_team_in(world: World) -> None:
    team = Team.objects.get(office_id=MALILI, kind=TeamKind.VERIFICATION)
    office = Office.objects.get(pk=MALILI)
    member, code = invite(
        username="baru.110400", name="Anggota Malili", email="", office=office, seats=[Seat(team)]
    )
    joined(code)
    head = browser_of(world, "kepala-uki", "110000")
    place = Membership.objects.get(member=member)
    assert "Anggota Malili" in text_of(head.get(TEAM))
    code = key_code(place.member)
    assert head.post(TEAM, {"place": str(place.pk), "code": code}).status_code == 302
    place.refresh_from_db()
    assert place.let_in_at is not None


def test_the_recovery_kit_sets_a_new_password_and_ends_all_sessions(
    world: World, invited: tuple[Member, str]
) -> None:
    kit = kit_on(joined(invited[1]))
    old = sign_in("baru.130300", password=NEW)
    sent = {"login": "baru.130300", "kit": kit.lower(), "password": f"{NEW} dua", "again": f"{NEW} dua"}
    answer = Client().post("/petugas/pemulihan/", sent)
    assert answer.headers["Location"] == "/petugas/masuk/"
    assert old.get(QUEUE).status_code == 302
    assert sign_in("baru.130300", password=NEW).get(QUEUE).status_code == 302
    assert sign_in("baru.130300", password=f"{NEW} dua").get(QUEUE).status_code == 200


def test_a_strange_kit_and_an_unknown_name_say_the_same(world: World, invited: tuple[Member, str]) -> None:
    joined(invited[1])
    other, code = invite(
        username="lain.130300", name="Lain", email="", office=Office.objects.get(pk=SABANG), seats=[]
    )
    kit = kit_on(joined(code))
    for login in ("baru.130300", "nobody.000000"):
        sent = {"login": login, "kit": kit, "password": NEW, "again": NEW}
        answer = Client().post("/en/petugas/pemulihan/", sent)
        assert answer.status_code == 422
        assert "The name and the recovery kit don't belong together." in text_of(answer)
    assert other.pk


def test_a_mistyped_kit_is_said_at_its_field(world: World) -> None:
    sent = {"login": "nobody.000000", "kit": "ABCD", "password": NEW, "again": NEW}
    answer = Client().post("/en/petugas/pemulihan/", sent)
    assert answer.status_code == 422
    assert 'href="#id_kit"' in answer.content.decode()


def test_trying_kits_is_limited(world: World) -> None:
    sent = {"login": "nobody.000000", "kit": "ABCD", "password": NEW, "again": NEW}
    answers = [Client().post("/petugas/pemulihan/", sent).status_code for _try in range(7)]
    assert answers[:3] == [422, 422, 422]
    assert answers[-1] == 429


def test_changing_the_password_needs_the_present_one_and_ends_other_sessions(
    world: World, invited: tuple[Member, str]
) -> None:
    joined(invited[1])
    here = sign_in("baru.130300", password=NEW)
    elsewhere = sign_in("baru.130300", password=NEW)
    wrong = here.post(
        "/en/petugas/akun/", {"old": "not this one", "password": f"{NEW} 2", "again": f"{NEW} 2"}
    )
    assert wrong.status_code == 422
    assert "This isn't your present password." in text_of(wrong)
    right = here.post("/petugas/akun/", {"old": NEW, "password": f"{NEW} 2", "again": f"{NEW} 2"})
    assert right.status_code == 302
    assert here.get(QUEUE).status_code == 200
    assert elsewhere.get(QUEUE).status_code == 302
    assert sign_in("baru.130300", password=f"{NEW} 2").get(QUEUE).status_code == 200


def test_a_password_that_is_too_easy_is_refused_at_its_field(world: World) -> None:
    client = browser_of(world, "verifikator")
    sent = {"old": "x", "password": "aaaaaaaaaaaaaaaa", "again": "aaaaaaaaaaaaaaaa"}
    answer = client.post("/en/petugas/akun/", sent)
    assert answer.status_code == 422
    assert 'href="#id_password"' in answer.content.decode()


def test_trying_the_present_password_is_limited(world: World) -> None:
    client = browser_of(world, "verifikator")
    sent = {"old": "not this one", "password": NEW, "again": NEW}
    assert [client.post("/petugas/akun/", sent).status_code for _try in range(6)][-1] == 429


def test_sessions_elsewhere_are_listed_and_ended(world: World) -> None:
    here, elsewhere = browser_of(world, "verifikator"), browser_of(world, "verifikator")
    stranger = browser_of(world, "pengkaji-unit")
    assert text_of(here.get("/en/petugas/akun/")).count("Signed in ") == 1
    here.post("/petugas/akun/", {"end_others": "1"})
    assert elsewhere.get(QUEUE).status_code == 302
    assert here.get(QUEUE).status_code == 200
    assert stranger.get(QUEUE).status_code == 200
    assert Session.objects.count() == 2


def test_after_somebody_left_the_next_sign_in_renews_the_key_and_the_cases_stay_open(
    world: World, file_case: FileCase
) -> None:
    complaint = file_case()
    move(complaint, "take", by=world.officer("verifikator"))
    move(complaint, "assess", by=world.officer("verifikator"), **assessed())
    leaver = world.officer("kepala-uki").member
    disable(leaver)
    team = complaint.case.team
    client = browser_of(world, "verifikator")
    assert TeamKey.objects.filter(team=team).count() == 2
    newest = bytes(TeamKey.objects.get(team=team, epoch=1).fingerprint)
    assert {bytes(seal.reader) for seal in complaint.case.seals.filter(object=complaint.case.uid)} == {newest}
    assert client.get(page_of(complaint.case.register)).status_code == 200


@pytest.mark.parametrize("lost", ["seals", "trust"])
def test_signing_in_works_though_a_team_key_cannot_be_renewed(
    world: World, file_case: FileCase, lost: str
) -> None:
    team = file_case().case.team
    world.officer("verifikator")
    disable(world.officer("kepala-uki").member)
    if lost == "seals":
        TeamKeySeal.objects.filter(key__team=team).delete()
    else:
        sign_in(f"verifikator.{SABANG}")
        TeamKey.objects.filter(team=team, epoch=1).update(certificate=b"swapped")
    assert sign_in(f"verifikator.{SABANG}").get("/petugas/akun/").status_code == 200


def test_a_new_member_of_two_teams_is_vouched_for_once(world: World) -> None:
    teams = Team.objects.filter(office_id=SABANG, kind__in=[TeamKind.VERIFICATION, TeamKind.RECEPTION])
    member, code = invite(
        username="dua.130300",
        name="Dua tugas",
        email="",
        office=Office.objects.get(pk=SABANG),
        seats=[Seat(team) for team in teams],
    )
    joined(code)
    for role in ("verifikator", "penerima"):
        officer = world.officer(role)
        for place in Membership.objects.filter(member=member, team__in=officer.reach.places):
            let_in(place=place, by=officer.ring)
    client = sign_in("dua.130300", password=NEW)
    assert text_of(client.get(f"/en{TEAM}")).count("Dua tugas (member)") == 2
    assert renew_invitation(member)


def test_a_member_in_no_team_reads_so(world: World) -> None:
    assert "You are in no team" in text_of(browser_of(world, "admin", "000000").get(f"/en{TEAM}"))
    assert browser_of(world, "pyb", KI).get(TEAM).status_code == 200
