"""A key in two halves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sipuma import vault


@given(st.binary(max_size=100))
def test_two_halves_in_either_order_give_the_key(key: bytes) -> None:
    a, b = vault.split(vault.Secret(key))
    assert len(a) == len(b) == len(key)
    assert vault.join(a, b) == vault.join(b, a) == vault.Secret(key)


def test_each_half_is_new_every_time() -> None:
    key = vault.new_key()
    halves = [half.reveal() for _ in range(100) for half in vault.split(key)]
    assert len({*halves, key.reveal()}) == 201


def test_halves_of_different_keys_open_nothing() -> None:
    key, context = vault.new_key(), vault.Context(b"case", b"identity", "identity")
    text = vault.encrypt_with_key(b"name and address", key, context=context)
    (a, b), (other, _) = vault.split(key), vault.split(vault.new_key())
    assert vault.open_with_key(text, vault.join(a, b), context=context) == b"name and address"
    for wrong in (vault.join(other, b), a, b):
        with pytest.raises(vault.Unopenable):
            vault.open_with_key(text, wrong, context=context)


def test_halves_of_unequal_length_are_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        vault.join(vault.Secret(bytes(32)), vault.Secret(bytes(31)))
