"""Makes a demo in an empty data folder: founding, staff and samples, all of it or, after a kill, afresh."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from sipuma import safe
from sipuma.config.demo.staff import enrol_staff, is_staffed
from sipuma.config.demo.walking import Walk, make_samples
from sipuma.config.founding import prepare_database, refresh_static_files, write_sheets
from sipuma.offices.founding import found
from sipuma.offices.models import Office
from sipuma.outbox.delivery import deliver_waiting
from sipuma.outbox.models import Message

KITS = "kits"
TICKETS = "kits/tickets.txt"
# It stands in the data folder from before the first secret until everything is saved.
UNFINISHED = "demo-unfinished"
# The sample whose ticket is shown first: something is asked of its complainant.
SHOWN = "tarif-pipa"


class NotADemo(Exception):
    """The data folder holds an installation that no demo made; it is left alone."""


def prepare_demo(say: Callable[[str], None]) -> None:
    """Bring tables and static files up to date, and make the demo unless it is there.

    Raises:
        NotADemo: the folder or the database holds a real installation.
    """
    data = settings.SIPUMA.data
    prepare_database()
    refresh_static_files()
    if not is_staffed():
        _clear_way(data, say)
        _make(data)
    (data / UNFINISHED).unlink(missing_ok=True)


def sample_ticket() -> str:
    """Return the ticket of one sample, or nothing when the file with the tickets is gone."""
    file = settings.SIPUMA.data / TICKETS
    lines = file.read_text(encoding="ascii").splitlines() if file.exists() else []
    return lines[0].split("  ")[0] if lines else ""


def _clear_way(data: Path, say: Callable[[str], None]) -> None:
    """Remove what a killed making has left. Its database is empty: everything is saved at once."""
    if Office.objects.exists():
        raise NotADemo
    if (data / UNFINISHED).exists():
        say("The demo was stopped while it was being made. It is made afresh.")
        for leftover in (settings.SIPUMA.secrets, data / KITS):
            shutil.rmtree(leftover, ignore_errors=True)
        safe.at.cache_clear()
    if (settings.SIPUMA.secrets / "pepper").exists():
        raise NotADemo


def _make(data: Path) -> None:
    (data / UNFINISHED).touch()
    with transaction.atomic():
        sheets = found()
        walks = make_samples(enrol_staff(sheets), now=timezone.now())
        write_sheets(sheets, data / KITS)
        _write_tickets(walks, data / TICKETS)
        if not _stays_here():
            Message.objects.all().delete()  # no sample sends anything out
    while _stays_here() and deliver_waiting():
        pass


def _stays_here() -> bool:
    """Return whether every message ends in a file, not with a person."""
    return all(url.startswith("file:") for url in (settings.SIPUMA.email_url, settings.SIPUMA.sms_url))


def _write_tickets(walks: Mapping[str, Walk], path: Path) -> None:
    """Write the samples' tickets down, which only a demo may: here nobody else holds them."""
    held = [walk for walk in walks.values() if walk.ticket]
    ordered = sorted(held, key=lambda walk: walk.sample.id != SHOWN)
    lines = (
        f"{walk.ticket.grouped}  {walk.case.register}  {walk.sample.id}\n" for walk in ordered if walk.ticket
    )
    path.write_text("".join(lines), encoding="ascii")
    path.chmod(0o600)
