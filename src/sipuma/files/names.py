"""Turns what a browser called a file into a name that is safe to show and to offer for saving."""

import re
import unicodedata

MOST_CHARACTERS = 120
LONGEST_EXTENSION = 16
NOTHING_LEFT = "berkas"

# Categories that Unicode keeps for what is not seen: controls, formats such as bidi, surrogates.
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
FORBIDDEN = re.compile(r'[<>:"|?*]')  # by Windows; both slashes are gone before
RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])", re.IGNORECASE)


def clean_name(given: str) -> str:
    """Return the last part of `given` without what hides, forbids or misleads; never empty."""
    last = re.split(r"[/\\]", given)[-1]
    seen = "".join(sign for sign in unicodedata.normalize("NFC", last) if not _is_unseen(sign))
    # Windows drops dots and spaces at the end; a leading dot hides a file elsewhere.
    name = re.sub(r"\s+", " ", FORBIDDEN.sub("", seen)).lstrip(". ").rstrip(". ")
    return _unreserved(_shortened(name)) if name else NOTHING_LEFT


def _is_unseen(sign: str) -> bool:
    return unicodedata.category(sign) in UNSEEN


def _shortened(name: str) -> str:
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension) > LONGEST_EXTENSION:
        return name[:MOST_CHARACTERS].rstrip(". ")
    return stem[: MOST_CHARACTERS - len(dot + extension)].rstrip(". ") + dot + extension


def _unreserved(name: str) -> str:
    """Put a line before a name that Windows keeps for a device, with or without an extension."""
    stem = name.split(".", maxsplit=1)[0].rstrip()
    return f"_{name}" if RESERVED.fullmatch(stem) else name
