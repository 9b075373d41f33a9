"""Unpacks the beginning of a packed stream or of a zip's member, never more than it is told to."""

import bz2
import gzip
import lzma
import struct
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO

from sipuma.files.directories import Damaged, Entry

STEP = 256 * 1024
# What xz at its best takes is half of it; a stream that asks for more is not unpacked.
LZMA_MEMORY = 128 * 1024**2

LOCAL = struct.Struct("<4s5H3I2H")  # what stands before a member (APPNOTE.TXT 4.3.7)
ENCRYPTED = 1
STORED, DEFLATED = 0, 8

Unpack = Callable[[BinaryIO], Iterator[int]]


def gz_steps(file: BinaryIO) -> Iterator[int]:
    """Give how many bytes came out of a gzip stream, step by step; so do the next two of theirs.

    Raises:
        Damaged: it can't be unpacked any further.
    """
    return _steps(gzip.GzipFile(fileobj=file))


def bz2_steps(file: BinaryIO) -> Iterator[int]:
    return _steps(bz2.BZ2File(file))


def xz_steps(file: BinaryIO) -> Iterator[int]:
    data = file.read(STEP)
    while data:  # streams follow one another
        stream = lzma.LZMADecompressor(memlimit=LZMA_MEMORY)
        while not stream.eof:
            try:
                yield len(stream.decompress(data, STEP))
            except lzma.LZMAError as error:
                raise Damaged from error
            data = file.read(STEP) if stream.needs_input else b""
            if stream.needs_input and not data:
                return
        data = stream.unused_data or file.read(STEP)


def _steps(stream: gzip.GzipFile | bz2.BZ2File) -> Iterator[int]:
    try:
        while data := stream.read(STEP):
            yield len(data)
    except (EOFError, OSError, zlib.error) as error:
        raise Damaged from error


def member(file: BinaryIO, entry: Entry, *, most: int) -> bytes:
    """Return the beginning of a zip's member, at most so many bytes.

    Raises:
        Damaged: it is not where the directory says, encrypted, or packed in a rare way.
    """
    file.seek(entry.start)
    head = file.read(LOCAL.size)
    fields = LOCAL.unpack(head) if len(head) == LOCAL.size else (b"",)
    if fields[0] != b"PK\x03\x04" or fields[2] & ENCRYPTED or fields[3] not in {STORED, DEFLATED}:
        raise Damaged
    file.seek(fields[9] + fields[10], 1)
    if fields[3] == STORED:
        return file.read(min(entry.packed, most))
    return _inflated(file, entry.packed, most)


def _inflated(file: BinaryIO, packed: int, most: int) -> bytes:
    out, stream = bytearray(), zlib.decompressobj(-zlib.MAX_WBITS)
    while len(out) < most and not stream.eof:
        data = stream.unconsumed_tail or file.read(min(STEP, packed))
        packed -= 0 if stream.unconsumed_tail else len(data)
        if not data:
            break
        try:
            out += stream.decompress(data, most - len(out))
        except zlib.error as error:
            raise Damaged from error
    return bytes(out)
