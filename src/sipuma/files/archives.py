"""Refuses archives that unpack to far more than they are; packed streams by their beginning."""

import io
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import pairwise
from typing import BinaryIO

from django.utils.translation import gettext as _

from sipuma.files import directories, inflating
from sipuma.files.rejected import Rejected

MOST_ENTRIES = 10_000
MOST_UNPACKED = 4 * 1024**3
MOST_RATIO = 200
RATIO_COUNTS_FROM = 100 * 1024**2

# What is unpacked here itself, and never onto a disk: of a stream, and of all archives in an archive.
MOST_UNPACKED_HERE = 256 * 1024**2
MOST_NESTED_BYTES = 32 * 1024**2
MOST_REPACKED = 20  # an archive that shrinks more in another holds little but room for that
ZIP, LONGEST_MARK = b"PK\x03\x04", 6
STREAMS = {b"\x1f\x8b": inflating.gz_steps, b"BZh": inflating.bz2_steps, b"\xfd7zXZ\0": inflating.xz_steps}


def check_archive(file: BinaryIO) -> None:
    """Look at an archive, and one level into the archives in it."""
    found = _entries(file)
    packed, unpacked = _sizes(found)
    if _swells(packed, unpacked) or _overlap(found):
        _refuse_archive()
    for head, inner in _archives_in(file, found):
        if head != ZIP:
            check_stream(STREAMS[head])(inner)
            continue
        within = _entries(inner)
        unpacked += _sizes(within)[1]
        if _swells(*_sizes(within)) or _swells(packed, unpacked) or _overlap(within):
            _refuse_archive()


def _entries(file: BinaryIO) -> list[directories.Entry]:
    found: list[directories.Entry] = []
    with suppress(directories.Damaged):  # what was read of it still counts
        for entry in directories.entries(file):
            found.append(entry)
            if len(found) > MOST_ENTRIES:
                _refuse_archive()
    return sorted(found, key=lambda entry: entry.start)


def _sizes(found: list[directories.Entry]) -> tuple[int, int]:
    return sum(entry.packed for entry in found), sum(entry.unpacked for entry in found)


def _swells(packed: int, unpacked: int) -> bool:
    return unpacked > MOST_UNPACKED or (
        unpacked > RATIO_COUNTS_FROM and unpacked > MOST_RATIO * max(packed, 1)
    )


def _overlap(found: list[directories.Entry]) -> bool:
    """Say whether two entries share bytes, as in bombs that unpack the same bytes many times."""
    return any(one.end > other.start for one, other in pairwise(found))


def _archives_in(file: BinaryIO, found: list[directories.Entry]) -> Iterator[tuple[bytes, BinaryIO]]:
    """Give the archives in an archive, each with the bytes that tell its sort."""
    left = MOST_NESTED_BYTES
    for entry in found:
        try:
            start = inflating.member(file, entry, most=LONGEST_MARK)
            head = next((mark for mark in (ZIP, *STREAMS) if start.startswith(mark)), b"")
            content = inflating.member(file, entry, most=left) if head else b""
        except directories.Damaged:
            continue
        left -= len(content)
        if not left and entry.unpacked > MOST_REPACKED * entry.packed:
            _refuse_archive()
        if content:
            yield head, io.BytesIO(content)


def check_stream(unpack: inflating.Unpack) -> Callable[[BinaryIO], None]:
    """Unpack as much as shows what the whole would become: what begins as a bomb, is one."""

    def check_beginning(file: BinaryIO) -> None:
        unpacked = 0
        with suppress(directories.Damaged):
            for step in unpack(file):
                unpacked += step
                if _swells(file.tell(), unpacked):
                    _refuse_archive()
                if max(unpacked, MOST_RATIO * file.tell()) > MOST_UNPACKED_HERE:
                    return

    return check_beginning


def _refuse_archive() -> None:
    raise Rejected(
        _("This archive unpacks to far more than it seems. Send the files in it one by one instead.")
    )
