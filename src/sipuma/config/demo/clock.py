"""When things happened: plausible moments before now, on the office's own clock and working days."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sipuma.config.demo.samples import Age
from sipuma.worktime import Calendar, office_calendar

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
A_WHILE = 35 * MINUTE
JUST_NOW = 25 * MINUTE
OPENING, EVENING = time(8, 10), time(15, 0)


@dataclass(frozen=True)
class Clock:
    """An office's clock on a demo's first day; nothing it gives lies after `now`."""

    zone: str
    now: datetime

    def ago(self, age: Age, clock_time: time) -> datetime:
        """Return the moment that many days ago, at the latest just now."""
        today = self.now.astimezone(ZoneInfo(self.zone)).date()
        day = working_days_back(self._calendar, today, age.count) if age.working else today - age.count * DAY
        return min(self._at(day, clock_time), self.now - JUST_NOW)

    def after(self, previous: datetime, days: int, *, variety: int = 0) -> datetime:
        """Return a moment `days` working days after another (0: later that day while the office works).

        What would lie ahead of `now` is moved between the other moment and now.
        """
        local = previous.astimezone(ZoneInfo(self.zone))
        works = self._calendar.is_working_day(local.date())
        if days == 0 and works and OPENING <= local.time() < EVENING:
            found = previous + A_WHILE
        elif days == 0 and works and local.time() < OPENING:
            found = self._at(local.date(), OPENING)
        else:
            day = working_days_on(self._calendar, local.date(), max(days, 1))
            found = self._at(day, OPENING) + (17 * variety + local.minute) % 300 * MINUTE
        return found if found < self.now else previous + (self.now - previous) / 4

    @property
    def _calendar(self) -> Calendar:
        return office_calendar(self.zone)

    def _at(self, day: date, clock_time: time) -> datetime:
        return datetime.combine(day, clock_time, ZoneInfo(self.zone))


def working_days_on(calendar: Calendar, day: date, count: int) -> date:
    """Return the `count`-th working day after a day."""
    for _ in range(count):
        day += DAY
        while not calendar.is_working_day(day):
            day += DAY
    return day


def working_days_back(calendar: Calendar, day: date, count: int) -> date:
    """Return the working day from which `day`, or the first working day after it, is the `count`-th."""
    while not calendar.is_working_day(day):
        day += DAY
    for _ in range(count):
        day -= DAY
        while not calendar.is_working_day(day):
            day -= DAY
    return day
