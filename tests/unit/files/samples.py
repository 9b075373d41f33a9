"""Files that tell about their author, and what cleaning makes of them."""

import io
import subprocess
import zipfile
from collections.abc import Mapping
from pathlib import Path

from PIL import Image, ImageDraw

from sipuma.files.cleaning import Cleaned, clean
from sipuma.files.kinds import kind_of

GPS, EXIF = 0x8825, 0x8769


def cleaned(content: bytes, name: str = "") -> Cleaned | None:
    return clean(kind_of(content, name), io.BytesIO(content), size=len(content))


def copy_of(content: bytes, name: str = "") -> tuple[bytes, tuple[str, ...]]:
    found = cleaned(content, name)
    assert found is not None
    with found:
        copy = found.file.read()
        assert len(copy) == found.size
        return copy, found.removed


def half_red(size: tuple[int, int] = (64, 32)) -> Image.Image:
    """Draw a blue picture whose left half is red."""
    picture = Image.new("RGB", size, "blue")
    ImageDraw.Draw(picture).rectangle((0, 0, size[0] // 2 - 1, size[1]), "red")
    return picture


def telling_exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it to the right
    exif[0x010F], exif[0x0110] = "Merek", "Telepon 3"
    exif[0x013B], exif[0x0131] = "Penulis", "Kamera 1.0"
    exif[0x0132] = "2026:11:02 08:00:00"
    exif.get_ifd(GPS).update({1: "N", 2: (5.0, 53.0, 30.0), 3: "E", 4: (95.0, 19.0, 0.0)})
    exif.get_ifd(EXIF)[0xA431] = "SERI-12345"
    return exif


def jpeg() -> bytes:
    file = io.BytesIO()
    half_red().save(file, "JPEG", exif=telling_exif(), comment=b"Gudang", quality=95)
    return file.getvalue()


def png() -> bytes:
    file = io.BytesIO()
    half_red().save(file, "PNG", exif=telling_exif())
    return file.getvalue()


def pdf() -> bytes:
    """Write a page of text by hand, with an author and a script that runs on opening."""
    text = b"BT /F1 24 Tf 20 100 Td (Isi laporan) Tj ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /J#61vaScript /JS (app.alert\\(1\\)) >> >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R /Resources 7 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Author (Penulis Rahasia) /Producer (Mesin) /CreationDate (D:20261102080000) >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Font << /F1 6 0 R >> >>",
    ]
    return _written(objects, b"/Info 5 0 R")


def pdf_with(picture: bytes, *, size: tuple[int, int] = (64, 32)) -> bytes:
    """Write a page by hand that shows a JPEG as it is."""
    drawn = b"q 200 0 0 100 20 20 cm /I Do Q"
    shape = b"/Width %d /Height %d /ColorSpace /DeviceRGB /BitsPerComponent 8" % size
    head = b"/Type /XObject /Subtype /Image %s /Filter /DCTDecode /Length %d" % (shape, len(picture))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        b"<< %s >>\nstream\n%s\nendstream" % (head, picture),
        b"<< /XObject << /I 5 0 R >> >>",
    ]
    return _written(objects)


def _written(objects: list[bytes], more: bytes = b"") -> bytes:
    made, places = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer\n<< /Size %d /Root 1 0 R %s >>\n" % (len(objects) + 1, more)
    return bytes(made + b"startxref\n%d\n%%%%EOF\n" % table)


WORD = {
    "[Content_Types].xml": '<?xml version="1.0"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
    '<Override PartName="/docProps/core.xml"'
    ' ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>',
    "_rels/.rels": '<?xml version="1.0"?><Relationships'
    ' xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>',
    "word/document.xml": '<?xml version="1.0"?><w:document'
    ' xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    "<w:body><w:p><w:r><w:t>Isi surat</w:t></w:r></w:p></w:body></w:document>",
    "docProps/core.xml": '<?xml version="1.0"?><cp:coreProperties'
    ' xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>Penulis Rahasia</dc:creator>'
    "</cp:coreProperties>",
    "word/vbaProject.bin": "Sub AutoOpen()",
    "word/embeddings/oleObject1.bin": "apa saja",
}


# A letter of the other family, and a picture in each.
TEXT = {
    "mimetype": "application/vnd.oasis.opendocument.text",
    "content.xml": '<?xml version="1.0"?><office:document-content office:version="1.2"'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text>'
    "<text:p>Isi surat</text:p></office:text></office:body></office:document-content>",
    "meta.xml": '<?xml version="1.0"?><office:document-meta office:version="1.2"'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"><office:meta><dc:creator>Penulis</dc:creator>'
    "</office:meta></office:document-meta>",
    "META-INF/manifest.xml": '<?xml version="1.0"?><manifest:manifest manifest:version="1.2"'
    ' xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry'
    ' manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/>'
    "</manifest:manifest>",
}


def archive(members: Mapping[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name, content in members.items():
            made.writestr(name, content)
    return file.getvalue()


def film(folder: Path, name: str, *options: str) -> bytes:
    """Have ffmpeg make a short film or sound with an author, a place and a phone."""
    path, told = folder / name, ("artist=Penulis", "location=+05.8900+095.3200/", "make=Merek")
    telling = [word for pair in told for word in ("-metadata", pair)]
    words = ["ffmpeg", "-loglevel", "error", "-f", "lavfi", *options, *telling, str(path)]
    subprocess.run(words, check=True)
    return path.read_bytes()
