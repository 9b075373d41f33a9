"""A case as one officer sees it: matter, particulars, people, follow-ups and timeline, all opened once."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _

from sipuma.cases.models import Audience, Author, Case, Entry, FollowUp, ReportedEmployee
from sipuma.cases.opening import Opened, Payload, Reader
from sipuma.cases.workflow import Field, Text
from sipuma.complaints.custody import IDENTITY
from sipuma.complaints.effects.reception import TICKET, TICKET_ISSUED
from sipuma.complaints.filing import CONTACT_PATH, FILED, matter_of
from sipuma.complaints.models import Reception
from sipuma.complaints.reception import COMPLETENESS, NORM_MINUTES, desks_of, judged
from sipuma.complaints.states import BY_NAME
from sipuma.complaints.words import (
    Category,
    Closing,
    FollowUpKind,
    Helped,
    Outcome,
    Reason,
    Reopening,
    Type,
)
from sipuma.complaints.workflow import WORKFLOW
from sipuma.files.verdict import Verdict
from sipuma.offices.models import Office
from sipuma.offices.officer import Officer
from sipuma.outbox.models import Delivery, Message
from sipuma.web.dates import day_text
from sipuma.workspace import words
from sipuma.workspace.flags import flags_of

TOLD_TO_UNIT = ("referral", "follow-up")
FIELDS: Mapping[tuple[str, str], Field] = {(m.name, f.name): f for m in WORKFLOW.moves for f in m.fields}


@dataclass(frozen=True)
class Row:
    """A labelled value, as `ui/summary_list.html` and the timeline show it; the label may be empty."""

    label: Text
    value: Text = field(repr=False)


@dataclass(frozen=True)
class Line:
    """One entry of the timeline as this reader sees it."""

    at: datetime
    title: Text
    by: str
    audience: Text
    internal: bool
    state: Text
    rows: tuple[Row, ...] = field(repr=False)
    sealed: bool
    pk: int


@dataclass(frozen=True)
class Task:
    """A follow-up: what, by whom, by when, and whether its result is there."""

    kind: Text
    executor: str
    due: date
    reported_at: datetime | None


@dataclass(frozen=True)
class Course:
    """A reception's course as its desk sees it; `minutes` until it was completed, or until now."""

    row: Reception
    minutes: int
    late: bool


def reception_of(case: Case) -> Course | None:
    """Return how the case's reception went (R26), or None for a case that was filed online."""
    row = Reception.objects.filter(case=case).select_related("member", "told_by").first()
    if row is None:
        return None
    minutes = int(((row.completed_at or timezone.now()) - row.started_at).total_seconds() // 60)
    return Course(row, minutes, late=minutes > NORM_MINUTES)


class Dossier:
    """Everything of one case that its page shows. `holds_key` is false for units: they see their part.

    `at_desk`: the officer sees it as the desk that recorded it, and nothing of the later handling.
    """

    def __init__(self, case: Case, officer: Officer) -> None:
        self.case = case
        self.zone = case.team.office.timezone
        self._officer = officer
        reader = Reader([case], officer.private)
        self.holds_key = reader.case_key(case) is not None
        self.at_desk = not self.holds_key and case.reception_id in {desk.pk for desk in desks_of(officer)}
        self._opened = reader.timeline()
        self._by_entry = {one.entry.pk: one.payload for one in self._opened}

    @property
    def newest(self) -> int:
        """Return the id of the newest entry: a form carries it, to be known when it comes a second time."""
        return self._opened[-1].entry.pk if self._opened else 0

    @property
    def opened(self) -> list[Opened]:
        """Return every entry as the officer sees it, oldest first."""
        return self._opened

    @property
    def flags(self) -> list[Text]:
        return flags_of(self.case)

    @property
    def state(self) -> Text:
        return BY_NAME[self.case.state].label

    @cached_property
    def matter(self) -> list[Row]:
        """Return the five elements as filed; empty for those who may not read them."""
        payload = self._payload(FILED)
        texts = matter_of(payload) if payload else {}
        rows = [Row(label, texts.get(name, "")) for name, label in words.MATTER.items()]
        return [Row(row.label, _label(Category, row.value)) for row in rows if row.value]

    @cached_property
    def told(self) -> list[Line]:
        """Return what was addressed to a unit, for a reader who has nothing else of the matter."""
        return [line for one, line in self._lines if one.entry.kind in TOLD_TO_UNIT and not line.sealed]

    @cached_property
    def contact(self) -> str:
        return str((self._payload(CONTACT_PATH) or {}).get("text", ""))

    @cached_property
    def identity(self) -> list[Row]:
        """Return the identity where the complainant's wish opened it to this reader."""
        payload = self._payload(IDENTITY) or {}
        return [Row(label, str(payload[name])) for name, label in words.IDENTITY.items() if payload.get(name)]

    @cached_property
    def particulars(self) -> list[Row]:
        case = self.case
        rows = [
            Row(_("Channel"), case.get_channel_display()),
            Row(_("Type"), _label(Type, case.type) or _("not set yet")),
            Row(_("Category"), _label(Category, case.category)),
            Row(_("With"), str(case.team)),
            Row(_("Assigned to"), case.assignee.name if case.assignee else ""),
            Row(_("Compliance unit"), str(case.verification.office)),
            Row(_("Study (kajian)"), words.STUDY.get(case.study, "")),
            Row(_("Reason"), _label(Reason, case.reason)),
            Row(_("Outcome"), _label(Outcome, case.outcome)),
            Row(_("WISE register"), case.external_register),
            Row(_("Closed as"), _label(Closing, case.closing) if case.closed_at else ""),
            Row(_("Reopening"), _label(Reopening, case.reopening)),
            Row(_("Did it help the complainant?"), _label(Helped, case.helped)),
        ]
        return [row for row in rows if row.value]

    @cached_property
    def employees(self) -> list[Row]:
        """Return the reported employees: name, NIP and post where readable, and what is known of them."""
        reported = ReportedEmployee.objects.filter(case=self.case).order_by("pk")
        shown = [one for one in reported if self.holds_key or self._by_entry.get(one.entry_id)]
        return [Row(_named(self._by_entry.get(one.entry_id)), _state_of(one)) for one in shown]

    @property
    def recorded(self) -> dict[int, Payload]:
        """Return what is recorded of the reported employees, by their id, as far as it can be read."""
        reported = ReportedEmployee.objects.filter(case=self.case).values_list("pk", "entry")
        return {pk: payload for pk, entry in reported if (payload := self._by_entry.get(entry))}

    @cached_property
    def completeness(self) -> str:
        """Return what the receiver's check came to (R85); empty when there was none, or it is unreadable."""
        payload = self._payload(COMPLETENESS)
        return judged(payload) if payload else ""

    @property
    def public_state(self) -> Text:
        """Return the one thing about the handling that a caller may be told (R27)."""
        return BY_NAME[self.case.state].public

    @property
    def own_lines(self) -> list[Line]:
        """Return what the desk itself entered, newest first; without its seals only that it did."""
        desk = self.case.reception_id
        return [line for one, line in reversed(self._lines) if one.entry.capacity_id == desk]

    @cached_property
    def tasks(self) -> list[Task]:
        """Return the follow-ups; a unit sees its own only."""
        mine = self._officer.reach.places
        found = self._follow_ups.values()
        return [_task(one) for one in found if self.holds_key or one.executor_id in mine]

    @property
    def timeline(self) -> list[Line]:
        """Return the entries, newest first."""
        return [line for _one, line in reversed(self._lines)]

    def lines(self, entries: Collection[int]) -> list[Line]:
        """Return these entries as far as their page shows them, newest first."""
        shown = self.own_lines if self.at_desk else self.timeline
        return [line for line in shown if line.pk in entries]

    @cached_property
    def _lines(self) -> list[tuple[Opened, Line]]:
        return [(one, self._line(one)) for one in self._opened]

    def _line(self, one: Opened) -> Line:
        entry = one.entry
        return Line(
            at=entry.at,
            title=_title(entry),
            by=_author(entry),
            audience=words.AUDIENCES[entry.audience],
            internal=entry.audience != Audience.COMPLAINANT,
            state=BY_NAME[entry.target].label if entry.target in BY_NAME else "",
            rows=tuple(self._rows(entry, one.payload or {})),
            sealed=one.payload is None,
            pk=entry.pk,
        )

    def _rows(self, entry: Entry, payload: Payload) -> Iterator[Row]:
        if entry.kind in {FILED, CONTACT_PATH, IDENTITY, COMPLETENESS}:
            return  # stands beside the timeline already
        if entry.kind == TICKET_ISSUED and payload:
            yield Row("", self._went(entry) % {"to": payload["to"]})
        if entry.kind in words.OF_FILES:
            yield from _rows_of_file(payload)
            return
        for name, value in payload.items():
            if name == "text":
                yield Row("", str(value))
            elif (known := FIELDS.get((entry.move, name))) and value:
                yield Row(known.label, self._shown(known, str(value)))

    def _went(self, entry: Entry) -> str:
        """Return how far the ticket of an entry is; only the newest one still goes anywhere."""
        newest = max(one.entry.pk for one in self._opened if one.entry.kind == TICKET_ISSUED)
        if entry.pk != newest:
            return _("It went to %(to)s; a newer ticket took its place.")
        since = Message.objects.filter(
            reference=self.case.register, template=TICKET, created_at__gte=entry.at
        )
        states = set(since.values_list("state", flat=True))
        if Delivery.FAILED in states:
            return _("It could not be delivered to %(to)s.")
        return _("Sent to %(to)s.") if states == {Delivery.SENT} else _("On its way to %(to)s.")

    def _shown(self, known: Field, value: str) -> str:
        if known.kind == "office":
            return self._offices.get(value, value)
        if known.kind == "date":
            return day_text(date.fromisoformat(value), self.zone)
        if known.kind != "choice":
            return value
        if known.name == "follow_up":
            task = _task(self._follow_ups[value])
            return f"{task.kind}: {task.executor}"
        return str(dict(known.options(self.case)).get(value, value))

    @cached_property
    def _follow_ups(self) -> dict[str, FollowUp]:
        found = FollowUp.objects.filter(case=self.case).select_related("executor__office").order_by("pk")
        return {str(one.pk): one for one in found}

    @cached_property
    def _offices(self) -> dict[str, str]:
        return dict(Office.objects.values_list("pk", "name"))

    def _payload(self, kind: str) -> Payload | None:
        return next((one.payload for one in self._opened if one.entry.kind == kind and one.payload), None)


def _rows_of_file(payload: Payload) -> Iterator[Row]:
    """Give what an entry says of one file: its name, what a scanner found, why somebody opened it."""
    for name, label in words.FILE.items():
        if value := payload.get(name):
            yield Row(label, _label(Verdict, value) if name == "verdict" else str(value))


def _label(choices: type[TextChoices], value: object) -> str:
    """Return what a stored word is called; a word that is none of the list stays as it is."""
    return str(dict(choices.choices).get(str(value), value))


def _task(one: FollowUp) -> Task:
    return Task(_label(FollowUpKind, one.kind), str(one.executor), one.due, one.reported_at)


def _state_of(one: ReportedEmployee) -> Text:
    if one.retracted_at is None:
        return one.get_state_display()
    return _("taken out: recorded by mistake")


def _title(entry: Entry) -> Text:
    moves = {move.name: move.label for move in WORKFLOW.moves}
    return moves.get(entry.move) or words.KINDS.get(entry.kind, entry.kind)


def _author(entry: Entry) -> str:
    if entry.member is None:
        return str(Author(entry.author).label)
    return f"{entry.member.name} · {entry.capacity}" if entry.capacity else entry.member.name


def _named(payload: Payload | None) -> str:
    if payload is None:
        return _("sealed")
    parts = [str(payload.get(name, "")) for name in ("employee_name", "nip", "post", "employee_office")]
    return ", ".join(part for part in parts if part) or _("not named")
