"""An office's calendar: on which days it works, from when to when, and why not on the others."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from sipuma.worktime.hours import OFFICE_HOURS, RAMADAN_HOURS, Interval, WeeklyHours, week_in_order
from sipuma.worktime.national import Closure, national_closure, ramadans
from sipuma.worktime.zones import office_zone

__all__ = ["Calendar", "Closure", "Opening", "Period", "office_calendar"]


@dataclass(frozen=True)
class Period:
    """Days, first and last included, with hours of their own, such as Ramadan."""

    first: date
    last: date
    hours: WeeklyHours
    name: str

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"A period ends before it starts: {self.name}, {self.first} to {self.last}")
        object.__setattr__(self, "hours", week_in_order(self.hours))

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last

    def overlaps(self, other: "Period") -> bool:
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True)
class Opening:
    """A day that is worked although it is a holiday, with the reason for it."""

    day: date
    name: str


@dataclass(frozen=True)
class Calendar:
    """The working time of one office; national holidays and joint leave hold in every calendar.

    The first period that covers a day gives its hours, else the weekly hours do. `closures` adds the
    office's own days off. `openings` lifts any holiday, but gives no hours to a day of rest.
    """

    zone: ZoneInfo
    weekly: WeeklyHours
    periods: tuple[Period, ...] = ()
    closures: Mapping[date, Closure] = field(default_factory=dict)
    openings: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        object.__setattr__(self, "weekly", week_in_order(self.weekly))

    def period_on(self, day: date) -> Period | None:
        """The period whose hours hold on a day, or None where the weekly hours do."""
        return next((period for period in self.periods if period.covers(day)), None)

    def scheduled_hours(self, day: date) -> tuple[Interval, ...]:
        """The hours of a day by its weekday and period, holidays left out of account."""
        period = self.period_on(day)
        return (period.hours if period else self.weekly).get(day.weekday(), ())

    def hours_on(self, day: date) -> tuple[Interval, ...]:
        """The stretches worked on a day, in order; none on a holiday or a day of rest."""
        hours = self.scheduled_hours(day)
        return () if hours and self.holiday(day) else hours

    def is_working_day(self, day: date) -> bool:
        return bool(self.hours_on(day))

    def closing(self, day: date) -> datetime:
        """The end of the last stretch (24:00 is 00:00 of the next date); ValueError if none is worked."""
        if hours := self.hours_on(day):
            return hours[-1].closes(day, self.zone)
        raise ValueError(f"{day} is not worked, so it has no closing time")

    def holiday(self, day: date) -> Closure | None:
        """Why a day is off: the office's own closure, else the national one; None if it is not.

        Warns with MissingJointLeave in a year whose joint leave is not known.
        """
        if day in self.openings:
            return None
        return self.closures.get(day) or national_closure(day)


def office_calendar(
    zone: str,
    *,
    weekly: WeeklyHours = OFFICE_HOURS,
    periods: Iterable[Period] = (),
    closures: Iterable[Closure] = (),
    openings: Iterable[Opening | date] = (),
    ramadans: Iterable[Period] = (),
    weeks: Iterable[Period] = (),
) -> Calendar:
    """The calendar of an office in an IANA zone, with the national hours and Ramadan unless told otherwise.

    The office's own `periods` go before Ramadan's; one of its own `ramadans` takes the place of the
    national month that it overlaps. `weeks` are weekly hours that held, or will hold, for a time: they
    come last. ValueError for a zone no office lies in.
    """
    own = tuple(ramadans)
    national = (month for month in _ramadan_periods() if not any(map(month.overlaps, own)))
    return Calendar(
        zone=office_zone(zone),
        weekly=weekly,
        periods=(*periods, *own, *national, *weeks),
        closures={closure.day: closure for closure in closures},
        openings=frozenset(each.day if isinstance(each, Opening) else each for each in openings),
    )


@cache
def _ramadan_periods() -> tuple[Period, ...]:
    return tuple(
        Period(month.first, month.last, RAMADAN_HOURS, f"Ramadan {month.year}") for month in ramadans()
    )
