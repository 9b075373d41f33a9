"""Reads the papers back: their pages, what they say, and the marks of an accessible PDF."""

import ctypes
import re
import zlib
from dataclasses import dataclass

import pypdfium2
from pypdfium2 import raw


@dataclass(frozen=True)
class Read:
    """A PDF as a reader has it; `squeezed` is its text without any space, so that lines do not matter.

    `universal` is the part of PDF/UA that its metadata promises, `archived` part and level of PDF/A.
    """

    pages: int
    text: str
    title: str
    language: str
    tagged: bool
    universal: str
    archived: str
    widths: tuple[int, ...]

    @property
    def squeezed(self) -> str:
        return "".join(self.text.split())

    def says(self, text: str) -> bool:
        return "".join(text.split()) in self.squeezed


def read(pdf: bytes) -> Read:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return Read(
            pages=len(document),
            text="\n".join(_text(page) for page in document),
            title=document.get_metadata_value("Title"),
            language=_language(document),
            universal=_promised(pdf, rb"pdfuaid:part"),
            archived=_promised(pdf, rb"pdfaid:part") + _promised(pdf, rb"pdfaid:conformance"),
            tagged=bool(raw.FPDFCatalog_IsTagged(document)),
            widths=tuple(round(page.get_width() / 72 * 25.4) for page in document),
        )
    finally:
        document.close()


def _text(page: pypdfium2.PdfPage) -> str:
    text_page = page.get_textpage()
    try:
        return str(text_page.get_text_range())
    finally:
        text_page.close()
        page.close()


def _language(document: pypdfium2.PdfDocument) -> str:
    length = raw.FPDFCatalog_GetLanguage(document, None, 0)
    buffer = ctypes.create_string_buffer(length)
    raw.FPDFCatalog_GetLanguage(document, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), length)
    return buffer.raw.decode("utf-16-le").rstrip("\0")


def _promised(pdf: bytes, name: bytes) -> str:
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            plain = zlib.decompress(stream)
        except zlib.error:
            plain = stream
        if found := re.search(name + rb"(?:>|=[\"'])(\w)", plain):
            return found.group(1).decode()
    return ""
