"""What linking does: an entry in both cases, and the link between them."""

from collections.abc import Callable
from typing import Any

from sipuma.cases.entries import Step, append, readers_of, seal_text
from sipuma.cases.links import link, unlink
from sipuma.cases.models import Audience, Case
from sipuma.cases.workflow import Attempt, Effects
from sipuma.complaints.effects.sealing import text
from sipuma.complaints.linking import other_of

LINK = "link"


def link_cases(attempt: Attempt) -> Effects:
    other = other_of(attempt)
    return _in_both(attempt, other, lambda: link(attempt.case, other, at=attempt.at))


def unlink_cases(attempt: Attempt) -> Effects:
    other = other_of(attempt)
    return _in_both(attempt, other, lambda: unlink(attempt.case, other))


def _in_both(attempt: Attempt, other: Case, act: Callable[[], None]) -> Effects:
    there = seal_text(
        other.uid,
        LINK,
        {"other": attempt.case.register, "reason": attempt.text("reason")},
        audience=Audience.HANDLERS,
        readers=readers_of(other, Audience.HANDLERS),
        step=Step(attempt.move.name, other.state),
    )

    def save(_saved: dict[str, Any]) -> None:
        act()
        append(other, [there], by=attempt.by, at=attempt.at)

    return Effects(sealed=[text(attempt, LINK, Audience.HANDLERS, "other", "reason")], after=[save])
