"""The ticket's way into a case: only its holder can unwrap the complainant's key."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings

from sipuma import safe, vault
from sipuma.cases.models import Case, Ticket
from sipuma.offices.models import Team
from sipuma.offices.officer import Officer

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


@dataclass(frozen=True)
class Issue:
    """A ticket drawn for a case that is there already, with a complainant's key of its own."""

    ticket: vault.Ticket = field(repr=False)
    private: vault.PrivateKey = field(repr=False)
    certificate: bytes
    team: Team


def prepare_issue(case: Case, team: Team, officer: Officer) -> Issue:
    """Draw a ticket and a key; the team that the officer acts for vouches for the key.

    Raises:
        PermissionError: the officer doesn't hold the team's key.
    """
    _key, pair = officer.ring.team(team)
    private = vault.generate()
    certificate = vault.certify(
        pair.signing,
        subject=case.ticket_subject,
        epoch=0,
        encryption=private.public,
        verify=pair.signing.verify_key,
    )
    return Issue(vault.Ticket.draw(), private, certificate.to_bytes(), team)


def save_issue(case: Case, issue: Issue, *, at: datetime, resealing: bool) -> None:
    """Put a prepared ticket in the place of the one before, which is revoked; inside a transaction."""
    keys = keys_of(issue.ticket)
    Ticket.objects.filter(case=case, revoked_at=None).update(revoked_at=at)
    wrapped = wrap_key(issue.private, keys, case_uid=case.uid)
    Ticket.objects.create(case=case, origin=case.uid, lookup=keys.lookup, wrapped=wrapped, issued_at=at)
    Case.objects.filter(pk=case.pk).update(
        ticket_certificate=issue.certificate, ticket_team=issue.team, resealing=resealing
    )


def find_holder(keys: vault.TicketKeys) -> Holder | None:
    """Return the holder of a valid ticket, or None: unknown and revoked look the same.

    Raises:
        vault.Unopenable: the row was changed, or moved to another case.
    """
    # Each new complaint asks for a ticket that is not there yet: that question has to be cheap.
    found = Ticket.objects.filter(lookup=keys.lookup, revoked_at=None)
    row = found.values_list("case_id", "origin", "wrapped").first()
    if row is None:
        return None
    pk, origin, wrapped = row
    case = Case.objects.select_related("team__office", "ticket_team").get(pk=pk)
    raw = vault.unwrap(keys.wrapping.reveal(), bytes(wrapped), context=WRAP + origin.bytes)
    private = vault.PrivateKey(raw)
    # A case that was moved has another id than the ticket was made for; its complainant's key is the same.
    if origin != case.uid and case.complainant_key != private.public:
        raise vault.Unopenable
    return Holder(case, private)


def find_by_text(text: str) -> Holder | None:
    """Return the holder for what somebody typed; what can't be a ticket costs the same look-up."""
    try:
        ticket = vault.Ticket.parse(text)
    except vault.TicketMalformed:
        ticket = vault.Ticket.draw()
    return find_holder(keys_of(ticket))
