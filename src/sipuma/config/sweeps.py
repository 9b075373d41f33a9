"""What the worker does, how often: a table of idempotent sweeps, each safe to kill at any point."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from threading import Event

import structlog
from django.db import Error, close_old_connections, connection
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from sipuma.cases.assignment import end_stale_assignments
from sipuma.complaints.digests import send_digests
from sipuma.complaints.escalating import escalate_overdue
from sipuma.complaints.lapsing import lapse_due
from sipuma.complaints.reminding import remind_due
from sipuma.complaints.wise.sending import send_waiting
from sipuma.offices.sessions import SessionStore
from sipuma.outbox.delivery import deliver_waiting, rotate_keys
from sipuma.outbox.models import SweepRun
from sipuma.web.logs import places
from sipuma.workspace.uploads.sweeping import sweep_orphans, sweep_uploads

log = structlog.get_logger(__name__)


def truncate_wal() -> None:
    """Empty SQLite's write-ahead log, which `secure_delete` does not reach."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@dataclass(frozen=True)
class Sweep:
    """One recurring task: its name, how long from one run to the next, and what it calls."""

    name: str
    period: timedelta
    run: Callable[[], object]


# fmt: off
SWEEPS = (
    Sweep(_("outbox"),        timedelta(seconds=2),  deliver_waiting),
    Sweep(_("deadlines"),     timedelta(seconds=30), lapse_due),
    Sweep(_("wise"),          timedelta(seconds=30), send_waiting),
    Sweep(_("assignments"),   timedelta(minutes=10), end_stale_assignments),
    Sweep(_("digests"),       timedelta(minutes=5),  send_digests),
    Sweep(_("delivery-keys"), timedelta(minutes=10), rotate_keys),
    Sweep(_("reminders"),     timedelta(minutes=1),  remind_due),
    Sweep(_("escalation"),    timedelta(minutes=1),  escalate_overdue),
    Sweep(_("sessions"),      timedelta(minutes=10), SessionStore.clear_expired),
    Sweep(_("uploads"),       timedelta(minutes=10), sweep_uploads),
    Sweep(_("orphans"),       timedelta(hours=1),    sweep_orphans),
    Sweep(_("wal"),           timedelta(minutes=5),  truncate_wal),
)
# fmt: on
TICK_SECONDS = 0.5
REPORT = timedelta(minutes=1)


def run_sweep(sweep: Sweep) -> None:
    """Run one sweep; what goes wrong is logged and shown to staff, and the next run tries again."""
    started, error = timezone.now(), ""
    try:
        sweep.run()
    except Exception as failure:  # noqa: BLE001  # one sweep's fault must not stop the others
        error = type(failure).__name__
        log.warning("sweep failed", sweep=sweep.name, error=error, where=places(failure))
    _report(sweep, started, error)


def work(stop: Event) -> None:
    """Run every sweep in its own rhythm until told to stop; sweeps start jittered."""
    due = {sweep.name: time.monotonic() + random.random() for sweep in SWEEPS}  # noqa: S311
    while not stop.is_set():
        for sweep in SWEEPS:
            if time.monotonic() >= due[sweep.name]:
                close_old_connections()
                run_sweep(sweep)
                due[sweep.name] = time.monotonic() + sweep.period.total_seconds()
        stop.wait(TICK_SECONDS)


_reported: dict[str, tuple[float, str]] = {}


def _report(sweep: Sweep, started: object, error: str) -> None:
    """Note the run for staff; quick sweeps once a minute, and at once when an error comes or goes."""
    last, before = _reported.get(sweep.name, (float("-inf"), ""))
    if error == before and time.monotonic() - last < REPORT.total_seconds():
        return
    values = {"started_at": started, "finished_at": timezone.now(), "error": error}
    try:
        SweepRun.objects.update_or_create(name=sweep.name, defaults=values)
    except Error:
        log.warning("sweep not reported", sweep=sweep.name)
        return
    _reported[sweep.name] = (time.monotonic(), error)
