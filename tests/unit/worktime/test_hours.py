"""Hours of a day and a week: how they are written, ordered and refused."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from sipuma.worktime import OFFICE_HOURS, RAMADAN_HOURS, Interval, WeeklyHours, office_calendar, parse_hours

MONDAY = date(2026, 11, 16)


def length(stretch: Interval) -> timedelta:
    return stretch.closes(MONDAY, UTC) - stretch.opens(MONDAY, UTC)


@pytest.mark.parametrize(
    ("weekly", "hours"),
    [(OFFICE_HOURS, 37.5), (RAMADAN_HOURS, 32.5)],
    ids=["default", "ramadan"],
)
def test_the_default_weeks_have_the_length_that_the_regulation_sets(
    weekly: WeeklyHours, hours: float
) -> None:
    total = sum((length(stretch) for day in weekly.values() for stretch in day), timedelta())

    assert total == timedelta(hours=hours)


def test_hours_are_read_from_text_in_order_of_time() -> None:
    assert parse_hours("13:00-16:00 07:30-12:00") == (
        Interval(time(7, 30), time(12)),
        Interval(time(13), time(16)),
    )


def test_empty_text_is_a_day_of_rest() -> None:
    assert parse_hours("") == ()


@pytest.mark.parametrize("text", ["07:30", "07:30-", "25:00-26:00", "07:30-12:00,13:00-16:00"])
def test_text_that_is_no_hours_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Hours are written 07:30-12:00"):
        parse_hours(text)


def test_hours_that_end_before_they_start_are_refused() -> None:
    with pytest.raises(ValueError, match="end before they start: 16:00-07:30"):
        Interval(time(16), time(7, 30))


@pytest.mark.parametrize("text", ["07:30-12:00 11:59-16:00", "22:00-24:00 23:00-23:30"])
def test_hours_that_overlap_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="overlap"):
        parse_hours(text)


def test_hours_that_touch_are_two_stretches() -> None:
    assert len(parse_hours("07:30-12:00 12:00-16:00")) == 2


def test_an_end_of_24_00_is_midnight_after_the_day() -> None:
    (evening,) = parse_hours("18:00-24:00")

    assert evening.closes(MONDAY, UTC) == datetime(2026, 11, 17, tzinfo=UTC)
    assert length(evening) == timedelta(hours=6)


def test_midnight_to_midnight_is_the_whole_day() -> None:
    (day,) = parse_hours("00:00-24:00")

    assert length(day) == timedelta(hours=24)


def test_a_stretch_without_length_makes_no_working_day() -> None:
    calendar = office_calendar("Asia/Jakarta", weekly={0: (Interval(time(9), time(9)),)})

    assert calendar.hours_on(MONDAY) == ()
    assert not calendar.is_working_day(MONDAY)


def test_a_stretch_without_length_does_not_disturb_the_hours_around_it() -> None:
    assert parse_hours("07:30-12:00 09:00-09:00") == (Interval(time(7, 30), time(12)),)


@pytest.mark.parametrize("weekday", [-1, 7])
def test_a_weekday_that_is_none_is_refused(weekday: int) -> None:
    with pytest.raises(ValueError, match="0 \\(Monday\\) to 6"):
        office_calendar("Asia/Jakarta", weekly={weekday: parse_hours("08:00-09:00")})
