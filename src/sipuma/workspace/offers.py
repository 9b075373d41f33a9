"""The steps that a case page offers, each as a form, and the form that comes back when one was not made."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django import forms

from sipuma.cases import flow
from sipuma.cases.models import Case, FollowUp
from sipuma.cases.workflow import Field, Move, Text
from sipuma.complaints.workflow import WORKFLOW
from sipuma.offices.officer import Officer
from sipuma.workspace.dossier import Row
from sipuma.workspace.forms import MoveForm
from sipuma.workspace.snippet_form import answer_of


@dataclass(frozen=True)
class Offer:
    """A move that the page offers: its form, or why it can't be made yet.

    `answer`: the text into which a snippet of the officer's team may be put.
    """

    move: Move
    form: MoveForm
    obstacle: Text | None
    open: bool
    answer: Field | None = None


@dataclass(frozen=True)
class Refusal:
    """A form that comes back: as it was sent, or only its text where it has no place any more.

    `newer`: entries that its page lacked; `status` 200 when nothing was wrong with it.
    """

    reason: str = ""
    form: MoveForm | None = None
    typed: tuple[Row, ...] = field(default=(), repr=False)
    newer: frozenset[int] = frozenset()
    status: int = 422


def offers_of(
    case: Case,
    officer: Officer,
    refusal: Refusal | None,
    *,
    kept: Mapping[str, Mapping[str, str]],
    snippets: bool,
) -> list[Offer]:
    """Return the steps with their forms: one that came back, one with what was kept, or an empty one."""
    failed = refusal.form if refusal else None
    offers = []
    for option in flow.available(WORKFLOW, case, officer):
        name = option.move.name
        if option.move.silent and flow.obstacle(option.move, case) is not None:
            continue
        again = failed if failed is not None and failed.move.name == name else None
        form = again or form_of(MoveForm(option.move, case, initial=kept.get(name)), officer)
        shown = again is not None or name in kept
        answer = answer_of(option.move) if snippets else None
        offers.append(Offer(option.move, form, option.obstacle, open=shown, answer=answer))
    return offers


def form_of(form: MoveForm, officer: Officer) -> MoveForm:
    """Leave a unit its own follow-ups to choose from: what others are to do is not for it to read."""
    listed, reach = form.fields.get("follow_up"), officer.reach.places
    if isinstance(listed, forms.ChoiceField) and form.case.team_id not in reach:
        own = FollowUp.objects.filter(case=form.case, executor__in=reach).values_list("pk", flat=True)
        kept = {"", *map(str, own)}
        listed.choices = [(value, label) for value, label in listed.widget.choices if value in kept]
    return form


def typed_rows(name: str, sent: Mapping[str, str]) -> tuple[Row, ...]:
    """Return the texts of a form that has no place on the page any more, so that nobody loses typing."""
    fields = next((move.fields for move in WORKFLOW.moves if move.name == name), ())
    return tuple(Row(one.label, sent[one.name]) for one in fields if sent.get(one.name))
