"""Counting back and counting on: working days between two moments, calendar days that end on a worked one."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sipuma.worktime import (
    Period,
    add_working_days,
    closing_after,
    national_closures,
    office_calendar,
    parse_hours,
    working_days_between,
)

JAKARTA = ZoneInfo("Asia/Jakarta")
ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura")
CALENDAR = office_calendar("Asia/Jakarta")
ALL_DAY = {weekday: parse_hours("00:00-24:00") for weekday in range(7)}
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 10, 1), timezones=st.just(UTC))  # noqa: DTZ001


def at(day: int, hour: int, minute: int = 0, *, month: int = 2) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=JAKARTA)


# Thursday the 5th of February 2026 at 16:00 is the end.
@pytest.mark.parametrize(
    ("start", "days"),
    [
        (at(2, 10), 3),
        (at(4, 15, 59), 1),
        (at(4, 16, 1), 0),  # after closing counts as received on the 5th
        (at(4, 23, 59), 0),
        (at(5, 0), 0),
        (at(5, 16), 0),
        (at(9, 10), 0),  # the end comes first
        (at(31, 10, month=1), 3),  # a Saturday is received on Monday
    ],
)
def test_days_are_counted_back_as_they_were_counted_on(start: datetime, days: int) -> None:
    assert working_days_between(CALENDAR, start, at(5, 16)) == days


@given(start=MOMENTS, days=st.integers(0, 40), zone=st.sampled_from(ZONES))
def test_counting_back_undoes_counting_on(start: datetime, days: int, zone: str) -> None:
    calendar = office_calendar(zone)
    assert working_days_between(calendar, start, add_working_days(calendar, start, days)) == days


def test_an_office_that_never_closes_counts_its_days_too() -> None:
    calendar = office_calendar("Asia/Jakarta", weekly=ALL_DAY)
    due = add_working_days(calendar, at(2, 10), 3)
    assert due == at(6, 0)
    assert working_days_between(calendar, at(2, 10), due - timedelta(minutes=1)) == 3


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (at(2, 10), 1, at(3, 16)),
        (at(2, 23, 59), 1, at(3, 16)),  # late in the day is still that day
        (at(2, 10), 5, at(9, 16)),  # the 7th is a Saturday
        (at(2, 10), 14, at(18, 16)),  # the 16th and 17th are off (Imlek)
        (datetime(2026, 12, 2, 10, tzinfo=JAKARTA), 30, datetime(2027, 1, 4, 16, tzinfo=JAKARTA)),
    ],
)
def test_calendar_days_end_at_closing_time_of_a_worked_day(start: datetime, days: int, due: datetime) -> None:
    found = closing_after(CALENDAR, start, days)
    assert found.date() == due.date()
    assert found == CALENDAR.closing(due.date())


def test_days_are_not_counted_backward() -> None:
    with pytest.raises(ValueError, match="forward"):
        closing_after(CALENDAR, at(2, 10), -1)


def test_the_offices_own_ramadan_takes_the_place_of_the_national_one() -> None:
    hours = {weekday: parse_hours("08:00-14:00") for weekday in range(5)}
    own = Period(date(2026, 2, 20), date(2026, 3, 18), hours, "Ramadan")
    calendar = office_calendar("Asia/Jakarta", ramadans=[own])
    assert calendar.closing(date(2026, 2, 20)).hour == 14
    assert calendar.period_on(date(2026, 2, 19)) is None  # the national estimate begins here
    assert calendar.closing(date(2026, 2, 19)).hour == 16
    following = calendar.period_on(date(2027, 2, 10))
    assert following is not None
    assert following.name == "Ramadan 2027"


def test_weekly_hours_hold_from_a_day_on_and_ramadan_goes_before_them() -> None:
    hours = {weekday: parse_hours("07:00-15:00") for weekday in range(5)}
    calendar = office_calendar(
        "Asia/Jakarta", weeks=[Period(date(2026, 2, 10), date.max, hours, "Jam kerja")]
    )
    closings = [calendar.closing(date(2026, 2, day)) for day in (9, 10, 19)]
    assert [(one.hour, one.minute) for one in closings] == [(16, 0), (15, 0), (15, 0)]
    assert calendar.scheduled_hours(date(2026, 2, 19)) != hours[3]


def test_the_holidays_of_a_year_are_listed_in_order() -> None:
    days = [closure.day for closure in national_closures(2026)]
    assert days == sorted(days)
    assert len(days) == 25
