"""Pictures whose headers alone would take the server's memory or minutes of its time."""

import io
import struct
import time
import tracemalloc
import zlib
from collections.abc import Callable

import pytest

from sipuma.files import bombs, directories
from sipuma.files.kinds import BY_EXTENSION
from sipuma.files.rejected import Rejected

MIB = 1024**2


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(*chunks: bytes) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 10, 10, 8, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(bytes(110)))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + pixels + chunk(b"IEND", b"")


def png_of_two_billion_frames() -> bytes:
    return png(chunk(b"acTL", struct.pack(">II", 2**31 - 1, 0)))


def png_of_one_long_chunk() -> bytes:
    return png(chunk(b"prVt", bytes(40 * MIB)))


def gif_of_the_shortest_blocks() -> bytes:
    return b"GIF89a" + struct.pack("<HHB2x", 1, 1, 0) + b"!\xfe" + b"\x01a" * (2 * MIB) + b"\0;"


def webp_of_empty_chunks() -> bytes:
    return b"RIFF\0\0\0\0WEBP" + b"LAIN\0\0\0\0" * (2 * MIB)


def tiff_of_one_long_tag() -> bytes:
    tags = ((256, 4, 1, 10), (257, 4, 1, 10), (65000, 7, 40 * MIB, 64))
    directory = struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", *tag) for tag in tags)
    return (b"II*\0" + struct.pack("<I", 8) + directory + bytes(4)).ljust(64, b"\0") + bytes(40 * MIB)


@pytest.mark.parametrize(
    ("extension", "make"),
    [
        (".png", png_of_two_billion_frames),
        (".png", png_of_one_long_chunk),
        (".gif", gif_of_the_shortest_blocks),
        (".webp", webp_of_empty_chunks),
        (".tiff", tiff_of_one_long_tag),
    ],
)
def test_headers_that_never_end_are_refused_soon_and_in_little_memory(
    extension: str, make: Callable[[], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bombs, "MOST_HEADER_READS", 100_000)
    content = io.BytesIO(make())
    tracemalloc.start()
    began = time.process_time()
    try:
        with pytest.raises(Rejected):
            bombs.check(BY_EXTENSION[extension], content)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 100 * MIB
    assert time.process_time() - began < 10


def test_a_picture_with_megabytes_of_metadata_passes() -> None:
    bombs.check(BY_EXTENSION[".png"], io.BytesIO(png(chunk(b"prVt", bytes(8 * MIB)))))


def test_an_archive_full_of_empty_fields_is_looked_at_soon() -> None:
    head = b"PK\x01\x02" + struct.pack("<6H3I5H2I", 20, 20, 0, 0, 0, 0, 0, 0, 0, 0, 65535, 0, 0, 0, 0, 0)
    listed = (head + bytes(65535)) * 400
    end = b"PK\x05\x06" + struct.pack("<4H2IH", 0, 0, 400, 400, len(listed), 0, 0)
    began = time.process_time()
    assert len([*directories.entries(io.BytesIO(listed + end))]) == 400
    assert time.process_time() - began < 2
