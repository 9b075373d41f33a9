"""Lines of the report: what was measured, the figure, the target, and what bounds it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Say = Callable[["Line"], None]


@dataclass(frozen=True)
class Line:
    """One figure. `target` is empty for figures that only explain others; `reached`: it was met."""

    name: str
    figure: str
    target: str = ""
    reached: bool = True
    bound: str = ""

    def __str__(self) -> str:
        verdict = ("reached" if self.reached else "NOT REACHED") if self.target else ""
        return f"{self.name:52} {self.figure:>30}  {self.target:16} {verdict:12} {self.bound}".rstrip()


def print_line(line: Line) -> None:
    print(line, flush=True)


def against(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    """Return the ratio of each round, ours to theirs."""
    return [mine / other for mine, other in zip(ours, theirs, strict=True)]
