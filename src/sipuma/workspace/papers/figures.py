"""Counts the work of the reception desk (R26, R86): figures of officers, never of complainants."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Final

from sipuma.complaints.models import NOT_TOLD
from sipuma.complaints.reception import NORM_MINUTES

NORM: Final = timedelta(minutes=NORM_MINUTES)
Counts = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Work:
    """One reception: who recorded it, over which channel, from when to when, and whether its number was told.

    `channel` is a code of `cases.models.Channel`, `told` one of `complaints.models.Told`, empty for not yet.
    `completed` is None while reception is open. Moments are aware datetimes.
    """

    officer: str
    channel: str
    started: datetime
    saved: datetime
    completed: datetime | None
    complete: bool
    told: str


@dataclass(frozen=True)
class Figures:
    """What the receptions of one officer, or of all, come to; durations in minutes, None when none is done.

    A duration runs from the start to the completion of a reception (R26), so open ones have none yet.
    """

    officer: str
    number: int
    channels: Counts
    median: float | None
    longest: float | None
    finished: int
    within: int
    incomplete: int
    told: int
    reasons: Counts
    untold: int
    open: int

    @property
    def share(self) -> float | None:
        """Return the share of finished receptions that kept the norm of 30 minutes, 0 to 1."""
        return self.within / self.finished if self.finished else None


@dataclass(frozen=True)
class Report:
    """The figures of every officer, by name, and those of all together."""

    officers: tuple[Figures, ...]
    total: Figures


def summarise(rows: Iterable[Work]) -> Report:
    """Return the figures of these receptions; of none at all, a report without officers and with zeros."""
    by_officer: dict[str, list[Work]] = {}
    for row in rows:
        by_officer.setdefault(row.officer, []).append(row)
    officers = tuple(_figures(name, by_officer[name]) for name in sorted(by_officer, key=str.casefold))
    return Report(officers, _figures("", [row for done in by_officer.values() for row in done]))


def _figures(officer: str, rows: Sequence[Work]) -> Figures:
    took = [row.completed - row.started for row in rows if row.completed is not None]
    minutes = [duration / timedelta(minutes=1) for duration in took]
    return Figures(
        officer=officer,
        number=len(rows),
        channels=_counts(row.channel for row in rows),
        median=median(minutes) if minutes else None,
        longest=max(minutes, default=None),
        finished=len(took),
        within=sum(duration <= NORM for duration in took),
        incomplete=sum(not row.complete for row in rows),
        told=sum(bool(row.told) and row.told not in NOT_TOLD for row in rows),
        reasons=_counts(row.told for row in rows if row.told in NOT_TOLD),
        untold=sum(not row.told for row in rows),
        open=sum(row.completed is None for row in rows),
    )


def _counts(values: Iterable[str]) -> Counts:
    return tuple(sorted(Counter(values).items(), key=lambda pair: (-pair[1], pair[0])))
