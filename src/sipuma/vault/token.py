"""Sealed, expiring tokens that a page carries in place of anything stored."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from contextlib import suppress

from . import chunked
from .errors import Expired, Unopenable
from .padding import pad, unpad
from .suites import Suite

_EXPIRES_BYTES = 8


def seal_token(key: bytes, payload: bytes, *, purpose: str, expires: int) -> str:
    """URL-safe base64 text without padding; its length tells only the payload's bucket.

    `key`: 32 random bytes; `expires`: unix seconds, sealed with the payload. Never compressed: the length
    would speak of the text.
    """
    content = pad(expires.to_bytes(_EXPIRES_BYTES, "big") + payload)
    return _armoured(Suite.TOKEN.mark(chunked.encrypt(key, content, context=_context(purpose))))


def open_token(keys: Sequence[bytes], token: str, *, purpose: str, now: int) -> bytes:
    """The payload, opened by whichever of `keys` made it (the newest first, older ones for rotation).

    Unopenable for other keys, another purpose, or altered text; Expired, with the payload, from `expires` on.
    """
    content = unpad(_opened(keys, Suite.TOKEN.strip(_bare(token)), _context(purpose)))
    payload = content[_EXPIRES_BYTES:]
    if now >= int.from_bytes(content[:_EXPIRES_BYTES], "big"):
        raise Expired(payload)
    return payload


def _opened(keys: Sequence[bytes], body: bytes, context: bytes) -> bytes:
    for key in keys:
        with suppress(Unopenable):
            return chunked.decrypt(key, body, context=context)
    raise Unopenable


def _context(purpose: str) -> bytes:
    return Suite.TOKEN.bind(purpose.encode())


def _armoured(blob: bytes) -> str:
    return base64.urlsafe_b64encode(blob).rstrip(b"=").decode()


def _bare(token: str) -> bytes:
    try:
        blob = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise Unopenable from None
    # Spare bits and a second alphabet would let one token be written in several ways.
    if _armoured(blob) != token:
        raise Unopenable
    return blob
