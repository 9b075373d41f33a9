"""When something is due, counted in working days."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

import pytest
import time_machine

from sipuma.worktime import (
    Calendar,
    Closure,
    DayNote,
    MissingJointLeave,
    Reading,
    Reason,
    add_working_days,
    calendar_day_limit,
    due_with_cutoff,
    explain,
    office_calendar,
    parse_hours,
    working_hours_between,
)

WIB, WITA, WIT = "Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"


def at(text: str, zone: str = WIB) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


# Two working days since receipt, the information service's limit (S3): the office's zone, receipt by its
# clock, then the due time as next_day and as literal read the rule.
# fmt: off
VECTORS = [
    (WIB,  "2026-03-16 10:00", "2026-03-25 16:00", "2026-03-25 16:00"),  # Ramadan, then a week of holidays
    (WIB,  "2026-03-16 13:30", "2026-03-26 16:00", "2026-03-25 16:00"),
    (WIB,  "2026-11-18 14:00", "2026-11-20 16:30", "2026-11-20 16:30"),  # exactly 120 minutes left
    (WIB,  "2026-11-18 14:01", "2026-11-23 16:00", "2026-11-20 16:30"),
    (WIB,  "2026-11-20 15:30", "2026-11-25 16:00", "2026-11-24 16:00"),  # one instant, 08:30 UTC
    (WITA, "2026-11-20 16:30", "2026-11-25 16:00", "2026-11-24 16:00"),  # the moment of closing
    (WIT,  "2026-11-20 17:30", "2026-11-25 16:00", "2026-11-25 16:00"),  # after closing
    (WIB,  "2026-11-20 16:31", "2026-11-25 16:00", "2026-11-25 16:00"),
    (WIB,  "2026-11-21 09:00", "2026-11-25 16:00", "2026-11-25 16:00"),  # a Saturday
    (WIB,  "2026-11-22 23:59", "2026-11-25 16:00", "2026-11-25 16:00"),
    (WIB,  "2026-11-23 00:00", "2026-11-25 16:00", "2026-11-25 16:00"),  # before opening
    (WIB,  "2026-12-23 13:00", "2026-12-29 16:00", "2026-12-29 16:00"),  # joint leave and Christmas
    (WIB,  "2026-12-31 09:00", "2027-01-06 16:00", "2027-01-06 16:00"),  # New Year, Isra Mikraj
    (WIB,  "2024-12-31 15:00", "2025-01-06 16:00", "2025-01-03 16:30"),
    (WIT,  "2025-12-31 14:00", "2026-01-05 16:00", "2026-01-05 16:00"),
]
# fmt: on


@pytest.mark.parametrize(("zone", "received", "next_day", "literal"), VECTORS)
def test_two_working_days_are_due_at_the_hour_on_record(
    zone: str, received: str, next_day: str, literal: str
) -> None:
    calendar, moment = office_calendar(zone), at(received, zone)

    assert due_with_cutoff(calendar, moment, 2, reading="next_day") == at(next_day, zone)
    assert due_with_cutoff(calendar, moment, 2, reading="literal") == at(literal, zone)
    assert add_working_days(calendar, moment, 2) == at(literal, zone)


@pytest.mark.parametrize(("zone", "received", "next_day", "literal"), VECTORS)
def test_the_zone_in_which_the_moment_is_given_changes_nothing(
    zone: str, received: str, next_day: str, literal: str
) -> None:
    due = due_with_cutoff(office_calendar(zone), at(received, zone).astimezone(UTC), 2, reading="next_day")

    assert due == at(next_day, zone)
    assert due.tzinfo == ZoneInfo(zone)


@pytest.mark.parametrize("host", ["Pacific/Honolulu", "Pacific/Auckland"])
def test_the_zone_of_the_host_changes_nothing(host: str) -> None:
    with time_machine.travel(datetime(2026, 11, 20, 23, tzinfo=ZoneInfo(host))):
        assert add_working_days(office_calendar(WIB), at("2026-11-18 14:01"), 2) == at("2026-11-20 16:30")


@pytest.mark.parametrize(
    ("days", "due"),
    [(0, "2026-11-18 16:00"), (1, "2026-11-19 16:00"), (3, "2026-11-23 16:00"), (14, "2026-12-08 16:00")],
)
def test_each_further_day_is_the_next_one_worked(days: int, due: str) -> None:
    assert add_working_days(office_calendar(WIB), at("2026-11-18 08:00"), days) == at(due)


def test_the_last_minutes_can_be_of_another_length() -> None:
    due = due_with_cutoff(office_calendar(WIB), at("2026-11-18 14:01"), 2, reading="next_day", minutes=60)

    assert due == at("2026-11-20 16:30")


def test_a_day_that_ends_at_midnight_takes_receipt_until_its_last_second() -> None:
    calendar = office_calendar(WIB, weekly={weekday: parse_hours("08:00-24:00") for weekday in range(5)})

    assert add_working_days(calendar, at("2026-11-18 23:59:59"), 1) == at("2026-11-20 00:00")
    assert add_working_days(calendar, at("2026-11-19 00:00"), 1) == at("2026-11-21 00:00")
    assert due_with_cutoff(calendar, at("2026-11-18 22:01"), 1, reading="next_day") == at("2026-11-21 00:00")


def test_a_year_without_joint_leave_warns_and_still_gives_a_due_time() -> None:
    with pytest.warns(MissingJointLeave):
        assert add_working_days(office_calendar(WIB), at("2027-12-31 08:00"), 1) == at("2028-01-03 16:00")


def test_a_calendar_that_never_opens_is_refused() -> None:
    calendar = Calendar(ZoneInfo(WIB), weekly={})

    with pytest.raises(ValueError, match="no working day in the year after 2026-11-18"):
        add_working_days(calendar, at("2026-11-18 08:00"), 1)


NAIVE = datetime.fromisoformat("2026-11-18T08:00")


@pytest.mark.parametrize(
    "use",
    [
        lambda: add_working_days(office_calendar(WIB), NAIVE, 1),
        lambda: due_with_cutoff(office_calendar(WIB), NAIVE, 1, reading="next_day"),
        lambda: explain(office_calendar(WIB), NAIVE, 1),
        lambda: working_hours_between(office_calendar(WIB), NAIVE, at("2026-11-18 08:00")),
        lambda: working_hours_between(office_calendar(WIB), at("2026-11-18 08:00"), NAIVE),
        lambda: calendar_day_limit(WIB, NAIVE, 14),
    ],
)
def test_a_moment_without_a_zone_is_refused(use: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match="without a time zone"):
        use()


@pytest.mark.parametrize(("days", "minutes"), [(-1, 120), (1, -1)])
def test_counts_below_zero_are_refused(days: int, minutes: int) -> None:
    with pytest.raises(ValueError, match="counted forward"):
        explain(office_calendar(WIB), at("2026-11-18 08:00"), days, minutes=minutes)


def test_a_reading_that_does_not_exist_is_refused() -> None:
    reading = cast("Reading", "next-day")

    with pytest.raises(ValueError, match="next_day or literal: 'next-day'"):
        due_with_cutoff(office_calendar(WIB), at("2026-11-18 08:00"), 1, reading=reading)


def test_a_count_is_explained_day_by_day() -> None:
    calendar = office_calendar(WIB, closures=[Closure(date(2026, 3, 17), "Banjir", "local")])

    notes = explain(calendar, at("2026-03-16 13:30"), 1, reading="next_day")

    # fmt: off
    assert notes == (
        DayNote(date(2026, 3, 16), None, Reason.LATE),
        DayNote(date(2026, 3, 17), None, Reason.LOCAL, "Banjir"),
        DayNote(date(2026, 3, 18), None, Reason.JOINT_LEAVE, "Cuti Bersama Hari Suci Nyepi"),
        DayNote(date(2026, 3, 19), None, Reason.NATIONAL, "Hari Suci Nyepi"),
        DayNote(date(2026, 3, 20), None, Reason.JOINT_LEAVE, "Cuti Bersama Hari Raya Idul Fitri"),
        DayNote(date(2026, 3, 21), None, Reason.REST),
        DayNote(date(2026, 3, 22), None, Reason.REST),
        DayNote(date(2026, 3, 23), None, Reason.JOINT_LEAVE, "Cuti Bersama Hari Raya Idul Fitri"),
        DayNote(date(2026, 3, 24), None, Reason.JOINT_LEAVE, "Cuti Bersama Hari Raya Idul Fitri"),
        DayNote(date(2026, 3, 25), 0, Reason.RECEIVED),
        DayNote(date(2026, 3, 26), 1, Reason.COUNTED),
    )
    # fmt: on


@pytest.mark.parametrize(
    ("received", "reason"),
    [
        ("2026-11-18 16:00", Reason.RECEIVED),
        ("2026-11-18 16:00:01", Reason.AFTER_CLOSING),
        ("2026-11-21 10:00", Reason.REST),
    ],
)
def test_the_first_day_of_an_explanation_says_whether_receipt_was_in_time(
    received: str, reason: Reason
) -> None:
    first = explain(office_calendar(WIB), at(received), 1)[0]

    assert first.reason == reason
    assert first.number == (0 if reason is Reason.RECEIVED else None)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-11-18 08:00", "2026-11-18 09:30", 1.5),
        ("2026-11-18 11:30", "2026-11-18 13:30", 1),  # the break does not count
        ("2026-11-18 00:00", "2026-11-19 00:00", 7.5),
        ("2026-11-20 16:00", "2026-11-23 08:30", 1.5),  # over a weekend
        ("2026-11-16 00:00", "2026-11-23 00:00", 37.5),
        ("2026-03-02 00:00", "2026-03-09 00:00", 32.5),  # Ramadan
        ("2026-12-24 00:00", "2026-12-27 23:59", 0),
        ("2026-11-18 16:00", "2026-11-18 23:00", 0),
        ("2026-11-18 09:30", "2026-11-18 08:00", -1.5),
    ],
)
def test_working_hours_leave_out_breaks_nights_and_holidays(start: str, end: str, hours: float) -> None:
    assert working_hours_between(office_calendar(WIB), at(start), at(end)) == timedelta(hours=hours)


def test_working_hours_run_until_midnight_where_the_day_does() -> None:
    calendar = office_calendar(WIB, weekly={2: parse_hours("18:00-24:00")})

    assert working_hours_between(calendar, at("2026-11-18 20:00"), at("2026-11-19 12:00")) == timedelta(
        hours=4
    )
