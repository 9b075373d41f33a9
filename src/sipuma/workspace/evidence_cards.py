"""The evidence of a case as a list: what each piece is, who brought it, and what became of it on the way."""

from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from sipuma.cases.evidence import Piece
from sipuma.cases.models import Author, Case, Entry
from sipuma.cases.workflow import Text
from sipuma.complaints.evidence import pieces_for
from sipuma.files.cleaning import REMOVED_LABELS
from sipuma.files.kinds import kind_by_mime
from sipuma.files.verdict import Verdict
from sipuma.offices.officer import Officer
from sipuma.workspace.uploads.keeping import Halted, unfinished
from sipuma.workspace.uploads.views import desk_of


@dataclass(frozen=True)
class Card:
    """A piece as it stands in the list; `removed` in words."""

    piece: Piece
    kind: Text
    scan: Text
    added_by: str
    added_at: datetime
    removed: tuple[Text, ...]
    url: str

    @property
    def infected(self) -> bool:
        return self.piece.evidence.scan == Verdict.INFECTED

    @property
    def unscanned(self) -> bool:
        return self.piece.evidence.scan in {Verdict.UNSCANNED, Verdict.PARTLY}


@dataclass(frozen=True)
class Paused:
    """An upload that goes on when the same file is chosen again, at the address where it does."""

    upload: Halted
    url: str


@dataclass(frozen=True)
class Handing:
    """What the form for handing files in needs: where it goes, what is taken, and what waits to go on."""

    url: str
    uploads: str
    most_files: int
    most_bytes: int
    unfinished: tuple[Paused, ...] = field(repr=False)


def evidence_context(case: Case, officer: Officer) -> dict[str, object]:
    """Return what `workspace/parts/evidence.html` shows: `pieces`, `case`, `zone` and `upload`.

    `upload` is None for everybody but the desk that recorded the case.
    """
    return {
        "pieces": [card_of(piece, case) for piece in pieces_for(case, officer)],
        "case": case,
        "zone": case.team.office.timezone,
        "upload": handing(case, officer),
    }


def card_of(piece: Piece, case: Case) -> Card:
    entry = piece.evidence.entry
    return Card(
        piece=piece,
        kind=kind_by_mime(piece.mime).label,
        scan=Verdict(piece.evidence.scan).label,
        added_by=author_of(entry),
        added_at=entry.at,
        removed=tuple(REMOVED_LABELS[code] for code in piece.removed if code in REMOVED_LABELS),
        url=reverse("evidence", kwargs={"register": case.register, "uid": piece.evidence.uid}),
    )


def author_of(entry: Entry) -> str:
    """Return who brought a file: the complainant, or a member and the desk."""
    if entry.member is None:
        return str(Author(entry.author).label)
    return f"{entry.member.name} · {entry.capacity}" if entry.capacity else entry.member.name


def handing(case: Case, officer: Officer) -> Handing | None:
    """Return the form for handing files in, or None when this officer's desk did not record the case."""
    if desk_of(case, officer) is None:
        return None
    register = {"register": case.register}
    paused = (
        Paused(one, reverse("upload", kwargs={**register, "uid": str(one.uid)}))
        for one in unfinished(case, officer)
    )
    return Handing(
        url=reverse("evidence-list", kwargs=register),
        uploads=reverse("uploads", kwargs=register),
        most_files=settings.SIPUMA.max_files,
        most_bytes=settings.SIPUMA.max_file_bytes,
        unfinished=tuple(paused),
    )
