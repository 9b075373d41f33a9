"""Padding to buckets, so that the length of a ciphertext says little about the text."""

from .errors import Unopenable

SMALLEST = 256  # bytes; from here the buckets are powers of two
STEP = 16_384  # bytes; from here they are multiples of it
_PREFIX = 4


def pad(plaintext: bytes) -> bytes:
    """Length (4 bytes, big-endian), text, zeros. OverflowError from 4 GiB on."""
    framed = len(plaintext).to_bytes(_PREFIX, "big") + plaintext
    return framed.ljust(_bucket(len(framed)), b"\0")


def unpad(padded: bytes) -> bytes:
    """What `pad` padded. Unopenable unless it is exactly what `pad` makes: bucket, length and zeros."""
    plaintext = padded[_PREFIX : _PREFIX + int.from_bytes(padded[:_PREFIX], "big")]
    if pad(plaintext) != padded:
        raise Unopenable
    return plaintext


def _bucket(size: int) -> int:
    if size > STEP:
        return -(-size // STEP) * STEP
    return max(SMALLEST, 1 << (size - 1).bit_length())
