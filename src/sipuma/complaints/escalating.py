"""Tells the head of UKI, once a stage, that a case is overdue, and flags it (DOMAIN section 11)."""

from collections import Counter
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from sipuma.cases.entries import SYSTEM, append_to, mark
from sipuma.cases.models import OPEN_AND_QUIET, Audience, Case
from sipuma.complaints import notices
from sipuma.complaints.states import OPEN, S
from sipuma.complaints.words import SERVICE
from sipuma.offices.places import heads_of
from sipuma.outbox.models import Message

BATCH = 2_000
MOST_BATCHES = 10  # in one run: mail must not wait for a flood of cases
ESCALATED = "escalated"


def escalate_overdue() -> int:
    """Flag every case that has fallen overdue and tell heads how many are theirs; return how many.

    Each batch is claimed, entered and told in one transaction: a worker that is killed leaves the rest for
    the next run, and of two at once the second finds the first's already flagged. A request for data is not
    overdue when its 14 days are over: it lapses, or waits for confirmation.
    """
    now, flagged = timezone.now(), 0
    for _number in range(MOST_BATCHES):
        batch = _escalate(now)
        flagged += batch
        if batch < BATCH:
            break
    return flagged


@transaction.atomic
def _escalate(now: datetime) -> int:
    states = [state for state in OPEN if state != S.WAITING]
    overdue = Case.objects.filter(OPEN_AND_QUIET, service=SERVICE, due__lte=now, state__in=states)
    claimed = overdue.select_for_update(skip_locked=True, of=("self",)).order_by("due")[:BATCH]
    found = list(claimed.select_related("team").only("pk", "team__office"))
    Case.objects.filter(pk__in=[case.pk for case in found]).update(escalated_at=now)
    append_to([(case, mark(ESCALATED, audience=Audience.HANDLERS)) for case in found], by=SYSTEM, at=now)
    counts = Counter(case.team.office_id for case in found)
    Message.objects.bulk_create(one for code, count in counts.items() for one in _told(code, count))
    return len(found)


def _told(code: str, count: int) -> list[Message]:
    return notices.overdue(heads_of(code), count)
