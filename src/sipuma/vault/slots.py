"""Key slots, as LUKS has them: one secret behind a password, a recovery kit, or both."""

from __future__ import annotations

import os
import struct
import unicodedata
from dataclasses import dataclass
from hashlib import blake2b
from typing import ClassVar

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from . import chunked
from .codes import Code
from .errors import Unopenable
from .suites import Suite
from .wrapping import derive

LONGEST_PASSWORD = 1024  # characters
MOST_MEMORY_KIB, ITERATIONS, LANES = 524_288, range(1, 11), range(1, 9)
_HEAD = struct.Struct(">IBB16s")  # memory in KiB, iterations, lanes, salt


@dataclass(frozen=True)
class ArgonCost:
    """What guessing one password costs. ValueError out of bounds, so that no slot can stall a server."""

    memory_kib: int = 131_072
    iterations: int = 3
    lanes: int = 1

    def __post_init__(self) -> None:
        # RFC 9106 asks for at least 8 KiB of memory per lane.
        memory = range(8 * self.lanes, MOST_MEMORY_KIB + 1)
        if not (self.lanes in LANES and self.memory_kib in memory and self.iterations in ITERATIONS):
            raise ValueError("Argon2id cost out of bounds")


DEFAULT_COST = ArgonCost()  # above OWASP's floor (19 MiB, t=2) and RFC 9106's second choice (64 MiB, t=3)


class RecoveryKit(Code):
    """36 characters: 175 random bits and one check; printed once and kept in a safe."""

    __slots__ = ()
    symbols: ClassVar[int] = 36

    def key(self) -> bytes:
        """32 bytes; the kit is random enough to need no slow hash."""
        return derive(blake2b(self.text.encode(), person=b"sipuma kit").digest(), label="kit slot")


def password_slot(secret: bytes, password: str, *, context: bytes, cost: ArgonCost = DEFAULT_COST) -> bytes:
    """`secret` behind `password`: a self-contained blob. ValueError for an empty or endless password.

    The password is prepared as RFC 8265's OpaqueString, with NFKC (NIST SP 800-63B) so that a phone's
    full-width letters open what a desk's keyboard set. Case and inner spaces count.
    """
    head = _HEAD.pack(cost.memory_kib, cost.iterations, cost.lanes, os.urandom(16))
    key = _stretched(_prepared(password), head)
    body = chunked.encrypt(key, secret, context=Suite.PASSWORD_SLOT.bind(head, context))
    return Suite.PASSWORD_SLOT.mark(head + body)


def open_password_slot(slot: bytes, password: str, *, context: bytes) -> bytes:
    """The secret. Unopenable for another password or context, altered bytes, or a cost out of bounds."""
    body = Suite.PASSWORD_SLOT.strip(slot)
    head, sealed = bytes(body[: _HEAD.size]), body[_HEAD.size :]
    try:
        key = _stretched(_prepared(password), head)
    except (ValueError, struct.error):
        raise Unopenable from None
    return chunked.decrypt(key, sealed, context=Suite.PASSWORD_SLOT.bind(head, context))


def kit_slot(secret: bytes, kit: RecoveryKit, *, context: bytes) -> bytes:
    """`secret` behind a recovery kit: a self-contained blob."""
    return Suite.KIT_SLOT.mark(chunked.encrypt(kit.key(), secret, context=Suite.KIT_SLOT.bind(context)))


def open_kit_slot(slot: bytes, kit: RecoveryKit, *, context: bytes) -> bytes:
    """The secret. Unopenable for another kit or context, or altered bytes."""
    return chunked.decrypt(kit.key(), Suite.KIT_SLOT.strip(slot), context=Suite.KIT_SLOT.bind(context))


def _prepared(password: str) -> bytes:
    if not 0 < len(password) <= LONGEST_PASSWORD:
        raise ValueError("a password has 1 to 1024 characters")
    spaced = "".join(" " if unicodedata.category(char) == "Zs" else char for char in password)
    # A lone surrogate is odd but typed: it must not end in an error that quotes the password.
    return unicodedata.normalize("NFKC", spaced).encode("utf-8", "surrogatepass")


def _stretched(password: bytes, head: bytes) -> bytes:
    memory_kib, iterations, lanes, salt = _HEAD.unpack(head)
    cost = ArgonCost(memory_kib, iterations, lanes)
    return Argon2id(
        salt=salt, length=32, iterations=cost.iterations, lanes=cost.lanes, memory_cost=cost.memory_kib
    ).derive(password)
