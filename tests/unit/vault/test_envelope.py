"""The object: who can read it, where it opens, and what its length tells."""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sipuma import vault

CONTEXT = vault.Context(case=b"case 1", object=b"object 1", kind="entry")
ELSEWHERE = [
    replace(CONTEXT, case=b"case 2"),
    replace(CONTEXT, object=b"object 2"),
    replace(CONTEXT, kind="note"),
    vault.Context(case=b"case 1object 1", object=b"", kind="entry"),
]
READER, SECOND, STRANGER = vault.generate(), vault.generate(), vault.generate()


def opened(sealed: vault.SealedObject, private: vault.PrivateKey) -> bytes:
    return vault.open_object(
        sealed.ciphertext, sealed.seals[private.public.fingerprint], private, context=CONTEXT
    )


@settings(deadline=None)
@given(st.binary(max_size=40_000))
def test_every_reader_opens_the_object(plaintext: bytes) -> None:
    sealed = vault.seal_object(plaintext, context=CONTEXT, readers=[READER.public, SECOND.public])
    assert set(sealed.seals) == {READER.public.fingerprint, SECOND.public.fingerprint}
    assert opened(sealed, READER) == opened(sealed, SECOND) == plaintext


def test_a_stranger_opens_nothing_with_any_seal() -> None:
    sealed = vault.seal_object(b"text", context=CONTEXT, readers=[READER.public, SECOND.public])
    for seal in sealed.seals.values():
        with pytest.raises(vault.Unopenable):
            vault.open_object(sealed.ciphertext, seal, STRANGER, context=CONTEXT)


def test_an_object_without_readers_is_refused() -> None:
    with pytest.raises(ValueError, match="nobody"):
        vault.seal_object(b"text", context=CONTEXT, readers=iter(()))


def test_a_reader_named_twice_gets_one_seal() -> None:
    twin = vault.PublicKey(READER.public.raw)
    assert len(vault.seal_object(b"", context=CONTEXT, readers=[READER.public, twin]).seals) == 1


def test_a_reader_can_be_added_later() -> None:
    sealed = vault.seal_object(b"text", context=CONTEXT, readers=[READER.public])
    key = vault.open_key(sealed.seals[READER.public.fingerprint], READER, context=CONTEXT)
    added = vault.seal_key(key, SECOND.public, context=CONTEXT)
    assert vault.open_object(sealed.ciphertext, added, SECOND, context=CONTEXT) == b"text"


def test_the_seals_cannot_be_changed_in_place() -> None:
    seals: Any = vault.seal_object(b"", context=CONTEXT, readers=[READER.public]).seals
    with pytest.raises(TypeError):
        seals[b"other"] = b""


def test_equal_texts_give_unequal_ciphertexts_and_keys() -> None:
    one, two = (vault.seal_object(b"text", context=CONTEXT, readers=[READER.public]) for _ in range(2))
    assert one.ciphertext != two.ciphertext
    with pytest.raises(vault.Unopenable):
        vault.open_object(one.ciphertext, two.seals[READER.public.fingerprint], READER, context=CONTEXT)


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_nothing_opens_in_another_case_object_or_kind(elsewhere: vault.Context) -> None:
    key = vault.new_key()
    text = vault.encrypt_with_key(b"text", key, context=CONTEXT)
    seal = vault.seal_key(key, READER.public, context=CONTEXT)
    private = vault.seal_private_key(SECOND, READER.public, context=CONTEXT)
    for opening in (
        lambda: vault.open_with_key(text, key, context=elsewhere),
        lambda: vault.open_key(seal, READER, context=elsewhere),
        lambda: vault.open_private_key(private, READER, context=elsewhere),
    ):
        with pytest.raises(vault.Unopenable):
            opening()


def test_every_flipped_bit_of_the_ciphertext_is_refused(flips: Callable[[bytes], Iterator[bytes]]) -> None:
    key = vault.new_key()
    for altered in flips(vault.encrypt_with_key(b"text", key, context=CONTEXT)):
        with pytest.raises(vault.Unopenable):
            vault.open_with_key(altered, key, context=CONTEXT)


def test_every_flipped_bit_of_a_sealed_private_key_is_refused(
    flips: Callable[[bytes], Iterator[bytes]],
) -> None:
    sealed = vault.seal_private_key(SECOND, READER.public, context=CONTEXT)
    for altered in itertools.islice(flips(sealed), 0, None, 11):
        with pytest.raises(vault.Unopenable):
            vault.open_private_key(altered, READER, context=CONTEXT)


def test_a_private_key_is_sealed_to_a_reader_and_comes_back_whole() -> None:
    sealed = vault.seal_private_key(SECOND, READER.public, context=CONTEXT)
    assert vault.open_private_key(sealed, READER, context=CONTEXT) == SECOND
    with pytest.raises(vault.Unopenable):
        vault.open_private_key(sealed, STRANGER, context=CONTEXT)


def test_an_object_key_is_not_taken_for_a_private_key_nor_the_other_way_round() -> None:
    key = vault.seal_key(vault.Secret(bytes(96)), READER.public, context=CONTEXT)
    private = vault.seal_private_key(SECOND, READER.public, context=CONTEXT)
    with pytest.raises(vault.Unopenable):
        vault.open_private_key(key, READER, context=CONTEXT)
    with pytest.raises(vault.Unopenable):
        vault.open_key(private, READER, context=CONTEXT)


def test_a_forged_seal_whose_content_is_no_key_is_refused_like_any_other() -> None:
    info = CONTEXT.bind(vault.Suite.HPKE, b"object key")
    with pytest.raises(vault.Unopenable):
        vault.open_key(vault.seal(READER.public, b"short", info=info), READER, context=CONTEXT)
    info = CONTEXT.bind(vault.Suite.HPKE, b"private key")
    with pytest.raises(vault.Unopenable):
        vault.open_private_key(vault.seal(READER.public, bytes(95), info=info), READER, context=CONTEXT)


@pytest.mark.parametrize(
    ("size", "bucket"),
    [
        (0, 256), (252, 256), (253, 512), (508, 512), (509, 1024), (4_000, 4_096), (8_189, 16_384),
        (16_380, 16_384), (16_381, 32_768), (32_764, 32_768), (32_765, 49_152), (49_149, 65_536),
    ],
)  # fmt: skip
def test_the_length_of_a_ciphertext_tells_the_bucket_alone(size: int, bucket: int) -> None:
    assert len(vault.pad(bytes(size))) == bucket
    ciphertext = vault.encrypt_with_key(bytes(size), vault.new_key(), context=CONTEXT)
    assert len(ciphertext) == 1 + 56 + bucket + 16 * (bucket // 16_384 + 1)


@given(st.binary(max_size=70_000))
def test_padding_comes_off_again(plaintext: bytes) -> None:
    assert vault.unpad(vault.pad(plaintext)) == plaintext


@pytest.mark.parametrize(
    "padded",
    [
        b"",
        b"\0\0\0",
        vault.pad(b"text")[:-1],
        vault.pad(b"text") + b"\0",
        vault.pad(b"text") + bytes(256),
        vault.pad(b"text")[:-1] + b"\1",
        vault.pad(b"text")[:8] + b"\1" + vault.pad(b"text")[9:],
        b"\0\0\0\xfd" + bytes(252),
        b"\xff\xff\xff\xff" + bytes(252),
    ],
)
def test_padding_of_another_form_is_refused(padded: bytes) -> None:
    with pytest.raises(vault.Unopenable):
        vault.unpad(padded)


def test_a_text_whose_padding_was_not_ours_is_refused_as_unopenable() -> None:
    key = vault.new_key()
    context = CONTEXT.bind(vault.Suite.OBJECT, b"text")
    body = vault.encrypt(key.reveal(), b"no padding", context=context)
    with pytest.raises(vault.Unopenable):
        vault.open_with_key(vault.Suite.OBJECT.mark(body), key, context=CONTEXT)


def test_a_file_is_written_in_pieces_and_read_in_ranges() -> None:
    key, text = vault.new_key(), bytes(range(256)) * 300
    encryptor = vault.file_encryptor(key, context=CONTEXT)
    stored = encryptor.header + encryptor.update(text[:50_000]) + encryptor.update(text[50_000:])
    file = io.BytesIO(stored + encryptor.finalize())
    reader = vault.file_reader(key, file, context=CONTEXT)
    assert stored[0] == vault.Suite.FILE
    assert reader.size == len(text)
    assert reader.read(40_000, 60_001) == text[40_000:60_001]
    for elsewhere in ELSEWHERE:
        with pytest.raises(vault.Unopenable):
            vault.file_reader(key, file, context=elsewhere)


def test_a_text_is_not_taken_for_a_file_nor_the_other_way_round() -> None:
    key = vault.new_key()
    text = vault.encrypt_with_key(b"text", key, context=CONTEXT)
    for stored in (text, vault.Suite.FILE.mark(text[1:]), b""):
        with pytest.raises(vault.Unopenable):
            vault.file_reader(key, io.BytesIO(stored), context=CONTEXT)


def test_ciphertexts_may_come_as_the_database_gives_them() -> None:
    sealed = vault.seal_object(b"text", context=CONTEXT, readers=[READER.public])
    ciphertext: Any = memoryview(sealed.ciphertext)
    seal: Any = memoryview(sealed.seals[READER.public.fingerprint])
    assert vault.open_object(ciphertext, seal, READER, context=CONTEXT) == b"text"
