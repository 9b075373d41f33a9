"""The calendar by which an office works: the national one in its zone, with the office's own rows over it."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from itertools import zip_longest
from uuid import UUID

from sipuma.offices.models import CalendarKind, CalendarRow, Office
from sipuma.worktime import Calendar, Closure, Period, WeeklyHours, office_calendar, parse_hours


def calendar_of(office: Office) -> Calendar:
    """Return the office's calendar as of the version that its row names.

    Whoever changes the calendar draws a new version in the same transaction, so every process sees the
    change with the next office that it reads, and no list asks for a calendar's rows case by case.
    """
    return _calendar(office.pk, office.timezone, office.calendar_version)


@lru_cache(maxsize=512)
def _calendar(code: str, zone: str, version: UUID | None) -> Calendar:
    rows = CalendarRow.objects.filter(office_id=code) if version else ()
    return built(zone, rows)


def built(zone: str, rows: Iterable[CalendarRow]) -> Calendar:
    """Return the calendar that rows make, those taken back left out; the newer of two goes first."""
    counting = in_force(rows)
    by_kind = {kind: [row for row in counting if row.kind == kind] for kind in CalendarKind}
    return office_calendar(
        zone,
        closures=[Closure(row.first, row.name, "local") for row in by_kind[CalendarKind.CLOSURE]],
        openings=[row.first for row in by_kind[CalendarKind.OPENING]],
        ramadans=[_period(row) for row in reversed(by_kind[CalendarKind.RAMADAN])],
        periods=[_period(row) for row in reversed(by_kind[CalendarKind.PERIOD])],
        weeks=list(_weeks(by_kind[CalendarKind.WEEK])),
    )


def in_force(rows: Iterable[CalendarRow]) -> list[CalendarRow]:
    """Return the rows that count: neither taken back nor a taking back."""
    found = list(rows)
    gone = {row.removes_id for row in found if row.removes_id is not None}
    return [row for row in found if row.pk not in gone and row.kind != CalendarKind.REMOVAL]


def week_of(text: str) -> WeeklyHours:
    """Return the hours of a row: seven lines from Monday, an empty one for a day of rest."""
    return {weekday: parse_hours(line) for weekday, line in enumerate(text.split("\n"))}


def _period(row: CalendarRow, last: date | None = None) -> Period:
    return Period(row.first, last or row.last or date.max, week_of(row.hours), row.name)


def _weeks(rows: list[CalendarRow]) -> Iterable[Period]:
    """Yield the weekly hours one after the other: each until the day before the next."""
    by_day = sorted({row.first: row for row in rows}.values(), key=lambda row: row.first)
    for row, following in zip_longest(by_day, by_day[1:]):
        yield _period(row, following.first - timedelta(days=1) if following else None)
