"""Sealed, expiring tokens."""

from __future__ import annotations

import base64
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sipuma import vault

KEY, OLD, OTHER = bytes(range(32)), bytes(32), bytes([1]) * 32
URL_SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def token(payload: bytes = b"payload", expires: int = 100) -> str:
    return vault.seal_token(KEY, payload, purpose="draft", expires=expires)


def refused(text: str, purpose: str = "draft") -> bool:
    with pytest.raises(vault.Unopenable):
        vault.open_token([KEY], text, purpose=purpose, now=0)
    return True


@settings(deadline=None)
@given(st.binary(max_size=5_000), st.text(max_size=20), st.integers(1, 2**63))
def test_a_token_gives_its_payload_back_until_it_expires(payload: bytes, purpose: str, expires: int) -> None:
    sealed = vault.seal_token(KEY, payload, purpose=purpose, expires=expires)
    assert re.fullmatch(r"[A-Za-z0-9_-]+", sealed)
    assert vault.open_token([KEY], sealed, purpose=purpose, now=expires - 1) == payload
    with pytest.raises(vault.Expired) as caught:
        vault.open_token([KEY], sealed, purpose=purpose, now=expires)
    assert caught.value.payload == payload


def test_keys_are_tried_in_turn_so_that_they_can_be_rotated() -> None:
    sealed = vault.seal_token(OLD, b"payload", purpose="draft", expires=100)
    assert vault.open_token([KEY, OLD], sealed, purpose="draft", now=0) == b"payload"
    for keys in ([], [KEY], [KEY, OTHER]):
        with pytest.raises(vault.Unopenable):
            vault.open_token(keys, sealed, purpose="draft", now=0)


def test_another_purpose_is_refused() -> None:
    assert refused(token(), "tracking")
    assert refused(token(), "")


def test_every_other_character_at_every_place_is_refused() -> None:
    sealed = token()
    for at in range(len(sealed)):
        for char in URL_SAFE[at % 5 :: 5] + "+/=":
            if char != sealed[at]:
                assert refused(sealed[:at] + char + sealed[at + 1 :])


def test_a_token_cut_extended_or_written_otherwise_is_refused() -> None:
    sealed = token()
    assert all(refused(sealed[:end]) for end in range(len(sealed)))
    for text in (
        sealed + "A",
        sealed + "=",
        sealed + "\n",
        " " + sealed,
        sealed + sealed,
        "é" + sealed,
        "\ud800",
    ):
        assert refused(text)


def test_spare_bits_of_the_last_character_make_no_second_token() -> None:
    sealed = next(text for text in (token(bytes(size)) for size in (0, 300, 600, 2_000)) if len(text) % 4)
    blob = base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
    twins = [sealed[:-1] + char for char in URL_SAFE if char != sealed[-1]]
    same = [twin for twin in twins if base64.urlsafe_b64decode(twin + "=" * (-len(twin) % 4)) == blob]
    assert same
    assert all(refused(twin) for twin in same)


@pytest.mark.parametrize(("short", "long"), [(0, 244), (245, 500), (501, 1_012), (8_181, 16_372)])
def test_the_length_of_a_token_tells_the_bucket_alone(short: int, long: int) -> None:
    assert len(token(bytes(short))) == len(token(bytes(long)))
    assert len(token(bytes(long))) < len(token(bytes(long + 1)))


def test_repetitive_and_random_payloads_are_equally_long() -> None:
    assert len(token(b"a" * 2_000)) == len(token(bytes(range(250)) * 8))


def test_two_tokens_of_one_payload_differ() -> None:
    assert token() != token()
