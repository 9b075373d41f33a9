"""How the page of a piece of evidence shows it: as what, or why not."""

import re
from dataclasses import dataclass, field

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from sipuma.cases.evidence import Piece
from sipuma.files.pages import page_count
from sipuma.files.rejected import Rejected
from sipuma.files.store import Unavailable
from sipuma.files.verdict import Verdict
from sipuma.offices.officer import Officer
from sipuma.workspace.originals import is_open, only_original
from sipuma.workspace.pieces import INLINE, UNREADABLE, kind_shown, scanned

TEXT_BYTES = 200_000
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
BYTE_ORDER_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))


@dataclass(frozen=True)
class Sight:
    """How the page shows a piece: `view` as in `files.kinds`, `original` when it is not a copy.

    `obstacle` says why it is not shown, `here` that it will be for a reason.
    """

    view: str = ""
    obstacle: str = ""
    here: bool = False
    original: bool = False
    text: str = field(default="", repr=False)
    cut: bool = False
    page: int = 0
    pages: int = 0


def sight_of(request: HttpRequest, piece: Piece, officer: Officer) -> Sight:
    """Return how to show the piece; nothing of an infected file is ever shown."""
    try:
        if scanned(piece, officer) == Verdict.INFECTED:
            return Sight(obstacle=_("A virus was found in this file. It is kept apart and not shown."))
        if only_original(piece) and not is_open(request, piece):
            told = _("This file could not be cleaned: it may tell who made it, and where.")
            return Sight(obstacle=told, here=True)
        return _open_sight(piece, request.GET.get("halaman", "1"))
    except Unavailable:
        return Sight(obstacle=away())
    except UNREADABLE:
        return Sight(obstacle=unreadable())
    except Rejected as rejected:
        return Sight(obstacle=rejected.reason)


def _open_sight(piece: Piece, page: str) -> Sight:
    view = kind_shown(piece).view
    if view == "pdf":
        return _sight_of_pages(piece, page)
    if view == "text":
        return _sight_of_text(piece)
    if view not in INLINE:
        return Sight(obstacle=_("Files of this kind can’t be shown here. Save it, and open it elsewhere."))
    piece.open_shown().close()  # a player without a file would not say why it is silent
    return Sight(view, original=only_original(piece))


def _sight_of_pages(piece: Piece, page: str) -> Sight:
    with piece.open_shown() as file:
        pages = page_count(file)
    if not pages:
        raise Rejected(_("This document has no pages."))
    if not re.fullmatch("[0-9]{1,9}", page) or not 1 <= int(page) <= pages:
        raise Http404
    return Sight("pdf", page=int(page), pages=pages)


def _sight_of_text(piece: Piece) -> Sight:
    with piece.open_shown() as file:
        raw = file.read(TEXT_BYTES)
    encoding = next((name for mark, name in BYTE_ORDER_MARKS if raw.startswith(mark)), "utf-8")
    text = UNSEEN.sub("\ufffd", raw.decode(encoding, "replace").replace("\r\n", "\n").replace("\r", "\n"))
    return Sight("text", text=text, cut=piece.shown_size > TEXT_BYTES)


def unreadable() -> str:
    return _("This file can’t be read at the moment. Try again in a few minutes, or tell the administrator.")


def away() -> str:
    return _("The storage that holds the files can’t be reached. Try again in a few minutes.")
