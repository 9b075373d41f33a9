"""Wrapping small secrets, deriving keys, and lookup ids."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sipuma import vault

KEY = bytes(range(32))


@settings(deadline=None)
@given(st.binary(max_size=500), st.binary(max_size=50))
def test_what_is_wrapped_opens(plaintext: bytes, context: bytes) -> None:
    wrapped = vault.wrap(KEY, plaintext, context=context)
    assert len(wrapped) == len(plaintext) + 73
    assert vault.unwrap(KEY, wrapped, context=context) == plaintext


def test_every_flipped_bit_of_a_wrapped_key_is_refused(flips: Callable[[bytes], Iterator[bytes]]) -> None:
    for altered in flips(vault.wrap(KEY, bytes(32), context=b"c")):
        with pytest.raises(vault.Unopenable):
            vault.unwrap(KEY, altered, context=b"c")


def test_another_key_another_context_and_a_cut_are_refused() -> None:
    wrapped = vault.wrap(KEY, b"secret", context=b"c")
    for key, blob, context in (
        (bytes(32), wrapped, b"c"),
        (KEY, wrapped, b"d"),
        (KEY, wrapped, b""),
        (KEY, wrapped[:-1], b"c"),
        (KEY, wrapped + b"\0", b"c"),
        (KEY, b"", b"c"),
    ):
        with pytest.raises(vault.Unopenable):
            vault.unwrap(key, blob, context=context)


def test_a_ciphertext_of_the_bare_format_is_not_taken_for_a_wrapped_key() -> None:
    with pytest.raises(vault.Unopenable):
        vault.unwrap(KEY, b"\x04" + vault.encrypt(KEY, b"secret", context=b"c"), context=b"c")


def test_each_label_length_and_key_derives_its_own() -> None:
    derived = vault.derive(KEY, label="one")
    assert len(derived) == 32
    assert derived == vault.derive(KEY, label="one")
    assert len({derived, vault.derive(KEY, label="two"), vault.derive(bytes(32), label="one"), KEY}) == 4
    assert vault.derive(KEY, label="one", length=64)[:32] == derived
    assert len(vault.derive(KEY, label="one", length=100)) == 100


@given(st.text(max_size=10), st.binary(max_size=10), st.text(max_size=10), st.binary(max_size=10))
def test_lookup_ids_are_equal_for_equal_label_and_value_only(
    label: str, value: bytes, other_label: str, other: bytes
) -> None:
    found = vault.lookup_id(KEY, value, label=label) == vault.lookup_id(KEY, other, label=other_label)
    assert found == ((label, value) == (other_label, other))


def test_lookup_ids_need_the_key() -> None:
    found = vault.lookup_id(KEY, b"0812", label="phone")
    assert len(found) == 32
    assert found != vault.lookup_id(bytes(32), b"0812", label="phone")


@pytest.mark.parametrize("key", [b"", bytes(31)])
def test_keys_too_short_to_be_random_are_refused(key: bytes) -> None:
    with pytest.raises(ValueError, match="at least 32"):
        vault.derive(key, label="x")
    with pytest.raises(ValueError, match="at least 32"):
        vault.lookup_id(key, b"", label="x")
