"""What tests and measurements do inside an installation: JSON in, JSON out."""

import re
import time
from pathlib import Path

from sipuma.cases.models import Case
from sipuma.cases.opening import Reader
from sipuma.offices.founding import Sheet, open_kit
from sipuma.outbox.models import Message
from sipuma.public.draft import Draft, seal_draft
from sipuma.vault import RecoveryKit, Ticket
from tests.world import PASSWORD, World

KIT = re.compile(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4})+")
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


def _world(kits: str) -> World:
    """Return the world of tests with the kits that `sipuma init` printed."""
    sheets = {}
    for file in Path(kits).glob("*.txt"):
        found = KIT.search(file.read_text(encoding="utf-8"))
        assert found is not None
        kit = RecoveryKit.parse(found[0])
        sheets[file.stem] = Sheet(kit, open_kit(file.stem, kit))
    return World(sheets)
