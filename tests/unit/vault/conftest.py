"""What the vault's tests share: every one-bit alteration of a blob, and where ciphertexts are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def flips() -> Callable[[bytes], Iterator[bytes]]:
    """A function that yields every copy of a blob that differs in exactly one bit."""

    def flipped(blob: bytes) -> Iterator[bytes]:
        for at in range(len(blob)):
            for bit in range(8):
                yield blob[:at] + bytes([blob[at] ^ 1 << bit]) + blob[at + 1 :]

    return flipped


@pytest.fixture(scope="session")
def kept() -> Path:
    """The folder of ciphertexts that must go on opening."""
    return Path(__file__).parents[2] / "data" / "vault"
