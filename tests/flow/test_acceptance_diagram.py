"""The procedure as data, as somebody gets it who has the program and no installation yet."""

import json
import os
import subprocess
import sys
from pathlib import Path


def test_codes_of_choices_are_printed_before_there_is_a_database(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SIPUMA_", "DJANGO_"))}
    printed = subprocess.run(
        [sys.executable, "-m", "sipuma.config.command", "diagram", "--json"],
        env=kept | {"SIPUMA_DATA": str(tmp_path / "absent")},
        capture_output=True,
        check=True,
    )
    moves = {move["name"]: move for move in json.loads(printed.stdout)["moves"]}
    fields = {field["name"]: field for field in moves["not_actionable"]["fields"]}
    assert [code for code, _label in fields["reason"]["choices"]] == ["A", "B", "C", "D", "E"]
