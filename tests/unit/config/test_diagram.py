"""The drawn procedure says what the table says."""

import json
import re
from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils.translation import override

from sipuma.cases.workflow import Move
from sipuma.complaints.rules import DEFAULTS
from sipuma.complaints.workflow import WORKFLOW
from sipuma.config.diagram import as_json, as_mermaid, as_page
from sipuma.config.verbs import diagram

ARROW = re.compile(r"    (\S+) --> (\S+?)(?:: (\d+) (\w+))?")
EACH_MOVE = pytest.mark.parametrize("move", WORKFLOW.moves, ids=lambda move: move.name)
pytestmark = pytest.mark.django_db


@pytest.fixture
def data() -> dict[str, Any]:  # Any: JSON
    """Return the procedure as programs read it."""
    found: dict[str, Any] = json.loads(as_json())
    return found


def arrows() -> set[tuple[str, str, str]]:
    found = [ARROW.fullmatch(line) for line in as_mermaid().splitlines()]
    assert all(found)
    return {(arrow[1], arrow[2], arrow[4]) for arrow in found if arrow and arrow[4]}


def test_the_drawing_has_an_arrow_for_each_way_of_each_move_and_no_other() -> None:
    expected = {
        (source, move.target, move.name) for move in WORKFLOW.moves if move.target for source in move.sources
    }
    assert arrows() == expected | {("[*]", WORKFLOW.start, "file")}


def test_every_final_state_leads_out_and_no_other() -> None:
    final = {line.split()[0] for line in as_mermaid().splitlines() if line.endswith("--> [*]")}
    assert final == {state.name for state in WORKFLOW.states if state.final}


def test_arrows_join_states_of_the_table_alone() -> None:
    states = {state.name for state in WORKFLOW.states} | {"[*]"}
    assert {end for source, target, _name in arrows() for end in (source, target)} <= states


@EACH_MOVE
def test_a_move_has_a_row_with_its_rule(move: Move) -> None:
    rows = [line.strip("|").split("|") for line in as_page().splitlines() if line.startswith("|")]
    [row] = [[cell.strip() for cell in cells] for cells in rows if cells[1].strip() == f"`{move.name}`"]
    _number, _name, _from, _to, _by, fields, _told, rule = row
    assert rule == move.rule
    assert fields == (", ".join(f"`{field.name}`" for field in move.fields) or "none")


def test_every_deadline_has_a_row() -> None:
    with override("en"):
        rows = [f"| {rule.state} | {rule.norm} | {rule.rule} |" for rule in DEFAULTS]
    assert all(row in as_page() for row in rows)


@EACH_MOVE
def test_a_move_is_the_same_in_data(data: dict[str, Any], move: Move) -> None:  # Any: JSON
    [found] = [entry for entry in data["moves"] if entry["name"] == move.name]
    assert (found["from"], found["to"]) == (list(move.sources), move.target)
    assert found["by"] == [role.value for role in move.by]
    assert [field["name"] for field in found["fields"]] == [field.name for field in move.fields]
    assert [field["required"] for field in found["fields"]] == [field.required for field in move.fields]
    assert found["rule"] == move.rule


def test_names_are_unique_and_states_complete(data: dict[str, Any]) -> None:  # Any: JSON
    names = [move["name"] for move in data["moves"]]
    assert len(set(names)) == len(names) == len(WORKFLOW.moves)
    assert [state["name"] for state in data["states"]] == [state.name for state in WORKFLOW.states]
    assert {role for move in data["moves"] for role in move["by"]} <= data["roles"].keys()


def run(**options: object) -> int:
    return diagram.run(Namespace(**({"json": False, "check": None, "write": None} | options)))


def test_a_fresh_page_passes_the_check_and_a_stale_one_fails_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "procedure.md"
    assert run(write=page) == 0
    assert run(check=page) == 0
    page.write_text(page.read_text().replace("route_pyb", "route_elsewhere", 1))
    assert run(check=page) == 1
    assert "is stale: run `sipuma diagram --write" in capsys.readouterr().out


def test_the_page_and_the_data_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 0
    assert capsys.readouterr().out == as_page() + "\n"
    assert run(json=True) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(as_json())


def test_the_drawing_stands_without_a_database(django_db_blocker: Any) -> None:  # Any: pytest-django's own
    with django_db_blocker.block():
        assert as_page().startswith("# The procedure")


def test_the_other_profile_draws_no_way_that_it_does_not_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "SIPUMA", settings.SIPUMA.model_copy(update={"profile": "per13"}))
    closed = {"dispose", "pyb_not_actionable"}
    assert not closed & {name for _source, _target, name in arrows()}
    found = json.loads(as_json())
    assert found["profile"] == "per13"
    assert not closed & {move["name"] for move in found["moves"]}
    [forward] = [move for move in found["moves"] if move["name"] == "forward_wise"]
    assert [value for value, _label in forward["fields"][0]["choices"]] == [
        *("PER13_T1", "UNRELATED", "COI_DIT_KI"),
    ]
    assert "Profile `per13`, after PER-13/BC/2025." in as_page()


def test_the_drawing_names_the_profile_that_it_shows() -> None:
    assert "Profile `kep154`, after KEP-154/BC/2012." in as_page()
