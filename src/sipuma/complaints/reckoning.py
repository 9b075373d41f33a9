"""How a deadline was worked out, day by day, so that anybody can check it («Mengapa tenggat ini?»)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sipuma.cases.models import Case
from sipuma.cases.workflow import Text
from sipuma.complaints.clocks import Clock, clocks_of
from sipuma.complaints.deadlines import ANSWER_DAYS, rule_of
from sipuma.complaints.pauses import Span, spans_of
from sipuma.complaints.rules import Rule, Unit
from sipuma.complaints.states import BY_NAME, S
from sipuma.offices.calendars import calendar_of
from sipuma.worktime import Calendar, DayNote, Interval, Reason, explain, working_days_between

PAUSED = "paused"
NEXT_WORKED = "next-worked"
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Day:
    """One day of a count: its number or None where it is skipped, why, and hours out of the ordinary."""

    day: date
    number: int | None
    reason: str
    name: str = ""
    period: str = ""
    hours: tuple[Interval, ...] = ()


@dataclass(frozen=True)
class Reckoning:
    """A deadline with its rule, the moment from which it is counted, and all its days."""

    label: Text
    rule: Rule
    start: datetime
    due: datetime
    amount: int
    days: tuple[Day, ...]

    @property
    def resumed(self) -> bool:
        """Return whether fewer days were left than the rule has: the clock had stopped, or the case moved."""
        return self.amount < self.rule.amount


def reckonings(case: Case, now: datetime) -> list[Reckoning]:
    """Return the reckoning of the stage, while the case is open, and of the two clocks."""
    calendar, spans = calendar_of(case.team.office), spans_of([case])[case.pk]
    clocks = [_of_clock(case, calendar, spans, clock, now) for clock in clocks_of(case, now)]
    return [_of_stage(case, calendar, spans, case.due), *clocks] if case.due else clocks


def _of_stage(case: Case, calendar: Calendar, spans: Sequence[Span], due: datetime) -> Reckoning:
    rule, label = rule_of(case), BY_NAME[case.state].label
    if case.state == S.WAITING:
        days = tuple(_answer_days(case, calendar))
        return Reckoning(label, rule, case.since, due, ANSWER_DAYS, days)
    if rule.unit == Unit.WORKING_DAYS:
        amount = working_days_between(calendar, case.counted_from, due)
        notes = explain(calendar, case.counted_from, amount)
        days = tuple(_with_hours(calendar, note) for note in notes)
        return Reckoning(label, rule, case.counted_from, due, amount, days)
    paused = _paused(spans, calendar, until=case.counted_from)
    days = tuple(_since_receipt(case.received_at, due, rule.amount, calendar, paused))
    return Reckoning(label, rule, case.received_at, due, rule.amount, days)


def _of_clock(
    case: Case, calendar: Calendar, spans: Sequence[Span], clock: Clock, now: datetime
) -> Reckoning:
    rule, start = clock.rule, case.received_at
    paused = _paused(spans, calendar, until=clock.done_at or now)
    days = tuple(_since_receipt(start, clock.due, rule.amount, calendar, paused))
    return Reckoning(rule.label, rule, start, clock.due, rule.amount, days)


def _answer_days(case: Case, calendar: Calendar) -> Iterator[Day]:
    """Yield the days of a request: every day counts, whether the office works or not (S2)."""
    first = case.since.astimezone(calendar.zone).date()
    for number in range(ANSWER_DAYS + 1):
        yield Day(first + number * DAY, number, Reason.COUNTED if number else Reason.RECEIVED)


def _since_receipt(
    start: datetime, due: datetime, amount: int, calendar: Calendar, paused: frozenset[date]
) -> Iterator[Day]:
    """Yield calendar days; the last one, if not worked, gives way to the next that is."""
    day, last = (moment.astimezone(calendar.zone).date() for moment in (start, due))
    yield Day(day, 0, Reason.RECEIVED)
    number = 0
    while (day := day + DAY) <= last:
        if day in paused:
            yield Day(day, None, PAUSED)
        elif number == amount:
            yield _off_or(calendar, day, None, NEXT_WORKED)
        else:
            number += 1
            yield (
                _off_or(calendar, day, number, Reason.COUNTED)
                if number == amount
                else Day(day, number, Reason.COUNTED)
            )


def _paused(spans: Sequence[Span], calendar: Calendar, *, until: datetime) -> frozenset[date]:
    """Return the days that began while a clock stood still."""
    found: set[date] = set()
    for span in spans:
        first = span.start.astimezone(calendar.zone).date()
        found |= {first + n * DAY for n in range(1, span.days(calendar.zone, until=until) + 1)}
    return frozenset(found)


def _off_or(calendar: Calendar, day: date, number: int | None, reason: str) -> Day:
    if not calendar.scheduled_hours(day):
        return Day(day, number, Reason.REST)
    if closure := calendar.holiday(day):
        return Day(day, number, Reason(closure.kind), closure.name)
    return Day(day, number, reason)


def _with_hours(calendar: Calendar, note: DayNote) -> Day:
    period = calendar.period_on(note.day) if note.number is not None else None
    return Day(
        note.day,
        note.number,
        note.reason,
        note.name,
        period.name if period else "",
        calendar.hours_on(note.day) if period else (),
    )
