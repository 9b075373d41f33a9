"""Which days an office works, checked against the decrees on holidays and joint leave."""

import csv
import warnings
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from sipuma.worktime import (
    Closure,
    MissingJointLeave,
    Opening,
    Period,
    joint_leave_is_known,
    office_calendar,
    parse_hours,
    zone_label,
)
from sipuma.worktime.national import ramadans

JAKARTA = ZoneInfo("Asia/Jakarta")
ORACLE = Path(__file__).parents[2] / "data" / "worktime" / "holidays_id_2024_2028.csv"
KINDS = {"LIBUR_NASIONAL": "national", "CUTI_BERSAMA": "joint_leave"}
EVERY_DAY = {weekday: parse_hours("08:00-16:00") for weekday in range(7)}


def decreed() -> dict[date, tuple[str, str]]:
    with ORACLE.open(encoding="utf-8", newline="") as lines:
        return {
            date.fromisoformat(row["date"]): (row["name"], KINDS[row["kind"]])
            for row in csv.DictReader(lines)
        }


def days_of(year: int) -> Iterator[date]:
    first = date(year, 1, 1)
    return (first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days))


@pytest.mark.filterwarnings("ignore::sipuma.worktime.MissingJointLeave")
@pytest.mark.parametrize("year", range(2024, 2029))
def test_every_holiday_and_joint_leave_day_of_the_decrees_is_known_and_no_other(year: int) -> None:
    calendar = office_calendar("Asia/Jakarta")

    known = {day: closure for day in days_of(year) if (closure := calendar.holiday(day))}

    expected = {day: row for day, row in decreed().items() if day.year == year}
    assert {day: (closure.name, closure.kind) for day, closure in known.items()} == expected
    assert all(closure.day == day for day, closure in known.items())


@pytest.mark.parametrize(("year", "days"), [(2024, 238), (2025, 237), (2026, 240), (2027, 242)])
def test_a_year_has_as_many_working_days_as_the_decrees_leave(year: int, days: int) -> None:
    calendar = office_calendar("Asia/Jakarta")

    assert sum(calendar.is_working_day(day) for day in days_of(year)) == days


def test_a_year_without_joint_leave_warns_and_still_answers() -> None:
    calendar = office_calendar("Asia/Jakarta")

    with pytest.warns(MissingJointLeave, match="known for 2028"):
        assert calendar.is_working_day(date(2028, 1, 3))


def test_the_warning_comes_again_on_every_answer() -> None:
    calendar = office_calendar("Asia/Jakarta")

    for _ in range(2):
        with pytest.warns(MissingJointLeave):
            calendar.holiday(date(2028, 1, 3))


def test_a_year_with_joint_leave_does_not_warn() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        office_calendar("Asia/Jakarta").holiday(date(2027, 12, 31))

    assert joint_leave_is_known(2027)
    assert not joint_leave_is_known(2028)


def test_each_ramadan_on_record_ends_on_the_eve_of_idul_fitri() -> None:
    eves = [
        day - timedelta(days=1)
        for day, (name, _) in decreed().items()
        if name.startswith("Hari Raya Idul Fitri")
    ]

    assert [month.last for month in ramadans()] == sorted(eves)
    assert all((month.last - month.first).days in (28, 29) for month in ramadans())
    assert [month.year for month in ramadans() if month.estimated] == [2027, 2028]


# fmt: off
HOURS = [
    ("2026-02-18", "07:30", "16:00"),  # the day before Ramadan
    ("2026-02-19", "08:00", "15:00"),  # its first day
    ("2026-03-13", "08:00", "15:30"),  # a Friday in it
    ("2026-03-16", "08:00", "15:00"),
    ("2026-03-25", "07:30", "16:00"),  # the first working day after Idul Fitri
    ("2026-11-20", "07:30", "16:30"),  # a Friday
]
# fmt: on


@pytest.mark.parametrize(("day", "opens", "closes"), HOURS)
def test_hours_follow_weekday_and_ramadan(day: str, opens: str, closes: str) -> None:
    calendar = office_calendar("Asia/Jakarta")
    on = date.fromisoformat(day)

    assert f"{calendar.hours_on(on)[0].start:%H:%M}" == opens
    assert calendar.closing(on) == datetime.fromisoformat(f"{day}T{closes}").replace(tzinfo=JAKARTA)


@pytest.mark.parametrize("day", ["2026-11-21", "2026-12-25"], ids=["saturday", "christmas"])
def test_a_day_that_is_not_worked_has_no_closing_time(day: str) -> None:
    with pytest.raises(ValueError, match="not worked"):
        office_calendar("Asia/Jakarta").closing(date.fromisoformat(day))


def test_an_office_closes_on_its_own_days_off_too() -> None:
    flood = Closure(date(2026, 11, 18), "Banjir", "local")
    calendar = office_calendar("Asia/Jakarta", closures=[flood])

    assert not calendar.is_working_day(flood.day)
    assert calendar.holiday(flood.day) == flood
    assert office_calendar("Asia/Jakarta").is_working_day(flood.day)


@pytest.mark.parametrize("opening", [Opening(date(2026, 12, 24), "Arus mudik"), date(2026, 12, 24)])
def test_an_opening_makes_a_holiday_a_working_day(opening: Opening | date) -> None:
    calendar = office_calendar("Asia/Jakarta", openings=[opening])

    assert calendar.holiday(date(2026, 12, 24)) is None
    assert calendar.is_working_day(date(2026, 12, 24))
    assert not calendar.is_working_day(date(2026, 12, 25))


def test_an_opening_gives_no_hours_to_a_day_of_rest() -> None:
    sunday = date(2026, 11, 22)

    assert not office_calendar("Asia/Jakarta", openings=[sunday]).is_working_day(sunday)


def test_a_period_of_the_office_goes_before_ramadan() -> None:
    period = Period(date(2026, 3, 2), date(2026, 3, 6), {0: parse_hours("09:00-10:00")}, "Pindah kantor")
    calendar = office_calendar("Asia/Jakarta", periods=[period])

    assert calendar.hours_on(date(2026, 3, 2)) == parse_hours("09:00-10:00")
    assert calendar.hours_on(date(2026, 3, 3)) == ()
    assert calendar.hours_on(date(2026, 3, 9)) == parse_hours("08:00-12:00 12:30-15:00")


def test_a_period_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="ends before it starts: Terbalik"):
        Period(date(2026, 3, 6), date(2026, 3, 2), EVERY_DAY, "Terbalik")


def test_an_office_that_works_every_day_still_keeps_national_holidays() -> None:
    calendar = office_calendar("Asia/Jakarta", weekly=EVERY_DAY)

    assert calendar.is_working_day(date(2026, 11, 22))
    assert not calendar.is_working_day(date(2026, 4, 5))


@pytest.mark.parametrize(
    ("zone", "label"),
    [("Asia/Jakarta", "WIB"), ("Asia/Pontianak", "WIB"), ("Asia/Makassar", "WITA"), ("Asia/Jayapura", "WIT")],
)
def test_each_indonesian_zone_has_the_label_that_people_know(zone: str, label: str) -> None:
    assert zone_label(zone) == label
    assert datetime(2026, 11, 20, tzinfo=ZoneInfo(zone)).tzname() == label


@pytest.mark.parametrize("make", [zone_label, office_calendar], ids=["label", "calendar"])
def test_a_zone_in_which_no_office_lies_is_refused(make: Callable[[str], object]) -> None:
    with pytest.raises(ValueError, match="No Indonesian time zone: 'Asia/Singapore'"):
        make("Asia/Singapore")
