"""Gathers the package's content from what one officer's keys open of a case."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from sipuma.cases.evidence import EVIDENCE, piece_of
from sipuma.cases.models import Author, Case, Channel, Entry, ReportedEmployee, ReportedState
from sipuma.cases.opening import Opened, Payload, Reader
from sipuma.cases.workflow import Text
from sipuma.complaints.custody import DISCLOSE, IDENTITY
from sipuma.complaints.filing import FILED
from sipuma.complaints.states import BY_NAME, S
from sipuma.complaints.wise.content import (
    Complainant,
    Content,
    Decision,
    Element,
    Event,
    File,
    Reported,
    Statement,
    Verification,
    Word,
)
from sipuma.complaints.words import ELEMENTS, Category, Clarity, Ground, Type
from sipuma.complaints.workflow import WORKFLOW
from sipuma.offices.officer import Officer
from sipuma.offices.refusal import Refused

LANGUAGE = "id"  # the Inspectorate General's, whatever the officer reads in
# What was said after filing, by the entries' kinds; what handlers wrote among themselves stays here.
STATEMENTS: Mapping[str, Text] = {
    "request": gettext_lazy("Question to the complainant"),
    "answer": gettext_lazy("Answer of the complainant"),
    "message": gettext_lazy("Message"),
    "addition": gettext_lazy("Additional data or correction"),
}
IDENTITY_FIELDS = ("name", "address", "email", "phone")
Choices = type[Category | Channel | Clarity | Ground | ReportedState | Type]


def content_of(case: Case, officer: Officer, *, at: datetime) -> Content:
    """Return what the package says, in Indonesian. `case` comes with `office` and `team__office`.

    Raises:
        Refused: the officer's keys don't open what was filed; a package without it would say nothing.
    """
    opened = Reader([case], officer.private).timeline()
    if (last := _last(opened, FILED)) is None:
        raise Refused(_("You can't open this complaint. Ask a colleague of your team to let you in."))
    _at, filed = last
    with override(LANGUAGE):
        return Content(
            register=case.register,
            office=Word(case.office_id, str(case.office)),
            zone=case.office.timezone,
            channel=_word(Channel, case.channel),
            received_at=case.received_at,
            made_at=at,
            elements=tuple(_elements(opened, filed)),
            category=_word(Category, filed["category"]) if filed.get("category") else None,
            complainant=_complainant(opened),
            statements=tuple(_statements(opened)),
            reported=tuple(_reported(case, opened)),
            verification=_verification(opened),
            decision=_decision(opened),
            timeline=tuple(_event(one.entry) for one in opened if one.entry.target in BY_NAME),
            evidence=tuple(_files(opened)),
        )


def _last(opened: Iterable[Opened], kind: str, *moves: str) -> tuple[datetime, Payload] | None:
    """Return when the last entry of this kind, and of these moves if any, was made, and its text."""
    found = [
        (one.entry.at, one.payload)
        for one in opened
        if one.entry.kind == kind and one.payload and (not moves or one.entry.move in moves)
    ]
    return found[-1] if found else None


def _word(choices: Choices, code: object) -> Word:
    """Return a stored word with its name; one that is none of the list stands for itself."""
    return Word(str(code), str(dict(choices.choices).get(str(code), code)))


def _elements(opened: Sequence[Opened], filed: Payload) -> Iterable[Element]:
    _at, judged = _last(opened, "assessment") or (None, {})
    for name, label in ELEMENTS:
        clarity = judged.get(f"{name}_clarity")
        text = str(filed.get(name) or "") or None
        yield Element(name, str(label), text, _word(Clarity, clarity) if clarity else None)


def _complainant(opened: Sequence[Opened]) -> Complainant:
    """Say who complained only where the complainant's own wish, inside the seal, allows it."""
    given = [one for one in opened if one.entry.kind == IDENTITY]
    allowed = [one.payload for one in given if one.payload and one.payload.get(DISCLOSE) is True]
    if not allowed:
        return Complainant("sealed" if given else "none")
    return Complainant("disclosed", **{name: str(allowed[-1].get(name, "")) for name in IDENTITY_FIELDS})


def _statements(opened: Sequence[Opened]) -> Iterable[Statement]:
    for one in opened:
        payload = one.payload
        if one.entry.kind in STATEMENTS and payload and payload.get("text"):
            kind = Word(one.entry.kind, str(STATEMENTS[one.entry.kind]))
            text, reason = str(payload["text"]), str(payload.get("reason", ""))
            yield Statement(one.entry.at, kind, role_of(one.entry), text, reason)


def _reported(case: Case, opened: Sequence[Opened]) -> Iterable[Reported]:
    payloads = {one.entry.pk: one.payload or {} for one in opened}
    for row in ReportedEmployee.objects.filter(case=case, retracted_at=None).order_by("pk"):
        known = payloads.get(row.entry_id, {})
        names = ("employee_name", "nip", "post", "employee_office")
        name, nip, post, office = (str(known.get(one) or "") for one in names)
        yield Reported(name, nip, post, office, _word(ReportedState, row.state))


def _verification(opened: Sequence[Opened]) -> Verification | None:
    if (last := _last(opened, "assessment")) is None:
        return None
    at, judged = last
    _at, routed = _last(opened, "routing") or (at, {})
    return Verification(
        at=at,
        type=_word(Type, judged["type"]),
        category=_word(Category, judged["category"]),
        assessment=str(judged.get("assessment") or ""),
        finding=str(routed.get("finding") or ""),
    )


def _decision(opened: Sequence[Opened]) -> Decision | None:
    if (last := _last(opened, "decision", "forward_wise")) is None:
        return None
    at, said = last
    return Decision(at, _word(Ground, said["ground"]), str(said.get("reason") or ""))


def _event(entry: Entry) -> Event:
    labels = {move.name: str(move.label) for move in WORKFLOW.moves}
    filed = str(BY_NAME[S.RECEIVED].label)
    state = Word(entry.target, str(BY_NAME[entry.target].label))
    return Event(entry.at, labels.get(entry.move, filed), role_of(entry), state)


def role_of(entry: Entry) -> str:
    """Return who wrote, by team or role: nobody's name."""
    if entry.capacity is not None:
        return f"{entry.capacity.get_kind_display()}, {entry.capacity.office}"
    return str(Author(entry.author).label)


def _files(opened: Sequence[Opened]) -> Iterable[File]:
    for one in opened:
        if one.entry.kind == EVIDENCE and (piece := piece_of(one)) is not None:
            yield File(piece.name, piece.mime, piece.size, piece.sha256, one.entry.at)
