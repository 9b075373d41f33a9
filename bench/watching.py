"""The memory of a server while it works: proportional set size (PSS), sampled in the background."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import psutil

from tests.faults.installation import Running

MIB = 1024**2
EVERY_SECONDS = 0.1
LEVELS = "▁▂▃▄▅▆▇█"
COLUMNS = 40


@dataclass
class Watch:
    """What was seen, in MiB, one value each `EVERY_SECONDS`."""

    seen: list[float] = field(default_factory=list)

    @property
    def peak(self) -> float:
        return max(self.seen)

    def plot(self) -> str:
        """Return the course as text columns, from the lowest value to the highest."""
        low, high = min(self.seen), max(self.seen)
        step = (high - low) / (len(LEVELS) - 1) or 1.0
        return "".join(LEVELS[round((one - low) / step)] for one in _columns(self.seen))


def megabytes(running: Running) -> float:
    """Return the PSS of all processes of a server together, in MiB."""
    parent = psutil.Process(running.process.pid)
    total = 0
    for one in (parent, *parent.children(recursive=True)):
        try:
            total += one.memory_full_info().pss
        except psutil.NoSuchProcess:  # a short-lived helper
            continue
    return float(total) / MIB


@contextmanager
def watched(running: Running) -> Iterator[Watch]:
    """Look at a server's memory for the time of a `with` block."""
    watch, over = Watch([megabytes(running)]), threading.Event()

    def look() -> None:
        while not over.wait(EVERY_SECONDS):
            watch.seen.append(megabytes(running))

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield watch
    finally:
        over.set()
        looking.join()
        watch.seen.append(megabytes(running))


def _columns(seen: Sequence[float]) -> Iterator[float]:
    """Give the highest value of each of at most `COLUMNS` spans of equal length."""
    count = min(COLUMNS, len(seen))
    for one in range(count):
        yield max(seen[one * len(seen) // count : (one + 1) * len(seen) // count])
