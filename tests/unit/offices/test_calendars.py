"""An office's own calendar: what may be changed by whom, what is refused, and what a change makes of it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from sipuma.complaints.calendar_moves import change_calendar
from sipuma.offices.calendar_changes import Change, keeps_calendar_of, present_of, row_of
from sipuma.offices.calendars import calendar_of
from sipuma.offices.hours_text import checked_week
from sipuma.offices.models import CalendarKind, CalendarRow, Office
from sipuma.offices.refusal import Refused
from sipuma.worktime import OFFICE_HOURS, parse_hours
from tests.world import ACEH, KI, MALILI, SABANG, World

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Jakarta"))  # a Monday
TODAY = NOW.date()
CLOSURE = Change("closure", "SK Wali Kota 1", date(2026, 4, 20), name="Hari jadi kota")
OPENING = Change("opening", "Instruksi 2", date(2026, 5, 15))
HOURS = ("08:00-12:00 13:00-17:00",) * 5 + ("", "")
SHORT = ("08:00-14:00",) * 5 + ("", "")
PERIOD = Change("period", "Lembur", date(2026, 6, 1), date(2026, 6, 12), "Lembur", HOURS)
RAMADAN = Change("ramadan", "SE 3", date(2026, 2, 19), date(2026, 3, 19), hours=SHORT)
WEEK = Change("week", "Perpres baru", date(2026, 7, 1), hours=HOURS)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with override("en"):
        yield


def sabang() -> Office:
    return Office.objects.get(pk=SABANG)


def apply(world: World, *changes: Change, at: datetime = NOW) -> None:
    for change in changes:
        change_calendar(office=sabang(), change=change, by=world.officer("kepala-uki"), at=at)


def refused(change: Change) -> Refused:
    with pytest.raises(Refused) as found:
        row_of(change, present_of(sabang(), TODAY))
    return found.value


def test_an_office_without_changes_works_by_the_national_calendar_and_asks_nothing(world: World) -> None:
    office = sabang()
    with CaptureQueriesContext(connection) as queries:
        calendar = calendar_of(office)
    assert (len(queries), calendar.weekly) == (0, OFFICE_HOURS)


def test_a_closure_is_off_in_its_office_alone(world: World) -> None:
    apply(world, CLOSURE)
    day = CLOSURE.first
    assert day is not None
    closure = calendar_of(sabang()).holiday(day)
    assert closure is not None
    assert (closure.name, closure.kind) == ("Hari jadi kota", "local")
    assert calendar_of(Office.objects.get(pk=ACEH)).is_working_day(day)


def test_a_holiday_may_be_worked(world: World) -> None:
    day = date(2026, 5, 15)
    assert not calendar_of(sabang()).is_working_day(day)
    apply(world, OPENING)
    assert calendar_of(sabang()).is_working_day(day)


def test_hours_follow_the_offices_periods_its_ramadan_and_its_week(world: World) -> None:
    apply(world, PERIOD, RAMADAN, WEEK, replace(WEEK, first=date(2026, 9, 1), hours=SHORT))
    calendar = calendar_of(sabang())
    closings = {
        date(2026, 3, 5): time(14),  # its own Ramadan
        date(2026, 3, 25): time(16),  # after it
        date(2026, 6, 2): time(17),
        date(2026, 6, 15): time(16),
        date(2026, 7, 1): time(17),
        date(2026, 8, 31): time(17),
        date(2026, 9, 1): time(14),
        date(2027, 2, 10): time(15),  # the national Ramadan of the next year
    }
    assert {day: calendar.closing(day).time() for day in closings} == closings


def test_what_is_taken_back_counts_no_more_and_stays_readable(world: World) -> None:
    apply(world, CLOSURE)
    [row] = CalendarRow.objects.all()
    apply(world, Change("removal", "Batal", removes=row.pk))
    assert calendar_of(sabang()).is_working_day(row.first)
    assert [one.kind for one in CalendarRow.objects.all()] == ["closure", "removal"]
    assert "back already" in str(refused(Change("removal", "Lagi", removes=row.pk)))
    apply(world, CLOSURE)  # and again, as a new row


def test_every_change_draws_a_new_version_that_other_processes_see(world: World) -> None:
    before = sabang()
    apply(world, CLOSURE)
    first = sabang().calendar_version
    apply(world, OPENING)
    assert len({before.calendar_version, first, sabang().calendar_version}) == 3
    with CaptureQueriesContext(connection) as queries:
        calendar_of(sabang())
        office = sabang()
        calendar_of(office)
    assert sum("calendarrow" in query["sql"] for query in queries) == 1


@pytest.mark.parametrize(
    ("role", "office", "keeps"),
    [
        ("kepala-uki", SABANG, True),
        ("kepala-uki", KI, True),
        ("kepala-uki", MALILI, False),
        ("verifikator", SABANG, False),
        ("penerima", SABANG, False),
        ("pengkaji-unit", KI, False),
        ("admin", SABANG, False),
    ],
)
def test_the_head_of_the_office_and_that_of_dit_ki_keep_a_calendar(
    world: World, role: str, office: str, *, keeps: bool
) -> None:
    officer = world.officer(role, office)
    assert keeps_calendar_of(officer, sabang()) is keeps
    if not keeps:
        with pytest.raises(Refused, match="Only the head"):
            change_calendar(office=sabang(), change=CLOSURE, by=officer, at=NOW)


def test_the_kanwil_keeps_it_for_an_office_without_people(world: World) -> None:
    assert keeps_calendar_of(world.officer("kepala-uki", ACEH), sabang())
    world.officer("verifikator")
    assert not keeps_calendar_of(world.officer("kepala-uki", ACEH), sabang())


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        (replace(CLOSURE, kind="holiday"), "kind", "list"),
        (replace(CLOSURE, reason=" "), "reason", "why"),
        (replace(CLOSURE, name=" "), "name", "called"),
        (replace(CLOSURE, first=None), "first", "day"),
        (replace(CLOSURE, first=date(2001, 1, 1)), "first", "one month ago"),
        (replace(CLOSURE, first=date(9999, 12, 31)), "first", "two years ahead"),
        (replace(CLOSURE, first=TODAY - timedelta(days=32)), "first", "one month ago"),
        (replace(CLOSURE, first=date(2026, 4, 19)), "first", "day of the week"),
        (replace(CLOSURE, first=date(2026, 3, 19)), "first", "off already: "),
        (replace(OPENING, first=date(2026, 4, 20)), "first", "no holiday"),
        (replace(OPENING, first=date(2026, 3, 21)), "first", "no holiday"),  # a Saturday
        (replace(PERIOD, last=None), "last", "day"),
        (replace(PERIOD, last=date(2026, 5, 31)), "last", "before the first"),
        (replace(PERIOD, last=date(2026, 12, 31)), "last", "at most 120"),
        (replace(RAMADAN, last=date(2026, 3, 22)), "last", "at most 31"),
        (replace(PERIOD, name=""), "name", "called"),
        (replace(PERIOD, hours=("12:00-08:00", *HOURS[1:])), "hours_0", "after its start"),
        (replace(PERIOD, hours=("08:00-12:00 11:00-15:00", *HOURS[1:])), "hours_0", "overlap"),
        (replace(WEEK, hours=("",) * 7), "hours_0", "at least one"),
        (replace(WEEK, hours=HOURS[:5]), "hours_0", "at least one"),
        (replace(WEEK, first=TODAY - timedelta(days=1)), "first", "today or a later"),
        (Change("removal", "x", removes=10**9), None, "back already"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_to_do(
    world: World, change: Change, field: str | None, words: str
) -> None:
    found = refused(change)
    assert words in str(found)
    assert found.field == field


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (CLOSURE, "off already"),
        (OPENING, "no holiday"),
        (replace(OPENING, first=CLOSURE.first), "closure of the office"),
        (replace(PERIOD, first=date(2026, 6, 12), last=date(2026, 6, 20)), "overlap with «Lembur»"),
        (replace(RAMADAN, first=date(2026, 3, 1)), "overlap with «Ramadan»"),
        (WEEK, "already"),
    ],
)
def test_the_same_a_second_time_is_refused(world: World, change: Change, words: str) -> None:
    apply(world, CLOSURE, OPENING, PERIOD, RAMADAN, WEEK)
    assert words in str(refused(change))


def test_a_thousand_closures_are_too_many(world: World) -> None:
    member, office = world.officer("kepala-uki").member, sabang()
    days = [date(2027, 1, 1) + timedelta(days=n) for n in range(60)]
    CalendarRow.objects.bulk_create(
        CalendarRow(office=office, kind="closure", first=day, last=day, name="x", reason="x", member=member)
        for day in days
    )
    assert "60 closures" in str(refused(replace(CLOSURE, first=date(2027, 4, 20))))


def test_what_is_long_past_stays(world: World) -> None:
    apply(world, CLOSURE)
    [row] = CalendarRow.objects.all()
    change = Change("removal", "Terlambat", removes=row.pk)
    with pytest.raises(Refused, match="long past"):
        row_of(change, present_of(sabang(), row.first + timedelta(days=32)))
    apply(world, WEEK)
    week = CalendarRow.objects.get(kind=CalendarKind.WEEK)
    apply(world, Change("removal", "Batal", removes=week.pk), at=NOW + timedelta(days=300))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("07.30-12.00 13.00–16.00", "07:30-12:00 13:00-16:00"), (" 00:00-24:00 ", "00:00-24:00")],
)
def test_hours_are_taken_as_people_here_write_them(typed: str, kept: str) -> None:
    assert checked_week([typed] * 7).split("\n") == [kept] * 7
    assert parse_hours(kept)


@pytest.mark.parametrize(
    "typed",
    [
        "8-12",
        "08:00",
        "25:00-26:00",
        "08:00-08:00",
        "07:30+07:00-12:00",
        "a" * 51,
        "<b>",
        "０８:00-12:00",
        "08:00-12:00 " * 9,
    ],
)
def test_hours_that_are_none_are_refused_on_their_day(typed: str) -> None:
    with pytest.raises(Refused, match="Write hours like this") as found:
        checked_week(["", "", typed, "", "", "", ""])
    assert found.value.field == "hours_2"
