"""Signed public keys, up to the organisation's key: a key swapped in the database is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .errors import BadSignature, Unopenable
from .hpke import PUBLIC_BYTES, PublicKey
from .signing import KEY_BYTES, SIGNATURE_BYTES, SigningKey, VerifyKey
from .suites import Suite, frame, unframe

_LABEL = "certificate"
_EPOCH_BYTES = 8


@dataclass(frozen=True)
class Certificate:
    """`issuer` states that in `epoch` the keys of `subject` are `encryption` and `verify`.

    It does not state what the subject may vouch for: whoever reads a chain checks the subjects in it.
    ValueError for fields of a wrong length or an epoch outside 0 .. 2^64 - 1.
    """

    subject: str
    epoch: int
    encryption: bytes
    verify: bytes
    issuer: bytes
    signature: bytes

    def __post_init__(self) -> None:
        lengths = (len(self.encryption), len(self.verify), len(self.issuer), len(self.signature))
        if lengths != (PUBLIC_BYTES, KEY_BYTES, KEY_BYTES, SIGNATURE_BYTES):
            raise ValueError("a field of the certificate has a wrong length")
        if not 0 <= self.epoch < 1 << 8 * _EPOCH_BYTES:
            raise ValueError("the epoch is out of bounds")

    def to_bytes(self) -> bytes:
        """The one encoding: suite byte, then subject, epoch, keys and signature behind their lengths."""
        return Suite.CERTIFICATE.mark(frame(*self._fields(), self.signature))

    @classmethod
    def from_bytes(cls, data: bytes) -> Certificate:
        """The certificate, its signature not yet checked. BadSignature unless canonically encoded."""
        try:
            subject, epoch, *rest = unframe(Suite.CERTIFICATE.strip(bytes(data)), 6)
            certificate = cls(subject.decode(), int.from_bytes(epoch, "big"), *rest)
        except (Unopenable, ValueError):
            raise BadSignature from None
        if certificate.to_bytes() != data:
            raise BadSignature
        return certificate

    def check(self, issuer: VerifyKey) -> None:
        """BadSignature unless this very issuer signed it."""
        if self.issuer != issuer.raw:
            raise BadSignature
        issuer.verify(self.signature, frame(*self._fields()), label=_LABEL)

    def _fields(self) -> tuple[bytes, ...]:
        epoch = self.epoch.to_bytes(_EPOCH_BYTES, "big")
        return self.subject.encode(), epoch, self.encryption, self.verify, self.issuer


def certify(
    issuer: SigningKey, *, subject: str, epoch: int, encryption: PublicKey, verify: VerifyKey
) -> Certificate:
    """A certificate signed by `issuer`. ValueError for an epoch out of bounds."""
    fields = (subject, epoch, encryption.raw, verify.raw, issuer.verify_key.raw)
    unsigned = Certificate(*fields, signature=bytes(SIGNATURE_BYTES))
    return Certificate(*fields, signature=issuer.sign(frame(*unsigned._fields()), label=_LABEL))


def verify_chain(
    chain: Sequence[Certificate], *, pinned: VerifyKey, subjects: Sequence[str] | None = None
) -> Certificate:
    """The last certificate, when each is signed by the one before and the first by the pinned key.

    A team's member could sign a certificate too: pass `subjects`, the names expected along the chain, unless
    the caller compares them itself. BadSignature for an empty or broken chain, or other subjects.
    """
    if not chain:
        raise BadSignature
    if subjects is not None and [link.subject for link in chain] != list(subjects):
        raise BadSignature
    issuer = pinned
    for certificate in chain:
        certificate.check(issuer)
        issuer = VerifyKey(certificate.verify)
    return chain[-1]
