"""The complainant's ticket, and the two keys that it turns into."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import ClassVar

from .codes import Code
from .secret import Secret
from .wrapping import derive

PEPPER_BYTES = range(32, 65)  # BLAKE2b takes keys of up to 64 bytes


@dataclass(frozen=True)
class TicketKeys:
    """`lookup` (32 bytes) finds the case; `wrapping` (32 bytes) opens the complainant's private key."""

    lookup: bytes
    wrapping: Secret


class Ticket(Code):
    """24 characters: 115 random bits, above the 112 from which no password hash is needed, and one check."""

    __slots__ = ()
    symbols: ClassVar[int] = 24

    def keys(self, pepper: bytes) -> TicketKeys:
        """Both keys, from the ticket and the server's pepper (32 to 64 bytes): neither is of use alone."""
        if len(pepper) not in PEPPER_BYTES:
            raise ValueError("the pepper is 32 to 64 bytes long")
        root = blake2b(self.text.encode(), key=pepper, person=b"sipuma ticket").digest()
        return TicketKeys(
            lookup=derive(root, label="ticket lookup"),
            wrapping=Secret(derive(root, label="ticket wrapping")),
        )
