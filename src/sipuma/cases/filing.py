"""Opens a case: all keys and seals are made first, then everything is saved in one transaction."""

import threading
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.db import IntegrityError, transaction

from sipuma import vault
from sipuma.cases.entries import CASE_KEY, Sealed, Signature, append, context_of
from sipuma.cases.models import Case, Seal, Ticket, uid_of
from sipuma.cases.numbering import next_register
from sipuma.cases.tickets import wrap_key
from sipuma.offices.models import Team
from sipuma.outbox.models import Message


@dataclass(frozen=True)
class NewCase:
    """A case that has keys but no number yet. `complainant` is None when nobody holds a ticket."""

    service: str
    channel: str
    team: Team
    team_public: vault.PublicKey
    state: str
    at: datetime
    due: datetime | None
    category: str = ""
    language: str = "id"
    email_contact: bytes | None = None
    sms_contact: bytes | None = None
    reception: Team | None = None
    private: vault.PrivateKey = field(default_factory=vault.generate, repr=False)
    complainant: vault.PrivateKey | None = field(default_factory=vault.generate, repr=False)

    @cached_property
    def uid(self) -> uuid.UUID:
        return uid_of(self.private.public.raw, self.complainant.public.raw if self.complainant else b"")

    def row(self, register: str) -> Case:
        return Case(
            uid=self.uid,
            register=register,
            service=self.service,
            office=self.team.office,
            team=self.team,
            verification=self.team,
            reception=self.reception,
            channel=self.channel,
            state=self.state,
            since=self.at,
            received_at=self.at,
            counted_from=self.at,
            due=self.due,
            category=self.category,
            language=self.language,
            public=self.private.public.raw,
            complainant_public=self.complainant.public.raw if self.complainant else None,
            email_contact=self.email_contact,
            sms_contact=self.sms_contact,
        )

    def key_seal(self) -> tuple[bytes, bytes]:
        """Return the handling team's seal on the case key: fingerprint and sealed key."""
        context = context_of(self.uid, self.uid, CASE_KEY)
        sealed = vault.seal_private_key(self.private, self.team_public, context=context)
        return self.team_public.fingerprint, sealed


# SQLite lets one write at a time and makes the others guess when: in a process they queue up here instead.
_one_writes = threading.RLock()


class AlreadyFiled(Exception):
    """This ticket has a case already: the same form was sent again."""


def open_case(
    new: NewCase,
    *,
    entries: Sequence[Sealed],
    ticket: vault.TicketKeys | None,
    by: Signature,
    messages: Callable[[str], Sequence[Message]] = lambda _register: (),
    after: Callable[[Case], None] = lambda _case: None,
) -> Case:
    """Save a case with number, entries, seals, ticket and messages: all of it or nothing.

    `after` saves what a service keeps besides, in the same transaction.

    Raises:
        AlreadyFiled: the ticket has a case; nothing was saved and no number was used.
    """
    reader, sealed_key = new.key_seal()
    wrapped = wrap_key(new.complainant, ticket, case_uid=new.uid) if ticket and new.complainant else b""
    try:
        with _one_writes, transaction.atomic():
            case = new.row(next_register(new.team.office, new.at))
            case.save(force_insert=True)
            if ticket:
                Ticket.objects.create(
                    case=case, origin=case.uid, lookup=ticket.lookup, wrapped=wrapped, issued_at=new.at
                )
            Seal.objects.create(case=case, object=case.uid, reader=reader, sealed=sealed_key)
            append(case, entries, by=by, at=new.at)
            after(case)
            _post(messages(case.register))
    except IntegrityError as error:
        if ticket and Ticket.objects.filter(lookup=ticket.lookup).exists():
            raise AlreadyFiled from error
        raise
    return case


def _post(messages: Sequence[Message]) -> None:
    if messages:
        Message.objects.bulk_create(messages)
