"""What kind a file is, told by its content, and whether its name says something else."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePath
from typing import Literal, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

View = Literal["picture", "pdf", "audio", "video", "text", ""]
Way = Literal["recode", "mat2", ""]

HEAD_BYTES = 64 * 1024
ANY = "application/octet-stream"


@dataclass(frozen=True)
class Kind:
    """`mime` is safe to serve: never an active type. `extension` has its dot, or is empty.

    `view`: how a browser may show it, if at all; `clean`: how a copy without metadata is made.
    """

    mime: str
    label: str | Promise
    view: View
    extension: str
    clean: Way


OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN = "application/vnd.oasis.opendocument."

UNKNOWN = Kind(ANY, pgettext_lazy("kind of file", "Unknown"), "", "", "")
PICTURE, SOUND, VIDEO = _("Picture"), _("Sound"), _("Video")
WORD, SHEET, SLIDES = _("Word document"), _("Spreadsheet"), _("Presentation")
ARCHIVE, WEB, PROGRAM = _("Archive"), _("Web page"), pgettext_lazy("kind of file", "Program")

# fmt: off
KINDS: tuple[Kind, ...] = (
    Kind("image/jpeg",            PICTURE, "picture", ".jpg",  "recode"),
    Kind("image/png",             PICTURE, "picture", ".png",  "recode"),
    Kind("image/webp",            PICTURE, "picture", ".webp", "recode"),
    Kind("image/gif",             PICTURE, "picture", ".gif",  "recode"),
    Kind("image/bmp",             PICTURE, "picture", ".bmp",  "recode"),
    Kind("image/tiff",            PICTURE, "",        ".tiff", "recode"),
    Kind("image/heic",            PICTURE, "",        ".heic", "mat2"),
    Kind("image/avif",            PICTURE, "picture", ".avif", ""),
    Kind("application/pdf", _("PDF document"), "pdf", ".pdf",  "mat2"),
    Kind(OFFICE + "wordprocessingml.document",   WORD,   "", ".docx", "mat2"),
    Kind(OFFICE + "spreadsheetml.sheet",         SHEET,  "", ".xlsx", "mat2"),
    Kind(OFFICE + "presentationml.presentation", SLIDES, "", ".pptx", "mat2"),
    Kind("application/msword",                   WORD,   "", ".doc",  ""),
    Kind("application/vnd.ms-excel",             SHEET,  "", ".xls",  ""),
    Kind("application/vnd.ms-powerpoint",        SLIDES, "", ".ppt",  ""),
    Kind("application/rtf",                      WORD,   "", ".rtf",  ""),
    Kind(OPEN + "text",                          WORD,   "", ".odt",  "mat2"),
    Kind(OPEN + "spreadsheet",                   SHEET,  "", ".ods",  "mat2"),
    Kind(OPEN + "presentation",                  SLIDES, "", ".odp",  "mat2"),
    Kind("audio/mpeg",            SOUND,   "audio",   ".mp3",  "mat2"),
    Kind("audio/ogg",             SOUND,   "audio",   ".ogg",  "mat2"),
    Kind("audio/flac",            SOUND,   "audio",   ".flac", "mat2"),
    Kind("audio/x-wav",           SOUND,   "audio",   ".wav",  "mat2"),
    Kind("audio/mp4",             SOUND,   "audio",   ".m4a",  "mat2"),
    Kind("audio/aac",             SOUND,   "audio",   ".aac",  ""),
    Kind("audio/amr",             SOUND,   "",        ".amr",  ""),
    Kind("video/mp4",             VIDEO,   "video",   ".mp4",  "mat2"),
    Kind("video/quicktime",       VIDEO,   "video",   ".mov",  "mat2"),
    Kind("video/3gpp",            VIDEO,   "video",   ".3gp",  "mat2"),
    Kind("video/webm",            VIDEO,   "video",   ".webm", "mat2"),
    Kind("video/x-matroska",      VIDEO,   "",        ".mkv",  "mat2"),
    Kind("video/x-msvideo",       VIDEO,   "",        ".avi",  "mat2"),
    Kind("video/mpeg",            VIDEO,   "",        ".mpg",  ""),
    Kind("text/plain",            _("Text"), "text",  ".txt",  ""),
    Kind("application/zip",       ARCHIVE, "",        ".zip",  ""),
    Kind("application/x-rar",     ARCHIVE, "",        ".rar",  ""),
    Kind("application/x-7z-compressed", ARCHIVE, "",  ".7z",   ""),
    Kind("application/gzip",      ARCHIVE, "",        ".gz",   ""),
    Kind("application/x-bzip2",   ARCHIVE, "",        ".bz2",  ""),
    Kind("application/x-xz",      ARCHIVE, "",        ".xz",   ""),
    Kind("application/x-tar",     ARCHIVE, "",        ".tar",  ""),
    Kind(ANY,                     WEB,     "",        ".html", ""),
    Kind(ANY,                     PROGRAM, "",        ".bin",  ""),
)

# What libmagic says, where it is not the type of the table.
SAID = {
    "image/x-ms-bmp": ".bmp", "image/heif": ".heic",
    "text/rtf": ".rtf", "application/CDFV2": ".doc", "application/x-ole-storage": ".doc",
    "audio/wav": ".wav", "audio/x-m4a": ".m4a", "audio/x-flac": ".flac", "audio/x-hx-aac-adts": ".aac",
    "audio/AMR": ".amr", "application/ogg": ".ogg", "video/ogg": ".ogg", "video/x-m4v": ".mp4",
    "video/3gpp2": ".3gp", "video/vnd.avi": ".avi",
    "application/x-zip-compressed": ".zip", "application/java-archive": ".zip",
    "application/epub+zip": ".zip",
    "application/vnd.android.package-archive": ".zip", "application/vnd.rar": ".rar",
    "application/x-gzip": ".gz",
    "application/json": ".txt", "application/x-ndjson": ".txt", "message/rfc822": ".txt",
    "application/csv": ".txt",
    "text/html": ".html", "image/svg+xml": ".html", "image/svg": ".html", "text/xml": ".html",
    "application/xml": ".html", "application/xhtml+xml": ".html", "application/javascript": ".html",
    "text/javascript": ".html", "text/x-php": ".html",
    "application/x-executable": ".bin", "application/x-pie-executable": ".bin",
    "application/x-sharedlib": ".bin", "application/x-object": ".bin", "application/x-dosexec": ".bin",
    "application/vnd.microsoft.portable-executable": ".bin", "application/x-mach-binary": ".bin",
    "application/x-msi": ".bin",
}

# Extensions that claim the same as one of the table's.
SAME = {
    ".jpeg": ".jpg", ".jpe": ".jpg", ".jfif": ".jpg", ".tif": ".tiff", ".heif": ".heic",
    ".oga": ".ogg", ".opus": ".ogg", ".ogv": ".ogg", ".m4v": ".mp4", ".mpeg": ".mpg", ".qt": ".mov",
    ".csv": ".txt", ".log": ".txt", ".md": ".txt", ".eml": ".txt", ".json": ".txt", ".ini": ".txt",
    ".htm": ".html", ".svg": ".html", ".xml": ".html", ".js": ".html", ".xhtml": ".html", ".php": ".html",
    ".exe": ".bin", ".dll": ".bin", ".so": ".bin", ".msi": ".bin", ".scr": ".bin", ".com": ".bin",
    ".docm": ".docx", ".xlsm": ".xlsx", ".pptm": ".pptx", ".jar": ".zip", ".apk": ".zip", ".epub": ".zip",
    ".tgz": ".gz",
}
# fmt: on

BY_EXTENSION = {kind.extension: kind for kind in KINDS}
BY_MIME = {kind.mime: kind for kind in KINDS if kind.mime != ANY}
# Sound and film share containers, so that only the tracks inside tell them apart.
FAMILIES = {
    "image": (".jpg", ".png", ".webp", ".gif", ".bmp", ".tiff", ".heic", ".avif"),
    "media": tuple(kind.extension for kind in KINDS if kind.mime.startswith(("audio/", "video/"))),
    "word": (".docx", ".doc", ".rtf", ".odt"),
    "sheet": (".xlsx", ".xls", ".ods"),
    "slides": (".pptx", ".ppt", ".odp"),
    "archive": (".zip", ".rar", ".7z", ".gz", ".bz2", ".xz", ".tar"),
}
FAMILY = {extension: family for family, extensions in FAMILIES.items() for extension in extensions}

# The header of a zip's member: the length of its name, and the name behind it.
MEMBER = re.compile(rb"PK\x03\x04.{22}(..)..", re.DOTALL)
CONTENT_TYPES = b"[Content_Types].xml"
OFFICE_FOLDERS = {b"word/": ".docx", b"xl/": ".xlsx", b"ppt/": ".pptx"}


def kind_of(head: bytes, name: str = "") -> Kind:
    """Say what kind a file is by its first bytes; `name` only tells one office file from another.

    Unknown when libmagic is not on this machine.
    """
    said = _said(head[:HEAD_BYTES])
    if said == "application/zip":
        return _kind_of_zip(head[:HEAD_BYTES], name)
    if said in {"application/CDFV2", "application/x-ole-storage"}:  # old office files look the same
        claimed = _claimed(name)
        return claimed if claimed and claimed.extension in {".xls", ".ppt"} else BY_EXTENSION[".doc"]
    if said in SAID:
        return BY_EXTENSION[SAID[said]]
    return BY_MIME.get(said) or (BY_MIME["text/plain"] if said.startswith("text/") else UNKNOWN)


def kind_by_mime(mime: str) -> Kind:
    """Return the kind that a stored type stands for, or the unknown one."""
    return BY_MIME.get(mime, UNKNOWN)


def lies(name: str, kind: Kind) -> bool:
    """Say whether the name's extension claims another family than the content; unknown content can't tell."""
    claimed = _claimed(name)
    return claimed is not None and kind is not UNKNOWN and not same_family(claimed, kind)


def same_family(one: Kind, other: Kind) -> bool:
    """Say whether two kinds pass for the same thing: pictures, sound and film, texts, and so on."""
    one_family, other_family = (FAMILY.get(kind.extension, kind.extension) for kind in (one, other))
    return one_family == other_family


def _claimed(name: str) -> Kind | None:
    extension = PurePath(name).suffix.lower()
    return BY_EXTENSION.get(SAME.get(extension, extension)) if extension else None


def _kind_of_zip(head: bytes, name: str) -> Kind:
    members = list(_members(head))
    if CONTENT_TYPES not in members:
        return BY_EXTENSION[".zip"]
    for folder, extension in OFFICE_FOLDERS.items():
        if any(member.startswith(folder) for member in members):
            return BY_EXTENSION[extension]
    claimed = _claimed(name)
    is_office = claimed is not None and claimed.extension in OFFICE_FOLDERS.values()
    return claimed if claimed and is_office else BY_EXTENSION[".zip"]


def _members(head: bytes) -> Iterator[bytes]:
    for found in MEMBER.finditer(head):
        yield head[found.end() : found.end() + int.from_bytes(found[1], "little")]


class Magic(Protocol):
    """The part of libmagic that is used here."""

    def from_buffer(self, head: bytes, /) -> str: ...


@lru_cache(maxsize=1)
def _magic() -> Magic | None:
    try:
        import magic  # noqa: PLC0415  # fails where libmagic is missing, and SIPUMA still starts
    except ImportError:
        return None
    found: Magic = magic.Magic(mime=True)
    return found


def _said(head: bytes) -> str:
    magic = _magic()
    return magic.from_buffer(head) if magic and head else ""
