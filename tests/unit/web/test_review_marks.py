"""A text made of marks does not stop the server while it is brought into normal form."""

import time
import unicodedata

import pytest

from sipuma.web.text import MOST_MARKS, normalise

# Two classes of marks in the wrong order, and a letter of class 0 that falls apart into two such marks.
HEAVY = ["a" + "\u0301" * 200_000 + "\u0316" * 200_000, "a" + "\u0f73" * 200_000]


@pytest.mark.parametrize("text", HEAVY)
def test_marks_without_end_cost_no_more_than_their_length(text: str) -> None:
    started = time.perf_counter()
    kept = normalise(text)
    assert time.perf_counter() - started < 5
    assert len(kept) <= 1 + 2 * MOST_MARKS


@pytest.mark.parametrize("text", ["Nguyễn Văn", "ກັ່ນ", "ꦲꦏ꧀ꦱꦫ", "क़्ष", "a\u0316\u0301" * 1000])
def test_letters_of_living_scripts_keep_all_their_marks(text: str) -> None:
    assert normalise(text) == unicodedata.normalize("NFC", text)
