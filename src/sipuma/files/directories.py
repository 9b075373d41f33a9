"""Reads the directory at the end of a zip archive without unpacking anything (APPNOTE.TXT 4.3)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

END = struct.Struct("<4s4H2IH")
END_64 = struct.Struct("<4sQ2H2I4Q")
LOCATOR_64 = struct.Struct("<4sIQI")
ENTRY = struct.Struct("<4s6H3I5H2I")
LOCAL_BYTES = 30
LONGEST_COMMENT = 65535
# Archives have a few; one of nothing but empty fields would take seconds for each hundred entries.
MOST_FIELDS = 64
FULL = 0xFFFFFFFF  # stands where a number has moved into the zip64 field


class Damaged(Exception):
    """There is no directory, or it breaks off."""


@dataclass(frozen=True)
class Entry:
    """One file of an archive: sizes in bytes, and from where to where it lies at least."""

    packed: int
    unpacked: int
    start: int
    end: int


def entries(file: BinaryIO) -> Iterator[Entry]:
    """Give the entries of the directory in its order; as many as there are, whatever their number says.

    Raises:
        Damaged: the directory can't be read to its end.
    """
    offset, size, before = _place(file)
    file.seek(offset)
    left = size
    while left >= ENTRY.size:
        entry, length = _entry(file)
        yield replace(entry, start=entry.start + before, end=entry.end + before)
        left -= length


def _entry(file: BinaryIO) -> tuple[Entry, int]:
    fields = ENTRY.unpack(_read(file, ENTRY.size))
    if fields[0] != b"PK\x01\x02":
        raise Damaged
    name, extra, comment = fields[10:13]
    more = _read(file, name + extra + comment)[name : name + extra]
    packed, unpacked, start = _wide(more, packed=fields[8], unpacked=fields[9], start=fields[16])
    entry = Entry(packed, unpacked, start, start + LOCAL_BYTES + name + packed)
    return entry, ENTRY.size + name + extra + comment


def _wide(extra: bytes, *, packed: int, unpacked: int, start: int) -> tuple[int, int, int]:
    """Take from the zip64 field, in its fixed order, what did not fit into the entry (4.5.3)."""
    numbers = iter(_zip64_numbers(extra))
    unpacked = next(numbers, unpacked) if unpacked == FULL else unpacked
    packed = next(numbers, packed) if packed == FULL else packed
    start = next(numbers, start) if start == FULL else start
    return packed, unpacked, start


def _zip64_numbers(extra: bytes) -> list[int]:
    at = 0
    for _field in range(MOST_FIELDS):
        if at + 4 > len(extra):
            break
        tag, length = struct.unpack_from("<2H", extra, at)
        if tag == 1:
            field = extra[at + 4 : at + 4 + length]
            return [number for (number,) in struct.iter_unpack("<Q", field[: len(field) // 8 * 8])]
        at += 4 + length
    return []


def _place(file: BinaryIO) -> tuple[int, int, int]:
    """Return where the directory begins, its size, and by how much a prefix moves all places."""
    length = file.seek(0, 2)
    tail_start = max(0, length - END.size - LONGEST_COMMENT)
    file.seek(tail_start)
    tail = file.read(END.size + LONGEST_COMMENT)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + END.size > len(tail):
        raise Damaged
    size, offset = END.unpack_from(tail, at)[5:7]
    end = tail_start + at
    if FULL in {size, offset}:
        size, offset, end = _place_64(file, end)
    if size > end:
        raise Damaged
    return end - size, size, max(0, end - size - offset)


def _place_64(file: BinaryIO, end: int) -> tuple[int, int, int]:
    if end < LOCATOR_64.size:
        raise Damaged
    file.seek(end - LOCATOR_64.size)
    mark, _disk, at, _disks = LOCATOR_64.unpack(_read(file, LOCATOR_64.size))
    if mark != b"PK\x06\x07" or at > end:
        raise Damaged
    file.seek(at)
    fields = END_64.unpack(_read(file, END_64.size))
    if fields[0] != b"PK\x06\x06":
        raise Damaged
    return fields[8], fields[9], at


def _read(file: BinaryIO, length: int) -> bytes:
    data = file.read(length)
    if len(data) < length:
        raise Damaged
    return data
