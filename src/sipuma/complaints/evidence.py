"""Evidence added to a complaint after it was filed: by the complainant, or by the desk that recorded it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sipuma import vault
from sipuma.cases.entries import COMPLAINANT, Signature, append, readers_of, seal_text
from sipuma.cases.evidence import EVIDENCE, Piece, piece_of, seal_evidence, unclaimed
from sipuma.cases.models import Audience, Author, Case, Evidence
from sipuma.cases.opening import Reader, holder_keys
from sipuma.cases.resealing import drop_seals
from sipuma.cases.tickets import Holder
from sipuma.complaints.models import Reception
from sipuma.complaints.notices import to_handlers
from sipuma.complaints.words import Reason
from sipuma.files.acceptance import Accepted
from sipuma.files.plain import PIECE_BYTES
from sipuma.files.scanning import Finding, Scan
from sipuma.files.verdict import Verdict
from sipuma.offices.models import Team, TeamKind
from sipuma.offices.officer import Officer
from sipuma.offices.refusal import Refused
from sipuma.offices.trust import team_public
from sipuma.outbox.models import Message

MOST_OF_A_CASE = 100
ORIGINAL_OPENED = "original-opened"
SCANNED = "evidence-scanned"


@dataclass(frozen=True)
class Added:
    """What became of files: those that are new to the case, and a sentence for each that came twice.

    The callers discard what is not new.
    """

    files: list[Accepted]
    repeats: list[str] = field(repr=False)


def add_by_complainant(holder: Holder, files: Sequence[Accepted], *, at: datetime | None = None) -> Added:
    """Put files into the case (R11, R19), but none of which the same bytes are there already.

    Raises:
        Refused: the case has a hundred files already.
    """
    new = _new_to(pieces_of(holder), files)
    readers = readers_of(holder.case, Audience.COMPLAINANT)
    _add(holder.case, new.files, by=COMPLAINANT, readers=readers, at=at or timezone.now())
    return new


def add_by_desk(
    case: Case, files: Sequence[Accepted], *, by: Officer, desk: Team, at: datetime | None = None
) -> Added:
    """Put files that were handed in at the desk into a case that it recorded (R19).

    Twice the same bytes are found as far as the officer can read what is there.

    Raises:
        PermissionError: the case was recorded elsewhere, or the officer sits in no such desk.
        Refused: the case has a hundred files already.
    """
    if case.reception_id != desk.pk or desk.kind != TeamKind.RECEPTION or not by.reach.roles_in(desk):
        raise PermissionError(case.register)
    is_open = Reception.objects.filter(case=case, completed_at=None).exists()
    also = [team_public(desk)] if is_open else []
    new = _new_to(pieces_for(case, by), files)
    signature = Signature(Author.MEMBER, by.member, desk)
    readers = [*readers_of(case, Audience.COMPLAINANT), *also]
    _add(case, new.files, by=signature, readers=readers, at=at or timezone.now())
    return new


def repeats_in(files: Iterable[Accepted], known: Iterable[Piece] = ()) -> dict[str, str]:
    """Return, by their uid, what to say of files whose bytes are in an earlier one or in `known`."""
    words = _("%(name)s is the same as %(other)s, which is there already; only one is kept.")
    names, told = {piece.sha256: piece.name for piece in known}, {}
    for one in files:
        if one.sha256 in names:
            told[one.uid] = words % {"name": one.name, "other": names[one.sha256]}
        names.setdefault(one.sha256, one.name)
    return told


def _new_to(known: Iterable[Piece], files: Sequence[Accepted]) -> Added:
    free = unclaimed(files)
    told = repeats_in(free, known)
    return Added([one for one in free if one.uid not in told], list(told.values()))


def _add(
    case: Case,
    files: Sequence[Accepted],
    *,
    by: Signature,
    readers: Iterable[vault.PublicKey],
    at: datetime,
) -> None:
    if not files:
        return
    if case.evidence.count() + len(files) > MOST_OF_A_CASE:
        raise Refused(_("This complaint has very many files already. Hand further ones in at the office."))
    readers = list(readers)
    sealed = [seal_evidence(case.uid, one, audience=Audience.COMPLAINANT, readers=readers) for one in files]
    with transaction.atomic():
        append(case, sealed, by=by, at=at)
        _leave_to_handlers(case)
        Message.objects.bulk_create(to_handlers(case))
        Case.objects.filter(pk=case.pk, reason=Reason.NO_DATA).update(late_answer=True)


def _leave_to_handlers(case: Case) -> None:
    """Drop the desk's seals if its reception was completed since they were made; locked against it."""
    desk = case.reception if case.reception_id is not None else None
    still_open = Reception.objects.select_for_update().filter(case=case, completed_at=None)
    if desk is not None and still_open.first() is None:
        drop_seals(case, desk)


def pieces_of(holder: Holder) -> list[Piece]:
    """Return the evidence that the holder of a ticket can open, oldest first."""
    reader = Reader([holder.case], holder_keys(holder.private))
    opened = reader.timeline(kind=EVIDENCE)
    return [piece for one in opened if (piece := piece_of(one)) is not None]


def pieces_for(case: Case, officer: Officer) -> list[Piece]:
    """Return the evidence of a case that an officer can open, oldest first."""
    opened = Reader([case], officer.private).timeline(kind=EVIDENCE)
    return [piece for one in opened if (piece := piece_of(one)) is not None]


def note_original(piece: Piece, *, by: Officer, reason: str, at: datetime | None = None) -> None:
    """Enter that an officer opens the original of a file, metadata and all, and why (R61)."""
    case = piece.evidence.case
    payload = {"name": piece.name, "text": reason}
    readers = readers_of(case, Audience.HANDLERS)
    sealed = seal_text(case.uid, ORIGINAL_OPENED, payload, audience=Audience.HANDLERS, readers=readers)
    with transaction.atomic():
        append(case, [sealed], by=Signature(Author.MEMBER, by.member), at=at)


def scan_now(piece: Piece, *, by: Officer) -> str:
    """Scan a file that could not be scanned when it came; return the verdict there is now.

    Called before an officer looks at it: as far as the scanner goes.
    """
    if piece.evidence.scan != Verdict.UNSCANNED:
        return piece.evidence.scan
    scan = Scan()
    with piece.open_original() as file:
        while scan.takes_more and (data := file.read(PIECE_BYTES)):
            scan.feed(data)
    finding = scan.finish()
    if finding.verdict != Verdict.UNSCANNED:
        _note_scan(piece, finding, by)
    return finding.verdict.value


def _note_scan(piece: Piece, finding: Finding, by: Officer) -> None:
    """Enter what was found, and in which file: readable to handlers, the file's name and the virus's too."""
    evidence, case, verdict = piece.evidence, piece.evidence.case, finding.verdict.value
    payload = {
        "file": evidence.uid.hex,
        "name": piece.name,
        "verdict": verdict,
        "signature": finding.signature,
    }
    readers = readers_of(case, Audience.HANDLERS)
    sealed = seal_text(case.uid, SCANNED, payload, audience=Audience.HANDLERS, readers=readers)
    with transaction.atomic():
        changed = Evidence.objects.filter(pk=evidence.pk, scan=Verdict.UNSCANNED).update(scan=verdict)
        if changed:
            append(case, [sealed], by=Signature(Author.MEMBER, by.member))
    evidence.scan = verdict


def virus_in(piece: Piece, officer: Officer) -> str:
    """Return the name of the virus in a quarantined file: found on arrival, or when it was first opened.

    Empty without a virus, and for an officer who can't read the entry in which it stands.
    """
    if piece.signature or piece.evidence.scan != Verdict.INFECTED:
        return piece.signature
    scans = Reader([piece.evidence.case], officer.private).timeline(kind=SCANNED)
    told = (one.payload for one in scans if one.payload)
    of_file = (one for one in told if one.get("file") == piece.evidence.uid.hex)
    return next((str(one["signature"]) for one in of_file), "")
