"""The load: one process a client, each with one kept connection, all starting at the same moment."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from multiprocessing import get_context

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
MOST_CLIENTS = 16
HEAD_START = 0.1


@dataclass(frozen=True)
class Target:
    """Where to POST, and what a good answer contains."""

    port: int
    path: str
    sign: bytes


@dataclass(frozen=True)
class Round:
    """What the clients of one round did together."""

    done: int
    failed: int
    rate: float


class Load:
    """Clients that wait for work between rounds."""

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self._pool = pool

    def drive(self, target: Target, bodies: Sequence[bytes], *, clients: int, seconds: float) -> Round:
        """POST for so many seconds, or until the bodies are used up; each is used once."""
        start = time.monotonic() + HEAD_START
        shares = [bodies[one::clients] for one in range(clients)]
        jobs = [self._pool.submit(_client, target, share, start, start + seconds) for share in shares]
        results = [job.result() for job in jobs]
        rate = sum(done / (end - start) for done, _failed, end in results)
        return Round(sum(one[0] for one in results), sum(one[1] for one in results), rate)


@contextmanager
def load() -> Iterator[Load]:
    """Start the clients for the time of a `with` block."""
    with ProcessPoolExecutor(MOST_CLIENTS, mp_context=get_context("fork")) as pool:
        list(pool.map(time.sleep, [0.05] * MOST_CLIENTS))
        yield Load(pool)


def _client(target: Target, bodies: Sequence[bytes], start: float, end: float) -> tuple[int, int, float]:
    """Return how many good and bad answers came, and when the last one came."""
    connection = HTTPConnection("127.0.0.1", target.port, timeout=30)
    connection.connect()
    time.sleep(max(0.0, start - time.monotonic()))
    good = bad = 0
    for body in bodies:
        if time.monotonic() >= end:
            break
        if _post(connection, target, body):
            good += 1
        else:
            bad += 1
    connection.close()
    return good, bad, time.monotonic()


def _post(connection: HTTPConnection, target: Target, body: bytes) -> bool:
    try:
        connection.request("POST", target.path, body, FORM)
        answer = connection.getresponse()
        return target.sign in answer.read() and answer.status == HTTPStatus.OK
    except (OSError, HTTPException):
        connection.close()  # it opens anew with the next request
        return False
