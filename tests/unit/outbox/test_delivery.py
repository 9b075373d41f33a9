"""Claiming, sending, trying again and giving up."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from pytest_django import Settings
from structlog.testing import capture_logs

from sipuma import safe, vault
from sipuma.outbox import delivery
from sipuma.outbox.delivery import FIRST_PAUSE, GIVE_UP_AFTER, LONGEST_PAUSE, deliver_waiting
from sipuma.outbox.models import Channel, Delivery, Message
from sipuma.outbox.parcels import Misconfigured, Undeliverable, Unreachable
from sipuma.outbox.posting import Address
from tests.unit.outbox.box import EMAIL, MOBILE, TICKET, Postbox, post

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 24, 5, tzinfo=UTC)
Clock = time_machine.Traveller


@pytest.fixture
def clock() -> Iterator[Clock]:
    """Stop the clock at noon."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def test_a_waiting_message_goes_out_to_its_address(postbox: Postbox) -> None:
    row = post()
    assert deliver_waiting() == 1
    [parcel] = postbox.taken
    assert (parcel.to, parcel.id) == (EMAIL.value, f"sipuma-{row.uid.hex}")
    assert TICKET in parcel.body
    assert TICKET not in parcel.subject


def test_a_delivered_row_is_empty_of_recipient_and_data(postbox: Postbox, clock: Clock) -> None:
    row = post()
    deliver_waiting()
    row.refresh_from_db()
    assert (bytes(row.recipient), bytes(row.data), row.error) == (b"", b"", "")
    assert (row.state, row.sent_at, row.claimed_until) == (Delivery.SENT, NOON, None)


def test_a_delivered_message_is_not_sent_again(postbox: Postbox) -> None:
    post()
    assert [deliver_waiting(), deliver_waiting()] == [1, 0]
    assert len(postbox.taken) == 1


def test_a_kept_contact_gets_news(postbox: Postbox) -> None:
    post(MOBILE, "news")
    deliver_waiting()
    assert [parcel.to for parcel in postbox.taken] == [MOBILE.value]


def test_a_message_in_another_workers_hands_is_left_alone(postbox: Postbox, clock: Clock) -> None:
    post(claimed_until=NOON + timedelta(seconds=1))
    assert deliver_waiting() == 0
    assert postbox.asked == 0


def test_a_message_that_a_dead_worker_held_is_taken_over_when_its_lease_is_over(
    postbox: Postbox, clock: Clock
) -> None:
    post(claimed_until=NOON - timedelta(seconds=1), attempts=1)
    assert deliver_waiting() == 1


def test_a_claim_lasts_as_long_as_the_setting_says(
    postbox: Postbox, clock: Clock, settings: Settings
) -> None:
    settings.SIPUMA = settings.SIPUMA.model_copy(update={"delivery_lease_seconds": 7})
    row = post()
    assert delivery._claim(row)
    row.refresh_from_db()
    assert row.claimed_until == NOON + timedelta(seconds=7)


def test_two_workers_who_read_the_same_row_do_not_both_get_it(postbox: Postbox) -> None:
    row = post()
    mine, theirs = (Message.objects.get(pk=row.pk) for _ in range(2))
    assert delivery._claim(mine)
    assert not delivery._claim(theirs)


def test_a_worker_who_read_a_row_before_another_tried_and_postponed_it_does_not_get_it(
    postbox: Postbox,
) -> None:
    row = post()
    mine, theirs = (Message.objects.get(pk=row.pk) for _ in range(2))
    delivery._claim(mine)
    delivery._postpone(mine, "unreachable")
    assert not delivery._claim(theirs)


@pytest.mark.parametrize("verb", [delivery._fail, delivery._postpone])
def test_a_worker_whose_lease_ran_out_changes_nothing_any_more(
    postbox: Postbox, verb: Callable[[Message, str], None]
) -> None:
    row = post()
    slow, quick = Message.objects.get(pk=row.pk), Message.objects.get(pk=row.pk)
    delivery._claim(slow)
    quick.attempts = 1
    delivery._claim(quick)
    verb(slow, "refused")
    row.refresh_from_db()
    assert (row.state, row.error, row.attempts) == (Delivery.WAITING, "", 2)
    assert row.claimed_until is not None


def test_a_late_success_is_noted_whoever_holds_the_claim(postbox: Postbox) -> None:
    row = post()
    slow, quick = Message.objects.get(pk=row.pk), Message.objects.get(pk=row.pk)
    delivery._claim(slow)
    quick.attempts = 1
    delivery._claim(quick)
    delivery._note_sent(slow)
    row.refresh_from_db()
    assert row.state == Delivery.SENT


@pytest.mark.parametrize("tries", [1, 2, 5, 9, 40])
def test_pauses_grow_from_ten_seconds_to_an_hour_and_are_spread_by_half(
    postbox: Postbox, clock: Clock, tries: int
) -> None:
    longest = min(FIRST_PAUSE * 2 ** (tries - 1), LONGEST_PAUSE)
    pauses = []
    for _ in range(12):
        postbox.answers = [Unreachable()]
        row = post(attempts=tries - 1)
        deliver_waiting()
        row.refresh_from_db()
        pauses.append(row.next_at - NOON)
        assert (row.state, row.error, row.claimed_until) == (Delivery.WAITING, "unreachable", None)
    assert all(longest / 2 <= pause <= longest for pause in pauses)
    assert len(set(pauses)) > 1


def test_a_postponed_message_waits_for_its_time_and_then_goes_out(postbox: Postbox, clock: Clock) -> None:
    postbox.answers = [Unreachable()]
    post()
    assert [deliver_waiting(), deliver_waiting()] == [0, 0]
    assert postbox.asked == 1
    clock.move_to(NOON + FIRST_PAUSE)
    assert deliver_waiting() == 1


def test_after_three_days_a_message_is_given_up_and_its_sealed_parts_are_erased(
    postbox: Postbox, clock: Clock
) -> None:
    row = post()
    clock.move_to(NOON + GIVE_UP_AFTER)
    postbox.answers = [Unreachable()]
    deliver_waiting()
    row.refresh_from_db()
    assert row.state == Delivery.WAITING
    clock.move_to(NOON + GIVE_UP_AFTER + LONGEST_PAUSE)
    postbox.answers = [Unreachable()]
    deliver_waiting()
    row.refresh_from_db()
    assert (row.state, row.error) == (Delivery.FAILED, "unreachable")
    assert (bytes(row.recipient), bytes(row.data)) == (b"", b"")


def test_the_last_try_after_three_days_may_still_succeed(postbox: Postbox, clock: Clock) -> None:
    post()
    clock.move_to(NOON + 2 * GIVE_UP_AFTER)
    assert deliver_waiting() == 1


@pytest.mark.parametrize(("failure", "state", "why"), [
    (Undeliverable("address"),      Delivery.FAILED,  "refused"),
    (vault.Unopenable(),            Delivery.FAILED,  "unreadable"),
    (Unreachable(),                 Delivery.WAITING, "unreachable"),
    (Misconfigured("set this"),     Delivery.WAITING, "no gateway"),
    (safe.MissingSecret("a.key"),   Delivery.WAITING, "no key"),
    (RuntimeError("unforeseen"),    Delivery.WAITING, "error"),
])  # fmt: skip
def test_a_failure_is_final_only_when_it_is_about_this_message(
    postbox: Postbox, failure: Exception, state: str, why: str
) -> None:
    postbox.answers = [failure]
    row = post()
    deliver_waiting()
    row.refresh_from_db()
    assert (row.state, row.error) == (state, why)
    erased = state == Delivery.FAILED
    assert (row.recipient == b"", row.data == b"") == (erased, erased)


def test_words_that_this_version_does_not_know_wait_for_a_newer_worker(postbox: Postbox) -> None:
    row = post(template="of-tomorrow")
    deliver_waiting()
    row.refresh_from_db()
    assert (row.state, row.error) == (Delivery.WAITING, "unknown template")


def test_words_that_need_more_than_the_message_has_wait_too(postbox: Postbox) -> None:
    row = post(data={"other": "value"})
    deliver_waiting()
    row.refresh_from_db()
    assert row.error == "unknown template"


@pytest.mark.parametrize("part", ["recipient", "data"])
def test_a_seal_that_does_not_open_is_given_up(postbox: Postbox, part: str) -> None:
    row = post()
    sealed = bytearray(getattr(row, part))
    sealed[-1] ^= 1
    Message.objects.filter(pk=row.pk).update(**{part: bytes(sealed)})
    deliver_waiting()
    row.refresh_from_db()
    assert (row.state, row.error) == (Delivery.FAILED, "unreadable")


@pytest.mark.parametrize("key_id", ["", "../../pepper", "zz"])
def test_a_key_that_is_no_key_leads_out_of_no_folder_and_stops_nobody(postbox: Postbox, key_id: str) -> None:
    bad = post(key_id=key_id)
    post()
    assert deliver_waiting() == 1
    bad.refresh_from_db()
    assert bad.state == Delivery.WAITING


def test_a_secrets_folder_that_is_not_mounted_costs_no_message(postbox: Postbox, house: safe.Safe) -> None:
    row = post()
    away = house.folder.rename(house.folder.with_name("away"))
    deliver_waiting()
    row.refresh_from_db()
    assert row.state == Delivery.WAITING
    away.rename(house.folder)
    Message.objects.update(next_at=NOON)
    assert deliver_waiting() == 1


def test_one_bad_message_does_not_hold_up_the_others(postbox: Postbox) -> None:
    postbox.answers = [RuntimeError(), Undeliverable(), None]
    for _ in range(3):
        post()
    assert deliver_waiting() == 1


def test_a_closed_way_is_tried_once_a_sweep_and_costs_the_other_messages_no_attempt(postbox: Postbox) -> None:
    postbox.answers = [Unreachable()]
    for _ in range(3):
        post()
    deliver_waiting()
    assert postbox.asked == 1
    assert sorted(Message.objects.values_list("attempts", flat=True)) == [0, 0, 1]


def test_mail_that_does_not_go_out_does_not_keep_sms_waiting(postbox: Postbox) -> None:
    postbox.answers = [Unreachable()]
    for _ in range(delivery.BATCH + 1):
        post(next_at=NOON)
    post(MOBILE)
    assert deliver_waiting() == 1
    assert [parcel.to for parcel in postbox.taken] == [MOBILE.value]


def test_a_slow_server_gets_no_more_than_its_share_of_a_sweep(
    postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "SWEEP_SECONDS", 0)
    post()
    assert deliver_waiting() == 0
    monkeypatch.setattr(delivery, "SWEEP_SECONDS", 30)
    assert deliver_waiting() == 1


def test_no_log_line_shows_an_address_or_a_ticket(postbox: Postbox) -> None:
    for failure in (RuntimeError(EMAIL.value), Undeliverable(EMAIL.value), Unreachable(EMAIL.value)):
        failure.__cause__ = OSError(f"{EMAIL.value} {TICKET}")
        postbox.answers.append(failure)
        post()
    with capture_logs() as lines:
        deliver_waiting()
    assert {"RuntimeError", "Undeliverable", "Unreachable"} == {
        line["error"] for line in lines if line["event"] == "message not delivered"
    }
    assert EMAIL.value not in str(lines)
    assert TICKET not in str(lines)


def test_a_parcel_shows_its_id_alone(postbox: Postbox) -> None:
    post()
    deliver_waiting()
    assert EMAIL.value not in repr(postbox.taken)
    assert TICKET not in repr(postbox.taken)


def test_an_address_with_many_bytes_arrives_whole(postbox: Postbox) -> None:
    long = Address(Channel.EMAIL, "é" * 100 + "@surat.example")
    post(long)
    deliver_waiting()
    assert postbox.taken[0].to == long.value
