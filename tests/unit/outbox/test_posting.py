"""What a row of the outbox gives away: channel, template and time, but neither address nor content."""

import pytest
from django.utils.translation import override

from sipuma import safe, vault
from sipuma.outbox.models import Channel, Message
from sipuma.outbox.posting import (
    CONTACT,
    Address,
    data_info,
    message,
    recipient_info,
    seal_contact,
    seal_once,
)
from tests.unit.outbox.box import EMAIL, MOBILE, TICKET, post

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", [EMAIL, MOBILE])
def test_a_row_holds_neither_address_nor_ticket_in_clear(house: safe.Safe, address: Address) -> None:
    post(address)
    [row] = Message.objects.values_list()
    stored = b"|".join(bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in row)
    for secret in (address.value, TICKET, TICKET.replace("-", ""), TICKET[:4]):
        assert secret.encode() not in stored


def test_only_the_contact_key_opens_a_kept_address(house: safe.Safe) -> None:
    sealed = seal_contact(EMAIL)
    info = recipient_info(Channel.EMAIL)
    assert sealed.key_id == CONTACT
    assert vault.unseal(house.contact_private, sealed.sealed, info=info).decode().strip() == EMAIL.value
    with pytest.raises(vault.Unopenable):
        vault.unseal(house.delivery_private(house.delivery.id), sealed.sealed, info=info)


def test_an_address_for_one_message_is_sealed_to_the_key_of_the_day(house: safe.Safe) -> None:
    sealed = seal_once(MOBILE)
    opened = vault.unseal(house.delivery_private(sealed.key_id), sealed.sealed, info=recipient_info("sms"))
    assert sealed.key_id == house.delivery.id
    assert opened.decode().strip() == MOBILE.value


def test_a_seal_opens_for_its_own_channel_and_template_only(house: safe.Safe) -> None:
    row, key = post(), house.delivery_private(house.delivery.id)
    with pytest.raises(vault.Unopenable):
        vault.unseal(key, bytes(row.recipient), info=recipient_info(Channel.SMS))
    with pytest.raises(vault.Unopenable):
        vault.unseal(key, bytes(row.data), info=data_info("news", bytes(row.recipient)))


def test_the_length_of_a_seal_does_not_tell_a_short_address_from_a_long_one(house: safe.Safe) -> None:
    lengths = {len(seal_once(Address(Channel.EMAIL, f"{'a' * n}@b.example")).sealed) for n in (1, 20, 54)}
    assert len(lengths) == 1


def test_the_same_message_twice_gives_different_seals_and_ids(house: safe.Safe) -> None:
    first, second = post(), post()
    assert first.uid != second.uid
    assert (first.recipient, first.data) != (second.recipient, second.data)


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_message_is_in_indonesian_in_whatever_language_its_cause_worked(
    house: safe.Safe, language: str
) -> None:
    with override(language):
        assert post().language == "id"


def test_a_message_is_in_the_language_of_its_reader(house: safe.Safe) -> None:
    assert message(seal_once(EMAIL), template="news", data={}, language="en").language == "en"


def test_an_address_shows_nothing_of_itself() -> None:
    assert EMAIL.value not in repr(EMAIL)
