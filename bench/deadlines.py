"""The worker's sweeps of deadlines over a hundred thousand open cases: escalation, reminders, lapses."""

import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from bench.forms import OFFICE
from bench.report import Line, Say
from tests.faults.installation import founded

CASES = 100_000
FALLEN = 2_000  # overdue since the last run: a bad Monday morning of the whole country
LIMIT_SECONDS = 5


def measure(folder: Path, database_url: str, say: Say) -> None:
    """Sweep with nothing to do, with many cases newly overdue, and with as many as one run takes on."""
    with founded(folder / "deadlines", database_url) as installation:
        installation.inside("enrol", people=[["kepala-uki", OFFICE]])
        installation.call("bench.seed", "fill", count=CASES, office=OFFICE)
        took: dict[str, Any] = installation.call("bench.deadlines", "sweep", fallen=FALLEN)  # Any: JSON
    for name in ("idle", "fallen"):
        say(_line(f"deadlines of {CASES:,} cases, {took[name]['n']:,} newly overdue", took[name]["seconds"]))
    flood = took["flood"]
    say(Line(f"deadlines, {flood['n']:,} in one run of a flood", f"{flood['seconds']:.2f} s"))


def _line(name: str, seconds: float) -> Line:
    return Line(name, f"{seconds:.2f} s", "< 5 s", seconds < LIMIT_SECONDS, "entries in batches of 2,000")


def sweep(fallen: int) -> dict[str, dict[str, float]]:
    """Run what the worker runs, inside an installation; first everything is due far ahead."""
    from django.utils import timezone  # noqa: PLC0415  # this half runs where Django is set up

    from sipuma.cases.models import Case  # noqa: PLC0415

    cases, now = Case.objects.all(), timezone.now()
    cases.update(due=now + timedelta(days=2))
    found = {"idle": _timed()}
    some = list(cases.order_by("pk").values_list("pk", flat=True)[:fallen])
    cases.filter(pk__in=some).update(due=now - timedelta(hours=1))
    found["fallen"] = _timed()
    cases.filter(escalated_at=None).update(due=now - timedelta(hours=1))
    found["flood"] = _timed()
    return found


def _timed() -> dict[str, float]:
    from sipuma.complaints.escalating import escalate_overdue  # noqa: PLC0415
    from sipuma.complaints.lapsing import lapse_due  # noqa: PLC0415
    from sipuma.complaints.reminding import remind_due  # noqa: PLC0415

    began = time.monotonic()
    count = lapse_due() + remind_due() + escalate_overdue()
    return {"n": count, "seconds": time.monotonic() - began}
