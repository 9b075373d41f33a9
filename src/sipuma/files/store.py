"""Where encrypted files lie: a folder, or a bucket that speaks S3; chosen by `SIPUMA_STORAGE_URL`.

What comes in is ciphertext already. A name is 32 hexadecimal digits, with `.N` for a segment. An object
appears under its name whole or not at all, and is not changed afterwards; of two writers of one name
the one that commits last wins.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import BinaryIO, Protocol
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.module_loading import import_string

NAME = re.compile(r"[0-9a-f]{32}(\.[0-9]+)?")
# Loaded when chosen: S3's library takes a third of a second and 20 MB that a folder does not need.
BUILDERS = {"file": "sipuma.files.folder.from_url", "s3": "sipuma.files.s3.from_url"}


class Unavailable(Exception):
    """The storage can't be reached, refuses, or is full; the text names no path and no credential."""


@dataclass(frozen=True)
class Stored:
    """One object that is there: its size in bytes, and when it was committed (aware)."""

    name: str
    size: int
    modified: datetime


class Incoming(Protocol):
    """One object being written, by one thread; nobody sees it before `commit`."""

    def write(self, data: bytes) -> None:
        """Add to the end.

        Raises:
            Unavailable: then only `abort` is left.
            ValueError: it was committed or aborted before.
        """

    def commit(self) -> None:
        """Make it durable and visible, whole.

        Raises:
            Unavailable: it is not certain to be there; when the network broke at the last moment it may be.
            ValueError: it was committed or aborted before.
        """

    def abort(self) -> None:
        """Drop what was written; does nothing a second time or after `commit`, and never raises.

        What an unreachable storage keeps of it is left to `Store.sweep_unfinished`.
        """


class Store(Protocol):
    """What every storage can do, from any number of threads. Methods with a name refuse others (ValueError).

    All raise `Unavailable`; so do the files that `open` gives.
    """

    def create(self, name: str) -> Incoming: ...

    def open(self, name: str) -> BinaryIO:
        """Return a buffered file that can seek and fetches what is read, with at most 1 MiB ahead.

        Raises:
            FileNotFoundError: nothing is committed under this name.
        """

    def delete(self, name: str) -> None:
        """Remove an object; silent when it is not there."""

    def names(self) -> Iterator[Stored]:
        """Everything committed, in no order; what comes or goes meanwhile may be missing."""

    def sweep_unfinished(self, *, older_than: datetime) -> int:
        """Remove what was begun before and never committed, and return how many; `older_than` is aware.

        A folder goes by the last write, S3 by the start: a slow upload that is older can't be committed.
        """

    def free_bytes(self) -> int | None:
        """Return the room that is left; None when the storage does not say."""


def store() -> Store:
    """Return the storage of this installation: `SIPUMA_STORAGE_URL`, or `files` in the data folder.

    Raises:
        Unavailable: the address is none, or its folder can't be made.
    """
    return store_at(settings.SIPUMA.storage_url or (settings.SIPUMA.data.absolute() / "files").as_uri())


@lru_cache(maxsize=8)
def store_at(url: str) -> Store:
    """Return the storage at an address.

    Raises:
        Unavailable: as `store`.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = SplitResult("", "", "", "", "")
    if parts.scheme not in BUILDERS:
        # The address may hold a password: it is not repeated.
        raise Unavailable("SIPUMA_STORAGE_URL has to start with file:// or s3://")
    build: Callable[[SplitResult], Store] = import_string(BUILDERS[parts.scheme])
    return build(parts)


def checked(name: str) -> str:
    """Return the name.

    Raises:
        ValueError: it is none that an object can have.
    """
    if not NAME.fullmatch(name):
        raise ValueError("an object's name is 32 hexadecimal digits, with .N for a segment")
    return name
