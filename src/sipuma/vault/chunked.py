"""Symmetric encryption of texts and files: C2SP chunked-encryption v1 (c2sp.org), the 256-bit instance."""

from __future__ import annotations

import io
from collections.abc import Iterator
from hmac import compare_digest
from typing import BinaryIO

from cryptography.cobblestone import Cobblestone256Decryptor, Cobblestone256Encryptor
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from .errors import Unopenable

CHUNK, TAG = 16_384, 16  # bytes
SEALED_CHUNK = CHUNK + TAG
KEY, SALT, NONCE, COMMITMENT = 32, 24, 12, 32  # bytes
HEADER = SALT + COMMITMENT
MOST_CHUNKS = 2**38
_DERIVATION = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\x00"


def encrypt(key: bytes, plaintext: bytes, *, context: bytes) -> bytes:
    """The whole message at once, 72 bytes longer and 16 more for every full 16 KiB.

    `key`: 32 uniformly random bytes (ValueError), good for many messages: each draws its own salt.
    `context`: any bytes; opening takes the same.
    """
    stream = Cobblestone256Encryptor(key, context)
    return stream.update(plaintext) + stream.finalize()


def decrypt(key: bytes, ciphertext: bytes, *, context: bytes) -> bytes:
    """The whole message. Unopenable for another key or context, or bytes altered, cut, moved or added."""
    stream = Cobblestone256Decryptor(key, context)
    try:
        return stream.update(ciphertext) + stream.finalize()
    except InvalidTag:
        raise Unopenable from None


class Encryptor:
    """One message in pieces, in flat memory: `header`, then what each `update` and `finalize` return.

    `prefix` stands before the header as it is (a suite byte). After `finalize` it refuses all use.
    """

    def __init__(self, key: bytes, *, context: bytes, prefix: bytes = b"") -> None:
        self._stream = Cobblestone256Encryptor(key, context)
        # The stream gives out salt and commitment as soon as it is asked, before any text.
        self._header = prefix + self._stream.update(b"")

    @property
    def header(self) -> bytes:
        return self._header

    def update(self, data: bytes) -> bytes:
        return self._stream.update(data)

    def finalize(self) -> bytes:
        return self._stream.finalize()


class Reader:
    """Any range of an encrypted file, opening only the chunks asked for.

    `file`: binary, buffered, seekable; the message starts at `offset` and ends with the file.
    `size`: bytes of plaintext, vouched for by the last chunk, which is opened first.
    Unopenable, here and when reading, for another key or context, or an altered or cut file.
    """

    def __init__(self, key: bytes, file: BinaryIO, *, context: bytes, offset: int = 0) -> None:
        self._file, self._body = file, offset + HEADER
        self._last, rest = divmod(self._length() - self._body, SEALED_CHUNK)
        if rest < TAG or not 0 <= self._last < MOST_CHUNKS:
            raise Unopenable
        self._aead, self._nonce = self._keyed(key, self._read(offset, HEADER), context)
        self._last_text = self._opened(self._last)
        self.size = self._last * CHUNK + rest - TAG

    def read(self, start: int, stop: int) -> bytes:
        """`plaintext[start:stop]`; positions count from the beginning (ValueError when negative)."""
        return b"".join(self.chunks(start, stop))

    def chunks(self, start: int, stop: int) -> Iterator[bytes]:
        """The same range in pieces of at most 16 KiB, each read and opened when it is asked for."""
        if start < 0 or stop < 0:
            raise ValueError("positions count from the beginning")
        return self._walk(start, min(stop, self.size))

    def _walk(self, start: int, stop: int) -> Iterator[bytes]:
        while start < stop:
            number, skip = divmod(start, CHUNK)
            text = self._last_text if number == self._last else self._opened(number)
            piece = text[skip : skip + stop - start]
            yield piece
            start += len(piece)

    def _keyed(self, key: bytes, header: bytes, context: bytes) -> tuple[AESGCM, int]:
        if len(key) != KEY:
            raise ValueError("key must be 32 bytes.")
        info = _DERIVATION + header[:SALT] + context
        derived = HKDFExpand(SHA512(), KEY + NONCE + COMMITMENT, info).derive(key)
        if not compare_digest(derived[KEY + NONCE :], header[SALT:]):
            raise Unopenable
        return AESGCM(derived[:KEY]), int.from_bytes(derived[KEY : KEY + NONCE], "big")

    def _opened(self, number: int) -> bytes:
        sealed = self._read(self._body + number * SEALED_CHUNK, SEALED_CHUNK)
        nonce = (self._nonce ^ number).to_bytes(NONCE, "big")
        try:
            return self._aead.decrypt(nonce, sealed, None)
        except InvalidTag:
            raise Unopenable from None

    def _length(self) -> int:
        self._file.seek(0, io.SEEK_END)
        return self._file.tell()

    def _read(self, position: int, size: int) -> bytes:
        self._file.seek(position)
        return self._file.read(size)
