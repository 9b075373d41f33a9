"""What tus 1.0.0 puts into headers (tus.io, core with creation, termination and expiration)."""

import base64
import binascii
import re
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils.http import http_date

from sipuma.files.plain import PIECE_BYTES
from sipuma.workspace.models import Upload

VERSION = "1.0.0"
EXTENSIONS = "creation,termination,expiration"
OFFSET_TYPE = "application/offset+octet-stream"
NUMBER = re.compile(r"[0-9]{1,15}")
LONGEST_NAME = 1000


class Malformed(Exception):
    """A header that tus asks for is missing, or is not what it has to be."""


def number_in(request: HttpRequest, name: str) -> int:
    """Return the whole number in a header.

    Raises:
        Malformed: there is none.
    """
    text = request.headers.get(name, "")
    if not NUMBER.fullmatch(text):
        raise Malformed(name)
    return int(text)


def file_name(request: HttpRequest) -> str:
    """Return `filename` of the header `Upload-Metadata`: pairs of a key and base64, separated by commas.

    Raises:
        Malformed: the header can't be read.
    """
    pairs = (pair.split() for pair in request.headers.get("Upload-Metadata", "").split(","))
    given = {pair[0]: pair[1] if len(pair) > 1 else "" for pair in pairs if pair}
    try:
        name = base64.b64decode(given.get("filename", ""), validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise Malformed("Upload-Metadata") from error
    return name[:LONGEST_NAME]


def announced_bytes(request: HttpRequest) -> int:
    """Return how many bytes the request says it brings."""
    text = str(request.META.get("CONTENT_LENGTH") or 0)
    return int(text) if NUMBER.fullmatch(text) else 0


def body_of(request: HttpRequest, *, most: int) -> Iterator[bytes]:
    """Give the body in pieces, up to where the line breaks."""
    left = most
    while left:
        try:
            piece = request.read(min(PIECE_BYTES, left))
        except UnreadablePostError:
            return
        if not piece:
            return
        left -= len(piece)
        yield piece


def drain(request: HttpRequest) -> None:
    """Read what is left of the body: else a browser sees a broken line instead of the answer."""
    for _piece in body_of(request, most=announced_bytes(request)):
        pass


def state_of(upload: Upload, response: HttpResponse) -> HttpResponse:
    """Say in an answer's headers how far an upload is, and until when it is kept."""
    response.headers["Upload-Offset"] = str(upload.offset)
    response.headers["Upload-Expires"] = http_date(upload.expires_at.timestamp())
    return response


def said(reason: str, *, status: int) -> HttpResponse:
    """Answer with a sentence for the person, which the page's script shows."""
    return HttpResponse(reason, status=status, content_type="text/plain; charset=utf-8")
