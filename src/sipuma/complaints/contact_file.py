"""The contacts kept with a case: only the worker reads them, and only what this machine put there counts.

Anybody could seal an address to the contact key, which is public. A mark that takes the pepper to make says
that an address was given for this very case: somebody who can only write to the database leads no ticket
astray.
"""

import hmac
from collections.abc import Iterable

from django.conf import settings

from sipuma import safe, vault
from sipuma.cases.models import Case
from sipuma.outbox.models import Channel, Delivery, Message
from sipuma.outbox.posting import CONTACT, Address, Recipient, seal_contact

LABEL = "sipuma/contact"
MARK_BYTES = 32


def keep(addresses: Iterable[Address], subject: bytes) -> dict[str, bytes]:
    """Return what a case keeps of each address, by channel. `subject` is the case's public key."""
    sealed = {one.channel.value: seal_contact(one).sealed for one in addresses}
    return {channel: _mark(subject, channel, blob) + blob for channel, blob in sealed.items()}


def on_file(case: Case) -> list[Recipient]:
    """Return the contacts kept with a case; one that was put there by other hands doesn't count."""
    kept = ((Channel.EMAIL, case.email_contact), (Channel.SMS, case.sms_contact))
    found = []
    for channel, blob in ((channel, bytes(blob)) for channel, blob in kept if blob):
        mark, sealed = blob[:MARK_BYTES], blob[MARK_BYTES:]
        if hmac.compare_digest(mark, _mark(bytes(case.public), channel, sealed)):
            found.append(Recipient(channel, sealed, CONTACT))
    return found


def carried(case: Case, subject: bytes) -> dict[str, object]:
    """Return the fields of the contacts on file for a case that goes on under another public key."""
    kept = {one.channel: one.sealed for one in on_file(case)}
    return {
        f"{channel.lower()}_contact": _mark(subject, channel, sealed) + sealed
        for channel, sealed in kept.items()
    }


def ticket_arrived(case: Case) -> bool:
    """Return whether a ticket sent by message has gone out to somebody."""
    return Message.objects.filter(reference=case.register, template="ticket", state=Delivery.SENT).exists()


def _mark(subject: bytes, channel: str, sealed: bytes) -> bytes:
    pepper = safe.at(settings.SIPUMA.secrets).pepper
    return vault.lookup_id(pepper, subject + sealed, label=f"{LABEL}/{channel}")
