"""Encrypted archives: others open them with the password, and nothing opens them without it."""

import io
import zipfile
from datetime import datetime

import pytest
import pyzipper
from hypothesis import given
from hypothesis import strategies as st

from sipuma import vault

AT = datetime(2026, 12, 1, 17, 30, 58)  # noqa: DTZ001  # a ZIP knows no zone
FILES = {"berkas.pdf": b"%PDF " * 5000, "kosong.json": b"", "aduan–2.txt": b"\x00\xffaduan"}


def opened(archive: bytes, password: str) -> dict[str, bytes]:
    """Return what an archive holds, read by an implementation that is not ours."""
    with pyzipper.AESZipFile(io.BytesIO(archive)) as reader:
        reader.setpassword(password.encode())
        return {name: reader.read(name) for name in reader.namelist()}


def test_an_archive_opens_elsewhere_with_the_password_as_it_is_shown() -> None:
    password = vault.ZipPassword.draw()
    archive = vault.encrypted_zip(FILES, password, at=AT)
    assert opened(archive, password.grouped) == FILES
    with zipfile.ZipFile(io.BytesIO(archive)) as listed:
        infos = listed.infolist()
    assert [one.date_time for one in infos] == [(2026, 12, 1, 17, 30, 58)] * 3
    assert [one.CRC for one in infos] == [0, 0, 0]  # AE-2: no checksum of what is inside


def test_nothing_of_the_content_stands_in_the_archive() -> None:
    archive = vault.encrypted_zip({"a.txt": b"rahasia sekali"}, vault.ZipPassword.draw(), at=AT)
    assert b"rahasia" not in archive


def test_another_password_opens_nothing() -> None:
    archive = vault.encrypted_zip(FILES, vault.ZipPassword.draw(), at=AT)
    with pytest.raises(RuntimeError, match="Bad password"):
        opened(archive, vault.ZipPassword.draw().grouped)


@given(st.integers(min_value=0))
def test_a_changed_byte_is_noticed(where: int) -> None:
    password = vault.ZipPassword.draw()
    archive = bytearray(vault.encrypted_zip({"a": b"isi yang panjang sekali"}, password, at=AT))
    start = 30 + 1 + 11 + 18  # header, name, extra field, salt and verifier
    end = archive.index(b"PK\x01\x02")
    archive[start + where % (end - start)] ^= 1
    with pytest.raises(Exception, match=r"HMAC|integrity|Error|decompress|Bad"):
        opened(bytes(archive), password.grouped)


def test_the_same_files_twice_give_two_different_archives() -> None:
    password = vault.ZipPassword.draw()
    assert vault.encrypted_zip(FILES, password, at=AT) != vault.encrypted_zip(FILES, password, at=AT)


def test_a_password_has_115_random_bits_in_six_groups_and_shows_itself_nowhere() -> None:
    password = vault.ZipPassword.draw()
    assert [len(group) for group in password.groups] == [4] * 6
    assert password.text not in repr(password)
    assert vault.ZipPassword.parse(password.grouped.lower()) == password


@given(st.dictionaries(st.text("abc", min_size=1, max_size=5), st.binary(max_size=200), max_size=4))
def test_any_files_come_out_as_they_went_in(files: dict[str, bytes]) -> None:
    password = vault.ZipPassword.draw()
    assert opened(vault.encrypted_zip(files, password, at=AT), password.grouped) == files
