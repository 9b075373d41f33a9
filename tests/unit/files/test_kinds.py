"""What a file is, told by its content, whatever it is called."""

import io
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from sipuma.files import kinds
from sipuma.files.kinds import KINDS, UNKNOWN, Kind, kind_by_mime, kind_of, lies

ELF = Path(sys.executable).resolve().read_bytes()[:4096]
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def picture(form: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, form)
    return file.getvalue()


def archive(*names: str, first: bytes = b"") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name in names:
            made.writestr(name, first or "isi")
    return file.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "BMP"])
def test_pictures_are_known_shown_and_recoded(form: str) -> None:
    kind = kind_of(picture(form), "dokumen.txt")
    assert (kind.mime, kind.view, kind.clean) == (f"image/{form.lower()}", "picture", "recode")


def test_a_pdf_is_shown_as_such() -> None:
    assert kind_of(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n").view == "pdf"


def test_text_is_text_whatever_libmagic_calls_it() -> None:
    for text in (b"Kepada Yth.\n", b"nama,jumlah\nA,1\nB,2\nC,3\n", b'{"a": [1, 2]}', b"#!/bin/sh\necho 1\n"):
        assert kind_of(text).mime == "text/plain"


@pytest.mark.parametrize("active", [HTML, SVG, b'<?xml version="1.0"?><a/>', b"<?php phpinfo();"])
def test_active_types_are_never_shown_and_never_served_as_such(active: bytes) -> None:
    kind = kind_of(active, "halaman.jpg")
    assert (kind.mime, kind.view, kind.clean) == ("application/octet-stream", "", "")


def test_no_kind_is_served_as_an_active_type() -> None:
    active = ("html", "svg", "xml", "javascript", "xhtml")
    assert [kind for kind in KINDS if kind.view and any(word in kind.mime for word in active)] == []


@pytest.mark.parametrize(
    ("names", "name", "extension"),
    [
        (("[Content_Types].xml", "word/document.xml"), "", ".docx"),
        (("[Content_Types].xml", "xl/workbook.xml"), "laporan.docx", ".xlsx"),
        (("a.txt", "[Content_Types].xml", "ppt/presentation.xml"), "", ".pptx"),
        (("[Content_Types].xml",), "laporan.docx", ".docx"),
        (("[Content_Types].xml",), "laporan.jpg", ".zip"),
        (("a.txt",), "laporan.docx", ".zip"),
    ],
)
def test_an_office_file_needs_the_content_of_one(names: tuple[str, ...], name: str, extension: str) -> None:
    assert kind_of(archive(*names), name).extension == extension


def test_an_open_document_is_known_by_its_first_member() -> None:
    content = archive("mimetype", first=b"application/vnd.oasis.opendocument.text")
    assert kind_of(content, "surat.odt").extension == ".odt"


@pytest.mark.parametrize("name", ["buku.doc", "buku.xls", "buku.ppt"])
def test_an_old_office_file_is_told_by_its_name(name: str) -> None:
    content = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(2048)
    assert kind_of(content, name).extension == name[-4:]


@pytest.mark.parametrize("content", [ELF, HTML, archive("a.txt"), b"Hanya tulisan.\n"])
def test_a_picture_by_name_alone_lies(content: bytes) -> None:
    assert lies("foto.JPG", kind_of(content, "foto.JPG"))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("foto.jpeg", picture("PNG")),
        ("foto", picture("PNG")),
        ("foto.apa", picture("PNG")),
        ("catatan.csv", b"Kepada Yth.\n"),
        ("rusak.jpg", b"\x01\x02\x03\xff" * 50),
        ("program.exe", ELF),
        ("halaman.html", HTML),
        ("kosong.jpg", b""),
    ],
)
def test_a_name_of_the_same_family_or_without_claim_does_not_lie(name: str, content: bytes) -> None:
    assert not lies(name, kind_of(content, name))


def test_a_spreadsheet_is_no_word_document() -> None:
    assert lies("surat.docx", kind_of(archive("[Content_Types].xml", "xl/workbook.xml"), "surat.docx"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_found_again_by_its_stored_type(kind: Kind) -> None:
    assert kind_by_mime(kind.mime) == (kind if kind.mime != kinds.ANY else UNKNOWN)


def test_an_unheard_type_is_unknown() -> None:
    assert kind_by_mime("text/html") is UNKNOWN


@pytest.fixture
def no_libmagic(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(sys.modules, "magic", None)
    kinds._magic.cache_clear()
    yield
    kinds._magic.cache_clear()


@pytest.mark.usefixtures("no_libmagic")
def test_without_libmagic_every_file_is_of_unknown_kind_and_no_name_lies() -> None:
    kind = kind_of(picture("PNG"), "foto.pdf")
    assert kind is UNKNOWN
    assert not lies("foto.pdf", kind)
