"""Puts messages into the outbox, sealed so that neither a dump nor the web process can read them back."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from django.conf import settings

from sipuma import safe, vault
from sipuma.outbox.models import Channel, Delivery, Message

CONTACT = "contact"
REPLACED = "replaced"


@dataclass(frozen=True)
class Address:
    """Where a message goes: an e-mail address, or a mobile number in E.164 form."""

    channel: Channel
    value: str = field(repr=False)


@dataclass(frozen=True)
class Recipient:
    """An address sealed to the key with this id (`contact`, or a delivery key's)."""

    channel: Channel
    sealed: bytes
    key_id: str


def recipient_info(channel: str) -> bytes:
    return f"sipuma/outbox/recipient/{channel}".encode()


def data_info(template: str, recipient: bytes) -> bytes:
    """Bind a content to its template and to the sealed address that it was meant for.

    Whoever exchanges the address in the database sends nothing: the content opens no more.
    """
    return f"sipuma/outbox/data/{template}/{sha256(recipient).hexdigest()}".encode()


def seal_contact(address: Address) -> Recipient:
    """Seal an address to the contact key, to be kept with a case for notices to come."""
    public = safe.at(settings.SIPUMA.secrets).contact_public
    sealed = vault.seal(public, _padded(address.value), info=recipient_info(address.channel))
    return Recipient(address.channel, sealed, CONTACT)


def seal_once(address: Address) -> Recipient:
    """Seal an address to today's delivery key, for one message."""
    key = safe.at(settings.SIPUMA.secrets).delivery
    sealed = vault.seal(key.public, _padded(address.value), info=recipient_info(address.channel))
    return Recipient(address.channel, sealed, key.id)


def message(
    recipient: Recipient,
    *,
    template: str,
    data: Mapping[str, str],
    reference: str = "",
    language: str = settings.LANGUAGE_CODE,
) -> Message:
    """Return an unsaved row; the caller saves it in the transaction of what it tells about.

    `reference` is a register number, for the delivery state that staff see; never a ticket.
    `language` is the reader's: staff get Indonesian, complainants the one they filed in.
    """
    key = safe.at(settings.SIPUMA.secrets).delivery
    info = data_info(template, recipient.sealed)
    sealed = vault.seal(key.public, json.dumps(dict(data)).encode(), info=info)
    return Message(
        channel=recipient.channel,
        template=template,
        language=language,
        reference=reference,
        key_id=key.id,
        recipient=recipient.sealed,
        recipient_key_id=recipient.key_id,
        data=sealed,
    )


def held(*, reader: int, template: str, reference: str) -> Message:
    """Return an unsaved notice that goes out with a reader's next digest; nothing of it needs a seal."""
    return Message(
        channel=Channel.EMAIL, template=template, reference=reference, state=Delivery.HELD, reader=reader
    )


def withdraw_waiting(messages: Iterable[Message]) -> None:
    """Give up messages that have not gone out and would be wrong by now; what is sealed in them is erased."""
    waiting = Message.objects.filter(pk__in=[one.pk for one in messages], state=Delivery.WAITING)
    waiting.update(state=Delivery.FAILED, error=REPLACED, recipient=b"", data=b"")


def _padded(value: str) -> bytes:
    """Fill with spaces to a multiple of 64 bytes, so that the length says little."""
    raw = value.encode()
    return raw.ljust(-(-len(raw) // 64) * 64)
