"""Fills the complaint form with what one officer can open of a case; what stays sealed is said on it."""

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext as _

from sipuma.cases.evidence import EVIDENCE, piece_of
from sipuma.cases.models import Case, ReportedEmployee
from sipuma.cases.opening import Opened, Payload, Reader
from sipuma.complaints.custody import IDENTITY
from sipuma.complaints.filing import CONTACT_PATH, FILED, matter_of
from sipuma.complaints.models import Reception
from sipuma.complaints.reception import COMPLETENESS, judged
from sipuma.complaints.words import Nature
from sipuma.offices.officer import Officer
from sipuma.workspace import words
from sipuma.workspace.papers.forms import FilledForm, Row

EMPLOYEE: Final = "employee"
ADDITION: Final = "addition"
KINDS: Final = (FILED, CONTACT_PATH, IDENTITY, COMPLETENESS, EMPLOYEE, EVIDENCE, ADDITION)


def filled_form_of(case: Case, officer: Officer) -> FilledForm | None:
    """Return the filled form of a case, or None when the officer can't open what was filed.

    `case` comes with `office` and `reception__office`.
    """
    opened = Reader([case], officer.private).timeline(kind__in=KINDS)
    filed = _first(opened, FILED)
    if filed is None or not filed.payload:
        return None
    return FilledForm(
        register=case.register,
        received_at=case.received_at,
        zone=(case.reception.office if case.reception else case.office).timezone,
        channel=case.get_channel_display(),
        receiver=_receiver(case),
        elements=matter_of(filed.payload),
        identity=_identity(_first(opened, IDENTITY)),
        contact=_contact(_first(opened, CONTACT_PATH)),
        employees=_employees(case, opened),
        evidence=_evidence(opened),
        completeness=_completeness(_first(opened, COMPLETENESS)),
        additions=_additions(opened),
    )


def _first(opened: Sequence[Opened], kind: str) -> Opened | None:
    """Return the entry of this kind that opens; one that does not when there is no other."""
    found = [one for one in opened if one.entry.kind == kind]
    return next((one for one in found if one.payload), found[0] if found else None)


def _sealed() -> str:
    return _("Recorded and sealed for others: left out of this paper.")


def _receiver(case: Case) -> str:
    row = Reception.objects.filter(case=case).select_related("member").first()
    return f"{row.member.name}, {case.reception.office}" if row and case.reception else ""


def _identity(one: Opened | None) -> tuple[Row, ...]:
    if one is None:
        return ()
    if one.payload is None:
        return ((_("Identity"), _sealed()),)
    given = one.payload
    return tuple((str(label), str(given[name])) for name, label in words.IDENTITY.items() if given.get(name))


def _contact(one: Opened | None) -> tuple[Row, ...]:
    if one is None:
        return ()
    text = _sealed() if one.payload is None else str(one.payload.get("text", ""))
    return ((_("Way to be reached"), text),)


def _employees(case: Case, opened: Sequence[Opened]) -> tuple[str, ...]:
    """Return the reported employees that count, those recorded by mistake left out."""
    rows = ReportedEmployee.objects.filter(case=case, retracted_at=None)
    states = {row.entry_id: row.get_state_display() for row in rows}
    found = [one for one in opened if one.entry.pk in states]
    return tuple(_named(one.payload, str(states[one.entry.pk])) for one in found)


def _named(payload: Payload | None, state: str) -> str:
    if payload is None:
        return _sealed()
    names = ("employee_name", "nip", "post", "employee_office")
    return ", ".join([*(str(payload[name]) for name in names if payload.get(name)), state])


def _evidence(opened: Sequence[Opened]) -> tuple[str, ...]:
    found = [one for one in opened if one.entry.kind == EVIDENCE]
    pieces = [piece_of(one) for one in found]
    return tuple(piece.name if piece else _sealed() for piece in pieces)


def _additions(opened: Sequence[Opened]) -> tuple[str, ...]:
    """Return what was added or put right after saving (R20), each with its nature and reason."""
    found = [one.payload for one in opened if one.entry.kind == ADDITION]
    return tuple(_addition(payload) if payload else _sealed() for payload in found)


def _addition(payload: Payload) -> str:
    nature = dict(Nature.choices).get(str(payload.get("nature")), "")
    return f"{nature}: {payload.get('text', '')} ({payload.get('reason', '')})"


def _completeness(one: Opened | None) -> str:
    if one is None:
        return ""
    return judged(one.payload) if one.payload is not None else _sealed()
