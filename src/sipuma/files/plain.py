"""The plain view of an encrypted file: a binary file of which only the chunks asked for are opened."""

import io
import uuid
from typing import BinaryIO

from sipuma import vault
from sipuma.files.store import store

KIND = "evidence"


def context_of(uid: uuid.UUID) -> vault.Context:
    """Return the context of a stored file: its key is random and lies in the sealed entry of its case."""
    return vault.Context(case=uid.bytes, object=uid.bytes, kind=KIND)


class Plain(io.RawIOBase):
    """A stored file, decrypted while it is read.

    Raises:
        FileNotFoundError: nothing is stored under this id.
        vault.Unopenable: another key, or the stored bytes were altered or cut.
    """

    def __init__(self, uid: uuid.UUID, key: vault.Secret) -> None:
        super().__init__()
        self._file = store().open(uid.hex)
        self._reader = vault.file_reader(key, self._file, context=context_of(uid))
        self._at = 0
        self.size: int = self._reader.size

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # typeshed asks for a private type
        data = self._reader.read(self._at, self._at + len(buffer))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()


# How much of a file is in hand at a time, wherever one passes through.
PIECE_BYTES = 256 * 1024


def open_plain(uid: uuid.UUID, key: vault.Secret) -> BinaryIO:
    """Return a buffered plain view of a stored file."""
    return io.BufferedReader(Plain(uid, key), PIECE_BYTES)
