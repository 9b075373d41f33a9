"""When a case is due, in the handling office's own time and by the rule that held when it was received.

How clocks go on, stop and start anew (DOMAIN sections 7, 8 and 11):

- Taking a case (move 4) keeps its clock: the three days of verification run from receipt.
- A request for data (move 5) stops the stage's clock and those of 30 and 60 days; the answer (move 6) lets
  the stage go on with the working days that were left, at least one (section 8, ours).
- A transfer (move 21) stops nothing: the case stays due at the very moment it was due («clocks go on»); the
  new office's calendar counts only from then on. Its head is told anew if it is overdue.
- A return (moves 14, 15 and 22) begins a stage, with the stage's whole time from that moment; those since
  receipt don't begin anew. So being sent back and forth can't push the 30 and 60 days away.
- Between closing and reopening (move 19) nothing runs.
"""

from collections.abc import Sequence
from datetime import datetime

from sipuma.cases.models import Case
from sipuma.complaints.models import DeadlineRow
from sipuma.complaints.pauses import Span, days_paused, spans_of
from sipuma.complaints.rules import REOPENING, Rule, Unit, rule_for
from sipuma.complaints.states import OPEN, S
from sipuma.offices.calendars import calendar_of
from sipuma.offices.models import Office
from sipuma.worktime import (
    Calendar,
    add_working_days,
    calendar_day_limit,
    closing_after,
    working_days_between,
)

ANSWER_DAYS = 14


def due(case: Case, state: str, at: datetime) -> datetime | None:
    """Return when the case is due in a state entered at `at`; None for final states."""
    if state not in OPEN:
        return None
    if state == S.WAITING:
        return answer_period(case, at)
    if state == S.VERIFICATION and case.state in {S.RECEIVED, S.VERIFICATION}:
        return case.due
    calendar, rule = calendar_of(case.team.office), rule_for(state, case.received_at)
    resumed = case.state == S.WAITING and case.days_left is not None
    if resumed and rule.unit == Unit.WORKING_DAYS:
        return add_working_days(calendar, at, case.days_left or 0)
    return ends(calendar, rule, case, at)


def ends(calendar: Calendar, rule: Rule, case: Case, start: datetime) -> datetime:
    """Return when a time that began at `start` is over by a rule."""
    if rule.unit == Unit.WORKING_DAYS:
        return add_working_days(calendar, start, rule.amount)
    if rule.unit == Unit.CALENDAR_DAYS:
        return closing_after(calendar, start, rule.amount)
    # A case that is about to be opened was never paused.
    spans = spans_of([case])[case.pk] if case.pk else ()
    paused = days_paused(spans, calendar.zone, until=start)
    return closing_after(calendar, case.received_at, rule.amount + paused)


def answer_period(case: Case, at: datetime) -> datetime:
    """Return the moment at which an unanswered request lapses: D+15 00:00 (S2; DOMAIN section 8)."""
    return calendar_day_limit(case.team.office.timezone, at, ANSWER_DAYS).lapses_at


def first_due(office: Office, at: datetime) -> datetime:
    """Return when a case that comes in at `at` is due."""
    rule, calendar = rule_for(S.RECEIVED, at), calendar_of(office)
    count = add_working_days if rule.unit == Unit.WORKING_DAYS else closing_after
    return count(calendar, at, rule.amount)


def rule_of(case: Case, rows: Sequence[DeadlineRow] | None = None) -> Rule:
    """Return the rule by which the present `due` of an open case is counted."""
    verifying = case.state == S.VERIFICATION and case.counted_from == case.received_at
    # A closed case is due when its complainant asks to reopen it: answered as soon as a new one is looked at.
    first = verifying or case.closed_at is not None
    return rule_for(S.RECEIVED if first else case.state, case.received_at, rows)


def reopening_until(case: Case) -> datetime | None:
    """Return the last moment at which a closed case may be reopened (move 19); None while it is open."""
    if case.closed_at is None:
        return None
    rule = rule_for(REOPENING, case.received_at)
    return ends(calendar_of(case.verification.office), rule, case, case.closed_at)


def days_left(case: Case, at: datetime) -> int:
    """Return how many working days of the stage are left, at least one, when its clock stops."""
    if case.due is None or case.due <= at:
        return 1
    return max(1, working_days_between(calendar_of(case.team.office), at, case.due))


def recounted(
    case: Case, old: Calendar, new: Calendar, *, rule: Rule, spans: Sequence[Span]
) -> datetime | None:
    """Return when the case would be due by another calendar; None where the change leaves it as it is.

    The count begins where it began (`counted_from`) and has as many days as it had. The 14 days of a
    request are calendar days, which no office's calendar moves.
    """
    if case.due is None or case.state == S.WAITING:
        return None
    if rule.unit == Unit.WORKING_DAYS:
        start, days = case.counted_from, working_days_between(old, case.counted_from, case.due)
        before, after = add_working_days(old, start, days), add_working_days(new, start, days)
    else:
        days = rule.amount + days_paused(spans, old.zone, until=case.counted_from)
        before, after = (closing_after(one, case.received_at, days) for one in (old, new))
    return None if before == after else after
