"""Places for what holds a thread while a line is slow: so many in all, and so many for one source."""

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
        """Give a place for as long as the context lasts; false when there is none for this source.

        An empty source stands for many that can't be told apart.
        """
        given = self._take(source)
        try:
            yield given
        finally:
            if given:
                self._leave(source)

    def _take(self, source: str) -> bool:
        with self._lock:
            fair = not source or self._taken[source] < self._of_one
            free = fair and self._taken.total() < self._most
            if free:
                self._taken[source] += 1
            return free

    def _leave(self, source: str) -> None:
        with self._lock:
            self._taken[source] -= 1
            self._taken += Counter()  # forgets who has left
