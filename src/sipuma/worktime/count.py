"""Counting working days and hours: when something is due, and day by day why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Literal

from sipuma.worktime.calendar import Calendar
from sipuma.worktime.zones import moment_in

Reading = Literal["next_day", "literal"]
"""How the rule on the last minutes before closing is read (S3): as having an effect, or to the letter."""

# A calendar that closes for a year is a mistake in the data, not a deadline a year away.
LONGEST_CLOSURE = timedelta(days=366)


class Reason(StrEnum):
    """Why a day counts or does not; the faces hold the words for it."""

    RECEIVED = "received"
    COUNTED = "counted"
    REST = "rest"
    NATIONAL = "national"
    JOINT_LEAVE = "joint_leave"
    LOCAL = "local"
    AFTER_CLOSING = "after_closing"
    LATE = "late"


@dataclass(frozen=True)
class DayNote:
    """One day of a count: its number (0 for the day of receipt) or None when skipped, and why.

    `name` is the holiday's name, empty for other reasons.
    """

    day: date
    number: int | None
    reason: Reason
    name: str = ""


def add_working_days(calendar: Calendar, received: datetime, days: int) -> datetime:
    """The closing time of the n-th working day after receipt, whose own day is day 0.

    Receipt on a day that is not worked, or after its closing, is receipt on the next working day.
    ValueError for a naive datetime, a negative count, or a calendar with a year without work.
    """
    return due_with_cutoff(calendar, received, days, reading="literal")


def due_with_cutoff(
    calendar: Calendar, received: datetime, days: int, *, reading: Reading, minutes: int = 120
) -> datetime:
    """The due time by the rule of the last minutes before closing (S3, jangka waktu).

    `next_day`: what comes with less than `minutes` to closing counts as received on the next working
    day; exactly `minutes` is not late. `literal`: as `add_working_days`.
    """
    last = explain(calendar, received, days, reading=reading, minutes=minutes)[-1]
    return calendar.closing(last.day)


def explain(
    calendar: Calendar, received: datetime, days: int, *, reading: Reading = "literal", minutes: int = 120
) -> tuple[DayNote, ...]:
    """The count day by day, from the day of receipt to the due day, so that a person can check it."""
    if days < 0 or minutes < 0:
        raise ValueError(f"Working days and minutes are counted forward: {days}, {minutes}")
    if reading not in ("next_day", "literal"):
        raise ValueError(f"The reading is next_day or literal: {reading!r}")
    cutoff = timedelta(minutes=minutes if reading == "next_day" else 0)
    return tuple(_count(calendar, moment_in(calendar.zone, received), days, cutoff))


def working_days_between(calendar: Calendar, start: datetime, end: datetime) -> int:
    """How many working days lie between a start and the day of an end: `add_working_days` backwards.

    The day of the start, or the working day that stands for it, is day 0; 0 also when the end comes first.
    """
    last = moment_in(calendar.zone, end).date()
    counted = add_working_days(calendar, start, 0).astimezone(calendar.zone)
    if counted.time() == time.min:  # an office open until 24:00 closes on the next date
        counted -= timedelta(days=1)
    days = (counted.date() + timedelta(days=n) for n in range(1, (last - counted.date()).days + 1))
    return sum(calendar.is_working_day(day) for day in days)


def working_hours_between(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """The working time from start to end; negative when the end comes first."""
    first, last = moment_in(calendar.zone, start), moment_in(calendar.zone, end)
    if last < first:
        return -working_hours_between(calendar, last, first)
    days = (first.date() + timedelta(days=n) for n in range((last.date() - first.date()).days + 1))
    return sum((_worked_within(calendar, day, first, last) for day in days), timedelta())


def _worked_within(calendar: Calendar, day: date, first: datetime, last: datetime) -> timedelta:
    zone = calendar.zone
    stretches = calendar.hours_on(day)
    lengths = (min(last, each.closes(day, zone)) - max(first, each.opens(day, zone)) for each in stretches)
    return sum((length for length in lengths if length > timedelta()), timedelta())


def _count(calendar: Calendar, received: datetime, days: int, cutoff: timedelta) -> Iterator[DayNote]:
    day = worked = received.date()
    number = 0
    while number <= days:
        if skipped := _skipped(calendar, day, received, cutoff):
            yield skipped
        else:
            yield DayNote(day, number, Reason.COUNTED if number else Reason.RECEIVED)
            number, worked = number + 1, day
        if day - worked > LONGEST_CLOSURE:
            raise ValueError(f"The calendar has no working day in the year after {worked}")
        day += timedelta(days=1)


def _skipped(calendar: Calendar, day: date, received: datetime, cutoff: timedelta) -> DayNote | None:
    if not calendar.scheduled_hours(day):
        return DayNote(day, None, Reason.REST)
    if closure := calendar.holiday(day):
        return DayNote(day, None, Reason(closure.kind), closure.name)
    return _missed(calendar, received, cutoff) if day == received.date() else None


def _missed(calendar: Calendar, received: datetime, cutoff: timedelta) -> DayNote | None:
    day = received.date()
    left = calendar.closing(day) - received
    if left >= cutoff:
        return None
    return DayNote(day, None, Reason.AFTER_CLOSING if left < timedelta() else Reason.LATE)
