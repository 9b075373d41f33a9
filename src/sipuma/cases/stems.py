"""Words of a text as the index knows them: folded, without function words, reduced to Indonesian stems."""

import re
import unicodedata
from functools import cache
from typing import Final

from Sastrawi.Stemmer.Stemmer import Stemmer
from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

# Longer ones are cut: nobody looks for the end of them, and rules over a word must not take long.
LONGEST: Final = 40
SHORTEST: Final = 2
_WORD: Final = re.compile(r"[^\W_]+")

# What stands in every text says nothing of any. As words, and as what the stemmer makes of them.
_FUNCTION_WORDS: Final = """
    ada adalah agar akan aku amat anda antara apa apabila atas atau bagai bagaimana bagi bahwa
    beberapa begitu belum beliau bila bisa boleh bukan dalam dan dapat dari demi demikian dengan di
    dia hal hampir hanya harus hingga ia ialah ini itu jadi jangan jika juga kalau kami kapan karena
    ke kemudian kepada kerana ketika kita kok lagi lah lain lalu lebih maka mana masih mau mereka
    meski mohon namun nya oleh pada para per pernah pula pun punya saat saja saling sama sambil sampai
    sangat saya se sebab sedang sejak selain selalu semua seperti serta setiap si siapa suatu sudah
    supaya tak tanpa tapi telah tentang tentu terhadap tersebut tetapi tiap tidak tolong untuk walau
    yaitu yakni yang
    an and are as at be by for from had has have he her his in is it its my not of on or our she that
    the their they this to was we were what when where which who with you your
"""
FUNCTION_WORDS: Final = frozenset(_FUNCTION_WORDS.split())


def stems_of(text: str, *, most: int | None = None) -> frozenset[str]:
    """Return the stems of a text, without those that say nothing; of `most` different words at the most."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    words = list(dict.fromkeys(word[:LONGEST] for word in _WORD.findall(folded)))
    stems = {_stem(word) for word in words[:most] if len(word) >= SHORTEST and word not in FUNCTION_WORDS}
    return frozenset(stems - FUNCTION_WORDS)


def _stem(word: str) -> str:
    # Numbers, and names of other scripts, have no affixes.
    return str(_stemmer().stem_word(word)) if word.isascii() and word.isalpha() else word


@cache
def _stemmer() -> Stemmer:
    """Return the stemmer without the library's own cache, which would keep the words of every case."""
    factory = StemmerFactory()
    return factory.create_stemmer().delegatedStemmer
