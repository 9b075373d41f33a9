"""Archives in archives and packed streams that become far more than they are; damaged ones pass."""

import bz2
import gzip
import io
import lzma
import random
import struct
import zipfile
from collections.abc import Callable

import pytest

from sipuma.files import archives
from tests.unit.files.test_bombs import CENTRAL, archive, patched, refused

MIB = 1024**2
NOISE = random.Random(1).randbytes(MIB)  # noqa: S311  # what does not pack
NOUGHTS = bytes(101 * MIB)
PACKED: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lambda content: lzma.compress(content, preset=0),
}
BOMB = patched(archive({"nol": bytes(4096)}), CENTRAL, 24, struct.pack("<I", 101 * MIB))
STORED, DEFLATED = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED


@pytest.mark.parametrize("way", [STORED, DEFLATED])
@pytest.mark.parametrize("name", ["dalam.zip", "foto.jpg"])
def test_a_bomb_in_an_archive_is_found_whatever_its_name(way: int, name: str) -> None:
    assert refused(".zip", archive({"a.txt": b"satu", name: BOMB, "z.txt": b"dua"}, way=way))
    assert refused(".docx", archive({"word/a.xml": b"satu", name: BOMB}, way=way))


def test_a_bomb_in_an_archive_behind_a_program_is_found() -> None:
    assert refused(".zip", b"MZ" + bytes(5000) + archive({"dalam.zip": BOMB}))


def test_many_archives_that_are_too_much_together_are_refused() -> None:
    one = patched(archive({"isi": bytes(4096)}), CENTRAL, 24, struct.pack("<I", 90 * MIB))
    assert not refused(".zip", archive({"0.zip": one}))
    assert refused(".zip", archive({f"{number}.zip": one for number in range(9)}))


def test_entries_of_an_inner_archive_that_share_their_bytes_are_refused() -> None:
    two = archive({"a": b"sama" * 20, "b": b"sama" * 20}, way=STORED)
    assert refused(".zip", archive({"dalam.zip": patched(two, CENTRAL, 42, struct.pack("<I", 0))}))


def test_ordinary_archives_in_an_archive_pass() -> None:
    inner = archive({"catatan.txt": b"baris\n" * 9000})
    assert not refused(".zip", archive({"satu.zip": inner, "dua.docx": inner}, way=STORED))


@pytest.mark.parametrize("extension", PACKED)
def test_a_packed_stream_that_unpacks_to_more_than_200_times_its_size_is_refused(extension: str) -> None:
    bomb = PACKED[extension](NOUGHTS)
    assert refused(extension, bomb)
    assert refused(extension, PACKED[extension](b"awal") + bomb)
    assert refused(".zip", archive({"berkas" + extension: bomb}, way=STORED))


@pytest.mark.parametrize("extension", PACKED)
def test_an_ordinary_packed_stream_passes(extension: str) -> None:
    assert not refused(extension, PACKED[extension](NOISE))
    assert not refused(extension, PACKED[extension](b"baris log\n" * 100_000))


@pytest.mark.parametrize("extension", PACKED)
def test_a_packed_stream_that_is_cut_off_or_damaged_passes(extension: str) -> None:
    whole = PACKED[extension](NOISE)
    for content in (b"", whole[:12], whole[:5000], whole[:200] + b"?" * 5000, b"bukan"):
        assert not refused(extension, content)


def test_a_stream_is_unpacked_no_further_than_shows_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_UNPACKED_HERE", 4 * MIB)
    file = io.BytesIO(gzip.compress(NOISE * 8))
    archives.check_stream(archives.STREAMS[b"\x1f\x8b"])(file)
    assert file.tell() < MIB


def test_an_xz_stream_that_asks_for_much_memory_is_not_unpacked() -> None:
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 512 * MIB}]
    assert not refused(".xz", lzma.compress(b"isi", filters=filters))


def test_inner_archives_are_read_up_to_a_limit_and_refused_if_they_swell_on_the_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(archives, "MOST_NESTED_BYTES", MIB)
    padded = archive({"isi": bytes(2 * MIB)}, way=STORED)
    assert refused(".zip", archive({"dalam.zip": padded}))
    assert not refused(".zip", archive({"dalam.zip": padded}, way=STORED))


def test_inner_archives_that_can_not_be_read_pass() -> None:
    whole = archive({"dalam.zip": BOMB})
    local = b"PK\x03\x04"
    for damaged in (
        patched(whole, local, 0, b"PK??"),
        patched(whole, local, 6, struct.pack("<H", 1)),
        patched(whole, local, 8, struct.pack("<H", 12)),
        patched(whole, CENTRAL, 42, struct.pack("<I", 2**31)),
        patched(whole, local, 40, b"\xff" * 20),
    ):
        assert not refused(".zip", damaged)
