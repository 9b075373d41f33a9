"""Shows pages of a PDF as pictures, drawn in the sandbox, so that nothing in the PDF reaches a browser."""

from typing import BinaryIO

from django.utils.translation import gettext as _

from sipuma.files import sandbox
from sipuma.files.cleaning import MOST_BYTES
from sipuma.files.rejected import Rejected

WIDEST = 4000
SECONDS = 30.0
PNG = b"\x89PNG\r\n\x1a\n"


def page_count(file: BinaryIO) -> int:
    """Return how many pages the PDF has.

    Raises:
        Rejected: it can't be opened here.
    """
    pages, _picture = _drawn(file, 0, width=0)
    return pages


def page_picture(file: BinaryIO, number: int, *, width: int = 1200) -> bytes:
    """Return page `number`, from 1, as PNG of so many pixels in width.

    Raises:
        ValueError: there is no such page, or no such width.
        Rejected: it can't be drawn here.
    """
    if number < 1 or not 1 <= width <= WIDEST:
        raise ValueError("no such page")
    pages, picture = _drawn(file, number, width=width)
    if number > pages:
        raise ValueError("no such page")
    if not picture.startswith(PNG):
        raise _cannot()
    return picture


def _drawn(file: BinaryIO, number: int, *, width: int) -> tuple[int, bytes]:
    size = file.seek(0, 2)
    file.seek(0)
    if size > MOST_BYTES:
        raise _cannot()
    try:
        result = sandbox.run(
            "rendering.py", str(number), str(width), content=file, size=size, seconds=SECONDS
        )
    except (sandbox.Failed, OSError) as error:
        raise _cannot() from error
    pages = result.header.get("pages")
    with result.file:
        if type(pages) is not int or pages < 0:
            raise _cannot()
        return pages, result.file.read()


def _cannot() -> Rejected:
    return Rejected(
        _("This document can’t be shown here. Download it, and open it on a computer kept for that.")
    )
