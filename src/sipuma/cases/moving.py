"""Moves a whole case out of a team's reach: a new case with keys of its own, everything re-sealed to it.

The old row keeps its number and its ciphertexts, and nobody's key opens them any more. Files are not touched:
each has a random key of its own, and only the entry that holds the key is sealed anew.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from sipuma import vault
from sipuma.cases.entries import (
    AUDIENCE,
    CASE_KEY,
    Sealed,
    Signature,
    Step,
    append,
    context_of,
    mark,
    seal_text,
)
from sipuma.cases.exclusions import carry_exclusions
from sipuma.cases.models import (
    Audience,
    Case,
    Entry,
    Evidence,
    FollowUp,
    ReportedEmployee,
    Seal,
    Ticket,
    uid_of,
)
from sipuma.cases.numbering import next_register
from sipuma.cases.opening import Opened, Payload, Reader
from sipuma.cases.word_index import forget_all
from sipuma.offices.models import Team, TeamKey, TeamKind
from sipuma.offices.officer import Officer
from sipuma.offices.refusal import Refused
from sipuma.offices.trust import team_public

# What goes on in the new case as it was; the rest begins anew with the new team, or is sealed again.
KEPT = (
    "service", "channel", "received_at", "due", "counted_from", "category", "language", "late_answer",
    "reopened_at",
)  # fmt: skip
# Rows that stand beside an entry and go with it.
BESIDE = (Evidence, ReportedEmployee, FollowUp)
SealIdentity = Callable[[uuid.UUID, Payload], Sealed]


@dataclass(frozen=True)
class Carried:
    """An entry of the old case, sealed for the new one."""

    entry: Entry
    sealed: Sealed


@dataclass(frozen=True)
class Destination:
    """Where a case goes: the team that gets its key, the state it waits in there, and that office's desk."""

    team: Team
    state: str
    desk: Team | None = None


@dataclass(frozen=True)
class Moving:
    """A case re-sealed for its destination: everything costly is done, nothing is in the database yet."""

    old: Case
    to: Destination
    uid: uuid.UUID
    key: vault.PrivateKey = field(repr=False)
    complainant: vault.PublicKey | None
    team_public: vault.PublicKey
    carried: Sequence[Carried]
    # Halves of an identity that nobody here can open: they stay with their custodians, under the old number.
    left: Sequence[uuid.UUID]
    newest: int

    def readers(self, audience: object) -> list[vault.PublicKey]:
        """Return who reads an audience's entries in the new case; of units and desks nobody does any more."""
        own = [self.complainant] if self.complainant else []
        if audience == Audience.VERIFICATION:
            return [self.team_public, *own]
        return [self.key.public, *(own if audience == Audience.COMPLAINANT else ())]


def prepare(case: Case, *, to: Destination, officer: Officer, seal_identity: SealIdentity) -> Moving:
    """Open everything with the officer's keys and seal it for the new case.

    `seal_identity` seals an identity that the complainant's wish opened to the present team.

    Raises:
        PermissionError: the officer can't open the case key.
        Refused: there is a text that the officer can't open; it would be lost.
    """
    reader = Reader([case], officer.private)
    if reader.case_key(case) is None:
        raise PermissionError(case.register)
    key, complainant = vault.generate(), case.complainant_key
    uid = uid_of(key.public.raw, complainant.raw if complainant else b"")
    opened = reader.timeline()
    left = [one for one in opened if one.payload is None and one.entry.audience == Audience.CUSTODIANS]
    bare = Moving(
        case, to, uid, key, complainant, team_public(to.team),
        carried=(), left=[one.entry.uid for one in left], newest=_newest(case),
    )  # fmt: skip
    carried = [Carried(one.entry, _again(bare, one, seal_identity)) for one in opened if one not in left]
    return Moving(**{**vars(bare), "carried": carried})


def _again(moving: Moving, one: Opened, seal_identity: SealIdentity) -> Sealed:
    entry, payload = one.entry, one.payload
    step = Step(entry.move, entry.source, entry.target)
    if payload is None:
        raise Refused(_("A text of this case can’t be opened with your keys, so nothing was moved."))
    if entry.ciphertext is None:
        return mark(entry.kind, audience=entry.audience, step=step)
    if entry.audience == Audience.CUSTODIANS:
        return seal_identity(moving.uid, payload)
    # What it says inside that it is for counts, not its row: else a changed row would hand notes out.
    audience = str(payload.get(AUDIENCE) or Audience.HANDLERS)
    return seal_text(
        moving.uid, entry.kind, payload, audience=audience, readers=moving.readers(audience), step=step
    )


def _newest(case: Case) -> int:
    return Entry.objects.filter(case=case).order_by("-pk").values_list("pk", flat=True).first() or 0


def save(moving: Moving, *, at: datetime, own: Sequence[Entry], **fields: object) -> Case:
    """Save a prepared case in the place of the old one; inside the transaction that changed the old row.

    `own` are the entries that this very transaction added to the old case; `fields` more of the new row.

    Raises:
        Refused: something came into the case since it was prepared; nothing is saved.
    """
    old = moving.old
    since = Entry.objects.filter(case=old, pk__gt=moving.newest).exclude(pk__in=[one.pk for one in own])
    if since.exists():
        raise Refused(_("Something has just come into the case. Look at it, and take this step once more."))
    case = _row(moving, at, fields)
    case.save(force_insert=True)
    _seal_key(case, moving)
    for one in moving.carried:
        _carry(case, one)
    carry_exclusions(old, case)
    Ticket.objects.filter(case=old, revoked_at=None).update(case=case)
    _close_behind(moving)
    Case.objects.filter(pk=old.pk).update(moved_at=at, email_contact=None, sms_contact=None)
    return case


def _row(moving: Moving, at: datetime, fields: dict[str, object]) -> Case:
    team = moving.to.team
    return Case(
        uid=moving.uid,
        register=next_register(team.office, at),
        office=team.office,
        team=team,
        verification=team,
        reception=moving.to.desk,
        state=moving.to.state,
        since=at,
        public=moving.key.public.raw,
        complainant_public=moving.complainant.raw if moving.complainant else None,
        predecessor=moving.old,
        **{name: getattr(moving.old, name) for name in KEPT} | fields,
    )


def _seal_key(case: Case, moving: Moving) -> None:
    context = context_of(case.uid, case.uid, CASE_KEY)
    sealed = vault.seal_private_key(moving.key, moving.team_public, context=context)
    Seal.objects.create(case=case, object=case.uid, reader=moving.team_public.fingerprint, sealed=sealed)


def _carry(case: Case, one: Carried) -> None:
    """Enter it as it was: by the same person, in the same capacity, at the same time."""
    entry = one.entry
    (made,) = append(
        case, [one.sealed], by=Signature(entry.author, entry.member, entry.capacity), at=entry.at
    )
    for model in BESIDE:
        model.objects.filter(entry=entry).update(case=case, entry=made)


def _close_behind(moving: Moving) -> None:
    """Drop every seal of the old case but the custodians' and the complainant's on what was left behind."""
    forget_all(moving.old)
    seals = Seal.objects.filter(case=moving.old)
    seals.exclude(object__in=moving.left).delete()
    keepers = TeamKey.objects.filter(team__kind=TeamKind.CUSTODIAN)
    kept = [bytes(one) for one in keepers.values_list("fingerprint", flat=True)]
    own = [moving.complainant.fingerprint] if moving.complainant else []
    seals.exclude(reader__in=[*kept, *own]).delete()
