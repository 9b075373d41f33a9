"""Limits in calendar days, such as the 14 days to answer a request for data (S2, verifikasi)."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sipuma.worktime.calendar import Calendar
from sipuma.worktime.count import add_working_days
from sipuma.worktime.zones import moment_in, office_zone


@dataclass(frozen=True)
class Limit:
    """The last second to say to a person, and the instant from which the limit has lapsed.

    Compare with `lapses_at`: an answer within the last second still counts.
    """

    last_moment: datetime
    lapses_at: datetime


def calendar_day_limit(zone: str, requested: datetime, days: int) -> Limit:
    """The limit of so many calendar days since a request, on the clock of an office's zone.

    The day of the request is day 0; day n counts to its end, 23:59:59, and the limit lapses at 00:00
    of the day after (S2: "14 hari sejak permintaan"). ValueError for a naive datetime, a negative
    count or a zone no office lies in.
    """
    if days < 0:
        raise ValueError(f"Days are counted forward: {days}")
    local = office_zone(zone)
    day_after = moment_in(local, requested).date() + timedelta(days=days + 1)
    lapses_at = datetime.combine(day_after, time.min, local)
    return Limit(last_moment=lapses_at - timedelta(seconds=1), lapses_at=lapses_at)


def closing_after(calendar: Calendar, start: datetime, days: int) -> datetime:
    """The closing time of the n-th calendar day after a start, or of the working day after that day.

    The day of the start is day 0, however late on it. ValueError for a naive datetime or a negative count.
    """
    if days < 0:
        raise ValueError(f"Days are counted forward: {days}")
    day = moment_in(calendar.zone, start).date() + timedelta(days=days)
    return add_working_days(calendar, datetime.combine(day, time.min, calendar.zone), 0)
