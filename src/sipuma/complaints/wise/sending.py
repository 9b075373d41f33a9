"""The worker's part: takes waiting packages to WISE, again and again until they are there."""

import random
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from sipuma.cases import flow
from sipuma.cases.entries import SYSTEM
from sipuma.cases.models import Case
from sipuma.cases.workflow import Attempt
from sipuma.complaints.models import Dispatch
from sipuma.complaints.wise.adapters import Adapter, Package, adapter_of
from sipuma.complaints.workflow import WORKFLOW
from sipuma.offices.places import Role
from sipuma.offices.refusal import Refused

BATCH: Final = 20
# After so long another worker takes over a package that one had in hand.
LEASE: Final = timedelta(minutes=10)
FIRST_PAUSE: Final = timedelta(seconds=30)
LONGEST_PAUSE: Final = timedelta(hours=1)
MOST_DOUBLINGS: Final = 8

log = structlog.get_logger(__name__)


def send_waiting() -> int:
    """Try every package whose time has come; return how many arrived. None is ever given up."""
    adapter = adapter_of(settings.SIPUMA.wise_url)
    if adapter is None:
        return 0
    waiting = Dispatch.objects.filter(delivered_at=None, next_at__lte=timezone.now())
    related = waiting.select_related("case__team__office", "case__verification__office")
    return sum(_send(one, adapter) for one in related.order_by("next_at", "pk")[:BATCH])


def _send(one: Dispatch, adapter: Adapter) -> bool:
    """Claim one package, send it, and note that it is there.

    Killed in between it is sent once more after the lease: the same file to the same place.
    """
    now = timezone.now()
    mine = Dispatch.objects.filter(pk=one.pk, sha256=one.sha256, delivered_at=None)
    if not mine.filter(attempts=one.attempts).update(attempts=one.attempts + 1, next_at=now + LEASE):
        return False
    package = Package(one.case.register, bytes(one.content or b""))
    try:
        reference = adapter.forward(package)
    except Exception as failure:  # noqa: BLE001  # whatever it is, the package waits and holds up no other
        log.warning("package not delivered", error=type(failure).__name__)
        mine.update(error=type(failure).__name__, next_at=now + _pause(one.attempts))
        return False
    with transaction.atomic():
        arrived = mine.update(delivered_at=now, content=None, error="")
        if arrived and reference:
            _record(one.case, reference, now)
    return bool(arrived)


def _pause(attempts: int) -> timedelta:
    """Return how long to wait after so many failures before this one, jittered: not all at once again."""
    doubled: int = 2 ** min(attempts, MOST_DOUBLINGS)
    pause = min(FIRST_PAUSE * doubled, LONGEST_PAUSE)
    return pause * random.uniform(0.8, 1.2)  # noqa: S311  # nothing secret


def _record(case: Case, reference: str, now: datetime) -> None:
    """Make move 20 in the system's name: what the way itself learned needs no typing."""
    day = now.astimezone(ZoneInfo(case.team.office.timezone)).date()
    values = {"external_register": reference, "external_date": day}
    attempt = Attempt(case, WORKFLOW.move("record_wise"), values, Role.SYSTEM, SYSTEM, now)
    try:
        flow.carry_out(WORKFLOW, attempt)
    except Refused:  # another number stands there already: a person has to say which is right
        log.warning("number from WISE not recorded")
