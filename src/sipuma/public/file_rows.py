"""What a citizen reads about a file: its size, what was taken out of it, what the virus scanner said."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sipuma.cases.evidence import Piece
from sipuma.cases.workflow import Text
from sipuma.files.acceptance import Accepted
from sipuma.files.cleaning import REMOVED_LABELS
from sipuma.files.verdict import Verdict


@dataclass(frozen=True)
class FileRow:
    """One file as `ui/files.html` shows it; `at` is None for one that is in no case yet."""

    uid: str
    name: str = field(repr=False)
    size: int
    notes: tuple[Text, ...]
    quarantined: bool
    at: datetime | None = None


# fmt: off
_SCANNED: Final[dict[str, Text]] = {
    Verdict.CLEAN:     gettext_lazy("No virus was found in it."),
    Verdict.INFECTED:  gettext_lazy("Quarantined: a virus was found in it. Officers see that it came, but do "
                                    "not open it. Send the content in another way if you can."),
    Verdict.PARTLY:    gettext_lazy("It is too long to be checked for viruses to the end."),
    Verdict.UNSCANNED: gettext_lazy("It has not been checked for viruses yet."),
}
# fmt: on


def rows_of_files(files: Iterable[Accepted]) -> list[FileRow]:
    """Return the rows of files that are in no case yet."""
    return [
        FileRow(
            one.uid, one.name, one.size,
            _notes(one.scan, copied=one.copy is not None, removed=one.removed, lies=one.lies),
            one.scan == Verdict.INFECTED,
        )
        for one in files
    ]  # fmt: skip


def rows_of_pieces(pieces: Iterable[Piece]) -> list[FileRow]:
    """Return the rows of a case's evidence."""
    return [
        FileRow(
            one.evidence.uid.hex, one.name, one.size,
            _notes(one.evidence.scan, copied=one.cleaned, removed=one.removed, lies=one.lies),
            one.evidence.scan == Verdict.INFECTED,
            one.evidence.entry.at,
        )
        for one in pieces
    ]  # fmt: skip


def said_of(files: Iterable[Accepted]) -> str:
    """Return one sentence a file: its name, and what was taken out of the copy that officers look at."""
    return " ".join(f"{one.name}: {_cleaned(one.removed, copied=one.copy is not None)}" for one in files)


def _notes(scan: str, *, copied: bool, removed: Sequence[str], lies: bool) -> tuple[Text, ...]:
    found = [_SCANNED[scan]]
    if scan != Verdict.INFECTED:
        found.append(_cleaned(removed, copied=copied))
    if lies:
        found.append(_("Its name says another type of file than what is in it. It is kept as it is."))
    return tuple(found)


def _cleaned(removed: Sequence[str], *, copied: bool) -> str:
    if not copied:
        return _("It stays as you sent it: hidden details, if it has any, could not be removed.")
    if not removed:
        return _("No hidden details were found in it.")
    labels = ", ".join(str(REMOVED_LABELS[code]) for code in removed if code in REMOVED_LABELS)
    return _("Removed from the copy that officers look at: %(details)s.") % {"details": labels}
