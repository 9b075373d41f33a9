"""What a member was typing, sealed to the member: forms of an ended session, and unfinished recordings."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet

from sipuma import vault
from sipuma.complaints.models import Reception
from sipuma.offices.models import Draft, Member
from sipuma.offices.officer import Officer
from sipuma.offices.trust import Untrusted, member_public
from sipuma.web.languages import without_language
from sipuma.workspace.sheets import Sheet, aged_sheet

# A browser that goes on sending after its session ended can't fill the table.
MOST: Final = 5
MOST_RECORDINGS: Final = 20
SHEET: Final = "sheet"


@dataclass(frozen=True)
class Kept:
    """A form as it was sent: where to (without the language) and its fields by name."""

    pk: int
    path: str
    values: Mapping[str, str] = field(repr=False)

    @property
    def move(self) -> str:
        return self.values.get("move") or self.values.get("insert", "")


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
        return _keep_sheet(member, sheet, values, path=without_language(path))
    return _seal(member, None, {"path": without_language(path), "values": dict(values)}, most=MOST)


def keep_recording(officer: Officer, sheet: Sheet, values: Mapping[str, str]) -> bool:
    """Seal an unfinished recording in place of the older draft of the same form; false as for `keep`."""
    return _keep_sheet(officer.member, sheet, values, path="")


def kept_by(officer: Officer, *, path: str = "") -> list[Kept]:
    """Return the member's kept forms but recordings, newest first; with `path` only those of that page."""
    rows = _rows(officer.member, recordings=False)
    opened = [(row.pk, content) for row in rows if (content := _open(row, officer)) is not None]
    kept = [Kept(pk, content["path"], content["values"]) for pk, content in opened]
    return [one for one in kept if not path or one.path == without_language(path)]


def unfinished(officer: Officer) -> list[Unfinished]:
    """Return the member's unfinished recordings, newest first; what has become a case is none of them."""
    rows = _rows(officer.member, recordings=True)
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
    Draft.objects.filter(member=officer.member, once=once).delete()


def _keep_sheet(member: Member, sheet: Sheet, values: Mapping[str, str], *, path: str) -> bool:
    content = {
        "path": path,
        "once": sheet.once.hex,
        "started": sheet.started.isoformat(),
        "values": {name: value for name, value in values.items() if name != SHEET},
    }
    return _seal(member, sheet.once, content, most=MOST_RECORDINGS)


def _seal(member: Member, once: uuid.UUID | None, content: Mapping[str, object], *, most: int) -> bool:
    try:
        public = member_public(member)
    except Untrusted:
        return False
    sealed = vault.seal(public, vault.pad(json.dumps(content).encode()), info=_info(member))
    with transaction.atomic():
        if once is not None:
            Draft.objects.filter(member=member, once=once).delete()
        Draft.objects.create(member=member, once=once, sealed=sealed)
        beyond = _rows(member, recordings=once is not None)[most:]
        Draft.objects.filter(pk__in=list(beyond.values_list("pk", flat=True))).delete()
    return True


def _rows(member: Member, *, recordings: bool) -> QuerySet[Draft]:
    """Return the member's rows of one sort, newest first."""
    return Draft.objects.filter(member=member, once__isnull=not recordings).order_by("-pk")


def _unfinished(row: Draft, officer: Officer) -> Unfinished | None:
    content = _open(row, officer)
    if content is None:
        return None
    sheet = Sheet(uuid.UUID(content["once"]), datetime.fromisoformat(content["started"]))
    return Unfinished(sheet, row.created_at, bool(content["path"]), content["values"])


def _open(row: Draft, officer: Officer) -> dict[str, Any] | None:  # Any: JSON, read by its own kind
    private = officer.ring.pair.private
    try:
        plain = vault.unpad(vault.unseal(private, bytes(row.sealed), info=_info(officer.member)))
    except vault.Unopenable:
        return None  # sealed to keys that the member had before joining anew
    content: dict[str, Any] = json.loads(plain)
    return content


def _info(member: Member) -> bytes:
    return f"sipuma/draft/{member.subject}".encode()
