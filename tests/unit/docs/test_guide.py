"""The guide's configuration table names every variable, as the code has it."""

import re
from pathlib import Path

from sipuma.config.environment import PREFIX, Environment

GUIDE = Path(__file__).parents[3] / "docs" / "guide.md"
ROW = re.compile(rf"^\| `({PREFIX}[A-Z_]+)` \| (.+?) \| (.+) \|$", re.MULTILINE)


def told() -> dict[str, tuple[str, str]]:
    return {name: (default, meaning) for name, default, meaning in ROW.findall(GUIDE.read_text("utf-8"))}


def shown(default: object) -> str:
    text = str(default).lower() if isinstance(default, bool) else str(default)
    return f"`{text}`" if text else "empty"


def test_the_table_lists_every_variable_once_in_the_order_of_the_code() -> None:
    names = [name for name, _default, _meaning in ROW.findall(GUIDE.read_text("utf-8"))]
    assert names == [PREFIX + name.upper() for name in Environment.model_fields]


def test_the_table_gives_each_variable_its_default_and_meaning() -> None:
    fields = Environment.model_fields.items()
    assert told() == {
        PREFIX + name.upper(): (shown(field.default), field.description) for name, field in fields
    }


def test_other_variables_in_the_guide_exist() -> None:
    known = {PREFIX + name.upper() for name in Environment.model_fields}
    named = set(re.findall(rf"\b{PREFIX}[A-Z_]+\b", GUIDE.read_text("utf-8")))
    assert {name.removesuffix("_FILE") for name in named} <= known
