"""How long `sipuma up` takes to the first answer; the memory of its processes before and after filings."""

import time
from collections.abc import Sequence
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from statistics import median

import psutil

from bench.forms import ANSWERS, OFFICE, sending
from bench.load import Load, Target
from bench.report import Line, Say
from tests.faults.installation import Installation, Running, ended, founded

STARTS = 3
LIMIT_SECONDS = 2.0
LIMIT_MB = 250
FLAT = 1.1
FILINGS = 1_000
MB = 1024 * 1024


def measure(folder: Path, database_url: str, load: Load, say: Say) -> None:
    """Start it a few times with its default settings; file a thousand complaints the last time."""
    with founded(folder / "footprint", database_url) as installation:
        installation.inside("enrol", people=[["verifikator", OFFICE]])
        forms = installation.inside("drafts", answers=[ANSWERS] * (FILINGS + 1))
        bodies = [sending(one["draft"]) for one in forms]
        times = [_first_answer(installation) for _ in range(STARTS)]
        took = median(times)
        say(
            Line(
                "`sipuma up` to the first answer",
                f"{took:.2f} s",
                "<= 2 s",
                took <= LIMIT_SECONDS,
                "imports, in web and worker at once",
            )
        )
        with installation.serving("up") as up:
            _memory(up, bodies, load, say)


def _first_answer(installation: Installation) -> float:
    began = time.monotonic()
    with ended(installation.start("up")) as up:
        while not _answers(up.port):
            time.sleep(0.005)
        return time.monotonic() - began


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _memory(up: Running, bodies: Sequence[bytes], load: Load, say: Say) -> None:
    target = Target(up.port, "/lapor/", b'id="ticket"')
    load.drive(target, bodies[:1], clients=1, seconds=30)
    time.sleep(2)
    idle = _megabytes(up)
    load.drive(target, bodies[1:], clients=4, seconds=60)
    after = _megabytes(up)
    say(Line("memory of web and worker, idle", _text(idle), "<= 250 MB PSS", idle["pss"] <= LIMIT_MB))
    growth = after["pss"] / idle["pss"]
    flat = growth <= FLAT and after["pss"] <= LIMIT_MB
    say(
        Line(
            f"memory after {FILINGS:,} filings",
            _text(after),
            "<= 250 MB, flat",
            flat,
            f"{growth:.2f} times idle",
        )
    )


def _megabytes(up: Running) -> dict[str, float]:
    """Return RSS, USS and PSS of all processes together; RSS counts shared pages once for each."""
    parent = psutil.Process(up.process.pid)
    found = [one.memory_full_info() for one in (parent, *parent.children(recursive=True))]
    return {kind: sum(getattr(one, kind) for one in found) / MB for kind in ("rss", "uss", "pss")}


def _text(memory: dict[str, float]) -> str:
    return ", ".join(f"{kind.upper()} {size:.0f}" for kind, size in memory.items()) + " MB"
