"""C2SP chunked encryption: the format, its boundaries, and random access."""

from __future__ import annotations

import hashlib
import hmac
import io
import itertools
import os
from collections.abc import Callable, Iterator

import pytest
from cryptography.exceptions import AlreadyFinalized
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from sipuma import vault

KEY, CHUNK, SEALED, HEADER = bytes(range(32)), 16_384, 16_400, 56
BOUNDARIES = [0, 1, 255, 16_383, 16_384, 16_385, 32_767, 32_768, 32_769, 100_000]
LONG = os.urandom(CHUNK) * 5 + b"end"
SEALED_LONG = vault.encrypt(KEY, LONG, context=b"c")


def by_hand(salt: bytes, plaintext: bytes, context: bytes) -> bytes:
    """The message as the specification says, from HMAC (RFC 5869, expand) and AES-GCM alone."""
    info = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0" + salt + context
    first = hmac.digest(KEY, info + b"\1", hashlib.sha512)
    derived = (first + hmac.digest(KEY, first + info + b"\2", hashlib.sha512))[:76]
    base, chunks = int.from_bytes(derived[32:44], "big"), b""
    for number in range(len(plaintext) // CHUNK + 1):
        nonce = (base ^ number).to_bytes(12, "big")
        chunk = plaintext[number * CHUNK : (number + 1) * CHUNK]
        chunks += AESGCM(derived[:32]).encrypt(nonce, chunk, None)
    return salt + derived[44:] + chunks


def reader(sealed: bytes, context: bytes = b"c") -> vault.Reader:
    return vault.Reader(KEY, io.BytesIO(sealed), context=context)


def refused(sealed: bytes, context: bytes = b"c") -> bool:
    """That both ways of opening refuse, the second one when the whole file is read."""
    with pytest.raises(vault.Unopenable):
        vault.decrypt(KEY, sealed, context=context)
    with pytest.raises(vault.Unopenable):
        reader(sealed, context).read(0, len(sealed))
    return True


def pieces(sealed: bytes) -> tuple[bytes, list[bytes]]:
    return sealed[:HEADER], [sealed[at : at + SEALED] for at in range(HEADER, len(sealed), SEALED)]


@pytest.mark.parametrize("size", BOUNDARIES)
def test_a_message_is_byte_for_byte_what_the_specification_says(size: int) -> None:
    plaintext = os.urandom(size)
    sealed = vault.encrypt(KEY, plaintext, context=b"context")
    assert sealed == by_hand(sealed[:24], plaintext, b"context")
    assert len(sealed) == HEADER + size + 16 * (size // CHUNK + 1)


@pytest.mark.parametrize("size", BOUNDARIES)
def test_a_message_made_by_hand_opens_both_ways(size: int) -> None:
    plaintext = os.urandom(size)
    sealed = by_hand(os.urandom(24), plaintext, b"c")
    assert vault.decrypt(KEY, sealed, context=b"c") == plaintext
    assert reader(sealed).size == size
    assert reader(sealed).read(0, size) == plaintext


@settings(deadline=None)
@given(st.lists(st.integers(0, 40_000), max_size=5), st.binary(max_size=50))
def test_pieces_give_the_same_format_and_hold_back_less_than_a_chunk(
    sizes: list[int], context: bytes
) -> None:
    plaintext = b"".join(os.urandom(size) for size in sizes)
    encryptor = vault.Encryptor(KEY, context=context)
    sealed, taken = encryptor.header, 0
    for size in sizes:
        sealed += encryptor.update(plaintext[taken : taken + size])
        taken += size
        assert len(sealed) == HEADER + taken // CHUNK * SEALED
    sealed += encryptor.finalize()
    assert len(encryptor.header) == HEADER
    assert sealed == by_hand(sealed[:24], plaintext, context)


def test_a_finished_message_takes_no_more() -> None:
    encryptor = vault.Encryptor(KEY, context=b"")
    encryptor.finalize()
    for more in (encryptor.finalize, lambda: encryptor.update(b"x")):
        with pytest.raises(AlreadyFinalized):
            more()


def test_a_prefix_stands_before_the_header() -> None:
    encryptor = vault.Encryptor(KEY, context=b"", prefix=b"prefix")
    sealed = encryptor.header + encryptor.update(b"text") + encryptor.finalize()
    file = io.BytesIO(sealed)
    assert sealed.startswith(b"prefix")
    assert vault.Reader(KEY, file, context=b"", offset=6).read(0, 9) == b"text"


@settings(deadline=None)
@given(st.binary(max_size=40_000), st.binary(max_size=100))
def test_what_is_encrypted_opens(plaintext: bytes, context: bytes) -> None:
    sealed = vault.encrypt(KEY, plaintext, context=context)
    assert vault.decrypt(KEY, sealed, context=context) == plaintext


def test_every_flipped_bit_is_refused(flips: Callable[[bytes], Iterator[bytes]]) -> None:
    assert all(
        refused(altered) for altered in flips(vault.encrypt(KEY, b"twenty bytes of text", context=b"c"))
    )


@settings(deadline=None, max_examples=60)
@given(st.integers(0, len(SEALED_LONG) * 8 - 1))
def test_a_flipped_bit_anywhere_in_a_long_message_is_refused(bit: int) -> None:
    altered = bytearray(SEALED_LONG)
    altered[bit // 8] ^= 1 << bit % 8
    assert refused(bytes(altered))


@given(st.binary(max_size=30).filter(lambda context: context != b"c"))
def test_another_context_is_refused(context: bytes) -> None:
    assert refused(vault.encrypt(KEY, b"text", context=b"c"), context)


def test_another_key_is_refused() -> None:
    sealed = vault.encrypt(bytes(32), b"text", context=b"c")
    assert refused(sealed)


@pytest.mark.parametrize("size", [0, 5, 16_383, 16_384, 40_000])
def test_a_message_cut_anywhere_is_refused(size: int) -> None:
    sealed = vault.encrypt(KEY, bytes(size), context=b"c")
    ends = {
        0,
        1,
        24,
        55,
        56,
        57,
        71,
        72,
        HEADER + SEALED,
        HEADER + SEALED + 16,
        len(sealed) - 16,
        len(sealed) - 1,
    }
    assert all(refused(sealed[:end]) for end in ends if end < len(sealed))


@settings(deadline=None, max_examples=40)
@given(st.integers(0, len(SEALED_LONG) - 1))
def test_a_long_message_cut_anywhere_is_refused(end: int) -> None:
    assert refused(SEALED_LONG[:end])


# The ids are given, because those made of random bytes would differ from one process to the next.
@pytest.mark.parametrize(
    "tail",
    [b"\0", bytes(16), bytes(SEALED), SEALED_LONG[-19:], SEALED_LONG],
    ids=["a zero", "a tag's length", "a chunk's length", "the end again", "the whole again"],
)
def test_an_extended_message_is_refused(tail: bytes) -> None:
    assert refused(SEALED_LONG + tail)


def test_chunks_left_out_repeated_or_in_another_order_are_refused() -> None:
    header, chunks = pieces(SEALED_LONG)
    for i, j in itertools.combinations(range(len(chunks)), 2):
        swapped = chunks.copy()
        swapped[i], swapped[j] = chunks[j], chunks[i]
        assert refused(header + b"".join(swapped))
        assert refused(header + b"".join(chunks[:i] + chunks[j:]))
        assert refused(header + b"".join(chunks[:j] + chunks[i:]))


def test_a_chunk_of_another_message_under_the_same_key_is_refused() -> None:
    header, chunks = pieces(SEALED_LONG)
    _, others = pieces(vault.encrypt(KEY, LONG, context=b"c"))
    for at, other in enumerate(others):
        assert refused(header + b"".join([*chunks[:at], other, *chunks[at + 1 :]]))


def test_a_message_whose_last_chunk_is_full_counts_as_cut() -> None:
    header, chunks = pieces(by_hand(bytes(24), bytes(CHUNK), b"c"))
    assert refused(header + chunks[0])


def test_one_key_gives_each_message_its_own_salt() -> None:
    assert len({vault.encrypt(KEY, b"", context=b"")[:24] for _ in range(1_000)}) == 1_000


@pytest.mark.parametrize("key", [b"", bytes(16), bytes(31), bytes(33)])
def test_a_key_of_another_length_is_refused(key: bytes) -> None:
    sealed = io.BytesIO(SEALED_LONG)
    for use in (
        lambda: vault.encrypt(key, b"", context=b""),
        lambda: vault.decrypt(key, SEALED_LONG, context=b""),
        lambda: vault.Encryptor(key, context=b""),
        lambda: vault.Reader(key, sealed, context=b""),
    ):
        with pytest.raises(ValueError, match="32 bytes"):
            use()


@settings(deadline=None)
@given(st.integers(0, len(LONG) + CHUNK), st.integers(0, len(LONG) + CHUNK))
def test_any_range_equals_the_slice(start: int, stop: int) -> None:
    assert reader(SEALED_LONG).read(start, stop) == LONG[start:stop]


@pytest.mark.parametrize("start", [edge + by for edge in (0, CHUNK, 5 * CHUNK) for by in (-1, 0, 1)][1:])
@pytest.mark.parametrize("length", [0, 1, 2, 3, CHUNK - 1, CHUNK, CHUNK + 1])
def test_ranges_at_the_edges_of_chunks_equal_the_slice(start: int, length: int) -> None:
    assert reader(SEALED_LONG).read(start, start + length) == LONG[start : start + length]


def test_chunks_come_one_by_one_and_join_to_the_range() -> None:
    parts = list(reader(SEALED_LONG).chunks(5, len(LONG)))
    assert [len(part) for part in parts] == [CHUNK - 5, *[CHUNK] * 4, 3]
    assert b"".join(parts) == LONG[5:]


@pytest.mark.parametrize(("start", "stop"), [(-1, 5), (0, -1), (-5, -1)])
def test_positions_from_the_end_are_refused(start: int, stop: int) -> None:
    with pytest.raises(ValueError, match="from the beginning"):
        reader(SEALED_LONG).chunks(start, stop)


class Watched(io.BytesIO):
    """A file that notes where it was read."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.places: list[int] = []

    def read(self, size: int | None = -1, /) -> bytes:
        self.places.append(self.tell())
        return super().read(size)


def test_only_the_last_chunk_and_those_asked_for_are_read() -> None:
    file = Watched(SEALED_LONG)
    opened = vault.Reader(KEY, file, context=b"c")
    assert file.places == [0, HEADER + 5 * SEALED]
    opened.read(CHUNK + 1, 2 * CHUNK + 1)
    assert file.places[2:] == [HEADER + SEALED, HEADER + 2 * SEALED]
    opened.read(5 * CHUNK, 5 * CHUNK + 3)
    assert len(file.places) == 4


def test_damage_elsewhere_does_not_hide_the_chunks_that_are_whole() -> None:
    damaged = bytearray(SEALED_LONG)
    damaged[HEADER + 2 * SEALED] ^= 1
    opened = reader(bytes(damaged))
    assert opened.read(0, 2 * CHUNK) == LONG[: 2 * CHUNK]
    with pytest.raises(vault.Unopenable):
        opened.read(2 * CHUNK, 2 * CHUNK + 1)


def test_a_file_cut_while_it_is_open_is_refused() -> None:
    file = io.BytesIO(SEALED_LONG)
    opened = vault.Reader(KEY, file, context=b"c")
    file.truncate(HEADER + SEALED + 5)
    assert opened.read(0, CHUNK) == LONG[:CHUNK]
    for start in (CHUNK, 3 * CHUNK):
        with pytest.raises(vault.Unopenable):
            opened.read(start, start + 1)


class Endless(io.BytesIO):
    """A file that claims one chunk more than the format allows."""

    def tell(self) -> int:
        return HEADER + 2**38 * SEALED + 20


def test_a_file_of_more_chunks_than_the_format_allows_is_refused() -> None:
    with pytest.raises(vault.Unopenable):
        vault.Reader(KEY, Endless(SEALED_LONG), context=b"c")
