"""What tests and measurements do inside an installation: JSON in, JSON out."""

import hashlib
import re
import time
import uuid
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils import timezone

from sipuma.cases.models import Case, Evidence
from sipuma.cases.opening import Reader
from sipuma.complaints.evidence import pieces_for
from sipuma.complaints.reception import Recording, desks_of, record
from sipuma.files.store import store
from sipuma.offices.founding import Sheet, open_kit
from sipuma.outbox.models import Message
from sipuma.public.draft import Draft, seal_draft
from sipuma.vault import RecoveryKit, Ticket
from sipuma.workspace.uploads.sweeping import sweep_orphans, sweep_uploads
from tests.world import PASSWORD, World

KIT = re.compile(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4})+")
PIECE_BYTES = 1024**2
Json = object


def enrol(kits: str, people: list[list[str]]) -> Json:
    """Put people into their seats; each is a role and an office. Return the password of all."""
    for role, office in people:
        _world(kits).officer(role, office)
    return PASSWORD


def drafts(kits: str, answers: list[dict[str, str]]) -> Json:
    """Return for each set of answers a sealed form as the last page carries it, and the ticket in it."""
    shown = int(time.time()) - 60
    made = [Draft(Ticket.draw(), shown, reviewed=True, answers=one) for one in answers]
    return [{"draft": seal_draft(one), "ticket": one.ticket.text, "answers": one.answers} for one in made]


def read(kits: str, role: str, office: str) -> Json:
    """Return every case in the order of filing as this person reads it, with its numbers of rows."""
    cases = list(Case.objects.order_by("pk"))
    officer = _world(kits).officer(role, office)
    filed = {one.entry.case_id: one for one in Reader(cases, officer.private).timeline(kind="filed")}
    return [
        {
            "register": case.register,
            "what": (filed[case.pk].payload or {}).get("what") if case.pk in filed else None,
            "rows": [
                case.entries.count(),
                case.seals.count(),
                case.tickets.count(),
                Message.objects.filter(reference=case.register).count(),
            ],
        }
        for case in cases
    ]


def recorded(kits: str, office: str) -> Json:
    """Have the desk of an office record a complaint by telephone; return its register number."""
    receiver = _world(kits).officer("penerima", office)
    recording = Recording(
        channel="PHONE", what="Petugas meminta uang.", how="Di loket.", who="", when="", where="",
        unknown=frozenset({"who", "when", "where"}), callback="Telepon 0811 000 111",
    )  # fmt: skip
    desk, now = desks_of(receiver)[0], timezone.now()
    return record(recording, by=receiver, desk=desk, once=uuid.uuid4(), started=now).register


def evidence(kits: str, role: str, office: str) -> Json:
    """Return every case's files by its register number, opened by this person to their last byte."""
    officer = _world(kits).officer(role, office)
    return {
        case.register: [
            {
                "name": piece.name,
                "scan": piece.evidence.scan,
                "original": _digest(piece.open_original()),
                "shown": _digest(piece.open_shown()),
                "removed": piece.removed,
            }
            for piece in pieces_for(case, officer)
        ]
        for case in Case.objects.order_by("pk")
    }


def stored(kits: str) -> Json:
    """Return the names that rows give, those of what lies in the storage, and how much is half-written."""
    rows = Evidence.objects.values_list("uid", "copy")
    incoming = settings.SIPUMA.data / "files" / "incoming"
    return {
        "rows": sorted(uid.hex for row in rows for uid in row if uid),
        "objects": sorted(one.name for one in store().names()),
        "unfinished": len(list(incoming.glob("*.part"))),
    }


def sweep(kits: str, hours: int) -> Json:
    """Sweep as the worker will in so many hours; return how much was removed."""
    at = timezone.now() + timedelta(hours=hours)
    return sweep_uploads(at=at) + sweep_orphans(at=at)


def _digest(file: BinaryIO) -> str:
    found = hashlib.sha256()
    with file:
        while data := file.read(PIECE_BYTES):
            found.update(data)
    return found.hexdigest()


def _world(kits: str) -> World:
    """Return the world of tests with the kits that `sipuma init` printed."""
    sheets = {}
    for file in Path(kits).glob("*.txt"):
        found = KIT.search(file.read_text(encoding="utf-8"))
        assert found is not None
        kit = RecoveryKit.parse(found[0])
        sheets[file.stem] = Sheet(kit, open_kit(file.stem, kit))
    return World(sheets)
