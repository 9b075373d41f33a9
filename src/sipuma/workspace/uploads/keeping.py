"""An upload while it arrives: begun, received in parts, found again, forgotten; sealed to its member."""

import json
import uuid
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from sipuma import vault
from sipuma.cases.models import Case
from sipuma.complaints.evidence import MOST_OF_A_CASE
from sipuma.files.basket import RESERVE_BYTES
from sipuma.files.names import clean_name
from sipuma.files.store import Unavailable, store
from sipuma.offices.models import Member
from sipuma.offices.officer import Officer
from sipuma.offices.refusal import Refused
from sipuma.workspace.models import Upload
from sipuma.workspace.uploads.segments import Segment, delete_segments, placed, write_segment

LIFE = timedelta(hours=24)  # after the last byte
# A browser that begins upload after upload can't fill the table, nor one that sends single bytes a row.
MOST_UNFINISHED = 20
MOST_SEGMENTS = 5000


@dataclass(frozen=True)
class Envelope:
    """What only the member opens: name and key (in hex) on the way; then its refusal or scan."""

    name: str = field(default="", repr=False)
    key: str = field(default="", repr=False)
    refusal: str = ""
    scan: str = ""

    @property
    def secret(self) -> vault.Secret:
        return vault.Secret(bytes.fromhex(self.key))


@dataclass(frozen=True)
class Halted:
    """An upload that can go on: the name as the browser gave it, bytes in all and bytes that are here."""

    uid: uuid.UUID
    name: str = field(repr=False)
    length: int
    offset: int

    @property
    def shown(self) -> str:
        """Return the name as people see it; the browser's own only finds the file again."""
        return clean_name(self.name)

    @property
    def percent(self) -> int:
        return 100 * self.offset // self.length if self.length else 0


def begin(case: Case, officer: Officer, *, name: str, length: int) -> Upload:
    """Begin an upload of so many bytes.

    Raises:
        Refused: there is no room for it.
        Unavailable: the storage can't be reached.
    """
    _refuse_without_room(case, officer.member, length)
    upload = Upload(member=officer.member, case=case, length=length, expires_at=timezone.now() + LIFE)
    key = vault.new_key().reveal().hex()
    upload.sealed = seal_envelope(upload, officer, Envelope(name=name, key=key))
    upload.save()
    return upload


def find(case: Case, officer: Officer, uid: uuid.UUID) -> Upload | None:
    """Return an upload of this member into this case; nobody else's, and none that has expired."""
    found = _live(case, officer).filter(uid=uid).first()
    # One sealed to keys from before the member joined anew opens no more: it can only expire.
    return found if found is not None and _opens(found, officer) else None


def unfinished(case: Case, officer: Officer) -> list[Halted]:
    """Return what this member could go on sending into this case, oldest first."""
    return [
        Halted(one.uid, open_envelope(one, officer).name, one.length, one.offset)
        for one in _live(case, officer).filter(ended_at=None).order_by("pk")
        if _opens(one, officer)
    ]


def receive(upload: Upload, officer: Officer, pieces: Iterable[bytes]) -> bool:
    """Keep what comes from the upload's offset on, however far it gets; false when another came first.

    Raises:
        Unavailable: the storage takes nothing now.
        Refused: it came in far too many parts.
    """
    if len(upload.segments) >= MOST_SEGMENTS:
        raise Refused(_("This file arrives in too many parts. Begin anew."))
    key = open_envelope(upload, officer).secret
    segment = write_segment(upload.uid, key, pieces, start=upload.offset)
    if segment is None or _append(upload, segment):
        return True
    delete_segments(upload.uid, [segment])
    return False


def cancel(upload: Upload) -> None:
    """Forget an upload and what is here of it."""
    Upload.objects.filter(pk=upload.pk).delete()
    drop_segments(upload)


def drop_segments(upload: Upload) -> None:
    """Remove what is here of an upload; what can't be reached now is left to the sweep."""
    with suppress(Unavailable):
        delete_segments(upload.uid, placed(upload.segments))


def seal_envelope(upload: Upload, officer: Officer, envelope: Envelope) -> bytes:
    """Seal to the member alone."""
    plain = json.dumps(asdict(envelope)).encode()
    return vault.seal(officer.ring.pair.private.public, vault.pad(plain), info=_info(upload))


def open_envelope(upload: Upload, officer: Officer) -> Envelope:
    """Open what is sealed to the member.

    Raises:
        vault.Unopenable: it was sealed to keys from before joining anew.
    """
    plain = vault.unpad(vault.unseal(officer.ring.pair.private, bytes(upload.sealed), info=_info(upload)))
    return Envelope(**json.loads(plain))


def _live(case: Case, officer: Officer) -> QuerySet[Upload]:
    live = Upload.objects.filter(case=case, member=officer.member, expires_at__gt=timezone.now())
    return live.select_related("case")


def _opens(upload: Upload, officer: Officer) -> bool:
    try:
        open_envelope(upload, officer)
    except vault.Unopenable:
        return False
    return True


def _refuse_without_room(case: Case, member: Member, length: int) -> None:
    if case.evidence.count() >= MOST_OF_A_CASE:
        raise Refused(_("This complaint has very many files already. Hand further ones in at the office."))
    if Upload.objects.filter(member=member, ended_at=None).count() >= MOST_UNFINISHED:
        raise Refused(_("Too many files are on their way. Wait for some of them, or cancel them."))
    free = store().free_bytes()
    # Once as segments, once as the whole file.
    if free is not None and 2 * length > free - RESERVE_BYTES:
        raise Refused(_("There is no room for this file at the moment. Hand it in at the office."))


def _append(upload: Upload, segment: Segment) -> bool:
    """Let the upload grow by a segment, unless it has grown or ended meanwhile."""
    upload.segments = [*upload.segments, [segment.number, segment.size]]
    upload.offset = segment.start + segment.size
    same = Upload.objects.filter(pk=upload.pk, offset=segment.start, ended_at=None)
    grown = same.update(segments=upload.segments, offset=upload.offset, expires_at=timezone.now() + LIFE)
    return grown == 1


def _info(upload: Upload) -> bytes:
    # The case too: a row that was pointed to another case opens no more, and brings no file there.
    return f"sipuma/upload/{upload.case.uid}/{upload.uid}/{upload.length}".encode("ascii")
