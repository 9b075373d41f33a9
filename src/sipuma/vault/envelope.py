"""The object: a padded text under a key of its own, that key sealed to each reader."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import BinaryIO

from . import chunked, hpke
from .errors import Unopenable
from .hpke import PrivateKey, PublicKey
from .padding import pad, unpad
from .secret import Secret
from .suites import Suite

KEY_BYTES = 32


@dataclass(frozen=True)
class Context:
    """Where a ciphertext belongs; it opens nowhere else. Two contexts never encode alike."""

    case: bytes
    object: bytes
    kind: str

    def bind(self, suite: Suite, use: bytes) -> bytes:
        return suite.bind(use, self.case, self.object, self.kind.encode())


@dataclass(frozen=True)
class SealedObject:
    """The ciphertext, and the object's key sealed to each reader, by the reader's fingerprint."""

    ciphertext: bytes
    seals: Mapping[bytes, bytes]


def new_key() -> Secret:
    """A random object key of 32 bytes."""
    return Secret(os.urandom(KEY_BYTES))


def seal_object(plaintext: bytes, *, context: Context, readers: Iterable[PublicKey]) -> SealedObject:
    """Encrypt for `readers`; each gets one seal, however often named. ValueError when there is none."""
    audience = set(readers)
    if not audience:
        raise ValueError("an object that nobody can read")
    key = new_key()
    seals = {reader.fingerprint: seal_key(key, reader, context=context) for reader in audience}
    return SealedObject(encrypt_with_key(plaintext, key, context=context), MappingProxyType(seals))


def open_object(ciphertext: bytes, seal: bytes, private: PrivateKey, *, context: Context) -> bytes:
    """The text, with the private key of one reader and that reader's seal. Unopenable otherwise."""
    return open_with_key(ciphertext, open_key(seal, private, context=context), context=context)


def seal_key(key: Secret, reader: PublicKey, *, context: Context) -> bytes:
    """The object's key for one more reader."""
    return hpke.seal(reader, key.reveal(), info=context.bind(Suite.HPKE, b"object key"))


def open_key(seal: bytes, private: PrivateKey, *, context: Context) -> Secret:
    """The object's key from a reader's seal. Unopenable for another key, context, or altered bytes."""
    key = hpke.unseal(private, seal, info=context.bind(Suite.HPKE, b"object key"))
    # Anyone can seal anything to a public key; what is no key must not surface as another error.
    if len(key) != KEY_BYTES:
        raise Unopenable
    return Secret(key)


def encrypt_with_key(plaintext: bytes, key: Secret, *, context: Context) -> bytes:
    """The object's ciphertext under a key of the caller's, such as one kept in two halves."""
    body = chunked.encrypt(key.reveal(), pad(plaintext), context=context.bind(Suite.OBJECT, b"text"))
    return Suite.OBJECT.mark(body)


def open_with_key(ciphertext: bytes, key: Secret, *, context: Context) -> bytes:
    """The text, with the object's key. Unopenable for another key, context, or altered bytes."""
    body = Suite.OBJECT.strip(ciphertext)
    return unpad(chunked.decrypt(key.reveal(), body, context=context.bind(Suite.OBJECT, b"text")))


def seal_private_key(private: PrivateKey, reader: PublicKey, *, context: Context) -> bytes:
    """The private key of a case or team for one reader; no object key can be passed off as it."""
    return hpke.seal(reader, private.raw.reveal(), info=context.bind(Suite.HPKE, b"private key"))


def open_private_key(sealed: bytes, private: PrivateKey, *, context: Context) -> PrivateKey:
    """The private key that was sealed. Unopenable for another key, context, or altered bytes."""
    raw = hpke.unseal(private, sealed, info=context.bind(Suite.HPKE, b"private key"))
    if len(raw) != hpke.PRIVATE_BYTES:
        raise Unopenable
    return PrivateKey(raw)


def file_encryptor(key: Secret, *, context: Context) -> chunked.Encryptor:
    """A file piece by piece, unpadded, in flat memory; its `header` begins with the suite byte."""
    return chunked.Encryptor(
        key.reveal(), context=context.bind(Suite.FILE, b"file"), prefix=bytes([Suite.FILE])
    )


def file_reader(key: Secret, file: BinaryIO, *, context: Context) -> chunked.Reader:
    """Any range of a file that `file_encryptor` wrote. Unopenable as `chunked.Reader`."""
    file.seek(0)
    Suite.FILE.strip(file.read(1))
    return chunked.Reader(key.reveal(), file, context=context.bind(Suite.FILE, b"file"), offset=1)
