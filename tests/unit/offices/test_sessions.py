"""Staff sessions: useless without the cookie, gone when they are over."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.sessions.backends.base import UpdateError

from sipuma.offices import sessions
from sipuma.offices.models import Session
from sipuma.offices.sessions import SessionStore, session_id
from tests.world import World

pytestmark = pytest.mark.django_db
SECRET = "kunci-yang-tidak-boleh-terbaca"


def stored(**values: object) -> SessionStore:
    store = SessionStore()
    for name, value in values.items():
        store[name] = value
    store.save()
    return store


def test_the_row_holds_a_hash_of_the_cookie_and_sealed_data() -> None:
    store = stored(key=SECRET)
    key, row = store.session_key or "", Session.objects.get()
    assert bytes(row.id) == session_id(key)
    assert key.encode() not in bytes(row.id) + bytes(row.sealed)
    assert SECRET.encode() not in bytes(row.sealed)
    assert SessionStore(key)["key"] == SECRET


def test_another_cookie_opens_nothing_even_on_the_same_row() -> None:
    store, other = stored(key=SECRET), "x" * 32
    Session.objects.filter(pk=session_id(store.session_key or "")).update(id=session_id(other))
    moved = SessionStore(other)
    assert moved.load() == {}
    assert moved.session_key is None


def test_a_tampered_row_is_an_empty_session() -> None:
    store = stored(key=SECRET)
    row = Session.objects.get()
    Session.objects.update(sealed=bytes(row.sealed)[:-1] + b"\0")
    again = SessionStore(store.session_key)
    assert "key" not in again
    assert again.session_key is None


@pytest.mark.parametrize("key", ["unknown" * 5, None])
def test_an_unknown_session_is_empty(key: str | None) -> None:
    store = SessionStore(key)
    assert store.load() == {}
    assert store.session_key is None


def test_a_session_ends_eight_hours_after_signing_in_however_busy_it_is() -> None:
    start = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    with time_machine.travel(start, tick=False) as clock:
        store = stored(started=start.timestamp(), key=SECRET)
        for _hour in range(7):
            clock.shift(timedelta(hours=1))
            store = SessionStore(store.session_key)
            store["page"] = str(_hour)
            store.save()
        clock.shift(timedelta(minutes=59))
        assert SessionStore(store.session_key)["key"] == SECRET
        clock.shift(timedelta(minutes=1))
        assert SessionStore(store.session_key).load() == {}
        clock.shift(timedelta(seconds=1))
        SessionStore.clear_expired()
        assert not Session.objects.exists()


def test_a_cycled_key_keeps_the_data_and_ends_the_old_cookie() -> None:
    store = stored(key=SECRET)
    old = store.session_key or ""
    store.cycle_key()
    store.save()
    assert store.session_key != old
    assert SessionStore(store.session_key)["key"] == SECRET
    assert not store.exists(old)
    assert SessionStore(old).load() == {}


def test_a_key_that_is_taken_is_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = stored(key=SECRET).session_key
    drawn = iter([taken, "b" * 32])
    store = SessionStore()
    monkeypatch.setattr(sessions, "get_random_string", lambda *_shape: next(drawn))
    store.create()
    assert store.session_key == "b" * 32
    assert SessionStore(taken)["key"] == SECRET


def test_a_session_that_was_ended_elsewhere_is_not_saved_back() -> None:
    store = stored(key=SECRET)
    Session.objects.all().delete()
    store["key"] = "later"
    with pytest.raises(UpdateError):
        store.save()
    assert not Session.objects.exists()


def test_deletion_ends_the_session_and_nothing_else() -> None:
    store, other = stored(key=SECRET), stored(key=SECRET)
    store.delete(other.session_key)
    assert SessionStore(store.session_key)["key"] == SECRET
    store.delete()
    assert not Session.objects.exists()
    SessionStore().delete()


def test_a_members_sessions_are_found_by_the_member(world: World) -> None:
    member = world.officer("verifikator").member
    stored(member=member.pk)
    assert member.sessions.count() == 1
