"""The delivery key of each day: made, kept while needed, destroyed; what that is worth is tried out here."""

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest

from sipuma import safe, vault
from sipuma.outbox.delivery import deliver_waiting, rotate_keys
from sipuma.outbox.models import Delivery, Message
from sipuma.outbox.parcels import Unreachable
from sipuma.outbox.posting import data_info, recipient_info
from tests.unit.outbox.box import TICKET, Postbox, post

pytestmark = pytest.mark.django_db


def let_pass(house: safe.Safe, period: timedelta) -> None:
    """Make today's key older by rewriting when its file was made."""
    file = house.folder / "delivery.pub"
    made = file.stat().st_mtime - period.total_seconds()
    os.utime(file, (made, made))


def keys(house: safe.Safe) -> set[str]:
    return {path.stem.removeprefix("delivery-") for path in (house.folder / "worker").glob("delivery-*.key")}


def rotate(house: safe.Safe) -> None:
    """Let a day pass, and then the hour that a superseded key is kept for."""
    let_pass(house, timedelta(hours=25))
    rotate_keys()
    let_pass(house, timedelta(hours=2))
    rotate_keys()


def test_a_key_younger_than_a_day_stays_the_key(house: safe.Safe) -> None:
    before = house.delivery.id
    let_pass(house, timedelta(hours=23))
    rotate_keys()
    assert house.delivery.id == before


def test_after_a_day_there_is_a_new_key_and_the_old_one_is_destroyed_an_hour_later(house: safe.Safe) -> None:
    old = house.delivery.id
    let_pass(house, timedelta(hours=25))
    rotate_keys()
    new = house.delivery.id
    assert keys(house) == {old, new}
    rotate_keys()
    assert keys(house) == {old, new}
    let_pass(house, timedelta(hours=2))
    rotate_keys()
    assert keys(house) == {new}


def test_a_filing_that_sealed_before_the_rotation_and_committed_after_it_is_delivered(
    house: safe.Safe, postbox: Postbox
) -> None:
    let_pass(house, timedelta(hours=25))
    row = post()
    row.delete()  # not yet committed, so that the rotation does not see it
    rotate_keys()
    rotate_keys()
    row.save(force_insert=True)
    assert deliver_waiting() == 1


def test_a_message_sealed_yesterday_is_delivered_after_the_rotation(
    house: safe.Safe, postbox: Postbox
) -> None:
    postbox.answers = [Unreachable()]
    row = post()
    deliver_waiting()
    rotate(house)
    assert keys(house) == {row.key_id, house.delivery.id}
    Message.objects.update(next_at=row.created_at)
    assert deliver_waiting() == 1
    assert TICKET in postbox.taken[0].body


@pytest.mark.parametrize("fate", [Delivery.SENT, Delivery.FAILED])
def test_the_key_of_a_message_that_needs_it_no_more_is_destroyed(house: safe.Safe, fate: str) -> None:
    row = post(state=fate)
    rotate(house)
    assert row.key_id not in keys(house)


def test_a_dump_and_todays_secrets_open_no_ticket_sent_yesterday(house: safe.Safe, postbox: Postbox) -> None:
    dump = post()
    deliver_waiting()
    rotate(house)
    seized = [path.read_text() for path in (house.folder / "worker").glob("*.key")]
    assert len(seized) == 2
    infos = {
        bytes(dump.data): data_info("ticket", bytes(dump.recipient)),
        bytes(dump.recipient): recipient_info("email"),
    }
    for private in (vault.PrivateKey(bytes.fromhex(text)) for text in seized):
        for sealed, info in infos.items():
            with pytest.raises(vault.Unopenable):
                vault.unseal(private, sealed, info=info)


def test_the_same_dump_opened_while_its_key_was_there(house: safe.Safe, postbox: Postbox) -> None:
    dump = post()
    key = house.delivery_private(dump.key_id)
    deliver_waiting()
    info = data_info("ticket", bytes(dump.recipient))
    assert TICKET.encode() in vault.unseal(key, bytes(dump.data), info=info)


def test_no_file_of_the_house_holds_a_ticket_after_delivery(
    house: safe.Safe, postbox: Postbox, tmp_path: Path
) -> None:
    post()
    deliver_waiting()
    written = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert written
    assert not any(TICKET.encode() in content for content in written)


def test_two_workers_that_rotate_at_once_lose_no_key(house: safe.Safe, postbox: Postbox) -> None:
    post()
    let_pass(house, timedelta(hours=25))
    first = house.rotate_delivery()
    between = post()
    second = house.rotate_delivery()
    rotate_keys()
    assert {first.id, second.id} <= keys(house)
    assert between.key_id == first.id
    assert deliver_waiting() == 2
    assert time.time() - house.delivery_since.timestamp() < 60
