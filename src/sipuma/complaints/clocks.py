"""The clocks that run through all stages: 30 days to the first substantive answer, 60 to completion (R53).

KMK 149/2011 and Perpres 76/2013 count from receipt. Both stand still while the complainant is asked and
between closing and reopening (DOMAIN section 8). The first substantive answer is the first message, decision
or result that an officer writes to the complainant after verification began, or the closing itself; a
question to the complainant is none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sipuma.cases.models import Audience, Author, Case, Entry
from sipuma.complaints.pauses import Span, days_paused, spans_of
from sipuma.complaints.rules import COMPLETION, FIRST_ANSWER, Rule, rule_for
from sipuma.complaints.states import S
from sipuma.offices.calendars import calendar_of
from sipuma.worktime import Calendar, closing_after

ANSWERS = ("message", "decision", "result")


@dataclass(frozen=True)
class Clock:
    """One clock of a case: its rule, when it is over, since when it stands, the days that did not count."""

    rule: Rule
    due: datetime
    done_at: datetime | None
    paused: int

    def overdue(self, now: datetime) -> bool:
        """Return whether it was over before the thing was done, or is over by now."""
        return (self.done_at or now) >= self.due


def clocks_of(case: Case, now: datetime) -> tuple[Clock, ...]:
    """Return the clock of the first answer and that of completion."""
    calendar, spans = calendar_of(case.team.office), spans_of([case])[case.pk]
    ends = {FIRST_ANSWER: first_answer(case), COMPLETION: case.closed_at}
    return tuple(_clock(case, calendar, spans, name, done, now) for name, done in ends.items())


def _clock(
    case: Case, calendar: Calendar, spans: Sequence[Span], name: str, done: datetime | None, now: datetime
) -> Clock:
    rule = rule_for(name, case.received_at)
    paused = days_paused(spans, calendar.zone, until=done or now)
    return Clock(rule, closing_after(calendar, case.received_at, rule.amount + paused), done, paused)


def first_answer(case: Case) -> datetime | None:
    """Return when the complainant first got a substantive answer; None while there was none."""
    entries = Entry.objects.filter(case=case)
    began = entries.filter(target=S.VERIFICATION).order_by("pk").values_list("at", flat=True).first()
    answers = entries.filter(kind__in=ANSWERS, audience=Audience.COMPLAINANT, author=Author.MEMBER)
    times = answers.order_by("at").values_list("at", flat=True)
    found = times.filter(at__gte=began).first() if began else None
    return found or case.closed_at
