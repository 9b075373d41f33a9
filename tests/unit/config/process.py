"""Runs a piece of Python in a process of its own, for what is decided once a process."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any


def surroundings(folder: Path, **variables: str) -> dict[str, str]:
    """Return an environment with nothing set of SIPUMA but its data folder and what is given."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("SIPUMA_", "DJANGO_"))}
    given = {f"SIPUMA_{name.upper()}": value for name, value in variables.items()}
    return plain | {"DJANGO_SETTINGS_MODULE": "sipuma.config.settings", "SIPUMA_DATA": str(folder)} | given


def run(arguments: list[str], environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def value_of(expression: str, environment: dict[str, str], *, imports: str) -> Any:  # Any: JSON
    """Return what an expression gives in a fresh process."""
    script = f"import json; {imports}; print(json.dumps({expression}))"
    done = run(["-c", script], environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
