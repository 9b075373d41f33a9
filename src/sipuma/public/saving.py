"""Gives complainants back what they sent: a file of their own case, decrypted while it is sent."""

from collections.abc import Iterator
from contextlib import closing
from itertools import chain
from typing import BinaryIO, Final

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from sipuma.cases.evidence import Piece
from sipuma.files.plain import PIECE_BYTES

# Never shown by the browser, and harmless if it were.
POLICY: Final = "sandbox; default-src 'none'"


def save_copy(piece: Piece) -> StreamingHttpResponse:
    """Answer with the original of a file, to be saved.

    Raises:
        FileNotFoundError: nothing is stored of it.
        vault.Unopenable: what is stored was altered or cut.
        Unavailable: the storage can't be reached.
    """
    file = piece.open_original()
    try:
        # What can't be opened is told by a page; once the first bytes are out, only the line can break.
        first = file.read(PIECE_BYTES)
    except BaseException:
        file.close()
        raise
    response = StreamingHttpResponse(_pieces(first, file), content_type="application/octet-stream")
    response.headers["Content-Length"] = str(piece.size)
    response.headers["Content-Disposition"] = content_disposition_header(True, piece.name) or "attachment"
    response.headers["Content-Security-Policy"] = POLICY
    return response


def _pieces(first: bytes, file: BinaryIO) -> Iterator[bytes]:
    with closing(file):
        yield from chain((first,), iter(lambda: file.read(PIECE_BYTES), b""))
