"""A text of which nothing can be seen counts as none."""

import pytest

from sipuma.web.text import is_blank


@pytest.mark.parametrize("unseen", ["", "   ", "\u200b", "\u200b\u200c \u200d\ufeff", "\u2066\u2069\n"])
def test_a_text_of_which_nothing_is_seen_is_blank(unseen: str) -> None:
    assert is_blank(unseen)


@pytest.mark.parametrize("seen", ["a", "👩\u200d👧", " . ", "ا"])
def test_a_text_of_which_something_is_seen_is_not(seen: str) -> None:
    assert not is_blank(seen)
