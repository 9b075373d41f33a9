"""How long each stage may take (DOMAIN section 11), computed in the handling office's own time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_noop as _

from sipuma.cases.models import Case
from sipuma.complaints.states import S
from sipuma.worktime import Calendar, add_working_days, calendar_day_limit, office_calendar

ANSWER_DAYS = 14


@lru_cache(maxsize=8)
def calendar_of(zone: str) -> Calendar:
    return office_calendar(zone)


def working_days(days: int) -> Callable[[Case, datetime], datetime]:
    return lambda case, at: add_working_days(calendar_of(_zone(case)), at, days)


def days_since_receipt(days: int) -> Callable[[Case, datetime], datetime]:
    """Return the closing time of the last day, or of the working day after it."""

    def due(case: Case, _at: datetime) -> datetime:
        calendar = calendar_of(_zone(case))
        return add_working_days(calendar, case.received_at + timedelta(days=days), 0)

    return due


def answer_period(case: Case, at: datetime) -> datetime:
    """Return the moment at which an unanswered request lapses: D+15 00:00 (S2; DOMAIN section 8)."""
    return calendar_day_limit(_zone(case), at, ANSWER_DAYS).lapses_at


@dataclass(frozen=True)
class Stage:
    """A stage's norm: what is shown, and how its end is found from the case and the moment it began."""

    state: str
    norm: str
    rule: str
    due: Callable[[Case, datetime], datetime]


# fmt: off
STAGES = (
    Stage(S.RECEIVED,     _("3 working days"),           "SP4N analogue",  working_days(3)),
    Stage(S.VERIFICATION, _("3 working days"),           "SP4N analogue",  working_days(3)),
    Stage(S.WAITING,      _("14 calendar days"),         "S2 verifikasi",  answer_period),
    Stage(S.PYB,          _("5 working days"),           "configurable",   working_days(5)),
    Stage(S.UNIT,         _("14 working days"),          "SP4N-CLS",       working_days(14)),
    Stage(S.ASSESSMENT,   _("30 days since receipt"),    "KMK149",         days_since_receipt(30)),
    Stage(S.FOLLOW_UP,    _("60 days since receipt"),    "PERPRES76",      days_since_receipt(60)),
)
# fmt: on
BY_STATE = {stage.state: stage for stage in STAGES}


def due(case: Case, state: str, at: datetime) -> datetime | None:
    """Return when the case is due in a state entered at `at`; None for final states.

    Taking a case keeps its clock; coming back from a request for data goes on with the days left.
    """
    if state not in BY_STATE:
        return None
    if state == S.VERIFICATION and case.state in {S.RECEIVED, S.VERIFICATION}:
        return case.due
    if state == S.VERIFICATION and case.state == S.WAITING and case.days_left is not None:
        return add_working_days(calendar_of(_zone(case)), at, case.days_left)
    return BY_STATE[state].due(case, at)


def first_due(zone: str, at: datetime) -> datetime:
    """Return when a case that comes in at `at` is due."""
    return add_working_days(calendar_of(zone), at, 3)


REOPENING_DAYS = 10  # SP4N analogue; DOMAIN section 7, move 19


def reopening_ends(case: Case) -> datetime | None:
    """Return when a closed case can't come back any more, on the verifying office's clock."""
    if case.closed_at is None:
        return None
    calendar = calendar_of(case.verification.office.timezone)
    return add_working_days(calendar, case.closed_at, REOPENING_DAYS)


def days_left(case: Case, at: datetime) -> int:
    """Return how many working days of the stage are left, at least one, when its clock stops."""
    if case.due is None or case.due <= at:
        return 1
    calendar, zone = calendar_of(_zone(case)), ZoneInfo(_zone(case))
    day, last = at.astimezone(zone).date(), case.due.astimezone(zone).date()
    days = (day + timedelta(days=n) for n in range(1, (last - day).days + 1))
    return max(1, sum(calendar.is_working_day(one) for one in days))


def _zone(case: Case) -> str:
    return case.team.office.timezone
