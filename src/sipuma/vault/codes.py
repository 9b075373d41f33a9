"""Secrets that people copy by hand: Crockford base32 with a check character, tolerant of how it is typed."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from hmac import compare_digest
from typing import ClassVar, Self

from .errors import TicketMalformed
from .secret import Redacted

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUP = 4
LONGEST_INPUT = 200  # characters; every separator style fits, a pasted page does not
_VALUES = {symbol: value for value, symbol in enumerate(ALPHABET)}
_LOOKALIKES = {"O": "0", "I": "1", "L": "1"}
# Unicode's punctuation, symbols and spaces, and the invisible controls that copying drags along.
_SEPARATORS = ("P", "S", "Z", "Cc", "Cf")
# Multiplication by alpha = x in GF(2)[x] / (x^5 + x^2 + 1), whose x is primitive.
_TIMES_ALPHA = [value << 1 ^ (0b100101 if value & 0b10000 else 0) for value in range(32)]


class Code(Redacted):
    """A random code of `symbols` characters, the last of which checks the others.

    One wrong character and two swapped neighbours are always refused (see `_check`).
    Codes compare in constant time and cannot be dictionary keys.
    """

    __slots__ = ("_text",)
    symbols: ClassVar[int]

    def __init__(self, values: Iterable[int]) -> None:
        self._text = "".join(ALPHABET[value] for value in values)

    @classmethod
    def draw(cls) -> Self:
        """A new code from the operating system's random source, 5 bits per character."""
        values = [byte % 32 for byte in os.urandom(cls.symbols - 1)]
        return cls([*values, _check(values)])

    @classmethod
    def parse(cls, text: str) -> Self:
        """The code in a text typed by hand: any case, separators or width; O = 0, I = L = 1.

        TicketMalformed for anything else; its message holds nothing of the text.
        """
        values = _values_in(text)
        if len(values) != cls.symbols or _check(values[:-1]) != values[-1]:
            raise TicketMalformed("mistyped")
        return cls(values)

    @property
    def text(self) -> str:
        return self._text

    @property
    def groups(self) -> tuple[str, ...]:
        return tuple(self._text[at : at + GROUP] for at in range(0, self.symbols, GROUP))

    @property
    def grouped(self) -> str:
        return "-".join(self.groups)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, type(self)):
            return NotImplemented
        return compare_digest(self._text, other._text)


def _values_in(text: str) -> list[int]:
    if len(text) > LONGEST_INPUT:
        raise TicketMalformed("too long")
    return [_VALUES[symbol] for symbol in "".join(map(_symbol, unicodedata.normalize("NFKC", text)))]


@lru_cache(maxsize=1024)
def _symbol(char: str) -> str:
    """The symbol that a typed character stands for; nothing for a separator."""
    symbol = _LOOKALIKES.get(char.upper(), char.upper())
    if char.isascii() and symbol in _VALUES:
        return symbol
    if unicodedata.category(char).startswith(_SEPARATORS):
        return ""
    raise TicketMalformed("mistyped")


def _check(values: Iterable[int]) -> int:
    """The check value: a sum over GF(32) in which the value i places from the end weighs alpha^i.

    Every weight is non-zero, so one wrong character always shows; neighbours differ in weight, so swapping
    them always shows, and as alpha has order 31 so does swapping any two characters fewer than 31 apart.
    (Luhn mod 32 misses the swap of 0 and Z.) The start value makes a row of zeros wrong.
    """
    total = 1
    for value in values:
        total = _TIMES_ALPHA[total ^ value]
    return total
