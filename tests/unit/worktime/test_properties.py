"""What holds for every calendar and every moment."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sipuma.worktime import (
    Calendar,
    Closure,
    Reading,
    add_working_days,
    calendar_day_limit,
    due_with_cutoff,
    explain,
    office_calendar,
    working_hours_between,
)
from sipuma.worktime.zones import LABELS

# Counts of up to 30 days from here stay inside the years whose joint leave is known.
FIRST, LAST = date(2024, 1, 1), date(2027, 9, 30)

zones = st.sampled_from(sorted(LABELS))
moments = st.datetimes(
    datetime.combine(FIRST, datetime.min.time()),
    datetime.combine(LAST, datetime.min.time()),
    timezones=st.just(UTC),
)
counts = st.integers(0, 30)
readings = st.sampled_from(get_args(Reading))
days_off = st.sets(st.dates(FIRST, LAST), max_size=20)


def with_closures(zone: str, days: Iterable[date]) -> Calendar:
    return office_calendar(zone, closures=[Closure(day, "Libur", "local") for day in days])


@given(
    zone=zones, received=moments, days=counts, off=st.sets(st.integers(0, 60), max_size=20), reading=readings
)
def test_a_closure_can_only_lengthen_a_count(
    zone: str, received: datetime, days: int, off: set[int], reading: Reading
) -> None:
    closed = with_closures(zone, [received.date() + timedelta(days=n) for n in off])

    later = due_with_cutoff(closed, received, days, reading=reading)

    assert later >= due_with_cutoff(office_calendar(zone), received, days, reading=reading)


@given(zone=zones, received=moments, days=counts, off=days_off)
def test_the_hours_until_a_due_time_are_those_of_the_days_counted(
    zone: str, received: datetime, days: int, off: set[date]
) -> None:
    calendar = with_closures(zone, off)
    counted = [note.day for note in explain(calendar, received, days) if note.number]
    midnights = [(datetime.combine(day, datetime.min.time(), ZoneInfo(zone)), day) for day in counted]

    until_due = working_hours_between(
        calendar, add_working_days(calendar, received, 0), add_working_days(calendar, received, days)
    )

    hours = (working_hours_between(calendar, start, calendar.closing(day)) for start, day in midnights)
    assert until_due == sum(hours, timedelta())
    assert len(counted) == days


@given(zone=zones, start=moments, middle=st.integers(-2000, 2000), end=st.integers(-2000, 2000))
def test_working_hours_add_up(zone: str, start: datetime, middle: int, end: int) -> None:
    calendar = office_calendar(zone)
    half, whole = start + timedelta(minutes=middle), start + timedelta(minutes=end)

    parts = working_hours_between(calendar, start, half) + working_hours_between(calendar, half, whole)

    assert parts == working_hours_between(calendar, start, whole)


@given(zone=zones, received=moments, later=st.integers(0, 10_000), days=counts, reading=readings)
def test_what_comes_later_is_never_due_earlier(
    zone: str, received: datetime, later: int, days: int, reading: Reading
) -> None:
    calendar = office_calendar(zone)

    second = due_with_cutoff(calendar, received + timedelta(minutes=later), days, reading=reading)

    assert second >= due_with_cutoff(calendar, received, days, reading=reading)


@given(zone=zones, received=moments, days=counts)
def test_the_next_day_reading_adds_one_working_day_at_most(zone: str, received: datetime, days: int) -> None:
    calendar = office_calendar(zone)

    due = due_with_cutoff(calendar, received, days, reading="next_day")

    assert due in {add_working_days(calendar, received, days), add_working_days(calendar, received, days + 1)}


@given(zone=zones, received=moments, days=counts, reading=readings)
def test_an_explanation_leaves_out_no_day_and_numbers_the_counted_ones(
    zone: str, received: datetime, days: int, reading: Reading
) -> None:
    calendar = office_calendar(zone)

    notes = explain(calendar, received, days, reading=reading)

    first = received.astimezone(ZoneInfo(zone)).date()
    assert [note.day for note in notes] == [first + timedelta(days=n) for n in range(len(notes))]
    assert [note.number for note in notes if note.number is not None] == list(range(days + 1))
    assert all(calendar.is_working_day(note.day) for note in notes if note.number is not None)


@pytest.mark.parametrize("zone", sorted(LABELS))
@given(requested=moments, days=st.integers(0, 400))
def test_a_calendar_day_limit_is_a_local_midnight_so_many_days_away(
    zone: str, requested: datetime, days: int
) -> None:
    lapses_at = calendar_day_limit(zone, requested, days).lapses_at

    assert (lapses_at.hour, lapses_at.minute, lapses_at.second) == (0, 0, 0)
    assert timedelta(days=days) < lapses_at - requested <= timedelta(days=days + 1)
