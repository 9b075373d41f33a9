"""How long a session lives, what is kept when it ends, and what looking at pages writes."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.apps import apps
from django.test import Client

from sipuma.cases.models import Entry, IndexedCase, IndexedWord, ReadLog
from sipuma.offices.models import Draft, Membership
from tests.flow.staff import QUEUE, SIGN_IN, browser_of, field_of, page_of, sign_in, text_of
from tests.world import PASSWORD, SABANG, FileCase, World, move

NAME = f"verifikator.{SABANG}"
MORNING = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
NOTE = "Catatan yang panjang, diketik selama dua puluh menit."


def test_a_session_ends_after_15_idle_minutes(world: World) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        client = browser_of(world, "verifikator")
        clock.shift(timedelta(minutes=15))
        assert client.get(QUEUE).status_code == 200
        clock.shift(timedelta(minutes=15, seconds=1))
        answer = client.get(QUEUE)
        assert answer.headers["Location"] == f"{SIGN_IN}?next={QUEUE}"
        assert "sipuma_session" not in client.cookies or not client.cookies["sipuma_session"].value


def test_reception_has_45_minutes(world: World) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        client = browser_of(world, "penerima")
        clock.shift(timedelta(minutes=45))
        assert client.get(QUEUE).status_code == 200
        clock.shift(timedelta(minutes=45, seconds=1))
        assert client.get(QUEUE).status_code == 302


def test_a_session_ends_after_8_hours_however_busy(world: World) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        client = browser_of(world, "verifikator")
        for _step in range(47):
            clock.shift(timedelta(minutes=10))
            assert client.get(QUEUE).status_code == 200
        clock.shift(timedelta(minutes=10, seconds=1))
        assert client.get(QUEUE).status_code == 302


def test_an_older_copy_of_the_seen_cookie_revives_nothing(world: World) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        client = browser_of(world, "verifikator")
        other = browser_of(world, "pengkaji-unit")
        clock.shift(timedelta(minutes=20))
        client.cookies["sipuma_seen"] = sign_in(f"pengkaji-unit.{SABANG}").cookies["sipuma_seen"].value
        assert client.get(QUEUE).status_code == 302
        assert other.get(QUEUE).status_code == 302


def test_a_form_sent_after_the_session_ended_is_there_again_after_signing_in(
    world: World, file_case: FileCase
) -> None:
    case = file_case().case
    with time_machine.travel(datetime.now(tz=UTC), tick=False) as clock:
        client = browser_of(world, "verifikator")
        page = page_of(case.register)
        clock.shift(timedelta(minutes=16))
        answer = client.post(page, {"move": "note", "note": NOTE})
        assert answer.headers["Location"] == f"{SIGN_IN}?next={page}"
        assert NOTE.encode() not in bytes(Draft.objects.get().sealed)
        answer = client.post(answer.headers["Location"], {"login": NAME, "password": PASSWORD, "next": page})
        again = client.get(answer.headers["Location"])
        assert NOTE in text_of(again)
        assert Entry.objects.filter(case=case, kind="note").count() == 0
        client.post(page, {"move": "note", "note": NOTE, "seen": field_of(again, "seen")})
    assert Entry.objects.filter(case=case, kind="note").count() == 1
    assert Draft.objects.count() == 0


def test_a_kept_form_comes_back_to_nobody_else(world: World, file_case: FileCase) -> None:
    case = file_case().case
    with time_machine.travel(datetime.now(tz=UTC), tick=False) as clock:
        client = browser_of(world, "verifikator")
        clock.shift(timedelta(minutes=16))
        client.post(page_of(case.register), {"move": "note", "note": NOTE})
        world.officer("kepala-uki")
        sign_in(f"kepala-uki.{SABANG}", client=client)
        assert NOTE not in text_of(client.get(page_of(case.register)))


def test_a_kept_form_can_be_thrown_away(world: World, file_case: FileCase) -> None:
    case = file_case().case
    with time_machine.travel(datetime.now(tz=UTC), tick=False) as clock:
        client = browser_of(world, "verifikator")
        clock.shift(timedelta(minutes=16))
        client.post(page_of(case.register), {"move": "note", "note": NOTE})
        sign_in(NAME, client=client)
        assert page_of(case.register) in client.get(QUEUE).content.decode()
        client.post(page_of(case.register), {"discard": "note"})
    assert Draft.objects.count() == 0


def test_text_of_a_step_that_has_passed_stays_readable(world: World, file_case: FileCase) -> None:
    complaint = file_case()
    world_officer = world.officer("verifikator")
    move(complaint, "take", by=world_officer)
    with time_machine.travel(datetime.now(tz=UTC), tick=False) as clock:
        client = browser_of(world, "verifikator")
        clock.shift(timedelta(minutes=16))
        client.post(page_of(complaint.case.register), {"move": "request_data", "question": NOTE})
        move(complaint, "request_data", by=world.officer("verifikator"), question="Kapan?")
        sign_in(NAME, client=client)
        assert NOTE in text_of(client.get(page_of(complaint.case.register)))


def test_passwords_are_never_kept(world: World) -> None:
    with time_machine.travel(datetime.now(tz=UTC), tick=False) as clock:
        client = browser_of(world, "verifikator")
        clock.shift(timedelta(minutes=16))
        client.post("/petugas/akun/", {"old": PASSWORD, "password": "another one", "again": "another one"})
    assert Draft.objects.count() == 0


def test_five_kept_forms_are_enough(world: World, file_case: FileCase) -> None:
    case = file_case().case
    with time_machine.travel(datetime.now(tz=UTC), tick=False) as clock:
        client = browser_of(world, "verifikator")
        clock.shift(timedelta(minutes=16))
        for number in range(7):
            client.post(page_of(case.register), {"move": "note", "note": f"{NOTE} {number}"})
    assert Draft.objects.count() == 5


def test_a_form_in_another_tab_stays_good_when_the_same_person_signs_in_again(
    world: World, file_case: FileCase
) -> None:
    case = file_case().case
    world.officer("verifikator")
    client = Client(enforce_csrf_checks=True)
    with time_machine.travel(datetime.now(tz=UTC), tick=False) as clock:
        token = field_of(client.get(SIGN_IN), "csrfmiddlewaretoken")
        client.post(SIGN_IN, {"login": NAME, "password": PASSWORD, "csrfmiddlewaretoken": token})
        form = client.get(page_of(case.register))
        clock.shift(timedelta(minutes=16))
        token = field_of(client.get(SIGN_IN), "csrfmiddlewaretoken")
        client.post(SIGN_IN, {"login": NAME, "password": PASSWORD, "csrfmiddlewaretoken": token})
    sent = {"move": "note", "note": NOTE, "csrfmiddlewaretoken": field_of(form, "csrfmiddlewaretoken")}
    assert client.post(page_of(case.register), sent).status_code == 302


WRITTEN = (ReadLog, IndexedCase, IndexedWord)


@pytest.mark.parametrize(
    "path",
    ["/petugas/", "/petugas/?scope=all", "/petugas/tim/", "/petugas/akun/", "/petugas/keluar/", "case"],
)
def test_looking_writes_nothing_but_the_read_log_and_the_word_index(
    world: World, file_case: FileCase, path: str
) -> None:
    page = page_of(file_case().case.register) if path == "case" else path
    client = browser_of(world, "verifikator")
    before = {
        model: list(model._base_manager.values()) for model in apps.get_models() if model not in WRITTEN
    }
    assert client.get(page).status_code == 200
    assert before == {model: list(model._base_manager.values()) for model in before}
    assert {model._base_manager.exists() for model in WRITTEN} == {path == "case"}


def test_a_case_read_twice_a_day_is_logged_once(world: World, file_case: FileCase) -> None:
    page = page_of(file_case().case.register)
    client = browser_of(world, "verifikator")
    client.get(page)
    client.get(page)
    assert ReadLog.objects.count() == 1


def test_the_notice_of_a_saved_step_is_shown_once_and_writes_no_row(
    world: World, file_case: FileCase
) -> None:
    page = f"/en{page_of(file_case().case.register)}"
    client = browser_of(world, "verifikator")
    answer = client.post(page, {"move": "take"})
    assert "Saved: Take into verification." in text_of(client.get(answer.headers["Location"]))
    assert "Saved:" not in text_of(client.get(page))


def test_nothing_is_kept_for_a_member_whose_key_nobody_vouches_for(world: World, file_case: FileCase) -> None:
    case = file_case().case
    with time_machine.travel(datetime.now(tz=UTC), tick=False) as clock:
        client = browser_of(world, "verifikator")
        Membership.objects.filter(member__user__username=NAME).update(certificate=None)
        clock.shift(timedelta(minutes=16))
        answer = client.post(page_of(case.register), {"move": "note", "note": NOTE})
    assert answer.status_code == 302
    assert Draft.objects.count() == 0


def test_a_draft_for_keys_that_are_gone_is_passed_over(world: World) -> None:
    member = world.officer("verifikator").member
    Draft.objects.create(member=member, sealed=b"sealed to other keys")
    assert browser_of(world, "verifikator").get(QUEUE).status_code == 200
