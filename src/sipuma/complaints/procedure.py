"""The procedure as the public reads it: states, steps, who, by when, on what ground, what one is told."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sipuma.cases.workflow import Move, State, Text, Workflow
from sipuma.complaints.grounds import Source, in_words, named_in
from sipuma.complaints.profiles import offered
from sipuma.complaints.rules import DEFAULTS, REOPENING, rules_in_force
from sipuma.complaints.states import S
from sipuma.complaints.workflow import WORKFLOW
from sipuma.offices.places import ROLE_LABELS, Role

COMPLAINANT = "complainant"
REOPEN = 19  # of DOMAIN section 7: the one way back from an end that has a time
START, ANYWHERE = 0, -1  # before there is a case; every open state

# fmt: off
# What happens in each state, in everybody's words.
PLAIN: Mapping[str, Text] = {
    S.RECEIVED:       gettext_lazy("Your complaint has arrived and waits for a verifier."),
    S.VERIFICATION:   gettext_lazy("A verifier examines the five elements: what, who, when, where and how."),
    S.WAITING:        gettext_lazy("The verifier has asked you something and waits for your answer."),
    S.PYB:            gettext_lazy("The competent official decides who looks into the matter."),
    S.ASSESSMENT:     gettext_lazy("Assessors of the compliance directorate or a regional office study it."),
    S.UNIT:           gettext_lazy("The unit that the matter concerns studies it, without your name."),
    S.FOLLOW_UP:      gettext_lazy("What the study recommends is being done."),
    S.WISE:           gettext_lazy("The Inspectorate General goes on; you are told its number."),
    S.NOT_ACTIONABLE: gettext_lazy("It is closed, and you read the reason."),
    S.DONE:           gettext_lazy("It is closed, and you read the answer."),
    S.WITHDRAWN:      gettext_lazy("You have ended it yourself."),
    S.MOVED:          gettext_lazy("It is about the office’s own people, and goes on one level above it."),
    S.CLOSED:         gettext_lazy("It was joined with another one about the same matter, or is none."),
}
# fmt: on


@dataclass(frozen=True)
class Norm:
    """How long a state may last, and on what ground."""

    text: str
    ground: str


@dataclass(frozen=True)
class Step:
    """A way out of a state: `target` is the number of the state that it leads to, `leads_to` its name."""

    name: str
    label: str
    who: str
    target: int
    leads_to: str
    deadline: str
    ground: str
    told: str


@dataclass(frozen=True)
class Stage:
    """A state with its number in the procedure, counted from 1; two that are none: `START` and `ANYWHERE`."""

    number: int
    label: str
    public: str
    plain: str
    norm: Norm | None
    steps: tuple[Step, ...]
    final: bool


@dataclass(frozen=True)
class Procedure:
    """The whole procedure in one language; `anywhere` has the steps that every open state allows."""

    start: Stage
    stages: tuple[Stage, ...]
    anywhere: Stage
    sources: tuple[Source, ...]

    @property
    def parts(self) -> tuple[Stage, ...]:
        """Return everything in the order of the page: before there is a case, each state, everywhere."""
        return (self.start, *self.stages, self.anywhere)

    @property
    def finals(self) -> frozenset[int]:
        return frozenset(stage.number for stage in self.stages if stage.final)


Norms = Mapping[str, Norm]


def norms_in_force() -> Norms:
    """Return the norms of the states, for what comes in now, in the language of the page."""
    return {rule.state: Norm(str(rule.norm), in_words(rule.rule)) for rule in rules_in_force()}


def table_of_profile() -> Workflow:
    """Return what of the table the rules of this installation know: its moves, and the states they reach."""
    moves = offered(WORKFLOW.moves)
    reached = {WORKFLOW.start, *(move.target for move in moves)}
    states = tuple(state for state in WORKFLOW.states if state.name in reached)
    return replace(WORKFLOW, moves=moves, states=states)


def procedure_of(norms: Norms, workflow: Workflow = WORKFLOW) -> Procedure:
    """Return a table's procedure in the language of the page."""
    moving = [move for move in workflow.moves if move.target is not None]
    everywhere = [move for move in moving if set(workflow.open_states) <= set(move.sources)]
    stages = tuple(
        _stage(workflow, norms, number, state, [one for one in moving if one not in everywhere])
        for number, state in enumerate(workflow.states, start=1)
    )
    rules = [*(move.rule for move in moving), *(rule.rule for rule in DEFAULTS)]
    return Procedure(_start(workflow), stages, _anywhere(workflow, everywhere), tuple(named_in(rules)))


def _start(workflow: Workflow) -> Stage:
    """Return what comes before the table: a complaint is sent, or recorded at a desk (moves 1 and 2)."""
    state = workflow.state(workflow.start)
    step = Step(
        name="file",
        label=_("Send or hand in a complaint"),
        who=_(" or ").join(str(ROLE_LABELS[role]) for role in (Role.COMPLAINANT, Role.RECEIVER)),
        target=workflow.states.index(state) + 1,
        leads_to=str(state.label),
        deadline=_("At any time; 30 minutes at a desk"),
        ground=in_words("S2, S1 6"),
        told=_("A ticket number at once on the screen; at a desk a register number."),
    )
    return Stage(START, _("Before there is a case"), "", "", None, (step,), final=False)


def _anywhere(workflow: Workflow, moves: list[Move]) -> Stage:
    steps = tuple(_step(workflow, {}, move, None) for move in moves)
    return Stage(ANYWHERE, _("From every open state"), "", "", None, steps, final=False)


def _stage(workflow: Workflow, norms: Norms, number: int, state: State, moves: list[Move]) -> Stage:
    steps = [_step(workflow, norms, move, state) for move in moves if state.name in move.sources]
    return Stage(
        number=number,
        label=str(state.label),
        public=str(state.public),
        plain=str(PLAIN.get(state.name, "")),
        norm=norms.get(state.name),
        steps=tuple(steps),
        final=state.final,
    )


def _step(workflow: Workflow, norms: Norms, move: Move, source: State | None) -> Step:
    """Return a move as a step from one state, or from any open one (None)."""
    target = next(state for state in workflow.states if state.name == move.target)
    return Step(
        name=move.name,
        label=str(move.label),
        who=_(" or ").join(str(ROLE_LABELS[role]) for role in move.by),
        target=workflow.states.index(target) + 1,
        leads_to=str(target.label),
        deadline=_deadline(norms, move, source),
        ground=in_words(move.rule),
        told=_told(move, source, target),
    )


def _deadline(norms: Norms, move: Move, source: State | None) -> str:
    if source is None:
        return _("At any time while it is open")
    norm = norms.get(REOPENING if move.number == REOPEN else source.name)
    return norm.text if norm else _("No fixed period")


def _told(move: Move, source: State | None, target: State) -> str:
    words = {"label": target.public}
    if COMPLAINANT in move.notify:
        return _("A notice, if you gave a contact; by ticket you read «%(label)s».") % words
    if source is not None and source.public == target.public:
        return _("By ticket you go on reading «%(label)s».") % words
    return _("By ticket you read «%(label)s».") % words
