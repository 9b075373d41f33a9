"""Draws the procedure from its table: Mermaid for people, JSON for programs."""

import json
from collections.abc import Sequence
from typing import Any

from django.db import DatabaseError, transaction
from django.utils.translation import override

from sipuma.cases.workflow import Choices, Field, Move
from sipuma.complaints.profiles import offered, profile
from sipuma.complaints.rules import DEFAULTS, Rule, rules_in_force
from sipuma.complaints.workflow import EVERY, WORKFLOW
from sipuma.offices.places import ROLE_LABELS

HEAD = """# The procedure

Generated from the table in `src/sipuma/complaints/workflow.py` by `sipuma diagram`; not edited by hand.
Profile `{name}`, after {rule}.

```mermaid
stateDiagram-v2
"""


def as_mermaid() -> str:
    """Return the states and the moves between them as a Mermaid state diagram."""
    lines = [f"    [*] --> {WORKFLOW.start}: 1 file"]
    for move in offered(WORKFLOW.moves):
        lines += [
            f"    {source} --> {move.target}: {move.number} {move.name}"
            for source in move.sources
            if move.target
        ]
    lines += [f"    {state.name} --> [*]" for state in WORKFLOW.states if state.final]
    return "\n".join(lines)


def as_page(rules: Sequence[Rule] = DEFAULTS) -> str:
    """Return the page of `docs/procedure.md`: the diagram, each move as a row, and the deadlines."""
    followed = profile()
    rows = "\n".join(_row(move) for move in offered(WORKFLOW.moves))
    with override("en"):
        stages = "\n".join(f"| {rule.state} | {rule.norm} | {rule.rule} |" for rule in rules)
    return (
        f"{HEAD.format(name=followed.name, rule=followed.rule)}{as_mermaid()}\n```\n\n"
        "| no. | move | from | to | by | fields | told | rule |\n|---|---|---|---|---|---|---|---|\n"
        f"{rows}\n\n## Deadlines\n\n| state | norm | rule |\n|---|---|---|\n{stages}\n"
    )


def as_json() -> str:
    """Return moves, states, roles and fields as data; choices of offices are their codes."""
    with override("id"):
        data = {
            "service": WORKFLOW.service,
            "profile": profile().name,
            "start": WORKFLOW.start,
            "states": [
                {"name": s.name, "label": str(s.label), "public": str(s.public), "final": s.final}
                for s in WORKFLOW.states
            ],
            "roles": {role.value: str(label) for role, label in ROLE_LABELS.items()},
            "moves": [_move(move) for move in offered(WORKFLOW.moves)],
            "deadlines": [{"state": r.state, "norm": r.norm, "rule": r.rule} for r in present_rules()],
        }
        return json.dumps(data, ensure_ascii=False, indent=1)


def present_rules() -> Sequence[Rule]:
    """Return the deadlines in force; those that the program comes with where there is no database yet."""
    try:
        with transaction.atomic():
            return rules_in_force()
    except DatabaseError:
        return DEFAULTS


def _move(move: Move) -> dict[str, Any]:  # Any: JSON
    return {
        "number": move.number,
        "name": move.name,
        "label": str(move.label),
        "from": list(move.sources),
        "to": move.target,
        "by": [role.value for role in move.by],
        "where": move.where,
        "fields": [_field(field) for field in move.fields],
        "notify": list(move.notify),
        "deadline": move.deadline,
        "rule": move.rule,
    }


def _field(field: Field) -> dict[str, Any]:  # Any: JSON
    return {
        "name": field.name,
        "label": str(field.label),
        "kind": field.kind,
        "required": field.required,
        "maximum": field.maximum,
        "choices": [[value, str(label)] for value, label in _options(field)],
    }


def _options(field: Field) -> Choices:
    """Return the choices; those that stand in a database are left out where there is none yet."""
    if not callable(field.choices):
        return field.choices
    try:
        with transaction.atomic():
            return list(field.options())
    except DatabaseError:
        return ()


def _from(move: Move) -> str:
    named = {EVERY: "any", WORKFLOW.open_states: "any open"}
    return named.get(move.sources) or ", ".join(move.sources)


def _row(move: Move) -> str:
    cells = (
        str(move.number or "·"),
        f"`{move.name}`",
        _from(move),
        move.target or "stays",
        ", ".join(move.by),
        ", ".join(f"`{field.name}`" for field in move.fields) or "none",
        ", ".join(move.notify) or "nobody",
        move.rule,
    )
    return f"| {' | '.join(cells)} |"
