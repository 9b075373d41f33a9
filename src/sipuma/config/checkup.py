"""What `sipuma doctor` looks at: a table of checks."""

import shutil
import stat
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.models import Exists, OuterRef
from django.utils import timezone

from sipuma import safe
from sipuma.complaints.models import Dispatch
from sipuma.files.cleaning import tools_missing
from sipuma.files.scanning import scanner_version
from sipuma.files.store import Unavailable, store
from sipuma.offices.models import Office, Team, TeamKind
from sipuma.offices.places import active_memberships
from sipuma.offices.trust import Untrusted, trusted_keys
from sipuma.outbox.models import Delivery, Message, SweepRun

FREE_BYTES = 1024**3
SILENCE = timedelta(minutes=5)
WAITING = timedelta(hours=1)


@dataclass(frozen=True)
class Finding:
    """What one check found, in words for the person who runs the server."""

    name: str
    well: bool
    text: str


Look = tuple[bool, str]


def database() -> Look:
    """All migrations are applied."""
    try:
        call_command("migrate", check_unapplied=True, verbosity=0)
    except SystemExit:
        return False, "tables are not up to date: run sipuma init"
    except DatabaseError:
        return False, "the database does not answer: check SIPUMA_DATABASE_URL"
    return True, f"{connection.vendor}, tables up to date"


def secrets() -> Look:
    """Every secret is there, and nobody else can read it."""
    try:
        safe.at(settings.SIPUMA.secrets).check()
    except safe.MissingSecret as missing:
        return False, f"{missing} is missing: restore the secrets folder, or found anew with sipuma init"
    loose = [
        path.name
        for path in settings.SIPUMA.secrets.rglob("*")
        if path.is_file() and path.suffix != ".pub" and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    return (False, f"others can read {', '.join(loose)}: chmod 600") if loose else (True, "complete, private")


def organisation() -> Look:
    """The pinned key is the one of the secrets folder."""
    pinned = settings.SIPUMA.organisation_key
    kept = safe.at(settings.SIPUMA.secrets).organisation.raw.hex()
    if not pinned:
        return True, "not pinned by SIPUMA_ORGANISATION_KEY; the secrets folder's key is used"
    other = "the secrets folder holds another organisation's key"
    return pinned == kept, "pinned" if pinned == kept else other


def team_keys() -> Look:
    """Every team's key has an unbroken chain to the organisation's."""
    bad = 0
    for team in Team.objects.all():
        try:
            trusted_keys((team,))
        except Untrusted:
            bad += 1
    return (not bad, f"{bad} teams have a key that nobody vouches for" if bad else "all signed")


def staff() -> Look:
    """Somebody can work at the top, where empty offices lead."""
    staffed = active_memberships().filter(team=OuterRef("pk"))
    top = Team.objects.filter(supervisor=None).exclude(kind=TeamKind.CUSTODIAN)
    kinds = (TeamKind.VERIFICATION, TeamKind.PYB, TeamKind.ASSESSMENT)
    empty = [str(team) for team in top.filter(~Exists(staffed), kind__in=kinds)]
    return (
        not empty,
        f"nobody works in {', '.join(empty)}" if empty else f"{Office.objects.count()} offices",
    )


def worker() -> Look:
    """The worker swept lately."""
    last = SweepRun.objects.order_by("-finished_at").values_list("finished_at", flat=True).first()
    if last is None or timezone.now() - last > SILENCE:
        return False, "the worker is not running: sipuma up, or sipuma worker"
    broken = SweepRun.objects.exclude(error="").values_list("name", "error")
    return (not broken, "; ".join(f"{name}: {error}" for name, error in broken) or "running")


def outbox() -> Look:
    """No message waits for long, none failed lately."""
    old = Message.objects.filter(state=Delivery.WAITING, created_at__lt=timezone.now() - WAITING).count()
    lately = timezone.now() - 24 * WAITING
    failed = Message.objects.filter(state=Delivery.FAILED, created_at__gt=lately).count()
    return not (old or failed), f"{old} waiting for over an hour, {failed} failed in a day"


def wise() -> Look:
    """No package for WISE waits for long."""
    if not settings.SIPUMA.wise_url:
        return True, "packages are handed over by the PYB (SIPUMA_WISE_URL is empty)"
    old = Dispatch.objects.filter(delivered_at=None, made_at__lt=timezone.now() - WAITING)
    why = ", ".join(sorted(set(old.exclude(error="").values_list("error", flat=True))))
    told = f" ({why}): check SIPUMA_WISE_URL" if why else ""
    return not old.exists(), f"{old.count()} waiting for over an hour{told}"


def storage() -> Look:
    """What is written to the evidence storage can be read back."""
    kept, name, probe = store(), uuid.uuid4().hex, b"sipuma doctor"
    try:
        incoming = kept.create(name)
        incoming.write(probe)
        incoming.commit()
        with kept.open(name) as file:
            same = file.read() == probe
        kept.delete(name)
    except Unavailable as error:
        return False, f"evidence can't be stored ({error}): check SIPUMA_STORAGE_URL"
    return same, "takes and gives back" if same else "gives back something else than it took"


def scanner() -> Look:
    """The virus scanner that is configured answers."""
    if not settings.SIPUMA.clamav:
        return True, "none is configured (SIPUMA_CLAMAV): every file stays «not scanned»"
    version = scanner_version()
    return version is not None, version or "does not answer: start clamd, or check SIPUMA_CLAMAV"


def file_tools() -> Look:
    """The programs are there that clean files and write PDFs."""
    missing = [*tools_missing(), *([] if pdf_can_be_written() else ["pango"])]
    return True, f"missing: {', '.join(missing)}; see the guide" if missing else "complete"


def pdf_can_be_written() -> bool:
    try:
        import_module("weasyprint")
    except (ImportError, OSError):
        return False
    return True


def disk() -> Look:
    """There is room for a while."""
    free = shutil.disk_usage(settings.SIPUMA.data).free
    return free > FREE_BYTES, f"{free // 1024**2} MiB free"


# fmt: off
CHECKS: tuple[tuple[str, Callable[[], Look]], ...] = (
    ("database", database), ("secrets", secrets), ("organisation", organisation), ("team keys", team_keys),
    ("staff", staff), ("worker", worker), ("outbox", outbox), ("wise", wise), ("storage", storage),
    ("scanner", scanner), ("file tools", file_tools), ("disk", disk),
)
# fmt: on


def examine() -> list[Finding]:
    """Run every check; after a missing database or secrets the rest could only repeat it."""
    findings = []
    for name, check in CHECKS:
        well, text = check()
        findings.append(Finding(name, well, text))
        if not well and check in {database, secrets}:
            break
    return findings
