"""Other cases beside a case: linked ones, likely duplicates, and two matters side by side."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sipuma.cases.access import within_reach
from sipuma.cases.links import linked
from sipuma.cases.models import Case
from sipuma.cases.workflow import Text
from sipuma.complaints.duplicates import likely_duplicates
from sipuma.complaints.states import BY_NAME, S
from sipuma.offices.officer import Officer
from sipuma.workspace.dossier import Dossier
from sipuma.workspace.summaries import summaries


@dataclass(frozen=True)
class Relative:
    """Another case, as a line beside this one."""

    register: str
    received_at: datetime
    zone: str
    state: Text
    summary: str = field(repr=False)


@dataclass(frozen=True)
class Pair:
    """What two cases say to the same question."""

    label: Text
    here: str = field(repr=False)
    there: str = field(repr=False)


def relatives_context(case: Case, officer: Officer) -> dict[str, object]:
    """Return what the case page shows of other cases."""
    found = within_reach(officer).filter(pk__in=linked(case)).select_related("team__office")
    return {"linked": _lines(list(found.order_by("pk")), officer), "duplicates": suggested(case, officer)}


def suggested(case: Case, officer: Officer) -> list[Relative]:
    """Return likely duplicates to those who verify the case; none once it has left verification."""
    if case.state != S.VERIFICATION or not officer.reach.roles_in(case.team):
        return []
    known = set(linked(case))
    likely = [other for other in likely_duplicates(case, officer) if other.pk not in known]
    return _lines(likely, officer)


def side_by_side(here: Dossier, there: Dossier) -> list[Pair]:
    """Return the matters of two cases, question by question."""
    left, right = ({row.label: str(row.value) for row in one.matter} for one in (here, there))
    return [Pair(label, left.get(label, ""), right.get(label, "")) for label in left | right]


def _lines(cases: Sequence[Case], officer: Officer) -> list[Relative]:
    told = summaries(cases, officer) if cases else {}
    return [
        Relative(
            register=case.register,
            received_at=case.received_at,
            zone=case.team.office.timezone,
            state=BY_NAME[case.state].label,
            summary=told.get(case.pk, ""),
        )
        for case in cases
    ]
