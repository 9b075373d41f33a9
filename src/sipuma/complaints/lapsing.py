"""The 14-day lapse, carried out by the system at D+15 00:00 office time (DOMAIN sections 8 and 22)."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone

from sipuma.cases import flow
from sipuma.cases.models import Case
from sipuma.complaints.states import S
from sipuma.complaints.words import SERVICE
from sipuma.complaints.workflow import WORKFLOW
from sipuma.offices.refusal import Refused

BATCH = 500


def awaits_confirmation(case: Case, now: datetime) -> bool:
    """Return whether the 14 days are over and a verifier has to close the case (`SIPUMA_LAPSE=confirm`)."""
    return case.state == S.WAITING and case.due is not None and case.due <= now


def lapse_due() -> int:
    """Close every case whose answer period is over; return how many. With `confirm` the verifier does."""
    if settings.SIPUMA.lapse != "system":
        return 0
    now, closed = timezone.now(), 0
    lapsed = Case.objects.filter(service=SERVICE, state=S.WAITING, due__lte=now)
    for case in lapsed.select_related("team__office", "verification__office").order_by("due")[:BATCH]:
        try:
            flow.carry_out(WORKFLOW, flow.by_system(WORKFLOW, case, "lapse", now))
        except Refused:
            continue  # answered in this very moment
        closed += 1
    return closed
