"""Write requirements/*.lock: every package with version and hashes, and no address to get it from."""

import subprocess
import sys
from pathlib import Path

LOCKS = Path("requirements")
UV = Path(sys.executable).with_name("uv")

# Each lock keeps to the versions of the ones before it, so that all can go into one environment.
# fmt: off
CONTENTS = {
    "run":   ["pyproject.toml"],
    "tools": ["--group", "build"],
    "dev":   ["pyproject.toml", "--group", "build", "--group", "dev"],
}
OPTIONS = [
    "--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--no-annotate",
    "--upgrade", "--quiet",
]
# fmt: on


def main() -> None:
    constraints: list[str] = []
    for name, contents in CONTENTS.items():
        lock = LOCKS / f"{name}.lock"
        command: list[str | Path] = [
            UV,
            "pip",
            "compile",
            *contents,
            *OPTIONS,
            *constraints,
            "--output-file",
            lock,
        ]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        constraints += ["--constraint", str(lock)]


if __name__ == "__main__":
    main()
