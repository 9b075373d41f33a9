"""The complainant's side of a case: what a ticket shows, and what its holder may do."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from sipuma.cases import flow
from sipuma.cases.entries import COMPLAINANT, append, readers_of, seal_text
from sipuma.cases.evidence import Piece, piece_of
from sipuma.cases.models import Audience, Author, Case, Entry
from sipuma.cases.opening import Opened, Reader, holder_keys
from sipuma.cases.tickets import Holder
from sipuma.cases.workflow import Attempt, Text
from sipuma.complaints.filing import FILED, matter_of
from sipuma.complaints.notices import to_handlers
from sipuma.complaints.states import BY_NAME, OPEN, S
from sipuma.complaints.words import Reason
from sipuma.complaints.workflow import WORKFLOW
from sipuma.offices.models import TeamKind
from sipuma.offices.places import Role
from sipuma.offices.refusal import Refused
from sipuma.outbox.models import Message

MESSAGE = "message"
REQUEST = "request"
REPEATED_WITHIN = timedelta(minutes=10)
# Every message tells each verifier and is opened each time the page is looked at.
MOST_A_DAY = 30
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Event:
    """A dated line of the public history."""

    at: datetime
    label: Text


@dataclass(frozen=True)
class Letter:
    """One message between the complainant and the handlers; `mine` is the complainant's."""

    at: datetime
    text: str
    mine: bool


class Tracked:
    """What the holder of a ticket sees of the case (R8): label, history, conversation, what is asked."""

    def __init__(self, holder: Holder) -> None:
        self.case: Case = holder.case
        self._holder = holder

    @property
    def register(self) -> str:
        return self.case.register

    @property
    def zone(self) -> str:
        return self.case.team.office.timezone

    @property
    def state(self) -> str:
        return self.case.state

    @property
    def status(self) -> Text:
        """Return the public label of the state (DOMAIN section 7)."""
        return BY_NAME[self._main.state].public

    @property
    def is_joined(self) -> bool:
        """Return whether the matter goes on in another complaint, of which nothing else is said."""
        return self.case.is_joined

    @cached_property
    def _main(self) -> Case:
        """Return the case whose state counts: the one that this one joined, or the case itself."""
        return self.case.joins if self.case.is_joined and self.case.joins else self.case

    @property
    def reason(self) -> Text:
        """Return why the case can't be followed up, or nothing."""
        return Reason(self._main.reason).label if self._main.reason else ""

    @property
    def is_open(self) -> bool:
        return self.case.state in OPEN

    @property
    def answer_by(self) -> datetime | None:
        """Return the last moment for an answer, while one is asked for (S2; DOMAIN section 8)."""
        due = self.case.due if self.case.state == S.WAITING else None
        return due - timedelta(seconds=1) if due else None

    @cached_property
    def _opened(self) -> list[Opened]:
        reader = Reader([self.case], holder_keys(self._holder.private))
        return [reader.open(entry) for entry in self.case.entries.select_related("capacity", "evidence")]

    @property
    def matter(self) -> dict[str, str]:
        """Return the five elements as filed."""
        filed = next((one.payload for one in self._opened if one.entry.kind == FILED), None)
        return matter_of(filed) if filed else {}

    @property
    def question(self) -> str:
        """Return what is asked of the complainant now, or nothing."""
        asked = [one for one in self._opened if one.entry.kind == REQUEST]
        return str((asked[-1].payload or {}).get("text", "")) if asked and self.answer_by else ""

    @cached_property
    def pieces(self) -> list[Piece]:
        """Return the evidence, oldest first."""
        return [piece for one in self._opened if (piece := piece_of(one)) is not None]

    @property
    def reads_later(self) -> bool:
        """Whether texts from before this ticket still wait for a handler's next visit."""
        return self.case.resealing

    @property
    def history(self) -> list[Event]:
        """Return each change of the public label with its time, oldest first."""
        entries = [one.entry for one in self._opened]
        events: list[Event] = []
        for entry in (*entries, *self._later_of_main()):
            if entry.target in BY_NAME:
                label = self._label(entry)
                if not events or str(events[-1].label) != str(label):
                    events.append(Event(entry.at, label))
        return events

    def _label(self, entry: Entry) -> Text:
        joined = entry.case_id == self.case.pk and entry.target == S.CLOSED and self.is_joined
        return _("Joined with another complaint") if joined else BY_NAME[entry.target].public

    def _later_of_main(self) -> list[Entry]:
        """Return what happened to the case that this one joined, since then: moves and times, no text."""
        if not self.is_joined:
            return []
        return list(Entry.objects.filter(case=self._main, at__gt=self.case.closed_at).order_by("pk"))

    @property
    def conversation(self) -> list[Letter]:
        """Return the messages both ways, oldest first."""
        return [
            Letter(one.entry.at, str(one.payload["text"]), mine=is_theirs(one.entry))
            for one in self._opened
            if one.payload
            and one.entry.kind != FILED
            and one.payload.get("text")
            and one.entry.audience == Audience.COMPLAINANT
        ]


def is_theirs(entry: Entry) -> bool:
    """Return whether the complainant said it, by ticket or at a desk."""
    desk = entry.capacity is not None and entry.capacity.kind == TeamKind.RECEPTION
    return entry.author == Author.COMPLAINANT or desk


def write(holder: Holder, text: str, *, at: datetime | None = None) -> Case:
    """Take a message of the complainant: the answer where one is asked for, else information (R10, R11).

    After a lapse it is kept and the case is flagged for reopening (DOMAIN section 8). The same text again
    within ten minutes is a form that was sent twice, and is entered once.

    Raises:
        Refused: this was asked for by nobody, and thirty messages have come in a day already.
    """
    at = at or timezone.now()
    related = Case.objects.select_related("office", "team__office", "verification__office")
    with transaction.atomic():
        # Locked, so that of two copies that arrive at once the second sees the first.
        case = related.select_for_update(of=("self",)).get(pk=holder.case.pk)
        writer = replace(holder, case=case)
        if _just_said(writer, text, at):
            return case
        if case.state == S.WAITING and case.due is not None and at < case.due:
            return _make(writer, "answer", {"message": text}, at=at)
        _enter(case, text, at)
        if case.is_joined:
            _answer_main(case, at)
        return case


def _just_said(holder: Holder, text: str, at: datetime) -> bool:
    # Only the very last letter: the same words after a question of the handlers are its answer.
    entries = holder.case.entries.filter(audience=Audience.COMPLAINANT, ciphertext__isnull=False)
    last = entries.exclude(kind=FILED).order_by("-pk").first()
    if last is None or last.author != Author.COMPLAINANT or at - last.at >= REPEATED_WITHIN:
        return False
    # Others wait for this row meanwhile: one letter is opened, however long the conversation is.
    opened = Reader([holder.case], holder_keys(holder.private), objects=[last.uid]).open(last)
    return opened.payload is not None and opened.payload.get("text") == text


def _check_flood(case: Case, at: datetime) -> None:
    written = case.entries.filter(author=Author.COMPLAINANT, kind=MESSAGE, at__gt=at - DAY)
    if written.count() >= MOST_A_DAY:
        raise Refused(_("You have written many messages today. Write the rest tomorrow, all in one."))


def _answer_main(case: Case, at: datetime) -> None:
    """Take up a case that waits for data: one of those who complained about the matter has written."""
    main = Case.objects.select_related("team__office", "verification__office").get(joined=case)
    if main.state == S.WAITING and main.due is not None and at < main.due:
        with suppress(Refused):  # taken up by somebody else in this very moment
            flow.carry_out(WORKFLOW, flow.by_system(WORKFLOW, main, "joined_answer", at))


def _enter(case: Case, text: str, at: datetime) -> Case:
    _check_flood(case, at)
    sealed = seal_text(
        case.uid,
        MESSAGE,
        {"text": text},
        audience=Audience.COMPLAINANT,
        readers=readers_of(case, Audience.COMPLAINANT),
    )
    append(case, [sealed], by=COMPLAINANT, at=at)
    Message.objects.bulk_create(to_handlers(case))
    late = Q(reason=Reason.NO_DATA) | Q(state=S.WAITING, due__lte=at)
    Case.objects.filter(late, pk=case.pk).update(late_answer=True)
    return case


def withdraw(holder: Holder, reason: str, *, at: datetime | None = None) -> Case:
    """Withdraw the case at the complainant's wish (move 24); the handlers are told.

    Raises:
        Refused: the case is closed already.
    """
    return _make(holder, "withdraw", {"message": reason}, at=at or timezone.now())


def _make(holder: Holder, name: str, values: dict[str, str], *, at: datetime) -> Case:
    move, case = WORKFLOW.move(name), holder.case
    if case.state not in move.sources:
        raise Refused(_("This case is closed already; there is nothing to withdraw or answer."))
    attempt = Attempt(case, move, values, Role.COMPLAINANT, COMPLAINANT, at)
    return flow.carry_out(WORKFLOW, attempt)
