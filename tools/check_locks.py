"""Fail when a lock names an address, lacks a hash, or lacks a package that pyproject.toml asks for."""

import re
import sys
import tomllib
from pathlib import Path

ADDRESS = re.compile(r"https?:|file:|--(?:extra-)?index-url|--find-links|\"resolved\"")
NAME = re.compile(r"[A-Za-z0-9._-]+")
FILES = [*sorted(Path("requirements").glob("*.lock")), Path("package-lock.json")]


def addresses() -> list[str]:
    """Each line that says where a package comes from, which a maintainer's `funding` page does not."""
    return [
        f"{file}:{number}: names an address"
        for file in FILES
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if ADDRESS.search(line) and '"url"' not in line
    ]


def unlocked() -> list[str]:
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
    wanted = {
        "run": project["project"]["dependencies"],
        "tools": project["dependency-groups"]["build"],
        "dev": project["dependency-groups"]["dev"],
    }
    return [
        f"requirements/{lock}.lock: lacks {name}; `make lock` writes it anew"
        for lock, requirements in wanted.items()
        for name in map(normal, requirements)
        if name not in locked(lock)
    ]


def unhashed() -> list[str]:
    return [
        f"requirements/{lock}.lock: {name} has no hash"
        for lock in ("run", "tools", "dev")
        for name, rest in locked(lock).items()
        if "--hash=sha256:" not in rest
    ]


def locked(lock: str) -> dict[str, str]:
    text = Path(f"requirements/{lock}.lock").read_text(encoding="utf-8").replace("\\\n", " ")
    return {normal(line): line for line in text.splitlines() if line}


def normal(requirement: str) -> str:
    name = NAME.match(requirement)
    return re.sub(r"[-_.]+", "-", name.group()).lower() if name else requirement


if __name__ == "__main__":
    sys.exit("\n".join([*addresses(), *unlocked(), *unhashed()]) or 0)
