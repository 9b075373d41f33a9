"""Sealing to a public key that has to hold against quantum computers: HPKE (RFC 9180) with a hybrid KEM."""

from __future__ import annotations

import os
from hashlib import blake2b
from hmac import compare_digest

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke as library
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from .errors import Unopenable
from .secret import Redacted, Secret
from .suites import Suite

MLKEM_PUBLIC, MLKEM_SEED, X25519 = 1184, 64, 32  # bytes
PUBLIC_BYTES = MLKEM_PUBLIC + X25519
PRIVATE_BYTES = MLKEM_SEED + X25519
FINGERPRINT_BYTES = 16
_HPKE = library.Suite(library.KEM.MLKEM768_X25519, library.KDF.HKDF_SHA256, library.AEAD.CHACHA20_POLY1305)
_PROBE = X25519PrivateKey.generate()


class PublicKey:
    """`raw`: ML-KEM-768 key (1184 bytes) ‖ X25519 key (32); `fingerprint`: its 16-byte name in seals.

    ValueError when `raw` is of another length or no key.
    """

    __slots__ = ("_key", "fingerprint", "raw")

    def __init__(self, raw: bytes) -> None:
        if len(raw) != PUBLIC_BYTES:
            raise ValueError(f"a public key is {PUBLIC_BYTES} bytes long")
        self.raw = bytes(raw)
        self.fingerprint = blake2b(self.raw, digest_size=FINGERPRINT_BYTES, person=b"sipuma public").digest()
        try:
            mlkem = MLKEM768PublicKey.from_public_bytes(self.raw[:MLKEM_PUBLIC])
            x25519 = X25519PublicKey.from_public_bytes(self.raw[MLKEM_PUBLIC:])
            # A point of low order shows only in an exchange: better here than while a complaint is filed.
            _PROBE.exchange(x25519)
        except ValueError:
            raise ValueError("these bytes are no public key") from None
        self._key = library.MLKEM768X25519PublicKey(mlkem, x25519)

    def __repr__(self) -> str:
        return f"PublicKey({self.fingerprint.hex()})"

    def __reduce__(self) -> tuple[type[PublicKey], tuple[bytes]]:
        return PublicKey, (self.raw,)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PublicKey) and self.raw == other.raw

    def __hash__(self) -> int:
        return hash(self.raw)


class PrivateKey(Redacted):
    """`raw`: ML-KEM-768 seed (64 bytes) ‖ X25519 key (32); `public`. ValueError on length."""

    __slots__ = ("_key", "public", "raw")

    def __init__(self, raw: bytes) -> None:
        if len(raw) != PRIVATE_BYTES:
            raise ValueError(f"a private key is {PRIVATE_BYTES} bytes long")
        self.raw = Secret(raw)
        mlkem = MLKEM768PrivateKey.from_seed_bytes(raw[:MLKEM_SEED])
        x25519 = X25519PrivateKey.from_private_bytes(raw[MLKEM_SEED:])
        self._key = library.MLKEM768X25519PrivateKey(mlkem, x25519)
        self.public = PublicKey(
            mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PrivateKey) and compare_digest(self.raw.reveal(), other.raw.reveal())


def generate() -> PrivateKey:
    """A new private key from the operating system's random source."""
    return PrivateKey(os.urandom(PRIVATE_BYTES))


def seal(public: PublicKey, plaintext: bytes, *, info: bytes) -> bytes:
    """`plaintext` for the holder of the private key alone, 1137 bytes longer; opens with the same `info`.

    Anyone can seal: a seal says nothing about who made it.
    """
    return Suite.HPKE.mark(_HPKE.encrypt(plaintext, public._key, info=info))


def unseal(private: PrivateKey, sealed: bytes, *, info: bytes) -> bytes:
    """What `seal` sealed. Unopenable for another key, another `info`, or altered bytes."""
    body = Suite.HPKE.strip(sealed)
    try:
        return _HPKE.decrypt(body, private._key, info=info)
    except InvalidTag:
        raise Unopenable from None
