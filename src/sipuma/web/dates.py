"""Days and times as people read them, in the zone of the office: «Selasa, 24 Maret 2026, 23.59 WIB»."""

from datetime import date, datetime
from typing import Final

from django.utils import dateformat, translation

from sipuma.worktime import moment_in, office_zone, zone_label

# Indonesian writes a full stop between hours and minutes.
_CLOCK_FORMATS: Final = {"id": "H.i"}


def day_text(when: date | datetime, zone: str) -> str:
    """The day as it is in `zone` (IANA name), in the active language; a bare date has no zone to shift."""
    local = when.astimezone(office_zone(zone)) if isinstance(when, datetime) else when
    return dateformat.format(local, "l, j F Y")


def moment_text(when: datetime, zone: str) -> str:
    """Day, time and zone label of `when`; ValueError for a naive one, or a zone that no office lies in."""
    return f"{day_text(when, zone)}, {clock_text(when, zone)}"


def clock_text(when: datetime, zone: str) -> str:
    """The time of day and the zone label alone: «23.59 WIB»; ValueError as for `moment_text`."""
    local = moment_in(office_zone(zone), when)
    clock = dateformat.format(local, _CLOCK_FORMATS.get(translation.get_language() or "", "H:i"))
    return f"{clock} {zone_label(zone)}"
