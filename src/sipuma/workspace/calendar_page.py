"""What the calendar page shows of an office: its hours, its year, its own rows, and their history."""

from dataclasses import dataclass
from datetime import date

from sipuma.cases.workflow import Text
from sipuma.offices.calendars import built, in_force
from sipuma.offices.models import CalendarKind, CalendarRow, Office
from sipuma.web.dates import day_text
from sipuma.workspace.calendar_form import WEEKDAYS
from sipuma.workspace.deadline_words import hours_text
from sipuma.worktime import Calendar, Closure, WeeklyHours, national_closures


@dataclass(frozen=True)
class DayHours:
    """A weekday and its hours; an empty text is a day of rest."""

    weekday: Text
    hours: str


@dataclass(frozen=True)
class Special:
    """Days with hours of their own; `row` None: the national ones, which nobody here takes back."""

    name: str
    first: date
    last: date
    hours: list[DayHours]
    row: CalendarRow | None


@dataclass(frozen=True)
class Shown:
    """An office's calendar as one page has it."""

    office: Office
    week: list[DayHours]
    periods: list[Special]
    own: list[CalendarRow]
    national: tuple[Closure, ...]
    history: list[CalendarRow]

    @property
    def zone(self) -> str:
        return self.office.timezone


def shown_of(office: Office, today: date, year: int) -> Shown:
    """Return the calendar of an office, read afresh, with the holidays of a year."""
    rows = list(CalendarRow.objects.filter(office=office).select_related("member", "removes"))
    calendar, counting = built(office.timezone, rows), in_force(rows)
    return Shown(
        office=office,
        week=hours_of(usual_week(calendar, today)),
        periods=_periods(calendar, counting, today),
        own=sorted((row for row in counting if row.hours == ""), key=lambda row: row.first),
        national=national_closures(year),
        history=rows[::-1],
    )


def usual_week(calendar: Calendar, today: date) -> WeeklyHours:
    """Return the weekly hours that hold today, whatever period it lies in."""
    weeks = [one for one in calendar.periods if one.last == date.max or not one.name]
    return next((one.hours for one in weeks if one.covers(today)), calendar.weekly)


def hours_of(week: WeeklyHours) -> list[DayHours]:
    return [DayHours(name, hours_text(week.get(weekday, ()))) for weekday, name in enumerate(WEEKDAYS)]


def _periods(calendar: Calendar, counting: list[CalendarRow], today: date) -> list[Special]:
    """Return the periods that are not over and begin within the next year, with the rows they come from."""
    own = {(row.first, row.name): row for row in counting if row.hours}
    return [
        Special(one.name, one.first, one.last, hours_of(one.hours), own.get((one.first, one.name)))
        for one in sorted(calendar.periods, key=lambda one: one.first)
        if one.last >= today and one.first.year <= today.year + 1
    ]


def title_of(row: CalendarRow, zone: str) -> str:
    """Return what a row says, in one line: «Local closure: Hari jadi kota, Senin, 2 Maret 2026»."""
    first, last = day_text(row.first, zone), day_text(row.last, zone) if row.last else ""
    days = first if last in {"", first} else f"{first} – {last}"
    kind = f"{row.get_kind_display()}: {row.name}" if row.name else str(row.get_kind_display())
    if row.kind == CalendarKind.REMOVAL and row.removes is not None:
        return f"{row.get_kind_display()}: {title_of(row.removes, zone)}"
    return f"{kind}, {days}"
