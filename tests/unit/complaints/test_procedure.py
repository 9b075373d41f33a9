"""The procedure as the public reads it: all of the table, real grounds, and nothing of our own shorthand."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.utils.translation import override

from sipuma.cases.workflow import Move
from sipuma.complaints.grounds import SOURCES, cited, in_words
from sipuma.complaints.procedure import Procedure, norms_in_force, procedure_of
from sipuma.complaints.rules import CLOCKS, DEFAULTS
from sipuma.complaints.states import STATES, S
from sipuma.complaints.workflow import WORKFLOW


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def shown(db: None) -> Procedure:
    return procedure_of(norms_in_force())


MOVING = [
    (move, source) for move in WORKFLOW.moves if move.target is not None for source in move.sources
]  # fmt: skip


@pytest.mark.parametrize(("move", "source"), MOVING, ids=[f"{m.name}-{s}" for m, s in MOVING])
def test_every_move_that_changes_the_state_is_a_step_with_its_target(
    shown: Procedure, move: Move, source: str
) -> None:
    number = [state.name for state in STATES].index(source)
    steps = [*shown.stages[number].steps, *shown.anywhere.steps]
    targets = [STATES[step.target - 1].name for step in steps if step.name == move.name]
    assert targets == [move.target]


def test_what_leaves_the_state_alone_is_no_step(shown: Procedure) -> None:
    names = {step.name for stage in shown.parts for step in stage.steps}
    assert names == {"file"} | {move.name for move in WORKFLOW.moves if move.target}


def test_every_state_has_a_sentence_and_every_stage_its_norm(shown: Procedure) -> None:
    assert all(stage.plain for stage in shown.stages)
    assert sum(stage.norm is not None for stage in shown.stages) == len(DEFAULTS) - len(CLOCKS)


def test_nothing_of_our_shorthand_reaches_the_public(shown: Procedure) -> None:
    texts = [step.ground for stage in shown.parts for step in stage.steps]
    texts += [stage.norm.ground for stage in shown.stages if stage.norm]
    for text in texts:
        assert text
        assert not re.search(r"DOMAIN|DESIGN|\bR\d|\bS\d\b|KEP154|PMK205|configurable|analogue", text), text


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("S2 verifikasi 3; R34", "KEP-154/BC/2012 (verifikasi 3)"),
        ("S1 6, S1 10; R21", "KEP-43/KBC.1703/2023 (step 6); KEP-43/KBC.1703/2023 (step 10)"),
        ("KEP154, PMK205; R49", "KEP-154/BC/2012; PMK 205/PMK.09/2022"),
        ("SP4N-CLS", "SP4N norms (PermenPANRB 5/2025)"),
        ("SP4N analogue", "SP4N norms (PermenPANRB 5/2025)"),
        ("DOMAIN 7 move 21", "internal rule"),
        ("configurable", "internal rule"),
        ("R51", "internal rule"),
        ("", "internal rule"),
    ],
)
def test_a_rule_reads_as_the_regulation_that_it_comes_from(rule: str, words: str) -> None:
    assert in_words(rule) == words


def test_the_sources_are_those_that_the_table_cites(shown: Procedure) -> None:
    rules = [move.rule for move in WORKFLOW.moves if move.target] + [rule.rule for rule in DEFAULTS]
    codes = {code for rule in rules for code, _place in cited(rule)}
    assert [source.name for source in shown.sources] == [
        source.name for code, source in SOURCES.items() if code in codes
    ]


def test_the_complainant_is_told_what_the_table_says(shown: Procedure) -> None:
    steps = {step.name: step for stage in shown.parts for step in stage.steps}
    assert steps["request_data"].told.startswith("A notice, if you gave a contact")
    assert steps["dispose"].told == "By ticket you go on reading «Being handled»."
    assert steps["take"].told == "By ticket you read «Being verified»."
    assert steps["withdraw"].deadline == "At any time while it is open"


def test_a_way_back_from_an_end_has_no_fixed_period_and_a_new_state_no_sentence() -> None:
    back = replace(WORKFLOW.move("take"), name="back", sources=(S.DONE,))
    more = replace(STATES[0], name="BARU", label="Baru")
    table = replace(WORKFLOW, states=(*STATES, more), moves=(*WORKFLOW.moves, back))
    shown = procedure_of({}, table)
    assert {step.name: step.deadline for step in shown.stages[9].steps}["back"] == "No fixed period"
    assert shown.stages[-1].plain == ""
