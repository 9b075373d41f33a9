"""Ed25519 signatures over labelled messages."""

from __future__ import annotations

import os
from hmac import compare_digest

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from .errors import BadSignature
from .secret import Redacted, Secret
from .suites import frame

KEY_BYTES, SIGNATURE_BYTES = 32, 64


class VerifyKey:
    """The public half, `raw` 32 bytes (ValueError on length)."""

    __slots__ = ("_key", "raw")

    def __init__(self, raw: bytes) -> None:
        self.raw = bytes(raw)
        self._key = Ed25519PublicKey.from_public_bytes(self.raw)

    def verify(self, signature: bytes, message: bytes, *, label: str) -> None:
        """Nothing when the signature holds for this message and label; BadSignature otherwise."""
        try:
            self._key.verify(signature, _labelled(message, label))
        except InvalidSignature:
            raise BadSignature from None

    def __repr__(self) -> str:
        return f"VerifyKey({self.raw.hex()})"

    def __reduce__(self) -> tuple[type[VerifyKey], tuple[bytes]]:
        return VerifyKey, (self.raw,)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, VerifyKey) and self.raw == other.raw

    def __hash__(self) -> int:
        return hash(self.raw)


class SigningKey(Redacted):
    """The private half, `raw` a 32-byte seed (ValueError on length)."""

    __slots__ = ("_key", "raw", "verify_key")

    def __init__(self, seed: bytes) -> None:
        self.raw = Secret(seed)
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.verify_key = VerifyKey(self._key.public_key().public_bytes_raw())

    @classmethod
    def generate(cls) -> SigningKey:
        return cls(os.urandom(KEY_BYTES))

    def sign(self, message: bytes, *, label: str) -> bytes:
        """64 bytes. The label says what is signed, so that a signature is good for one purpose only."""
        return self._key.sign(_labelled(message, label))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SigningKey) and compare_digest(self.raw.reveal(), other.raw.reveal())


def _labelled(message: bytes, label: str) -> bytes:
    return frame(b"sipuma/sign/v1", label.encode(), message)
