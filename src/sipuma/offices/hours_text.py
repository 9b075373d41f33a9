"""Hours of a week as people type them, one line a day; a mistake is named where it stands."""

import re
from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext as _

from sipuma.offices.refusal import Refused
from sipuma.worktime import parse_hours

DAYS: Final = 7
LONGEST_DAY: Final = 50
_STRETCH: Final = re.compile(r"[0-2]\d:[0-5]\d-[0-2]\d:[0-5]\d", re.ASCII)


def checked_week(lines: Sequence[str]) -> str:
    """Return seven lines of hours as a row keeps them; takes 07.30 for 07:30.

    Raises:
        Refused: hours that are none, overlap, or no day that is worked; names the day's field.
    """
    kept = [" ".join(line.replace(".", ":").replace("–", "-").split()) for line in lines]
    for weekday, line in enumerate(kept):
        _check_day(line, field=f"hours_{weekday}")
    if len(kept) != DAYS or not any(kept):
        raise Refused(_("Write the hours of at least one day."), field="hours_0")
    return "\n".join(kept)


def _check_day(line: str, *, field: str) -> None:
    if len(line) > LONGEST_DAY or not all(_is_stretch(stretch) for stretch in line.split()):
        example = _("Write hours like this: 07:30-12:00 13:00-16:00, each end after its start.")
        raise Refused(example, field=field)
    try:
        parse_hours(line)
    except ValueError as error:
        raise Refused(_("Two stretches of this day overlap."), field=field) from error


def _is_stretch(text: str) -> bool:
    """Return whether this is a stretch with some length."""
    try:
        return bool(_STRETCH.fullmatch(text) and parse_hours(text))
    except ValueError:
        return False
