"""Runs alone in the sandbox: has mat2 or ffmpeg write a document, sound or film without its metadata.

Its argument is the extension, standard input the file, standard output a line of JSON (`removed`) and the
copy.
"""

import io
import json
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

# mat2 does not know these; ffmpeg copies their tracks of sound and film, and nothing else, into a new one.
BY_FFMPEG = {".m4a": "ipod", ".mov": "mov", ".3gp": "3gp", ".webm": "webm", ".mkv": "matroska"}
BARE = (
    "-map", "0:v?", "-map", "0:a?", "-c", "copy", "-map_metadata", "-1", "-map_metadata:s", "-1",
    "-map_chapters", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact",
)  # fmt: skip

# By the names of what the tools show, the first that fits.
KEYS = tuple(
    (code, re.compile(pattern, re.IGNORECASE))
    for code, pattern in (
        ("location", r"gps|location|coordinates|city|country"),
        ("times", r"date|time\b|created|modified|time_?stamp|tdr|year"),
        ("thumbnail", r"thumbnail|preview|picture|cover|apic"),
        (
            "author",
            r"author|artist|dc:creator|initial-creator|lastmodifiedby|company|manager|owner|tpe\d|copyright",
        ),
        (
            "software",
            r"software|encod|producer|creator|generator|application|appversion|compressorname|tsse|tenc",
        ),
        ("camera", r"^make$|model|serial|lens|camera"),
        ("comments", r"comm|description|title|subject|keywords|tit\d|lyrics"),
    )
)
NOT_METADATA = re.compile(r"bit_?rate|offset|buffersize|encoding$|size$|duration", re.IGNORECASE)

# By the names of members that are gone from an office file.
MEMBERS = tuple(
    (code, re.compile(pattern, re.IGNORECASE))
    for code, pattern in (
        ("scripts", r"vbaproject|activex|basic/|scripts/|macros"),
        ("attachments", r"embeddings/|/media/|^pictures/|objectreplacements|\.bin$"),
        ("comments", r"comments"),
        ("author", r"people"),
        ("thumbnail", r"thumbnail"),
        ("other", r"docprops|customxml|printersettings|meta"),
    )
)
# By the names that PDF gives them (ISO 32000-1, 7.5.7, 7.11.4, 12.6).
PDF_NAMES = (
    ("scripts", re.compile(rb"/(JavaScript|JS|OpenAction|AA|Launch)\b")),
    ("attachments", re.compile(rb"/(EmbeddedFiles?|Filespec)\b")),
)
# What cairo takes over unchanged from the document: a picture with all that its camera wrote into it.
PICTURE = re.compile(rb"stream\r?\n(\xff\xd8\xff.*?)\r?\nendstream\r?\nendobj", re.DOTALL)
PICTURE_HEAD = 256 * 1024
MARKER = re.compile(rb"\xff([\x02-\xcf\xd9-\xfe])")
END_OF_PICTURE = 0xD9
TELLING = {*range(0xE0, 0xF0), 0xFE}  # of applications, and comments
# Segments that say how colours are kept, and how much of them does; all else of their sort can go.
NEEDED = {0xE0: (b"JFIF\0", 14), 0xEE: (b"Adobe", 12)}
TOLD_BY = tuple(f"-{part}" for part in ("EXIF:all", "XMP:all", "IPTC:all", "Photoshop:all", "Comment"))
SHOWN = re.compile(
    r"SourceFile|Resolution|Orientation|ColorSpace|YCbCr|Components|Version|Interop|ImageWidth|ImageHeight"
)
STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
MOST_INFLATED = 64 * 1024**2


def main() -> None:
    extension = sys.argv[1]
    original = Path("in" + extension)
    with original.open("wb") as file:
        shutil.copyfileobj(sys.stdin.buffer, file)
    before = SHOWS.get(extension, _shown_by_mat2)(original)
    copy = _copy_by_ffmpeg(original) if extension in BY_FFMPEG else _copy_by_mat2(original)
    after = SHOWS.get(extension, _shown_by_mat2)(copy)
    removed = _codes(before - after) | INSIDE.get(extension, _nothing)(original, copy)
    sys.stdout.buffer.write(json.dumps({"removed": sorted(removed)}).encode() + b"\n")
    sys.stdout.flush()
    with copy.open("rb") as file:
        shutil.copyfileobj(file, sys.stdout.buffer)


def _copy_by_mat2(original: Path) -> Path:
    # For a PDF, lightweight keeps text as text; the full mode makes pictures of pages.
    light = ["--lightweight"] if original.suffix == ".pdf" else []
    _output(["mat2", *light, "--unknown-members", "omit", str(original)])
    copy = original.with_suffix(".cleaned" + original.suffix)
    if light:
        copy.write_bytes(with_bare_pictures(copy.read_bytes()))
    return copy


def _copy_by_ffmpeg(original: Path) -> Path:
    copy = original.with_stem("copy")
    kind = BY_FFMPEG[original.suffix]
    _output(["ffmpeg", "-loglevel", "quiet", "-i", str(original), *BARE, "-f", kind, str(copy)])
    return copy


def _shown_by_mat2(file: Path) -> set[str]:
    lines = _output(["mat2", "--show", str(file)]).decode("utf-8", "replace").splitlines()
    pairs = [line.strip().rpartition(": ") for line in lines if line.startswith("   ")]
    return {key for key, _colon, value in pairs if value != "-1"}  # so it shows a date that is not there


def _shown_by_exiftool(file: Path) -> set[str]:
    shown: list[dict[str, object]] = json.loads(_output(["exiftool", "-json", str(file)]))
    return {key for key, value in shown[0].items() if not str(value).startswith("0000:00:00")}


SHOWS: dict[str, Callable[[Path], set[str]]] = dict.fromkeys(BY_FFMPEG, _shown_by_exiftool)


def _codes(keys: Iterable[str]) -> set[str]:
    named = {key for key in keys if key and not NOT_METADATA.search(key)}
    return {next((code for code, name in KEYS if name.search(key)), "other") for key in named}


def _nothing(_original: Path, _copy: Path) -> set[str]:
    return set()


def _gone_from_archive(original: Path, copy: Path) -> set[str]:
    with zipfile.ZipFile(original) as before, zipfile.ZipFile(copy) as after:
        gone = set(before.namelist()) - set(after.namelist())
    return {code for name in gone if (code := next((c for c, part in MEMBERS if part.search(name)), ""))}


def _gone_from_pdf(original: Path, copy: Path) -> set[str]:
    pdfs = original.read_bytes(), copy.read_bytes()
    before, after = map(_unfolded, pdfs)
    gone = {code for code, name in PDF_NAMES if name.search(before) and not name.search(after)}
    told_before, told_after = map(_told_by_pictures, pdfs)
    return gone | _codes(told_before - told_after)


def with_bare_pictures(pdf: bytes) -> bytes:
    """Return a PDF of the same length with nothing but zeros where its pictures tell of their making.

    Raises:
        ValueError: it has pictures that are not understood here.
    """
    if b"/JPXDecode" in pdf:
        raise ValueError("JPEG 2000")
    bare = bytearray(pdf)
    for found in PICTURE.finditer(pdf):
        for start, stop in _telling(pdf, found.start(1), found.end(1)):
            bare[start:stop] = bytes(stop - start)
    return bytes(bare)


def _telling(pdf: bytes, at: int, end: int) -> Iterator[tuple[int, int]]:
    """Give the spans of a JPEG that a page does not need, and what lies behind its end (ITU T.81)."""
    while found := MARKER.search(pdf, at, end):
        code, at = found[1][0], found.end()
        if code == END_OF_PICTURE:
            yield at, end
            return
        stop = min(at + max(int.from_bytes(pdf[at : at + 2]), 2), end)
        if code in TELLING:
            name, kept = NEEDED.get(code, (b"", 0))
            start = at + 2 + (kept if name and pdf.startswith(name, at + 2) else 0)
            yield min(start, stop), stop
        at = stop


def _told_by_pictures(pdf: bytes) -> set[str]:
    """Return the names of what the pictures in a PDF tell beside what they show."""
    folder = Path(tempfile.mkdtemp())
    for number, found in enumerate(PICTURE.finditer(pdf)):
        (folder / f"{number}.jpg").write_bytes(found[1][:PICTURE_HEAD])
    # It ends badly for one file that it does not understand, and still tells of the others.
    done = subprocess.run(["exiftool", "-json", *TOLD_BY, folder], stdout=subprocess.PIPE, check=False)  # noqa: S603, S607
    shutil.rmtree(folder)
    shown: list[dict[str, object]] = json.loads(done.stdout or b"[]")
    return {key for one in shown for key, value in one.items() if value and not SHOWN.search(key)}


def _unfolded(pdf: bytes) -> bytes:
    """Return the bytes of a PDF with its compressed object streams, and names without their escapes."""
    parts, left = io.BytesIO(), MOST_INFLATED
    for found in STREAM.finditer(pdf):
        inflated = _inflated(found[1], left)
        # Pages and pictures are compressed in the same way, but what stands in them does nothing.
        if b"/" in inflated:
            left -= parts.write(inflated + b"\n")
    return ESCAPED.sub(lambda code: bytes([int(code[1], 16)]), STREAM.sub(b" ", pdf) + parts.getvalue())


def _inflated(data: bytes, most: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, most) if most > 0 else b""
    except zlib.error:
        return b""


INSIDE: dict[str, Callable[[Path, Path], set[str]]] = {
    ".pdf": _gone_from_pdf,
    **dict.fromkeys((".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp"), _gone_from_archive),
}


def _output(words: list[str]) -> bytes:
    done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True)  # noqa: S603
    return done.stdout


if __name__ == "__main__":
    main()
