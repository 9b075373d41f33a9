"""Signing in and out: what opens, what doesn't, and what a stolen database row is worth."""

import json

import pytest
from django.db import connection
from django.test import Client

from sipuma.offices.joining import disable
from sipuma.offices.models import Session
from tests.flow.staff import QUEUE, SIGN_IN, browser_of, sign_in, text_of
from tests.world import PASSWORD, SABANG, World

NAME = f"verifikator.{SABANG}"


def test_the_right_password_opens_the_queue(world: World) -> None:
    world.officer("verifikator")
    answer = Client().post(SIGN_IN, {"login": NAME, "password": PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (302, QUEUE)


@pytest.mark.parametrize("login", [NAME, "nobody.000000", "x\u00a0y"])
def test_a_wrong_password_and_an_unknown_name_say_the_same(world: World, login: str) -> None:
    world.officer("verifikator")
    answer = Client().post(f"/en{SIGN_IN}", {"login": login, "password": "not the password"})
    assert answer.status_code == 422
    assert "The name and the password don’t belong together" in text_of(answer)
    assert "sipuma_session" not in answer.cookies


def test_a_disabled_member_cannot_sign_in_and_open_sessions_end_at_once(world: World) -> None:
    member = world.officer("verifikator").member
    client = browser_of(world, "verifikator")
    disable(member)
    assert client.get(QUEUE).status_code == 302
    assert sign_in(NAME).get(QUEUE).status_code == 302


def test_guessing_is_stopped_also_when_the_right_password_comes_at_last(world: World) -> None:
    world.officer("verifikator")
    for _attempt in range(10):
        sign_in(NAME, password="wrong password here")
    answer = Client().post(SIGN_IN, {"login": NAME, "password": PASSWORD})
    assert answer.status_code == 429
    assert sign_in(NAME).get(QUEUE).status_code == 302


def test_limits_know_no_address(world: World) -> None:
    world.officer("verifikator")
    Client(REMOTE_ADDR="203.0.113.77").post(SIGN_IN, {"login": NAME, "password": "wrong password"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM cache")
        rows = cursor.fetchall()
    assert rows
    assert "203.0.113.77" not in str(rows)


def test_signing_in_changes_the_session_key(world: World) -> None:
    client = browser_of(world, "verifikator")
    before = client.cookies["sipuma_session"].value
    client.post("/petugas/keluar/")
    sign_in(NAME, client=client)
    assert client.cookies["sipuma_session"].value != before


def test_a_stolen_row_is_no_live_session(world: World) -> None:
    client = browser_of(world, "verifikator")
    pair = world.officer("verifikator").ring.pair
    cookie = client.cookies["sipuma_session"].value
    row = Session.objects.get()
    stored = bytes(row.id) + bytes(row.sealed)
    for secret in (cookie.encode(), pair.to_bytes(), pair.to_bytes().hex().encode(), b"keys"):
        assert secret not in stored
    thief = Client()
    for guess in (bytes(row.id).hex(), bytes(row.sealed).hex()):
        thief.cookies["sipuma_session"] = guess
        assert thief.get(QUEUE).status_code == 302


def test_the_keys_are_in_no_cookie(world: World) -> None:
    client = browser_of(world, "verifikator")
    raw = world.officer("verifikator").ring.pair.to_bytes().hex()
    assert raw not in json.dumps({name: morsel.value for name, morsel in client.cookies.items()})


def test_signing_out_works_by_post_only_and_ends_the_session(world: World) -> None:
    client = browser_of(world, "verifikator")
    assert client.get("/petugas/keluar/").status_code == 200
    assert client.get(QUEUE).status_code == 200
    answer = client.post("/petugas/keluar/")
    assert answer.headers["Location"] == SIGN_IN
    assert Session.objects.count() == 0
    assert answer.cookies["sipuma_seen"].value == ""
    assert client.get(QUEUE).status_code == 302


def test_the_sign_in_page_leads_back_to_where_one_wanted_to_go(world: World) -> None:
    world.officer("verifikator")
    client = Client()
    wanted = client.get("/petugas/tim/").headers["Location"]
    assert wanted == f"{SIGN_IN}?next=/petugas/tim/"
    answer = client.post(wanted, {"login": NAME, "password": PASSWORD, "next": "/petugas/tim/"})
    assert answer.headers["Location"] == "/petugas/tim/"


def test_no_other_site_is_led_to(world: World) -> None:
    world.officer("verifikator")
    answer = Client().post(
        SIGN_IN, {"login": NAME, "password": PASSWORD, "next": "https://elsewhere.example/"}
    )
    assert answer.headers["Location"] == QUEUE


def test_there_is_no_sign_up_and_one_page_says_who_helps() -> None:
    answer = Client().get("/en/petugas/bantuan/")
    assert answer.status_code == 200
    assert "recovery kit" in text_of(answer)


def test_a_signed_in_member_is_not_asked_again(world: World) -> None:
    assert browser_of(world, "verifikator").get(SIGN_IN).headers["Location"] == QUEUE


def test_a_login_without_keys_is_no_login(world: World) -> None:
    client = Client()
    client.force_login(world.officer("verifikator").member.user)
    assert client.get(QUEUE).status_code == 302
    assert client.get(SIGN_IN).status_code == 200
