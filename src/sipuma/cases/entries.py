"""The timeline: how an entry is sealed, and the one function through which every entry is saved."""

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from sipuma import vault
from sipuma.cases.models import Audience, Author, Case, Entry, Evidence, Seal
from sipuma.offices.models import Member, Team
from sipuma.offices.refusal import Refused

VERSION = 1
CASE_KEY = "case-key"
AUDIENCE = "audience"
HALF = "-half"  # what is sealed to custodians is half of an object's key


@dataclass(frozen=True)
class Signature:
    """Who an entry is from: a member in the capacity of a team, the complainant, or the system."""

    author: str
    member: Member | None = None
    capacity: Team | None = None


SYSTEM = Signature(Author.SYSTEM)
COMPLAINANT = Signature(Author.COMPLAINANT)


@dataclass(frozen=True)
class Step:
    """The move that an entry records, if it records one."""

    move: str = ""
    source: str = ""
    target: str = ""


@dataclass(frozen=True)
class Stored:
    """Where a file lies: the ids of the original and of the copy without metadata, `size` in bytes."""

    uid: uuid.UUID
    copy: uuid.UUID | None
    scan: str
    size: int


@dataclass(frozen=True)
class Sealed:
    """An entry ready to be saved: everything costly is done, nothing is in the database yet."""

    uid: uuid.UUID
    kind: str
    audience: str
    ciphertext: bytes | None
    seals: Mapping[bytes, bytes]
    step: Step = field(default=Step())
    file: Stored | None = None


def context_of(case_uid: uuid.UUID, object_uid: uuid.UUID, kind: str) -> vault.Context:
    """Return the context that a ciphertext or seal is bound to: it opens in no other place."""
    return vault.Context(case=case_uid.bytes, object=object_uid.bytes, kind=kind)


def seal_text(
    case_uid: uuid.UUID,
    kind: str,
    payload: Mapping[str, object],
    *,
    audience: str,
    readers: Iterable[vault.PublicKey],
    step: Step = Step(),
) -> Sealed:
    """Seal a payload (JSON with its schema, version and audience inside) to its readers."""
    uid = uuid.uuid4()
    # The audience stands in the row too, where who writes to the database can change it.
    frame = {"schema": kind, "version": VERSION, AUDIENCE: str(audience)}
    plain = json.dumps({**payload, **frame}, ensure_ascii=False).encode()
    made = vault.seal_object(plain, context=context_of(case_uid, uid, kind), readers=readers)
    return Sealed(uid, kind, audience, made.ciphertext, made.seals, step)


def mark(kind: str, *, audience: str, step: Step = Step()) -> Sealed:
    """Return an entry without text: something happened, and the step says what."""
    return Sealed(uuid.uuid4(), kind, audience, None, {}, step)


def readers_of(case: Case, audience: str, *, unit: vault.PublicKey | None = None) -> list[vault.PublicKey]:
    """Return the public keys that an audience means for this case."""
    readers = [case.public_key]
    if audience == Audience.COMPLAINANT and case.complainant_key:
        readers.append(case.complainant_key)
    if unit is not None:
        readers.append(unit)
    return readers


def append(case: Case, sealed: Sequence[Sealed], *, by: Signature, at: datetime | None = None) -> list[Entry]:
    """Save entries and their seals. Every entry of every case goes through here, inside a transaction.

    Raises:
        Refused: the case was moved one level up; nobody could ever read what is written here.
    """
    return append_to([(case, one) for one in sealed], by=by, at=at)


def append_to(
    pairs: Sequence[tuple[Case, Sealed]], *, by: Signature, at: datetime | None = None
) -> list[Entry]:
    """Save entries of many cases at once, as `append` does for one."""
    at = at or timezone.now()
    _check_still_here({case.pk for case, _one in pairs})
    entries = Entry.objects.bulk_create(
        Entry(
            uid=one.uid,
            case=case,
            kind=one.kind,
            author=by.author,
            member=by.member,
            capacity=by.capacity,
            audience=one.audience,
            move=one.step.move,
            source=one.step.source,
            target=one.step.target,
            ciphertext=one.ciphertext,
            at=at,
        )
        for case, one in pairs
    )
    Seal.objects.bulk_create(
        Seal(case=case, object=one.uid, reader=reader, sealed=seal)
        for case, one in pairs
        for reader, seal in one.seals.items()
    )
    Evidence.objects.bulk_create(
        Evidence(case=case, entry=entry, **vars(one.file))
        for entry, (case, one) in zip(entries, pairs, strict=True)
        if one.file is not None
    )
    return entries


def _check_still_here(cases: set[int]) -> None:
    # Locked, so that nothing is written to a case while it is being moved.
    here = Case.objects.select_for_update().filter(pk__in=cases, moved_at=None)
    if set(here.values_list("pk", flat=True)) != cases:
        raise Refused(_("This complaint has just moved to another office. Open it once more to go on."))
