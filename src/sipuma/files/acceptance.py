"""A file's way in: encrypted, hashed and scanned while it arrives, then looked at and cleaned."""

import hashlib
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from typing import Any, BinaryIO, Self, TypeVar

from django.utils.translation import gettext as _

from sipuma import vault
from sipuma.files import bombs
from sipuma.files.cleaning import Cleaned, clean
from sipuma.files.kinds import Kind, kind_of, lies
from sipuma.files.names import clean_name
from sipuma.files.plain import PIECE_BYTES, context_of, open_plain
from sipuma.files.rejected import Rejected
from sipuma.files.scanning import Scan
from sipuma.files.store import Incoming, Unavailable, store
from sipuma.files.verdict import Verdict

HEAD_BYTES = 64 * 1024


@dataclass(frozen=True)
class Copy:
    """The copy of a file without its metadata; `key` in hex."""

    uid: str
    key: str = field(repr=False)
    size: int
    mime: str


@dataclass(frozen=True)
class Accepted:
    """A file that is stored whole and durable; not part of any case yet. `key` in hex, `size` in bytes."""

    uid: str
    key: str = field(repr=False)
    name: str = field(repr=False)
    mime: str
    size: int
    sha256: str
    scan: str
    signature: str = ""
    lies: bool = False
    copy: Copy | None = None
    removed: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:  # Any: what JSON holds
        return asdict(self)

    @classmethod
    def from_dict(cls, kept: dict[str, Any]) -> Self:
        copy = Copy(**kept["copy"]) if kept["copy"] else None
        return cls(**kept | {"copy": copy, "removed": tuple(kept["removed"])})

    def discard(self) -> None:
        """Delete what is stored of it, for a file that becomes part of no case; else a sweep does."""
        for stored in (self, self.copy):
            if stored is not None:
                _delete(stored.uid)


class Encrypted:
    """A stored object being written: plain bytes in, ciphertext on its way to the storage."""

    def __init__(self) -> None:
        self.uid, self.key = uuid.uuid4(), vault.new_key()
        self._cipher = vault.file_encryptor(self.key, context=context_of(self.uid))
        self._incoming: Incoming = store().create(self.uid.hex)
        self._incoming.write(self._cipher.header)

    def write(self, data: bytes) -> None:
        self._incoming.write(self._cipher.update(data))

    def commit(self) -> None:
        self._incoming.write(self._cipher.finalize())
        self._incoming.commit()

    def abort(self) -> None:
        self._incoming.abort()


class Acceptance:
    """One file on its way in. Ends with `finish` or `abort`.

    Raises:
        Rejected: the storage takes nothing now; here, and wherever bytes are written.
    """

    def __init__(self, given_name: str, *, limit: int) -> None:
        self.name = clean_name(given_name)
        self._limit = limit
        self._size, self._head, self._hash = 0, b"", hashlib.sha256()
        self._scan = Scan()
        self._object = _or_rejected(Encrypted)

    def write(self, data: bytes) -> None:
        """Take the next bytes.

        Raises:
            Rejected: the file is larger than allowed, or the storage is full or away.
        """
        self._size += len(data)
        if self._size > self._limit:
            raise Rejected(_("The file is too large: %(most)s at most.") % {"most": _megabytes(self._limit)})
        if len(self._head) < HEAD_BYTES:
            self._head += data[: HEAD_BYTES - len(self._head)]
        self._hash.update(data)
        self._scan.feed(data)
        _or_rejected(lambda: self._object.write(data))

    def finish(self) -> Accepted:
        """Make the file durable, look at it, clean a copy.

        Raises:
            Rejected: it is empty, a bomb, or can't be stored; nothing of it is left.
        """
        try:
            return _or_rejected(self._finish)
        except BaseException:
            self.abort()
            _delete(self._object.uid.hex)
            raise

    def abort(self) -> None:
        """Forget the file; safe at any time, and nothing of it is left."""
        self._object.abort()
        self._scan.finish()

    def _finish(self) -> Accepted:
        finding = self._scan.finish()
        if not self._size:
            raise Rejected(_("The file is empty. Choose it once more, or another one."))
        self._object.commit()
        kind = kind_of(self._head, self.name)
        accepted = Accepted(
            uid=self._object.uid.hex,
            key=self._object.key.reveal().hex(),
            name=self.name,
            mime=kind.mime,
            size=self._size,
            sha256=self._hash.hexdigest(),
            scan=finding.verdict.value,
            signature=finding.signature,
            lies=lies(self.name, kind),
        )
        with open_plain(self._object.uid, self._object.key) as plain:
            bombs.check(kind, plain)
            infected = finding.verdict == Verdict.INFECTED
            return accepted if infected else _with_copy(accepted, kind, plain)


def _with_copy(accepted: Accepted, kind: Kind, plain: BinaryIO) -> Accepted:
    plain.seek(0)
    cleaned = clean(kind, plain, size=accepted.size)
    if cleaned is None:
        return accepted
    with cleaned:
        copy = _store_copy(cleaned)
    return replace(accepted, copy=copy, removed=cleaned.removed)


def _store_copy(cleaned: Cleaned) -> Copy:
    sealed = Encrypted()
    try:
        while data := cleaned.file.read(PIECE_BYTES):
            sealed.write(data)
        sealed.commit()
    except BaseException:
        sealed.abort()
        raise
    return Copy(sealed.uid.hex, sealed.key.reveal().hex(), cleaned.size, cleaned.mime)


def _delete(name: str) -> None:
    with suppress(Unavailable):
        store().delete(name)


T = TypeVar("T")


def _or_rejected(act: Callable[[], T]) -> T:
    """Do something with the storage; that it is full or away is told to the person."""
    try:
        return act()
    except Unavailable as error:
        raise Rejected(_("The file can’t be stored at the moment. Try again in a few minutes.")) from error


def _megabytes(size: int) -> str:
    return f"{size // 1024**2} MB"
