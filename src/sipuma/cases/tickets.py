"""The ticket's way into a case: only its holder can unwrap the complainant's key."""

import uuid
from dataclasses import dataclass, field

from django.conf import settings

from sipuma import safe, vault
from sipuma.cases.models import Case, Ticket

WRAP = b"sipuma/ticket/complainant-key"


@dataclass(frozen=True)
class Holder:
    """Somebody who showed a valid ticket: the case, and the key that reads what is meant for them."""

    case: Case
    private: vault.PrivateKey = field(repr=False)


def keys_of(ticket: vault.Ticket) -> vault.TicketKeys:
    """Return the ticket's lookup id and wrapping key on this installation."""
    return ticket.keys(safe.at(settings.SIPUMA.secrets).pepper)


def wrap_key(private: vault.PrivateKey, keys: vault.TicketKeys, *, case_uid: uuid.UUID) -> bytes:
    """Wrap the complainant's private key so that only the ticket opens it, and only for this case."""
    return vault.wrap(keys.wrapping.reveal(), private.raw.reveal(), context=WRAP + case_uid.bytes)


def find_holder(keys: vault.TicketKeys) -> Holder | None:
    """Return the holder of a valid ticket, or None: unknown and revoked look the same.

    Raises:
        vault.Unopenable: the row was changed, or moved to another case.
    """
    # Each new complaint asks for a ticket that is not there yet: that question has to be cheap.
    row = Ticket.objects.filter(lookup=keys.lookup, revoked_at=None).values_list("case_id", "wrapped").first()
    if row is None:
        return None
    pk, wrapped = row
    case = Case.objects.select_related("team__office").get(pk=pk)
    raw = vault.unwrap(keys.wrapping.reveal(), bytes(wrapped), context=WRAP + case.uid.bytes)
    return Holder(case, vault.PrivateKey(raw))


def find_by_text(text: str) -> Holder | None:
    """Return the holder for what somebody typed; what can't be a ticket costs the same look-up."""
    try:
        ticket = vault.Ticket.parse(text)
    except vault.TicketMalformed:
        ticket = vault.Ticket.draw()
    return find_holder(keys_of(ticket))
