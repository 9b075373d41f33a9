"""The procedure as data: what a move is. Plain dataclasses; the tables live with the services."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

from django.utils.functional import Promise

from sipuma.offices.places import Role

if TYPE_CHECKING:
    from sipuma.cases.entries import Sealed, Signature
    from sipuma.cases.models import Case
    from sipuma.offices.models import Member, Team
    from sipuma.offices.officer import Officer
    from sipuma.outbox.models import Message

Text = str | Promise
Kind = Literal["text", "line", "choice", "office", "date", "check"]
Values = Mapping[str, Any]  # Any: text, date, bool or code, as the field's kind says
Choices = Sequence[tuple[str, Text]]


@dataclass(frozen=True)
class Field:
    """One thing that a move asks for; forms, checks and `sipuma diagram --json` are made from it."""

    name: str
    label: Text
    kind: Kind = "text"
    required: bool = True
    choices: Choices | Callable[["Case | None"], Choices] = ()
    hint: Text = ""
    maximum: int = 10_000

    def options(self, case: "Case | None" = None) -> Choices:
        """Return the choices that this case offers; those of no case in particular for a diagram."""
        return self.choices(case) if callable(self.choices) else self.choices


@dataclass(frozen=True)
class Attempt:
    """Somebody trying to make a move: everything that guards and effects may look at.

    `seen`: the newest entry on the page that the move was sent from, when it came from a page.
    """

    case: "Case"
    move: "Move"
    values: Values
    role: Role
    by: "Signature"
    at: datetime
    officer: "Officer | None" = None
    seen: int | None = None

    def text(self, name: str) -> str:
        """Return a text value, empty when it was left out."""
        return str(self.values.get(name) or "")

    def day(self, name: str) -> date | None:
        value = self.values.get(name)
        return value if isinstance(value, date) else None


@dataclass(frozen=True)
class Handover:
    """Seals that move with the case: from the readers of one team to another's, kept or dropped behind."""

    to: "Team"
    keep: bool = True


@dataclass
class Effects:
    """What a move does, gathered before the transaction: changed fields, texts, seals, messages."""

    changes: dict[str, object] = field(default_factory=dict)
    sealed: "list[Sealed]" = field(default_factory=list)
    handovers: list[Handover] = field(default_factory=list)
    drop: "list[Team]" = field(default_factory=list)
    messages: "list[Message]" = field(default_factory=list)
    after: list[Callable[[dict[str, Any]], None]] = field(default_factory=list)
    # Moves that the system makes on other cases because of this one, in the same transaction.
    follow: "list[tuple[Case, str]]" = field(default_factory=list)


Guard = Callable[["Attempt"], None]
Ready = Callable[["Case"], Text | None]
Timely = Callable[["Case", datetime], Text | None]
Personal = Callable[["Case", "Member"], Text | None]
Where = Literal["team", "office", "held", "executor", "reception", "verification", "not-theirs", "assigned"]


@dataclass(frozen=True)
class Move:
    """One row of the procedure: who may move a case from where to where, on what terms, who is told.

    `number` is the row of DOMAIN section 7 (0: an act that this table adds, which moves nothing);
    `target` None leaves the state as it is. `ready` says why the move is not possible yet, or None; where
    `silent` is set, nothing is said of it meanwhile. `timely` says why it is not possible at this moment,
    `personal` why it is another's to make.
    `where` says whose case it must be: the handling team's, a team of the handling office, any case
    whose key the member's team holds, a case with a follow-up that the member's unit carries out, one that
    the member's reception desk recorded, or one that the member's team verifies, wherever it is now; or of
    the handling team's those that are not assigned to this very member, or those that are assigned to
    somebody. `rivals`: moves besides this one that say the same thing anew, so that a page which does not
    show them yet is stale.
    """

    number: int
    name: str
    label: Text
    sources: tuple[str, ...]
    target: str | None
    by: tuple[Role, ...]
    rule: str
    effect: Callable[["Attempt"], Effects]
    fields: tuple[Field, ...] = ()
    ready: tuple[Ready, ...] = ()
    timely: tuple[Timely, ...] = ()
    personal: tuple[Personal, ...] = ()
    guards: tuple[Guard, ...] = ()
    notify: tuple[str, ...] = ()
    deadline: str = ""
    where: Where = "team"
    rivals: tuple[str, ...] = ()
    silent: bool = False
    consequence: Text = ""


@dataclass(frozen=True)
class State:
    """One state: what officers call it, what the complainant reads, and whether it is the end."""

    name: str
    label: Text
    public: Text
    final: bool = False


@dataclass(frozen=True)
class Workflow:
    """A service's whole procedure."""

    service: str
    states: tuple[State, ...]
    moves: tuple[Move, ...]
    start: str
    due: Callable[["Case", str, datetime], datetime | None]

    def move(self, name: str) -> Move:
        """Return the move with this name; KeyError when there is none."""
        return {move.name: move for move in self.moves}[name]

    def state(self, name: str) -> State:
        return {state.name: state for state in self.states}[name]

    @property
    def open_states(self) -> tuple[str, ...]:
        return tuple(state.name for state in self.states if not state.final)
