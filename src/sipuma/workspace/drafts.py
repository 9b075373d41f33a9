"""What a member was typing, sealed to the member: forms of an ended session, and unfinished recordings.

A row of a recording begins with the sixteen bytes of the recording's `once`, so that a newer draft replaces
the older one also when no key is at hand; a row of any other form begins with zeros.
"""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import BinaryField, Q, QuerySet
from django.db.models.functions import Substr

from sipuma import vault
from sipuma.complaints.models import Reception
from sipuma.offices.models import Draft, Member
from sipuma.offices.officer import Officer
from sipuma.offices.trust import Untrusted, member_public
from sipuma.workspace.desk import bare_path
from sipuma.workspace.sheets import Sheet, aged_sheet

# A browser that goes on sending after its session ended can't fill the table.
MOST: Final = 5
MOST_RECORDINGS: Final = 20
SHEET: Final = "sheet"
_MARK_BYTES: Final = 16
_NO_MARK: Final = bytes(_MARK_BYTES)
_FORMS: Final = Q(mark=_NO_MARK)
_RECORDINGS: Final = ~_FORMS


@dataclass(frozen=True)
class Kept:
    """A form as it was sent: where to (without the language) and its fields by name."""

    pk: int
    path: str
    values: Mapping[str, str] = field(repr=False)

    @property
    def move(self) -> str:
        return self.values.get("move", "")


@dataclass(frozen=True)
class Unfinished:
    """A recording that has not been saved as a case. `interrupted`: its session ended before it was sent."""

    sheet: Sheet
    kept_at: datetime
    interrupted: bool
    values: Mapping[str, str] = field(repr=False)

    @property
    def about(self) -> str:
        return self.values.get("what", "")


def keep(member: Member, *, path: str, values: Mapping[str, str]) -> bool:
    """Seal a form that came too late; false when the member's key is not vouched for, so nothing was kept."""
    if SHEET in values:
        sheet = aged_sheet(values[SHEET], member) or Sheet.begin()
        return _keep_sheet(member, sheet, values, path=bare_path(path))
    return _seal(member, _NO_MARK, {"path": bare_path(path), "values": dict(values)}, most=MOST)


def keep_recording(officer: Officer, sheet: Sheet, values: Mapping[str, str]) -> bool:
    """Seal an unfinished recording in place of the older draft of the same form; false as for `keep`."""
    return _keep_sheet(officer.member, sheet, values, path="")


def kept_by(officer: Officer, *, path: str = "") -> list[Kept]:
    """Return the member's kept forms but recordings, newest first; with `path` only those of that page."""
    rows = _rows(officer.member, _FORMS)
    opened = [(row.pk, content) for row in rows if (content := _open(row, officer)) is not None]
    kept = [Kept(pk, content["path"], content["values"]) for pk, content in opened]
    return [one for one in kept if not path or one.path == bare_path(path)]


def unfinished(officer: Officer) -> list[Unfinished]:
    """Return the member's unfinished recordings, newest first; what has become a case is none of them."""
    rows = _rows(officer.member, _RECORDINGS)
    opened = [one for row in rows if (one := _unfinished(row, officer)) is not None]
    found = {one.sheet.once: one for one in reversed(opened)}
    for recorded in Reception.objects.filter(once__in=found).values_list("once", flat=True):
        del found[recorded]
    return sorted(found.values(), key=lambda one: one.kept_at, reverse=True)


def discard(officer: Officer, *, path: str, move: str) -> None:
    """Delete the kept form of a move on a page: it has been sent, or is no longer wanted."""
    done = [kept.pk for kept in kept_by(officer, path=path) if kept.move == move]
    Draft.objects.filter(pk__in=done).delete()


def discard_recording(officer: Officer, once: uuid.UUID) -> None:
    """Delete the drafts of a recording: it has become a case, or is no longer wanted."""
    _delete(_rows(officer.member, Q(mark=once.bytes)))


def _keep_sheet(member: Member, sheet: Sheet, values: Mapping[str, str], *, path: str) -> bool:
    content = {
        "path": path,
        "once": sheet.once.hex,
        "started": sheet.started.isoformat(),
        "values": {name: value for name, value in values.items() if name != SHEET},
    }
    return _seal(member, sheet.once.bytes, content, most=MOST_RECORDINGS)


def _seal(member: Member, mark: bytes, content: Mapping[str, object], *, most: int) -> bool:
    try:
        public = member_public(member)
    except Untrusted:
        return False
    sealed = vault.seal(public, vault.pad(json.dumps(content).encode()), info=_info(member))
    with transaction.atomic():
        if mark != _NO_MARK:
            _delete(_rows(member, Q(mark=mark)))
        Draft.objects.create(member=member, sealed=mark + sealed)
        _delete(_rows(member, _FORMS if mark == _NO_MARK else _RECORDINGS)[most:])
    return True


def _delete(rows: QuerySet[Draft]) -> None:
    Draft.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).delete()


def _rows(member: Member, which: Q) -> QuerySet[Draft]:
    """Return those of the member's rows whose `mark` fits, newest first."""
    mark = Substr("sealed", 1, _MARK_BYTES, output_field=BinaryField())
    return Draft.objects.filter(member=member).annotate(mark=mark).filter(which).order_by("-pk")


def _unfinished(row: Draft, officer: Officer) -> Unfinished | None:
    content = _open(row, officer)
    if content is None:
        return None
    sheet = Sheet(uuid.UUID(content["once"]), datetime.fromisoformat(content["started"]))
    return Unfinished(sheet, row.created_at, bool(content["path"]), content["values"])


def _open(row: Draft, officer: Officer) -> dict[str, Any] | None:  # Any: JSON, read by its own kind
    private, sealed = officer.ring.pair.private, bytes(row.sealed)[_MARK_BYTES:]
    try:
        plain = vault.unpad(vault.unseal(private, sealed, info=_info(officer.member)))
    except vault.Unopenable:
        return None  # sealed to keys that the member had before joining anew
    content: dict[str, Any] = json.loads(plain)
    return content


def _info(member: Member) -> bytes:
    return f"sipuma/draft/{member.subject}".encode()
