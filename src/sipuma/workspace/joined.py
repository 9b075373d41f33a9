"""The complaints that joined a case, as its page lists them: what each is about, and what came in since."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sipuma.cases.evidence import EVIDENCE
from sipuma.cases.models import Case
from sipuma.cases.opening import Opened, Reader
from sipuma.complaints.joining import joined_to
from sipuma.complaints.reopening import NEW_DATA
from sipuma.complaints.tracking import is_theirs
from sipuma.offices.officer import Officer
from sipuma.workspace.summaries import summaries


@dataclass(frozen=True)
class Said:
    """A message that came in after joining; an empty text stands for a file."""

    at: datetime
    text: str = field(repr=False)


@dataclass(frozen=True)
class JoinedComplaint:
    """One of the joined complaints, with what its complainant brought since, oldest first."""

    case: Case
    summary: str = field(repr=False)
    since: Sequence[Said] = field(repr=False)


def joined_complaints(case: Case, officer: Officer) -> list[JoinedComplaint]:
    """Return the complaints that joined a case whose key the officer holds; queries don't grow with them."""
    cases = list(joined_to(case))
    if not cases:
        return []
    told = summaries(cases, officer)
    opened = Reader(cases, officer.private).timeline(kind__in=NEW_DATA)
    return [JoinedComplaint(one, told.get(one.pk, ""), _since(one, opened)) for one in cases]


def _since(case: Case, opened: Sequence[Opened]) -> list[Said]:
    found = [one for one in opened if one.entry.case_id == case.pk and is_theirs(one.entry)]
    return [_said(one) for one in found if case.closed_at and one.entry.at > case.closed_at]


def _said(one: Opened) -> Said:
    text = "" if one.entry.kind == EVIDENCE else str((one.payload or {}).get("text", ""))
    return Said(one.entry.at, text)
