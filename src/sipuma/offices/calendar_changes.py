"""Changing an office's calendar: who may, and which changes make sense; what is wrong is said by field."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext as _

from sipuma.offices.calendars import built, in_force
from sipuma.offices.hours_text import checked_week
from sipuma.offices.loading import KI
from sipuma.offices.models import CalendarKind, CalendarRow, Office, TeamKind
from sipuma.offices.officer import Officer
from sipuma.offices.places import Role
from sipuma.offices.refusal import Refused
from sipuma.worktime import Calendar, Period

BACK, AHEAD = timedelta(days=31), timedelta(days=731)
MOST_CLOSURES: Final = 60  # in a year: more is a mistake, or another calendar
LONGEST: Final[Mapping[str, int]] = {CalendarKind.RAMADAN: 31, CalendarKind.PERIOD: 120}
LONGEST_NAME, LONGEST_REASON = 100, 300


@dataclass(frozen=True)
class Change:
    """What somebody wants to change. `hours`: seven texts from Monday; `removes`: the row to take back."""

    kind: str
    reason: str
    first: date | None = None
    last: date | None = None
    name: str = ""
    hours: Sequence[str] = ()
    removes: int | None = None


@dataclass(frozen=True)
class Present:
    """The office as it stands before a change: rows that count, the calendar they make, the day of today."""

    office: Office
    rows: tuple[CalendarRow, ...]
    calendar: Calendar
    today: date


def present_of(office: Office, today: date) -> Present:
    """Return the office's calendar as stored, without the memory of any process."""
    rows = tuple(CalendarRow.objects.filter(office=office))
    return Present(office, rows, built(office.timezone, rows), today)


def keeps_calendar_of(officer: Officer, office: Office) -> bool:
    """Return whether the member heads this office's compliance unit, works for it, or heads Dit. KI's."""
    units = [
        place.team.office_id
        for place in officer.reach.places.values()
        if place.team.kind == TeamKind.VERIFICATION and Role.HEAD in place.roles
    ]
    return KI in units or office.pk in units


def row_of(change: Change, present: Present) -> CalendarRow:
    """Return the row that a change makes, not saved yet.

    Raises:
        Refused: it makes no sense; names the field.
    """
    check = CHECKS.get(change.kind)
    if check is None:
        raise Refused(_("Choose one of the list."), field="kind")
    row = check(change, present)
    row.office, row.kind, row.reason = present.office, change.kind, change.reason.strip()
    if not row.reason:
        raise Refused(_("Write why, with the decree if there is one."), field="reason")
    return row


def calendar_with(present: Present, row: CalendarRow) -> Calendar:
    """Return the calendar as it would be with one more row."""
    return built(present.office.timezone, (*present.rows, row))


def _closure(change: Change, present: Present) -> CalendarRow:
    day = _near(change.first, present, field="first")
    if not change.name.strip():
        raise Refused(_("Write what the day is called, for example «Hari jadi kota»."), field="name")
    _check_worked(day, present.calendar)
    own = [row for row in in_force(present.rows) if row.kind == CalendarKind.CLOSURE]
    if sum(row.first.year == day.year for row in own) >= MOST_CLOSURES:
        text = _("%(most)d closures are recorded for this year already. Change the hours instead.")
        raise Refused(text % {"most": MOST_CLOSURES}, field="first")
    return CalendarRow(first=day, last=day, name=change.name.strip())


def _check_worked(day: date, calendar: Calendar) -> None:
    if not calendar.scheduled_hours(day):
        raise Refused(_("The office does not work on this day of the week anyway."), field="first")
    if closure := calendar.holiday(day):
        text = _("This day is off already: %(name)s.")
        raise Refused(text % {"name": closure.name}, field="first")


def _opening(change: Change, present: Present) -> CalendarRow:
    day = _near(change.first, present, field="first")
    closure = present.calendar.holiday(day)
    if closure is None or not present.calendar.scheduled_hours(day):
        raise Refused(_("This day is no holiday: nothing has to be lifted."), field="first")
    if closure.kind == "local":
        raise Refused(_("This day is off by a closure of the office. Take the closure back."), field="first")
    return CalendarRow(first=day, last=day, name=closure.name)


def _period(change: Change, present: Present) -> CalendarRow:
    first = _near(change.first, present, field="first")
    last = _near(change.last, present, field="last")
    longest = LONGEST[change.kind]
    if last < first:
        raise Refused(_("The last day comes before the first."), field="last")
    if (last - first).days >= longest:
        raise Refused(_("Choose at most %(most)d days.") % {"most": longest}, field="last")
    name = change.name.strip() or ("Ramadan" if change.kind == CalendarKind.RAMADAN else "")
    if not name:
        raise Refused(_("Write what these days are called."), field="name")
    row = CalendarRow(first=first, last=last, name=name, hours=checked_week(change.hours))
    _check_free(row, change.kind, present)
    return row


def _check_free(row: CalendarRow, kind: str, present: Present) -> None:
    wanted = Period(row.first, row.last or row.first, {}, row.name)
    for other in in_force(present.rows):
        if other.kind == kind and wanted.overlaps(Period(other.first, other.last or other.first, {}, "")):
            text = _("These days overlap with «%(name)s». Take that back first.")
            raise Refused(text % {"name": other.name}, field="first")


def _week(change: Change, present: Present) -> CalendarRow:
    first = _near(change.first, present, field="first")
    if first < present.today:
        raise Refused(
            _("Choose today or a later day: hours that were kept stay as they were."), field="first"
        )
    weeks = [row for row in in_force(present.rows) if row.kind == CalendarKind.WEEK]
    if any(row.first == first for row in weeks):
        raise Refused(_("Hours from this day on are recorded already. Take them back first."), field="first")
    return CalendarRow(first=first, hours=checked_week(change.hours))


def _removal(change: Change, present: Present) -> CalendarRow:
    removed = next((row for row in in_force(present.rows) if row.pk == change.removes), None)
    if removed is None:
        raise Refused(_("This has been taken back already, or never was. Look at the calendar again."))
    if (removed.last or present.today) < present.today - BACK:
        raise Refused(_("This is long past and stays: deadlines were counted by it."))
    return CalendarRow(first=removed.first, last=removed.last, name=removed.name, removes=removed)


Check = Callable[[Change, Present], CalendarRow]
# fmt: off
CHECKS: Final[Mapping[str, Check]] = {
    CalendarKind.CLOSURE: _closure,
    CalendarKind.OPENING: _opening,
    CalendarKind.RAMADAN: _period,
    CalendarKind.PERIOD:  _period,
    CalendarKind.WEEK:    _week,
    CalendarKind.REMOVAL: _removal,
}
# fmt: on


def _near(day: date | None, present: Present, *, field: str) -> date:
    if day is None:
        raise Refused(_("Write the day."), field=field)
    if not present.today - BACK <= day <= present.today + AHEAD:
        raise Refused(_("Choose a day from one month ago to two years ahead."), field=field)
    return day
