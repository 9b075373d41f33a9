"""What strangers send to keep the server busy: it costs them more than the server."""

import threading
import time
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from sipuma.cases.models import Entry
from sipuma.cases.opening import Opened, Reader
from sipuma.cases.tickets import Holder, find_holder, keys_of
from sipuma.complaints import tracking
from sipuma.offices import passwords
from sipuma.offices.refusal import Refused
from tests.flow.pages import Page
from tests.world import Complaint, FileCase, World, move


def holder_of(complaint: Complaint) -> Holder:
    found = find_holder(keys_of(complaint.ticket))
    assert found is not None
    return found


def test_words_for_an_office_without_end_are_cut(world: World) -> None:
    visitor = Client()
    draft = Page(visitor.get("/lapor/").content.decode()).form("what").values["draft"]
    started = time.perf_counter()
    answer = visitor.post("/lapor/", {"draft": draft, "step": "2", "office_words": "a " * 400_000})
    assert answer.status_code == 200
    assert time.perf_counter() - started < 5


def test_what_announces_more_than_a_form_is_refused_unread(world: World) -> None:
    answer = Client().post(
        "/lapor/cetak/", b"x", content_type="text/plain", headers={"Content-Length": str(4 * 1024**2)}
    )
    assert answer.status_code == 413


def test_thirty_messages_a_day_are_taken_and_the_next_one_waits(world: World, file_case: FileCase) -> None:
    holder, now = holder_of(file_case()), timezone.now()
    for number in range(tracking.MOST_A_DAY):
        tracking.write(holder, f"pesan {number}", at=now)
    with pytest.raises(Refused):
        tracking.write(holder, "satu lagi", at=now)
    tracking.write(holder, "besok", at=now + timedelta(days=1, seconds=1))


def test_a_refused_message_stays_on_the_page(
    world: World, file_case: FileCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracking, "MOST_A_DAY", 0)
    answer = Client().post(
        "/lacak/", {"ticket": file_case().ticket.grouped, "act": "message", "message": "jangan hilang"}
    )
    assert answer.status_code == 200
    assert "jangan hilang" in answer.content.decode()


def test_an_answer_that_was_asked_for_is_never_too_many(
    world: World, file_case: FileCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    complaint = file_case()
    move(complaint, "take", by=world.officer("verifikator"))
    move(complaint, "request_data", by=world.officer("verifikator"), question="Kapan?")
    monkeypatch.setattr(tracking, "MOST_A_DAY", 0)
    assert tracking.write(holder_of(complaint), "jawaban").state == "VERIFIKASI"


def test_one_more_message_opens_one_letter_however_many_there_are(
    world: World, file_case: FileCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    holder, opened = holder_of(file_case()), list[int]()
    for number in range(10):
        tracking.write(holder, f"pesan {number}")
    original = Reader.open

    def counted(reader: Reader, entry: Entry) -> Opened:
        opened.append(entry.pk)
        return original(reader, entry)

    monkeypatch.setattr(Reader, "open", counted)
    tracking.write(holder, "pesan terakhir")
    assert len(opened) == 1


def test_a_crowd_at_the_sign_in_is_turned_away_before_it_holds_all_threads(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.officer("verifikator")
    monkeypatch.setattr(passwords, "_waiting", threading.BoundedSemaphore(1))
    form = {"login": "verifikator.130300", "password": "contoh-sandi-2026"}
    with passwords._one_at_a_time():
        answer = Client().post("/petugas/masuk/", form)
        assert answer.status_code == 429
        assert answer.headers["Retry-After"] == "30"
    assert Client().post("/petugas/masuk/", form).status_code == 302


def test_made_up_names_do_not_push_the_counts_of_tries_out(world: World) -> None:
    cache.set("a-count-of-tries", [1], 300)
    for number in range(350):
        cache.set(f"made-up-{number:04}", [1], 300)
    assert cache.get("a-count-of-tries") == [1]
