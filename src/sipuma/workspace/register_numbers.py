"""Reads register numbers as people type and say them: any dashes, spaces and digits of other widths."""

import re
import unicodedata
from typing import Final

_OFFICE_DIGITS, _YEAR_DIGITS, _NUMBER_DIGITS = 6, 4, 6
_HEAD: Final = _OFFICE_DIGITS + _YEAR_DIGITS
_PARTS: Final = 3


def register_number(typed: str) -> str:
    """Return a register number as it is stored, however it was typed; empty for what can't be one."""
    text = unicodedata.normalize("NFKC", typed)
    groups = re.findall(r"[0-9]+", text)
    digits = "".join(groups)
    if re.search(r"[^\W\d]", text):
        return ""
    if len(groups) == _PARTS and [*map(len, groups[:2])] == [_OFFICE_DIGITS, _YEAR_DIGITS]:
        digits = groups[0] + groups[1] + groups[2].zfill(_NUMBER_DIGITS)
    return _grouped(digits) if len(digits) >= _HEAD + _NUMBER_DIGITS else ""


def number_prefix(typed: str) -> str:
    """Return the beginning of register numbers as they are stored, from its digits alone."""
    return _grouped("".join(re.findall(r"[0-9]", unicodedata.normalize("NFKC", typed))))


def _grouped(digits: str) -> str:
    parts = (digits[:_OFFICE_DIGITS], digits[_OFFICE_DIGITS:_HEAD], digits[_HEAD:])
    return "-".join(part for part in parts if part)


def number_end(typed: str) -> str:
    """Return the end of register numbers as they are stored: «42» is `-000042`, «2026-42» `-2026-000042`."""
    groups = re.findall(r"[0-9]+", unicodedata.normalize("NFKC", typed))
    if len(groups) == 1 and len(groups[0]) >= _HEAD + _NUMBER_DIGITS:
        return _grouped(groups[0])
    *before, number = groups or [""]
    parts = [*before, number.zfill(_NUMBER_DIGITS)] if number else []
    return "".join(f"-{part}" for part in parts).removeprefix("-" if len(parts) == _PARTS else "")
