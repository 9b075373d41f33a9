"""How long an officer waits for the middle of a long recording, beside reading all that comes before it."""

import time
from collections.abc import Callable
from http import HTTPStatus
from http.client import HTTPConnection
from statistics import median

from bench.forms import OFFICE
from bench.report import Line, Say, against
from tests.faults.browser import Browser

ROUNDS = 7
MIB = 1024**2
LIMIT_RATIO = 2.0

Read = Callable[[int, int], float]


def measure(port: int, register: str, password: str, *, size: int, say: Say) -> None:
    """Ask for 1 MiB at the beginning and in the middle in turns, and once for everything up to there."""
    with Browser(port) as officer:
        officer.sign_in(f"verifikator.{OFFICE}", password)
        path = _address(officer, register)
        read = _reader(port, path, "; ".join(f"{name}={one}" for name, one in officer.cookies.items()))
    middle = size // 2
    first, later = [], []
    for _ in range(ROUNDS):
        first.append(read(0, MIB))
        later.append(read(middle, MIB))
    way = read(0, middle + MIB)
    _say(say, first, later, way, rate=(middle + MIB) / way / 1e6)


def _address(officer: Browser, register: str) -> str:
    """Return where the only file of a case can be listened to."""
    listed = f"/petugas/kasus/{register}/bukti/"
    page = next(one for one in officer.get(listed).links if one.startswith(listed) and one != listed)
    return page.replace("/kasus/", "/isi/").replace("/bukti/", "/") + "tampil"


def _reader(port: int, path: str, cookies: str) -> Read:
    """Return what reads a range and says how many seconds it took to the last byte."""

    def read(start: int, length: int) -> float:
        began = time.monotonic()
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        wanted = {"Cookie": cookies, "Range": f"bytes={start}-{start + length - 1}"}
        connection.request("GET", path, headers=wanted)
        answer = connection.getresponse()
        got = sum(map(len, iter(lambda: answer.read(MIB), b"")))
        connection.close()
        if answer.status != HTTPStatus.PARTIAL_CONTENT or got != length:
            raise RuntimeError(f"a range answered {answer.status} with {got} bytes")
        return time.monotonic() - began

    return read


def _say(say: Say, first: list[float], later: list[float], way: float, *, rate: float) -> None:
    ratio, wait = median(against(later, first)), median(later)
    figure = f"{wait * 1000:.0f} ms to {median(first) * 1000:.0f} ms = {ratio:.2f}"
    say(Line("1 MiB in the middle of a recording, to the first", figure, "<= 2", ratio <= LIMIT_RATIO))
    figure = f"{wait * 1000:.0f} ms to {way:.1f} s = {wait / way:.1%}"
    say(Line("1 MiB in the middle, to all up to there", figure, bound=f"all: {rate:.0f} MB/s"))
