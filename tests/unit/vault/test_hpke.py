"""Sealing to a public key."""

from __future__ import annotations

import copy
import hashlib
import hmac
from collections.abc import Callable, Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from hypothesis import given, settings
from hypothesis import strategies as st

from sipuma import vault

OWNER = vault.generate()


@settings(deadline=None)
@given(st.binary(max_size=2_000), st.binary(max_size=200))
def test_what_is_sealed_opens_with_the_same_info(plaintext: bytes, info: bytes) -> None:
    sealed = vault.seal(OWNER.public, plaintext, info=info)
    assert len(sealed) == len(plaintext) + 1137
    assert vault.unseal(OWNER, sealed, info=info) == plaintext


def test_every_flipped_bit_of_a_seal_is_refused(flips: Callable[[bytes], Iterator[bytes]]) -> None:
    sealed = vault.seal(OWNER.public, b"k" * 32, info=b"i")
    for altered in flips(sealed):
        with pytest.raises(vault.Unopenable):
            vault.unseal(OWNER, altered, info=b"i")


def test_a_seal_that_was_cut_or_extended_is_refused() -> None:
    sealed = vault.seal(OWNER.public, b"k" * 32, info=b"i")
    for altered in (*(sealed[:end] for end in range(0, len(sealed), 7)), sealed + b"\0", sealed[1:]):
        with pytest.raises(vault.Unopenable):
            vault.unseal(OWNER, altered, info=b"i")


def test_another_key_and_another_info_are_refused_alike() -> None:
    sealed = vault.seal(OWNER.public, b"k" * 32, info=b"i")
    for private, info in ((vault.generate(), b"i"), (OWNER, b"j"), (OWNER, b"")):
        with pytest.raises(vault.Unopenable) as caught:
            vault.unseal(private, sealed, info=info)
        assert not caught.value.args
        assert caught.value.__suppress_context__


def test_sealing_twice_gives_different_seals() -> None:
    assert vault.seal(OWNER.public, b"k", info=b"") != vault.seal(OWNER.public, b"k", info=b"")


def test_a_key_comes_back_from_its_raw_form() -> None:
    private = vault.PrivateKey(OWNER.raw.reveal())
    assert private == OWNER
    assert private.public == OWNER.public
    assert vault.PublicKey(OWNER.public.raw) == OWNER.public
    assert vault.unseal(private, vault.seal(OWNER.public, b"k", info=b""), info=b"") == b"k"
    assert (len(OWNER.raw), len(OWNER.public.raw), len(OWNER.public.fingerprint)) == (96, 1216, 16)


def test_public_keys_are_values() -> None:
    again, other = vault.PublicKey(OWNER.public.raw), vault.generate().public
    assert {OWNER.public, again, other} == {again, other}
    assert again.fingerprint == OWNER.public.fingerprint != other.fingerprint
    assert OWNER.public != OWNER.public.raw
    assert copy.deepcopy(again) == again
    assert repr(again) == f"PublicKey({again.fingerprint.hex()})"


@pytest.mark.parametrize("length", [0, 32, 1184, 1215, 1217])
def test_a_public_key_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="1216 bytes"):
        vault.PublicKey(bytes(length))


@pytest.mark.parametrize("length", [0, 32, 64, 95, 97])
def test_a_private_key_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="96 bytes"):
        vault.PrivateKey(bytes(length))


def test_a_public_key_with_a_coefficient_out_of_range_is_refused() -> None:
    with pytest.raises(ValueError, match="no public key"):
        vault.PublicKey(b"\xff" * 1184 + OWNER.public.raw[1184:])


@pytest.mark.parametrize("point", [bytes(32), b"\1" + bytes(31), b"\xec" + b"\xff" * 30 + b"\x7f"])
def test_a_public_key_with_a_point_of_low_order_is_refused(point: bytes) -> None:
    with pytest.raises(ValueError, match="no public key"):
        vault.PublicKey(OWNER.public.raw[:1184] + point)


def labeled_extract(suite: bytes, salt: bytes, label: bytes, value: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + value, "sha256")


def labeled_expand(suite: bytes, secret: bytes, label: bytes, info: bytes, length: int) -> bytes:
    labeled = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    return hmac.digest(secret, labeled + b"\1", "sha256")[:length]


def test_a_seal_is_what_the_standards_say_and_opens_without_the_library_function() -> None:
    """RFC 9180 section 5.1 in base mode, its KEM as X-Wing (draft-connolly-cfrg-xwing-kem), step by step."""
    sealed = vault.seal(OWNER.public, b"the object's key", info=b"where it belongs")
    raw, public = OWNER.raw.reveal(), OWNER.public.raw
    kem_text, point, body = sealed[1:1089], sealed[1089:1121], sealed[1121:]
    post_quantum = MLKEM768PrivateKey.from_seed_bytes(raw[:64]).decapsulate(kem_text)
    classical = X25519PrivateKey.from_private_bytes(raw[64:]).exchange(
        X25519PublicKey.from_public_bytes(point)
    )
    label = bytes.fromhex("5c2e2f2f5e5c")
    shared = hashlib.sha3_256(post_quantum + classical + point + public[1184:] + label).digest()
    suite = b"HPKE" + bytes.fromhex("647a00010003")
    context = (
        b"\0"
        + labeled_extract(suite, b"", b"psk_id_hash", b"")
        + labeled_extract(suite, b"", b"info_hash", b"where it belongs")
    )
    secret = labeled_extract(suite, shared, b"secret", b"")
    key = labeled_expand(suite, secret, b"key", context, 32)
    nonce = labeled_expand(suite, secret, b"base_nonce", context, 12)
    assert sealed[0] == 1
    assert ChaCha20Poly1305(key).decrypt(nonce, body, None) == b"the object's key"
