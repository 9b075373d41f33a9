"""What staff see of the worker: when each sweep last ran, and whether it has fallen silent."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from sipuma.outbox.models import Delivery, Message, SweepRun

SILENT_AFTER = timedelta(minutes=5)


@dataclass(frozen=True)
class Worker:
    """The sweeps by name; `silent` when none has ended for five minutes though there is something to do."""

    sweeps: list[SweepRun]
    last: datetime | None
    silent: bool


def worker_state() -> Worker:
    """Return the worker's state, in two queries."""
    sweeps = list(SweepRun.objects.order_by("name"))
    last = max((sweep.finished_at for sweep in sweeps if sweep.finished_at), default=None)
    expected = bool(sweeps) or Message.objects.filter(state=Delivery.WAITING).exists()
    quiet = last is None or last < timezone.now() - SILENT_AFTER
    return Worker(sweeps, last, silent=expected and quiet)
