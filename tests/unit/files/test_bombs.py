"""Files that become far more than they are; damaged ones pass."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import pytest
from PIL import Image

from sipuma.files import archives, bombs, directories
from sipuma.files.bombs import check
from sipuma.files.kinds import BY_EXTENSION
from sipuma.files.rejected import Rejected


def refused(extension: str, content: bytes) -> bool:
    try:
        check(BY_EXTENSION[extension], io.BytesIO(content))
    except Rejected as rejected:
        return bool(rejected.reason)
    return False


def archive(members: dict[str, bytes], *, way: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", way) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return file.getvalue()


def patched(content: bytes, find: bytes, at: int, replacement: bytes) -> bytes:
    """Overwrite bytes `at` behind each place where `find` stands."""
    made, place = bytearray(content), content.find(find)
    while place >= 0:
        made[place + at : place + at + len(replacement)] = replacement
        place = content.find(find, place + 1)
    return bytes(made)


CENTRAL = b"PK\x01\x02"
SMALL = archive({"a.txt": b"satu" * 100, "b/c.txt": b"dua"})


@pytest.mark.parametrize("extension", [".zip", ".docx", ".odt"])
def test_an_ordinary_archive_passes(extension: str) -> None:
    assert not refused(extension, SMALL)


def test_an_archive_behind_a_program_passes() -> None:
    assert not refused(".zip", b"MZ" + bytes(5000) + SMALL)


def test_much_that_packs_well_passes_up_to_100_mib() -> None:
    assert not refused(".zip", archive({"nol": bytes(20 * 1024**2)}))


@pytest.mark.parametrize(
    ("unpacked", "bomb"),
    [(100 * 1024**2, False), (101 * 1024**2, True), (archives.MOST_UNPACKED - 1, True)],
)
def test_an_archive_that_claims_to_unpack_to_more_than_200_times_its_size_is_refused(
    unpacked: int, *, bomb: bool
) -> None:
    one = archive({"nol": bytes(4096)})
    assert refused(".zip", patched(one, CENTRAL, 24, struct.pack("<I", unpacked))) is bomb


def test_an_archive_of_over_4_gib_is_refused_even_if_its_ratio_is_low() -> None:
    huge = struct.pack("<2I", 3 * 1024**2, 3 * 1024**3)
    two = archive({"a": b"a" * 64, "b": b"b" * 64}, way=zipfile.ZIP_STORED)
    offsets = [entry.start for entry in directories.entries(io.BytesIO(two))]
    assert offsets == [0, 30 + 1 + 64]
    assert refused(".zip", patched(two, CENTRAL, 20, huge))


def test_sizes_in_the_zip64_field_count() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made, made.open("a", "w", force_zip64=True) as member:
        member.write(b"isi")
    extra = struct.pack("<2HQ", 1, 8, 5 * 1024**3)
    directory = file.getvalue().index(CENTRAL)
    head = bytearray(file.getvalue()[directory : directory + 46])
    head[24:28], head[30:32] = b"\xff" * 4, struct.pack("<H", len(extra))
    entry = bytes(head) + b"a" + extra
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1, 1, len(entry), directory, 0)
    assert refused(".zip", file.getvalue()[:directory] + entry + end)


def with_wide_end(content: bytes, *, locator: bytes = b"PK\x06\x07", mark: bytes = b"PK\x06\x06") -> bytes:
    """Move what the end of an archive says into the wide record that goes before it."""
    end = content.index(b"PK\x05\x06")
    size, offset = struct.unpack_from("<2I", content, end + 12)
    wide = struct.pack("<4sQ2H2I4Q", mark, 44, 45, 45, 0, 0, 2, 2, size, offset)
    narrow = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 2, 2, 2**32 - 1, 2**32 - 1, 0)
    return content[:end] + wide + struct.pack("<4sIQI", locator, 0, end, 1) + narrow


def test_the_wide_end_of_an_archive_is_read() -> None:
    bomb = patched(SMALL, CENTRAL, 24, struct.pack("<I", 2**31))
    assert not refused(".zip", with_wide_end(SMALL))
    assert refused(".zip", with_wide_end(bomb))


@pytest.mark.parametrize("wrong", ["locator", "mark"])
def test_a_damaged_wide_end_passes(wrong: str) -> None:
    bomb = patched(SMALL, CENTRAL, 24, struct.pack("<I", 2**31))
    assert not refused(".zip", with_wide_end(bomb, **{wrong: b"????"}))


def test_an_archive_of_too_many_files_is_refused() -> None:
    names = {str(number): b"" for number in range(archives.MOST_ENTRIES + 1)}
    assert refused(".zip", archive(names, way=zipfile.ZIP_STORED))
    names.popitem()
    assert not refused(".zip", archive(names, way=zipfile.ZIP_STORED))


def test_entries_that_share_their_bytes_are_refused() -> None:
    two = archive({"a": b"sama" * 20, "b": b"sama" * 20}, way=zipfile.ZIP_STORED)
    assert refused(".zip", patched(two, CENTRAL, 42, struct.pack("<I", 0)))


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"PK\x03\x04" + bytes(100),
        SMALL[:-30],
        SMALL.replace(CENTRAL, b"PK\x01\x03"),
        SMALL[:-10] + struct.pack("<I", 2**31) + SMALL[-6:],
        SMALL[:-10] + struct.pack("<I", 2**32 - 1) + SMALL[-6:],
    ],
)
def test_a_damaged_archive_passes(damaged: bytes) -> None:
    assert not refused(".zip", damaged)


def png(width: int, height: int) -> bytes:
    """Make a PNG that is only a header and a bit of nothing."""
    header = struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(100))), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


def moving(form: str, frames: int) -> bytes:
    file = io.BytesIO()
    pictures = [Image.new("L", (2, 2), number % 2 * 255) for number in range(frames)]
    pictures[0].save(file, form, save_all=True, append_images=pictures[1:], duration=20)
    return file.getvalue()


@pytest.mark.parametrize(
    ("width", "height", "bomb"),
    [
        (9_000, 9_000, False),
        (10_001, 10_000, True),
        (30_001, 10, True),
        (10, 30_001, True),
        (60_000, 60_000, True),
    ],
)
def test_a_picture_is_refused_by_the_size_in_its_header(width: int, height: int, *, bomb: bool) -> None:
    assert refused(".png", png(width, height)) is bomb


GIF = struct.pack("<6s2H3B", b"GIF89a", 20_000, 20_000, 0, 0, 0) + b";"
WEBP_CHUNKS = {
    "canvas": b"VP8X" + struct.pack("<I", 10) + bytes(4) + (19_999).to_bytes(3, "little") * 2,
    "frame": b"ANMF" + struct.pack("<I", 16) + bytes(6) + (19_999).to_bytes(3, "little") * 2 + bytes(4),
    "lossy": b"VP8 "
    + struct.pack("<I", 10)
    + bytes(3)
    + b"\x9d\x01\x2a"
    + struct.pack("<2H", 16_000, 16_000),
    "lossless": b"VP8L" + struct.pack("<I", 5) + b"\x2f" + struct.pack("<I", 15_999 | 15_999 << 14) + b"\0",
}


def test_a_gif_with_a_huge_canvas_is_refused() -> None:
    assert refused(".gif", GIF)


@pytest.mark.parametrize("chunk", WEBP_CHUNKS.values(), ids=WEBP_CHUNKS)
def test_a_webp_is_refused_by_each_way_to_claim_a_huge_size(chunk: bytes) -> None:
    assert refused(".webp", b"RIFF" + struct.pack("<I", len(chunk) + 4) + b"WEBP" + chunk)


@pytest.mark.parametrize(
    ("form", "extension"), [("GIF", ".gif"), ("WEBP", ".webp"), ("TIFF", ".tiff"), ("PNG", ".png")]
)
def test_a_picture_of_more_than_1000_frames_is_refused(
    form: str, extension: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not refused(extension, moving(form, 12))
    monkeypatch.setattr(bombs, "MOST_FRAMES", 10)
    assert refused(extension, moving(form, 12))
    assert not refused(extension, moving(form, 10))


def test_colour_tables_and_comments_of_a_gif_are_passed_over() -> None:
    file = io.BytesIO()
    Image.radial_gradient("L").convert("P").save(file, "GIF", comment=b"halo" * 200)
    assert not refused(".gif", file.getvalue())


@pytest.mark.parametrize("extension", [".jpg", ".png", ".gif", ".webp", ".tiff", ".bmp"])
@pytest.mark.parametrize(
    "spoil", [lambda data: data[:40], lambda _data: b"", lambda data: data[:20] + b"?" * 99]
)
def test_a_damaged_picture_passes(extension: str, spoil: Callable[[bytes], bytes]) -> None:
    form = {".jpg": "JPEG", ".tiff": "TIFF"}.get(extension, extension[1:].upper())
    file = io.BytesIO()
    Image.radial_gradient("L").save(file, form)
    content = spoil(file.getvalue())
    try:
        check(BY_EXTENSION[extension], io.BytesIO(content))
    except Rejected:
        assert b"?" in content  # question marks can be read as a huge size


def test_other_kinds_are_not_looked_into() -> None:
    assert not refused(".mp4", b"apa saja")
