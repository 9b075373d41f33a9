"""Fail when the tests reach less than pyproject.toml asks for, over all and in certain rooms."""

import json
import sys
import tomllib
from pathlib import Path
from typing import TypedDict


class Summary(TypedDict):
    """Counts of one file, as coverage.py writes them."""

    num_statements: int
    covered_lines: int
    num_branches: int
    covered_branches: int


Report = dict[str, Summary]


def read_report(path: Path) -> Report:
    files = json.loads(path.read_text(encoding="utf-8"))["files"]
    return {name: file["summary"] for name, file in files.items()}


def percent(summaries: list[Summary]) -> float:
    """The share of lines and branches that ran, in percent; 0 when there is nothing to run."""
    all_parts = sum(each["num_statements"] + each["num_branches"] for each in summaries)
    reached = sum(each["covered_lines"] + each["covered_branches"] for each in summaries)
    return 100 * reached / all_parts if all_parts else 0.0


def room(report: Report, name: str) -> list[Summary]:
    return [summary for file, summary in report.items() if name == "all" or f"sipuma/{name}/" in file]


def main(path: str) -> None:
    wanted = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["tool"]["sipuma"]["coverage"]
    report = read_report(Path(path))
    reached = {name: percent(room(report, name)) for name in wanted}
    for name, share in reached.items():
        print(f"coverage of {name}: {share:.2f} %, {wanted[name]} % wanted")
    sys.exit(any(share < wanted[name] for name, share in reached.items()))


if __name__ == "__main__":
    main(*sys.argv[1:])
