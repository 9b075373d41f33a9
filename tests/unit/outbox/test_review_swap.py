"""Whoever can write to the database turns no ticket to an address of their own."""

import pytest

from sipuma import safe
from sipuma.outbox.delivery import deliver_waiting
from sipuma.outbox.models import Channel, Delivery, Message
from sipuma.outbox.posting import Address, seal_contact, seal_once
from tests.unit.outbox.box import TICKET, Postbox, post

pytestmark = pytest.mark.django_db
THIEF = Address(Channel.EMAIL, "pencuri@surat.example")


@pytest.mark.parametrize("seal", [seal_once, seal_contact])
def test_a_ticket_whose_address_was_exchanged_is_sent_to_nobody(
    house: safe.Safe, postbox: Postbox, seal: object
) -> None:
    assert callable(seal)
    row, other = post(), seal(THIEF)
    Message.objects.update(recipient=other.sealed, recipient_key_id=other.key_id)
    assert deliver_waiting() == 0
    assert postbox.taken == []
    assert Message.objects.get(pk=row.pk).state == Delivery.FAILED


def test_a_ticket_put_into_another_message_is_sent_to_nobody(house: safe.Safe, postbox: Postbox) -> None:
    victim, own = post(), post(THIEF)
    Message.objects.filter(pk=own.pk).update(data=victim.data, key_id=victim.key_id)
    deliver_waiting()
    assert {parcel.to for parcel in postbox.taken if TICKET in parcel.body} == {"pengadu@surat.example"}
