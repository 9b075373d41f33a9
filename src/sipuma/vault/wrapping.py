"""Keys made from keys, lookup ids, and small secrets encrypted under a key."""

from __future__ import annotations

from hashlib import blake2b

from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from . import chunked
from .suites import Suite, frame

SHORTEST_KEY = 32  # bytes


def wrap(key: bytes, plaintext: bytes, *, context: bytes) -> bytes:
    """`plaintext` under `key` (32 random bytes), 73 bytes longer; its length shows. For keys and sessions."""
    return Suite.WRAP.mark(chunked.encrypt(key, plaintext, context=Suite.WRAP.bind(context)))


def unwrap(key: bytes, wrapped: bytes, *, context: bytes) -> bytes:
    """What `wrap` wrapped. Unopenable for another key, another context, or altered bytes."""
    return chunked.decrypt(key, Suite.WRAP.strip(wrapped), context=Suite.WRAP.bind(context))


def derive(key: bytes, *, label: str, length: int = 32) -> bytes:
    """An independent key for `label`: HKDF-Expand with SHA-512 (RFC 5869).

    `key`: at least 32 uniformly random bytes (ValueError), never a password.
    """
    if len(key) < SHORTEST_KEY:
        raise ValueError("a key to derive from is at least 32 bytes long")
    return HKDFExpand(SHA512(), length, frame(b"sipuma/derive/v1", label.encode())).derive(key)


def lookup_id(key: bytes, value: bytes, *, label: str) -> bytes:
    """32 bytes by which `value` is found again without being stored: keyed BLAKE2b over label and value.

    `key`: 32 to 64 secret bytes (ValueError); without it the ids cannot be guessed from likely values.
    """
    if len(key) < SHORTEST_KEY:
        raise ValueError("a lookup key is at least 32 bytes long")
    framed = frame(label.encode(), value)
    return blake2b(framed, digest_size=32, key=key, person=b"sipuma lookup").digest()
