"""The suite byte that every stored ciphertext starts with, and the framing that keeps contexts apart."""

from __future__ import annotations

from enum import IntEnum

from .errors import Unopenable

_ROOM = b"sipuma/vault/v1"


class Suite(IntEnum):
    """What a blob is and how it was made. No byte ever gets a second meaning; a new way gets a new byte."""

    # fmt: off
    HPKE          = 0x01  # HPKE: ML-KEM-768 + X25519, HKDF-SHA256, ChaCha20-Poly1305
    OBJECT        = 0x02  # C2SP chunked encryption, 256 bits, of a padded text
    FILE          = 0x03  # C2SP chunked encryption, 256 bits, of a file as it is
    WRAP          = 0x04  # C2SP chunked encryption, 256 bits, of a key or session
    PASSWORD_SLOT = 0x05  # Argon2id and C2SP chunked encryption
    KIT_SLOT      = 0x06  # a recovery kit and C2SP chunked encryption
    TOKEN         = 0x07  # C2SP chunked encryption of an expiring, padded text
    CERTIFICATE   = 0x08  # Ed25519 over framed fields
    # fmt: on

    def mark(self, body: bytes) -> bytes:
        return bytes([self]) + body

    def strip(self, blob: bytes) -> bytes:
        """The body behind the suite byte. Unopenable when the blob is of another suite or empty."""
        if blob[:1] != bytes([self]):
            raise Unopenable
        return blob[1:]

    def bind(self, *parts: bytes) -> bytes:
        """A context or signed text that no other suite, and no other split into parts, can produce."""
        return frame(_ROOM, bytes([self]), *parts)


def frame(*parts: bytes) -> bytes:
    """Each part behind its length (4 bytes, big-endian): different parts never give equal bytes."""
    return b"".join(piece for part in parts for piece in (len(part).to_bytes(4, "big"), part))


def unframe(data: bytes, count: int) -> list[bytes]:
    """The `count` parts that `frame` joined. ValueError unless `data` is exactly their one encoding."""
    parts, rest = [], data
    for _ in range(count):
        end = 4 + int.from_bytes(rest[:4], "big")
        parts.append(rest[4:end])
        rest = rest[end:]
    if frame(*parts) != data:
        raise ValueError("not a canonical frame")
    return parts
