"""What happens to every text that a person types before any rule looks at it."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

NUL: Final = "\x00"
UNSEEN: Final = ("Cf", "Cc", "Zs", "Zl", "Zp")

# Line ends of all systems, including the Unicode ones that phones' keyboards can produce.
_LINE_ENDS: Final = re.compile("\r\n|[\r\x85\u2028\u2029]")

# Control characters but tab and newline; lone surrogates, which cannot be stored as UTF-8; and the marks
# that make a text read in another order than it is written (Trojan Source). Joiners stay: emoji need them.
_UNWANTED: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


# No script needs more marks on one letter (UAX 15, Stream-Safe Text Format).
MOST_MARKS: Final = 30


def normalise(text: str) -> str:
    r"""Return `text` in NFC with `\n` line ends and without control characters; emoji stay whole."""
    return unicodedata.normalize("NFC", _bounded(_UNWANTED.sub("", _LINE_ENDS.sub("\n", text))))


def is_blank(text: str) -> bool:
    """Whether nothing of a text can be seen: spaces, joiners, direction marks and the like alone."""
    return all(char.isspace() or unicodedata.category(char) in UNSEEN for char in text)


def _bounded(text: str) -> str:
    """Drop what stands beyond the 30th mark on one letter.

    Normalising sorts the marks of a letter one by one: a form full of them would stop the server for hours.
    """
    return text if text.isascii() else "".join(_with_few_marks(text))


def _with_few_marks(text: str) -> Iterator[str]:
    marks = 0
    for char in text:
        marks = marks + 1 if _is_mark(char) else 0
        if marks <= MOST_MARKS:
            yield char


@lru_cache(maxsize=4096)
def _is_mark(char: str) -> bool:
    # Some letters of class 0 fall apart into marks alone, hence the decomposed form.
    return unicodedata.combining(unicodedata.normalize("NFD", char)[0]) > 0
