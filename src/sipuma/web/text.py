"""What happens to every text that a person types before any rule looks at it."""

import re
import unicodedata
from typing import Final

NUL: Final = "\x00"

# Line ends of all systems, including the Unicode ones that phones' keyboards can produce.
_LINE_ENDS: Final = re.compile("\r\n|[\r\x85\u2028\u2029]")

# Control characters but tab and newline; lone surrogates, which cannot be stored as UTF-8; and the two
# overrides that make a text read differently from what it says. Joiners stay: emoji need them.
_UNWANTED: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202d\u202e]")


def normalise(text: str) -> str:
    r"""Return `text` in NFC with `\n` line ends and without control characters; emoji stay whole."""
    return unicodedata.normalize("NFC", _UNWANTED.sub("", _LINE_ENDS.sub("\n", text)))
