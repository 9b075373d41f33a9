"""Encrypted files in a folder: written beside, made durable, then renamed into place."""

import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from io import BufferedReader, FileIO
from pathlib import Path
from stat import S_IMODE
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import SplitResult, unquote

from sipuma.files.store import NAME, Incoming, Stored, Unavailable, checked

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

READ_AHEAD = 2**17
FAN = re.compile(r"[0-9a-f]{2}")
# What folders and files take over from the root, which an operator may open to a group (0o2770).
FOLDER_BITS, FILE_BITS = 0o2770, 0o660


def from_url(parts: SplitResult) -> "Folder":
    """Read `file:///folder`, and make the folder.

    Raises:
        Unavailable: it is no absolute path, or can't be made.
    """
    if parts.netloc or not parts.path.startswith("/"):
        raise Unavailable("SIPUMA_STORAGE_URL: a folder is given as file:///absolute/path")
    return Folder(Path(unquote(parts.path)))


class Folder:
    """Objects lie in `ab/cd/<name>`; what is being written, in `incoming/<name>.<random>.part`."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._incoming = root / "incoming"
        with _told():
            _make(root, 0o700)

    def create(self, name: str) -> Incoming:
        target = self._path(name)
        with _told():
            _make(self._incoming, self._mode())
            part = self._incoming / f"{name}.{secrets.token_hex(8)}.part"
            return _Part(self, part, target, mode=self._mode() & FILE_BITS)

    def open(self, name: str) -> BinaryIO:
        path = self._path(name)
        with _told():
            with suppress(FileNotFoundError):
                return BufferedReader(_File(path), READ_AHEAD)
            self._root.stat()  # a storage that is gone must not be told as a missing file
        raise FileNotFoundError(name)

    def delete(self, name: str) -> None:
        path = self._path(name)
        with _told(), suppress(FileNotFoundError):
            path.unlink()
            _sync(path.parent)

    def names(self) -> Iterator[Stored]:
        with _told():
            for entry in _below(self._root, 2):
                if NAME.fullmatch(entry.name):
                    with suppress(FileNotFoundError):
                        found = entry.stat()
                        yield Stored(entry.name, found.st_size, datetime.fromtimestamp(found.st_mtime, UTC))

    def sweep_unfinished(self, *, older_than: datetime) -> int:
        removed = 0
        with _told():
            _make(self._incoming, self._mode())
            for part in _below(self._incoming, 0):
                with suppress(FileNotFoundError):
                    if part.stat().st_mtime < older_than.timestamp():
                        Path(part.path).unlink()
                        removed += 1
        return removed

    def free_bytes(self) -> int | None:
        with _told():
            return shutil.disk_usage(self._root).free

    def settle(self, part: Path, target: Path) -> None:
        """Give a finished part its name, so that it survives a power cut.

        Raises:
            OSError: as the operating system says.
        """
        _make(target.parent.parent, self._mode())
        _make(target.parent, self._mode())
        part.replace(target)
        # A folder made by another thread a moment ago may not be durable yet: all levels, always.
        for folder in (target.parent, target.parent.parent, self._root):
            _sync(folder)

    def _path(self, name: str) -> Path:
        return self._root / checked(name)[:2] / name[2:4] / name

    def _mode(self) -> int:
        return S_IMODE(self._root.stat().st_mode) & FOLDER_BITS


class _Part:
    """A file in `incoming`. It has no buffer: what was written counts as touched when sweeping."""

    def __init__(self, folder: Folder, path: Path, target: Path, *, mode: int) -> None:
        self._folder, self._path, self._target = folder, path, target
        self._file = FileIO(path, "xb", opener=_opener(mode))

    def write(self, data: bytes) -> None:
        left = memoryview(data)
        with _told():
            while left:
                left = left[self._file.write(left) :]

    def commit(self) -> None:
        with _told():
            os.fsync(self._file.fileno())
            self._file.close()
            self._folder.settle(self._path, self._target)

    def abort(self) -> None:
        with suppress(OSError):
            self._file.close()
        with suppress(OSError):
            self._path.unlink()  # after a commit it is not there any more


class _File(FileIO):
    """A file whose broken disk is told as `Unavailable`."""

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        with _told():
            return super().readinto(buffer)

    def readall(self) -> bytes:
        with _told():
            return super().readall()


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unavailable(f"the storage can't be used: {error.strerror}") from error


def _opener(mode: int) -> Callable[[str, int], int]:
    def opened(path: str, flags: int) -> int:
        file = os.open(path, flags, mode)
        os.fchmod(file, mode)  # whatever the umask
        return file

    return opened


def _make(folder: Path, mode: int) -> None:
    """Make a folder, whatever the umask; its parents are not ours and get the usual mode."""
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            folder.mkdir(mode=mode)
            folder.chmod(mode)
            _sync(folder.parent)


def _below(folder: Path, levels: int) -> Iterator[os.DirEntry[str]]:
    """What lies so many levels of the fan-out deeper; unlike `glob`, it fails on a folder it may not read."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if not levels:
                yield entry
            elif FAN.fullmatch(entry.name):
                yield from _below(Path(entry.path), levels - 1)


def _sync(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
