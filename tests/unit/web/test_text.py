"""A text of which nothing can be seen counts as none."""

import pytest

from sipuma.web.text import is_blank, normalise


@pytest.mark.parametrize("unseen", ["", "   ", "\u200b", "\u200b\u200c \u200d\ufeff", "\u2066\u2069\n"])
def test_a_text_of_which_nothing_is_seen_is_blank(unseen: str) -> None:
    assert is_blank(unseen)


@pytest.mark.parametrize("seen", ["a", "👩\u200d👧", " . ", "ا"])
def test_a_text_of_which_something_is_seen_is_not(seen: str) -> None:
    assert not is_blank(seen)


@pytest.mark.parametrize(
    "mark", ["\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"]
)
def test_marks_that_change_the_order_of_reading_are_dropped(mark: str) -> None:
    assert normalise(f"foto{mark}gpj.exe") == "fotogpj.exe"


@pytest.mark.parametrize("kept", ["👩\u200d👧", "مكتب\u200f 7", "tab\tbaris\nbaru"])
def test_joiners_letters_of_other_scripts_and_line_ends_stay(kept: str) -> None:
    assert normalise(kept) == kept
