"""Secrets in memory: they show nothing of themselves and cannot be stored by accident."""

from __future__ import annotations

from hmac import compare_digest
from typing import NoReturn, SupportsIndex


class Redacted:
    """Base of every secret type: `repr`, `str` and format give its name only; pickle and copy are refused."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        raise TypeError(f"{type(self).__name__} is secret and is not serialised")


class Secret(Redacted):
    """Secret bytes, given out only by `reveal()`; compared in constant time, and therefore unhashable."""

    __slots__ = ("_value",)

    def __init__(self, value: bytes) -> None:
        if not isinstance(value, (bytes, bytearray, memoryview)):
            raise TypeError("a secret is made of bytes")
        self._value = bytes(value)

    def reveal(self) -> bytes:
        return self._value

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return compare_digest(self._value, other._value)

    def __len__(self) -> int:
        return len(self._value)
