"""Opening hours within a day and over a week, and the hours that Perpres 21/2023 sets."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from types import MappingProxyType

MIDNIGHT = time.min


@dataclass(frozen=True, order=True)
class Interval:
    """A stretch of one day, from start (inclusive) to end (exclusive), as the wall clock shows it.

    An end of 00:00 is the 24:00 of that day, so 00:00 to 00:00 is the whole day; any other start equal
    to its end is a stretch of no length. ValueError when the end comes before the start.
    """

    start: time
    end: time

    def __post_init__(self) -> None:
        if self.end < self.start and self.end != MIDNIGHT:
            raise ValueError(f"Hours end before they start: {self.start:%H:%M}-{self.end:%H:%M}")

    @property
    def is_empty(self) -> bool:
        return self.start == self.end != MIDNIGHT

    def opens(self, day: date, zone: tzinfo) -> datetime:
        return datetime.combine(day, self.start, zone)

    def closes(self, day: date, zone: tzinfo) -> datetime:
        last = day + timedelta(days=1) if self.end == MIDNIGHT else day
        return datetime.combine(last, self.end, zone)

    def overlaps(self, later: "Interval") -> bool:
        """Whether this reaches into one that starts later or at the same time."""
        return self.end == MIDNIGHT or self.end > later.start


WeeklyHours = Mapping[int, tuple[Interval, ...]]
"""Weekday (0 is Monday) to the stretches worked on it; a missing weekday is a day of rest."""


def parse_hours(text: str) -> tuple[Interval, ...]:
    """Hours as data has them, `07:30-12:00 13:00-24:00`; no text is a day of rest; ValueError otherwise."""
    stretches = (stretch.partition("-") for stretch in text.split())
    return in_order(Interval(_clock(start), _clock(end)) for start, _, end in stretches)


def in_order(stretches: Iterable[Interval]) -> tuple[Interval, ...]:
    """The stretches of one day by time, empty ones left out; ValueError when two overlap."""
    ordered = tuple(sorted(stretch for stretch in stretches if not stretch.is_empty))
    for earlier, later in pairwise(ordered):
        if earlier.overlaps(later):
            raise ValueError(f"Hours overlap: {earlier.end:%H:%M} comes after {later.start:%H:%M}")
    return ordered


def week_in_order(weekly: WeeklyHours) -> WeeklyHours:
    """The same week with each day in order, read-only; ValueError for a weekday outside 0..6."""
    if unknown := set(weekly) - set(range(7)):
        raise ValueError(f"Weekdays go from 0 (Monday) to 6: {sorted(unknown)}")
    return MappingProxyType({weekday: in_order(stretches) for weekday, stretches in weekly.items()})


def _clock(text: str) -> time:
    if text == "24:00":
        return MIDNIGHT
    try:
        return time.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"Hours are written 07:30-12:00, not with {text!r}") from error


def _five_days(monday_to_thursday: str, friday: str) -> WeeklyHours:
    days = [monday_to_thursday] * 4 + [friday]
    return week_in_order({weekday: parse_hours(text) for weekday, text in enumerate(days)})


# Perpres 21/2023: 37.5 hours in a week, 32.5 in Ramadan; the time of the break is the agency's own to set.
OFFICE_HOURS = _five_days("07:30-12:00 13:00-16:00", "07:30-11:30 13:00-16:30")
RAMADAN_HOURS = _five_days("08:00-12:00 12:30-15:00", "08:00-11:30 12:30-15:30")
