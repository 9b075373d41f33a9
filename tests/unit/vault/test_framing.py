"""Contexts and suite bytes: nothing encoded one way can be taken for another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sipuma import vault
from sipuma.vault.suites import Suite, frame, unframe

PARTS = st.lists(st.binary(max_size=20), max_size=5)


@given(PARTS)
def test_parts_come_back_as_they_were_framed(parts: list[bytes]) -> None:
    assert unframe(frame(*parts), len(parts)) == parts


@given(PARTS, PARTS)
def test_different_parts_never_frame_alike(one: list[bytes], other: list[bytes]) -> None:
    assert (frame(*one) == frame(*other)) == (one == other)


@given(st.binary(max_size=40), st.integers(0, 4))
def test_bytes_have_at_most_one_reading(data: bytes, count: int) -> None:
    try:
        parts = unframe(data, count)
    except ValueError:
        return
    assert frame(*parts) == data


@pytest.mark.parametrize("data", [b"\0\0\0", b"\0\0\0\2a", b"\0\0\0\1ab", b"\0\0\0\0\0\0\0\0"])
def test_a_cut_or_extended_frame_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="canonical"):
        unframe(data, 1)


def test_moving_a_byte_between_case_object_and_kind_makes_another_context() -> None:
    contexts = [
        vault.Context(b"ab", b"c", "d"),
        vault.Context(b"a", b"bc", "d"),
        vault.Context(b"abc", b"", "d"),
        vault.Context(b"ab", b"", "cd"),
    ]
    assert (
        len({context.bind(suite, use) for context in contexts for suite in Suite for use in (b"", b"x")})
        == 64
    )


@pytest.mark.parametrize("suite", Suite)
def test_a_suite_byte_is_put_on_and_taken_off(suite: Suite) -> None:
    assert suite.mark(b"body") == bytes([suite.value]) + b"body"
    assert suite.strip(suite.mark(b"body")) == b"body"
    for blob in (b"", b"\0body", bytes([suite.value + 1]) + b"body"):
        with pytest.raises(vault.Unopenable):
            suite.strip(blob)


def test_the_suite_bytes_never_change() -> None:
    assert {suite.name: suite.value for suite in Suite} == {
        "HPKE": 1,
        "OBJECT": 2,
        "FILE": 3,
        "WRAP": 4,
        "PASSWORD_SLOT": 5,
        "KIT_SLOT": 6,
        "TOKEN": 7,
        "CERTIFICATE": 8,
    }
