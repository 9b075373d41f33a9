"""Places for what holds a thread for as long as a line is slow: so many in all, and so many for one source."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock


class Places:
    """Counts who is inside, in memory; nobody waits."""

    def __init__(self, most: int, *, of_one: int) -> None:
        self._most, self._of_one = most, of_one
        self._taken: Counter[str] = Counter()
        self._lock = Lock()

    @contextmanager
    def place(self, source: str) -> Iterator[bool]:
        """Give a place for as long as the context lasts; false when there is none for this source."""
        given = self._take(source)
        try:
            yield given
        finally:
            if given:
                self._leave(source)

    def _take(self, source: str) -> bool:
        with self._lock:
            free = self._taken.total() < self._most and self._taken[source] < self._of_one
            if free:
                self._taken[source] += 1
            return free

    def _leave(self, source: str) -> None:
        with self._lock:
            self._taken[source] -= 1
            self._taken += Counter()  # forgets who has left
