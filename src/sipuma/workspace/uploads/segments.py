"""The segments of an upload: whatever one request brought, encrypted as it came, in one stored object."""

import secrets
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sipuma import vault
from sipuma.files.plain import PIECE_BYTES
from sipuma.files.store import store

KIND = "upload"
# Two requests may send the same part at once: each writes an object of its own, and one of them counts.
NUMBERS = 10**12


@dataclass(frozen=True)
class Segment:
    """A part of a file: its object is `<uid>.<number>`; it holds `size` bytes from byte `start` on."""

    number: int
    start: int
    size: int


def placed(sizes: Iterable[Sequence[int]]) -> list[Segment]:
    """Return stored pairs of number and size as segments that follow each other."""
    found, start = [], 0
    for number, size in sizes:
        found.append(Segment(number, start, size))
        start += size
    return found


def write_segment(
    uid: uuid.UUID, key: vault.Secret, pieces: Iterable[bytes], *, start: int
) -> Segment | None:
    """Store what comes, durable when this returns; None when nothing came.

    Raises:
        Unavailable: the storage takes nothing now, and keeps nothing of it.
    """
    number, size = secrets.randbelow(NUMBERS), 0
    cipher = vault.file_encryptor(key, context=_context(uid, number, start))
    incoming = store().create(_name(uid, number))
    try:
        incoming.write(cipher.header)
        for piece in pieces:
            incoming.write(cipher.update(piece))
            size += len(piece)
        if size:
            incoming.write(cipher.finalize())
            incoming.commit()
    finally:
        incoming.abort()  # does nothing after a commit
    return Segment(number, start, size) if size else None


def read_segments(uid: uuid.UUID, key: vault.Secret, segments: Iterable[Segment]) -> Iterator[bytes]:
    """Give the file in pieces.

    Raises:
        FileNotFoundError: a segment is gone.
        vault.Unopenable: one was altered, cut, or stands in another's place.
        Unavailable: the storage can't be reached.
    """
    for segment in segments:
        with store().open(_name(uid, segment.number)) as file:
            context = _context(uid, segment.number, segment.start)
            reader = vault.file_reader(key, file, context=context)
            if reader.size != segment.size:
                raise vault.Unopenable
            for start in range(0, segment.size, PIECE_BYTES):
                yield reader.read(start, start + PIECE_BYTES)


def delete_segments(uid: uuid.UUID, segments: Iterable[Segment]) -> None:
    """Remove their objects; those that can't be reached are left to the sweep."""
    for segment in segments:
        store().delete(_name(uid, segment.number))


def _name(uid: uuid.UUID, number: int) -> str:
    return f"{uid.hex}.{number}"


def _context(uid: uuid.UUID, number: int, start: int) -> vault.Context:
    return vault.Context(case=uid.bytes, object=f"{start}.{number}".encode("ascii"), kind=KIND)
