"""The three Indonesian time zones: their names for people, and moments told in them."""

from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

LABELS = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
}


def zone_label(zone: str) -> str:
    """WIB, WITA or WIT for an IANA zone name; ValueError for a zone no office lies in."""
    if zone not in LABELS:
        raise ValueError(f"No Indonesian time zone: {zone!r}. Known are {', '.join(LABELS)}.")
    return LABELS[zone]


def office_zone(zone: str) -> ZoneInfo:
    """The zone of an office; ValueError for a zone no office lies in."""
    zone_label(zone)
    return ZoneInfo(zone)


def moment_in(zone: tzinfo, moment: datetime) -> datetime:
    """The same instant as the zone's clock shows it; ValueError for a naive datetime."""
    if moment.utcoffset() is None:
        raise ValueError(f"A datetime without a time zone is no moment: {moment.isoformat()}")
    return moment.astimezone(zone)
