"""Days and times as people read them, in the zone of the office: «Selasa, 24 Maret 2026, 23.59 WIB»."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.utils import dateformat, translation

# Indonesia's three zones by their official abbreviations.
# fmt: off
ZONE_LABELS: Final = {
    "Asia/Jakarta":       "WIB",
    "Asia/Pontianak":     "WIB",
    "Asia/Makassar":      "WITA",
    "Asia/Ujung_Pandang": "WITA",
    "Asia/Jayapura":      "WIT",
}
# fmt: on

# Indonesian writes a full stop between hours and minutes.
_CLOCK_FORMATS: Final = {"id": "H.i"}


def day_text(when: date | datetime, zone: str) -> str:
    """The day as it is in `zone` (IANA name), in the active language; a bare date has no zone to shift."""
    local = when.astimezone(ZoneInfo(zone)) if isinstance(when, datetime) else when
    return dateformat.format(local, "l, j F Y")


def moment_text(when: datetime, zone: str) -> str:
    """Day, time and zone label of an aware `when`; raises ValueError for a naive one."""
    if when.tzinfo is None:
        raise ValueError("a moment without a zone cannot be shown")
    local = when.astimezone(ZoneInfo(zone))
    clock = dateformat.format(local, _CLOCK_FORMATS.get(translation.get_language() or "", "H:i"))
    return f"{day_text(when, zone)}, {clock} {ZONE_LABELS.get(zone) or local.tzname()}"
