"""Reads the headers of pictures whose library would read the whole file for them: GIF and WebP."""

import struct
from collections.abc import Iterator
from typing import BinaryIO

Size = tuple[int, int]

CHUNK = struct.Struct("<4sI")


class Damaged(Exception):
    """The file ends or goes astray within its headers."""


def gif_frames(file: BinaryIO) -> Iterator[Size]:
    """Give the size of the canvas, and once more for each frame (GIF89a specification, 17 to 27).

    Raises:
        Damaged: a block is not one.
    """
    file.seek(6)
    width, height, flags = struct.unpack("<HHB2x", _read(file, 7))
    yield width, height
    _skip_colours(file, flags)
    while (mark := _read(file, 1)) != b";":
        if mark == b",":
            yield width, height
            _skip_colours(file, _read(file, 9)[8])
        elif mark != b"!":
            raise Damaged
        file.seek(1, 1)  # the label of an extension, or the code size of a frame
        while length := _read(file, 1)[0]:
            file.seek(length, 1)


def webp_frames(file: BinaryIO) -> Iterator[Size]:
    """Give the size of the canvas, and once more for each frame (RFC 9649, 2).

    Raises:
        Damaged: a chunk is not one.
    """
    file.seek(12)
    while len(head := file.read(CHUNK.size)) == CHUNK.size:
        name, length = CHUNK.unpack(head)
        if name in SIZES:
            part = _read(file, min(length, 16))
            yield SIZES[name](part.ljust(16, b"\0"))
            length -= len(part)
        file.seek(length + length % 2, 1)


def _canvas(chunk: bytes) -> Size:
    return int.from_bytes(chunk[4:7], "little") + 1, int.from_bytes(chunk[7:10], "little") + 1


def _frame(chunk: bytes) -> Size:
    return int.from_bytes(chunk[6:9], "little") + 1, int.from_bytes(chunk[9:12], "little") + 1


def _lossy(chunk: bytes) -> Size:
    width, height = struct.unpack("<HH", chunk[6:10])
    return width & 0x3FFF, height & 0x3FFF


def _lossless(chunk: bytes) -> Size:
    bits = int.from_bytes(chunk[1:5], "little")
    return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1


SIZES = {b"VP8X": _canvas, b"ANMF": _frame, b"VP8 ": _lossy, b"VP8L": _lossless}


def _skip_colours(file: BinaryIO, flags: int) -> None:
    if flags & 0x80:
        file.seek(3 << (flags & 7) + 1, 1)


def _read(file: BinaryIO, length: int) -> bytes:
    data = file.read(length)
    if len(data) < length:
        raise Damaged
    return data
