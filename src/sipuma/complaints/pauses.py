"""When a case's clocks stood still: while the complainant was asked, and between closing and reopening."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.db.models import F

from sipuma.cases.models import Case, Entry
from sipuma.complaints.states import OPEN, STATES, S

STANDING = frozenset({S.WAITING, *(state.name for state in STATES if state.name not in OPEN)})


@dataclass(frozen=True)
class Span:
    """A pause, from the request or the closing to the answer or the reopening; `end` None: it goes on."""

    start: datetime
    end: datetime | None = None

    def days(self, zone: tzinfo, *, until: datetime) -> int:
        """Return how many days it was still on at midnight: a request answered on its own day has none."""
        end = min(self.end or until, until)
        return max(0, (end.astimezone(zone).date() - self.start.astimezone(zone).date()).days)


def spans_of(cases: Iterable[Case]) -> Mapping[int, Sequence[Span]]:
    """Return the pauses of each case by its id, read from their timelines in one query."""
    found: dict[int, list[Span]] = defaultdict(list)
    steps = Entry.objects.filter(case__in=list(cases)).exclude(target="").exclude(target=F("source"))
    for case, at, source, target in steps.order_by("pk").values_list("case", "at", "source", "target"):
        spans = found[case]
        # One move may leave several entries: the first of them opens or ends a pause.
        if source in STANDING and spans and spans[-1].end is None:
            spans[-1] = Span(spans[-1].start, at)
        if target in STANDING and not (spans and spans[-1].start == at):
            spans.append(Span(at))
    return found


def days_paused(spans: Iterable[Span], zone: tzinfo, *, until: datetime) -> int:
    """Return the days that don't count, up to a moment."""
    return sum(span.days(zone, until=until) for span in spans)
