"""Answers that carry a file: piece by piece, by ranges, and never as anything that a browser would run."""

from collections.abc import Iterator
from typing import BinaryIO, Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from sipuma.cases.evidence import Piece
from sipuma.files.kinds import ANY
from sipuma.files.plain import PIECE_BYTES
from sipuma.files.verdict import Verdict
from sipuma.workspace.byte_ranges import Span, Unsatisfiable, span_of
from sipuma.workspace.pieces import kind_shown

NOTHING_RUNS: Final = "default-src 'none'; sandbox"
QUARANTINE: Final = ".karantina"


class Part:
    """A span of an open file in pieces, each opened when it is asked for; closing it closes the file."""

    def __init__(self, file: BinaryIO, span: Span) -> None:
        self._file, self._left = file, span.length
        file.seek(span.start)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        piece = self._file.read(min(PIECE_BYTES, self._left))
        if not piece:
            self.close()
            raise StopIteration
        self._left -= len(piece)
        return piece

    def close(self) -> None:
        self._file.close()


def shown_of(request: HttpRequest, piece: Piece) -> HttpResponseBase:
    """Answer with what is shown of a piece, or the part of it that the browser asks for."""
    size, mime = piece.shown_size, kind_shown(piece).mime
    try:
        span = span_of(_range_in(request), size)
    except Unsatisfiable:
        return _guarded(HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"}))
    answer = _answer(request, piece, span or Span(0, size), mime)
    if span is not None:
        answer.status_code = 206
        answer.headers["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{size}"
    answer.headers["Content-Disposition"] = "inline"
    return answer


def copy_of(piece: Piece) -> StreamingHttpResponse:
    """Answer with the cleaned copy, to be saved."""
    whole = Span(0, piece.shown_size)
    return _to_save(piece.open_shown(), whole, name=piece.name, mime=kind_shown(piece).mime)


def original_of(piece: Piece) -> StreamingHttpResponse:
    """Answer with the file as it was sent, to be saved; a virus under a name that no program opens."""
    infected = piece.evidence.scan == Verdict.INFECTED
    name, mime = (piece.name + QUARANTINE, ANY) if infected else (piece.name, piece.mime)
    return _to_save(piece.open_original(), Span(0, piece.size), name=name, mime=mime)


def picture_of(png: bytes) -> HttpResponseBase:
    """Answer with a page that was drawn here."""
    return _guarded(HttpResponse(png, content_type="image/png", headers={"Content-Disposition": "inline"}))


def _range_in(request: HttpRequest) -> str:
    """Return the range that is asked for; none under a condition: answers carry no mark to compare."""
    if request.method != "GET" or "If-Range" in request.headers:
        return ""
    return request.headers.get("Range", "")


def _answer(request: HttpRequest, piece: Piece, span: Span, mime: str) -> HttpResponseBase:
    answer: HttpResponseBase
    if request.method == "HEAD":
        answer = HttpResponse(content_type=mime)
    else:
        answer = StreamingHttpResponse(Part(piece.open_shown(), span), content_type=mime)
    answer.headers["Content-Length"] = str(span.length)
    answer.headers["Accept-Ranges"] = "bytes"
    return _guarded(answer)


def _to_save(file: BinaryIO, span: Span, *, name: str, mime: str) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(Part(file, span), content_type=mime)
    answer.headers["Content-Length"] = str(span.length)
    saved_as = content_disposition_header(as_attachment=True, filename=name)
    answer.headers["Content-Disposition"] = saved_as or "attachment"
    _guarded(answer)
    return answer


def _guarded(answer: HttpResponseBase) -> HttpResponseBase:
    answer.headers["Content-Security-Policy"] = NOTHING_RUNS
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers["Cache-Control"] = "no-store"
    return answer
