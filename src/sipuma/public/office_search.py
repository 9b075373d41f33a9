"""Finds the office that somebody means by a code, a name, a town or a few words."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from sipuma.offices.models import Office

# Words that stand in nearly every office's name tell nothing about which one is meant.
COMMON: Final = frozenset(
    (
        *("a", "b", "c", "bc", "bea", "beacukai", "cukai", "dan", "di", "djbc", "kantor", "madya"),
        *("pabean", "pelayanan", "pengawasan", "tipe", "tmp"),
    )
)

# fmt: off
ALIASES: Final = {
    "soetta":     "soekarno hatta",
    "dit":        "direktorat",
    "ki":         "kepatuhan internal",
    "blbc":       "balai",
    "sumut":      "sumatera utara",
    "kepri":      "kepulauan riau",
    "jabar":      "jawa barat",
    "jateng":     "jawa tengah",
    "jatim":      "jawa timur",
    "kalbagbar":  "kalimantan bagian barat",
    "kalbagsel":  "kalimantan bagian selatan",
    "kalbagtim":  "kalimantan bagian timur",
    "sulbagsel":  "sulawesi bagian selatan",
    "sulbagtara": "sulawesi bagian utara",
}
# fmt: on

UNKNOWN: Final = "tidak tahu"
_UNKNOWN_WORDS: Final = frozenset(
    {UNKNOWN, "saya tidak tahu", "tidak tau", "tdk tahu", "belum tahu", "i don t know", "unknown"}
)
_SHORTEST_BEGINNING: Final = 3


@dataclass(frozen=True)
class Match:
    """The offices that fit best, the likeliest first; `certain` when every telling word was found in them."""

    offices: tuple[Office, ...] = ()
    certain: bool = False

    @property
    def only(self) -> Office | None:
        """Return the one office that is surely meant, or None."""
        return self.offices[0] if self.certain and len(self.offices) == 1 else None


def means_unknown(text: str) -> bool:
    """Return whether somebody says that they don't know the office, in words or by leaving it empty."""
    return not words(text) or " ".join(words(text)) in _UNKNOWN_WORDS


def find(text: str) -> Match:
    """Return the listed offices meant by a text: exact code, exact name, or those with most of its words."""
    listed, wanted = Office.objects.filter(listed=True), words(text)
    # Most often it is the code that an earlier page found: then there is nothing to compare.
    if text.isdecimal() and (named := listed.filter(pk=text).first()):
        return Match((named,), certain=True)
    offices = list(listed)
    exact = [office for office in offices if wanted in (words(office.code), words(office.name))]
    if exact:
        return Match((exact[0],), certain=True)
    telling = [one for word in wanted for one in ALIASES.get(word, word).split() if one not in COMMON]
    scores = {office.code: _score(telling, _described(office)) for office in offices}
    best = max(scores.values(), default=0)
    fitting = [office for office in offices if scores[office.code] == best > 0]
    fitting.sort(key=lambda office: (not _score(telling, words(office.city)), office.name))
    return Match(tuple(fitting), certain=best == len(telling))


def words(text: str) -> list[str]:
    """Return the words of a text in lower case, without punctuation."""
    return re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())


def _described(office: Office) -> list[str]:
    return words(f"{office.code} {office.kind} {office.name} {office.city} {office.province}")


def _score(wanted: list[str], found: list[str]) -> int:
    return sum(any(_fits(word, one) for one in found) for word in wanted)


def _fits(word: str, found: str) -> bool:
    return word == found or (len(word) >= _SHORTEST_BEGINNING and found.startswith(word))
