"""Makes a copy of a file without what it tells about whoever made it, and says what was taken away."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import BinaryIO, Self

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sipuma.files import sandbox
from sipuma.files.kinds import ANY, HEAD_BYTES, Kind, kind_of, same_family

MOST_BYTES = 100 * 1024**2

REMOVED_LABELS: dict[str, str | Promise] = {
    "location": _("the place where it was made"),
    "camera": _("camera or phone"),
    "times": _("dates and times"),
    "author": _("names of the author and others"),
    "software": _("programs it was made with"),
    "thumbnail": _("small preview pictures"),
    "comments": _("titles, comments and descriptions"),
    "scripts": _("scripts and actions"),
    "attachments": _("embedded files"),
    "other": _("other hidden details"),
}


@dataclass(frozen=True)
class Cleaned:
    """The copy, in memory, at its beginning; `size` in bytes, `removed` as keys of `REMOVED_LABELS`."""

    file: BinaryIO = field(repr=False)
    size: int
    mime: str
    removed: tuple[str, ...]

    def close(self) -> None:
        self.file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


# By `Kind.clean`: the script that does it, and its arguments.
SCRIPTS: dict[str, tuple[str, Callable[[Kind], tuple[str, ...]]]] = {
    "recode": ("recoding.py", lambda _kind: ()),
    "mat2": ("stripping.py", lambda kind: (kind.extension,)),
}


def clean(kind: Kind, file: BinaryIO, *, size: int) -> Cleaned | None:
    """Make the copy from all of `file`, `size` bytes long.

    None when that can't be done: this kind has no way, over 100 MiB, damaged, hostile, or tools are missing.
    """
    if not kind.clean or not 0 < size <= MOST_BYTES:
        return None
    script, arguments = SCRIPTS[kind.clean]
    file.seek(0)
    try:
        result = sandbox.run(script, *arguments(kind), content=file, size=size)
    except (sandbox.Failed, OSError):
        return None
    return _checked(result, kind)


def _checked(result: sandbox.Result, kind: Kind) -> Cleaned | None:
    """Take the copy only if it is what it has to be: a hostile file could have taken the tool over."""
    found = kind_of(result.file.read(HEAD_BYTES), "copy" + kind.extension)
    result.file.seek(0)
    if found.mime == ANY or not same_family(found, kind):
        result.file.close()
        return None
    told = result.header.get("removed")
    removed = tuple(code for code in REMOVED_LABELS if isinstance(told, list) and code in told)
    return Cleaned(result.file, result.size, kind.mime, removed)


# What each program is for stands in the guide; by Debian's names of the packages.
PROGRAMS = {
    "prlimit": "util-linux",
    "bwrap": "bubblewrap",
    "mat2": "mat2",
    "ffmpeg": "ffmpeg",
    "exiftool": "libimage-exiftool-perl",
}


def tools_missing() -> list[str]:
    """Return the packages without which not everything is cleaned here, and what else is in the way."""
    missing = [package for program, package in PROGRAMS.items() if shutil.which(program) is None]
    if kind_of(b"%PDF-1.7\n").mime == ANY:
        missing.append("libmagic1")
    if "bubblewrap" not in missing and not sandbox.works():
        missing.append("bubblewrap (not allowed to make a sandbox here)")
    return missing
