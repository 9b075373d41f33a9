"""Signatures: for one message, one label, one key."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sipuma import vault

SIGNER = vault.SigningKey.generate()


@settings(deadline=None)
@given(st.binary(max_size=500), st.text(max_size=20))
def test_a_signature_holds_for_its_message_and_label(message: bytes, label: str) -> None:
    signature = SIGNER.sign(message, label=label)
    assert len(signature) == 64
    SIGNER.verify_key.verify(signature, message, label=label)


def test_every_flipped_bit_of_the_signature_or_message_is_refused(
    flips: Callable[[bytes], Iterator[bytes]],
) -> None:
    signature = SIGNER.sign(b"message", label="leaf")
    altered = [(flipped, b"message") for flipped in flips(signature)]
    altered += [(signature, flipped) for flipped in flips(b"message")]
    for wrong, message in altered:
        with pytest.raises(vault.BadSignature):
            SIGNER.verify_key.verify(wrong, message, label="leaf")


@pytest.mark.parametrize(
    ("message", "label"), [(b"message", "root"), (b"message", ""), (b"fmessage", "lea"), (b"essage", "leafm")]
)
def test_a_signature_does_not_hold_under_another_label(message: bytes, label: str) -> None:
    with pytest.raises(vault.BadSignature):
        SIGNER.verify_key.verify(SIGNER.sign(b"message", label="leaf"), message, label=label)


@pytest.mark.parametrize("signature", [b"", bytes(63), bytes(64), bytes(65)])
def test_what_is_no_signature_is_refused(signature: bytes) -> None:
    with pytest.raises(vault.BadSignature):
        SIGNER.verify_key.verify(signature, b"message", label="leaf")


def test_another_key_does_not_verify() -> None:
    signature = SIGNER.sign(b"message", label="leaf")
    with pytest.raises(vault.BadSignature):
        vault.SigningKey.generate().verify_key.verify(signature, b"message", label="leaf")


def test_keys_come_back_from_their_raw_form() -> None:
    assert vault.SigningKey(SIGNER.raw.reveal()) == SIGNER
    again = vault.VerifyKey(SIGNER.verify_key.raw)
    assert {again, SIGNER.verify_key} == {again}
    assert again != again.raw
    assert copy.deepcopy(again) == again
    assert repr(again) == f"VerifyKey({again.raw.hex()})"


@pytest.mark.parametrize("length", [0, 31, 33])
def test_keys_of_another_length_are_refused(length: int) -> None:
    for kind in (vault.SigningKey, vault.VerifyKey):
        with pytest.raises(ValueError, match="32 bytes"):
            kind(bytes(length))
