"""The clocks of a case as its page shows them, and what is wrong with its deadline."""

from dataclasses import dataclass
from datetime import datetime

from sipuma.cases.models import Case
from sipuma.complaints.clocks import Clock, clocks_of
from sipuma.complaints.lapsing import awaits_confirmation
from sipuma.complaints.states import S


@dataclass(frozen=True)
class ClockRow:
    """One clock, and whether it was or is over too late."""

    clock: Clock
    overdue: bool


def clock_context(case: Case, now: datetime) -> dict[str, object]:
    """Return what the case page says about time."""
    return {
        "overdue": case.due is not None and case.due <= now and case.state != S.WAITING,
        "unconfirmed": awaits_confirmation(case, now),
        "clocks": [ClockRow(clock, clock.overdue(now)) for clock in clocks_of(case, now)],
    }
