"""The officer's queue page, with a thousand and with a hundred thousand cases of one team."""

import time
from http import HTTPStatus
from pathlib import Path
from statistics import median

from bench.forms import OFFICE
from bench.report import Line, Say, against
from tests.faults.browser import Browser
from tests.faults.installation import Installation, founded

FEW, MANY = 1_000, 100_000
ROUNDS = 15
PAGES = 4
LIMIT_MS = 50
LIMIT_RATIO = 1.2
ROLE = "verifikator"


def measure(folder: Path, database_url: str, say: Say) -> None:
    """Load both queues in turns, signed in."""
    with founded(folder / "few", database_url) as few, founded(folder / "many", database_url) as many:
        password = _fill(few, FEW)
        _fill(many, MANY)
        with (
            few.serving() as at_few,
            many.serving() as at_many,
            Browser(at_few.port) as first,
            Browser(at_many.port) as second,
        ):
            for browser in (first, second):
                browser.sign_in(f"{ROLE}.{OFFICE}", password)
            _compare(first, second, say)


def _fill(installation: Installation, count: int) -> str:
    password: str = installation.inside("enrol", people=[[ROLE, OFFICE]])
    installation.call("bench.seed", "fill", count=count, office=OFFICE)
    return password


def _compare(first: Browser, second: Browser, say: Say) -> None:
    few, many = [], []
    for _ in range(ROUNDS):
        few.append(_milliseconds(first))
        many.append(_milliseconds(second))
    ratio, slow = median(against(many, few)), median(many)
    figure = f"{slow:.1f} ms to {median(few):.1f} ms = {ratio:.2f}"
    met = ratio <= LIMIT_RATIO and slow < LIMIT_MS
    say(
        Line(
            f"queue page at {MANY:,} cases, to {FEW:,}",
            figure,
            "<= 1.2, < 50 ms",
            met,
            "opening 25 cases",
        )
    )


def _milliseconds(browser: Browser) -> float:
    """Return the mean time of a few pages in a row."""
    began = time.monotonic()
    for _ in range(PAGES):
        page = browser.get("/petugas/")
        if page.status != HTTPStatus.OK or f"{OFFICE}-" not in page.text:
            raise RuntimeError(f"the queue page answered {page.status}, or shows no case")
    return (time.monotonic() - began) * 1000 / PAGES
