"""Draws the procedure as SVG from its table: a box a state, an arrow a step, at widths down to 320 px.

Text in SVG does not wrap by itself, so lines are broken here, for the widest of the usual faces. Each state
is a drawing of its own, so that paper breaks between them; one below the other they are one diagram.
"""

import textwrap
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from sipuma.complaints.procedure import Stage, Step

# Units of the drawing, which are CSS pixels at 320 wide.
WIDTH: Final = 320
LINE: Final = 19
PAD: Final = 10
TRUNK: Final = 14
INDENT: Final = 34
CHIP: Final = 34
GAP: Final = 12
# Characters that fit a line: in a box, and beside an arrow.
BOX_CHARS: Final = 32
TITLE_CHARS: Final = 29
STEP_CHARS: Final = 25


@dataclass(frozen=True)
class Line:
    """A line of text and the y of its baseline."""

    y: int
    text: str


@dataclass(frozen=True)
class Arrow:
    """A step: its text, the height `y` at which it leaves the trunk, the number of the state it leads to."""

    y: int
    lines: tuple[Line, ...]
    target: int
    final: bool


@dataclass(frozen=True)
class Drawing:
    """One state's part: a box `box` high, its arrows, the trunk down to `trunk` (0: none), `height` in all.

    `goes_on`: one of the steps leads to the next state, and the trunk runs into its box.
    """

    stage: Stage
    title: tuple[Line, ...]
    lines: tuple[Line, ...]
    box: int
    arrows: tuple[Arrow, ...]
    trunk: int
    goes_on: bool
    height: int


def draw(stage: Stage, finals: frozenset[int]) -> Drawing:
    """Return a state's drawing; `finals` are the numbers of the states in which a case ends."""
    name = f"{stage.number}. {stage.label}" if stage.number > 0 else stage.label
    title = _lines(name, TITLE_CHARS, PAD + 15)
    below = [_("You read: %(label)s") % {"label": stage.public}] if stage.public else []
    below += [_("Deadline: %(norm)s") % {"norm": stage.norm.text}] if stage.norm else []
    lines = _stack(below, PAD + 15 + LINE * len(title))
    box = PAD + LINE * (len(title) + len(lines)) + PAD
    arrows, y = [], box + GAP
    for step in stage.steps:
        arrow = _arrow(step, y, finals)
        arrows.append(arrow)
        y += LINE * len(arrow.lines) + GAP
    goes_on = any(step.target == stage.number + 1 for step in stage.steps)
    trunk = arrows[-1].y if arrows else 0
    height = y + GAP
    return Drawing(stage, title, lines, box, tuple(arrows), height if goes_on else trunk, goes_on, height)


def _arrow(step: Step, top: int, finals: frozenset[int]) -> Arrow:
    lines = _lines(step.label, STEP_CHARS, top + 15)
    middle = top + LINE * len(lines) // 2
    return Arrow(middle, lines, step.target, step.target in finals)


def _lines(text: str, width: int, first: int) -> tuple[Line, ...]:
    broken = textwrap.wrap(text, width)
    return tuple(Line(first + LINE * number, line) for number, line in enumerate(broken))


def _stack(texts: list[str], first: int) -> tuple[Line, ...]:
    """Return several texts below each other, each broken where it is long."""
    broken = [line for text in texts for line in textwrap.wrap(text, BOX_CHARS)]
    return tuple(Line(first + LINE * number, line) for number, line in enumerate(broken))
