"""The search page over a hundred thousand cases of one team: by words of all sorts, and by filters alone."""

import time
from http import HTTPStatus
from pathlib import Path

from bench.forms import OFFICE
from bench.report import Line, Say
from tests.faults.browser import Browser, Form
from tests.faults.installation import founded

MANY = 100_000
LIMIT_MS = 200
NINETY_FIVE = 0.95
ROLE = "verifikator"
PAGE = "/petugas/cari/"
# Each question is asked in both orders, and once more among cases of a state that none of them has.
VARIANTS = ({"sort": "newest"}, {"sort": "due"}, {"sort": "newest", "state": "SELESAI"})
ALONE = ({"state": "SELESAI"}, {"register": "999"}, {"channel": "WEB", "sort": "due"}, {"due": "overdue"})


def measure(folder: Path, database_url: str, say: Say) -> None:
    """Ask signed in, one question after the other, and say how long 19 of 20 take at the most."""
    with founded(folder / "search", database_url) as installation:
        password = installation.inside("enrol", people=[[ROLE, OFFICE]])
        username = f"{ROLE}.{OFFICE}"
        questions = installation.call(
            "bench.search_seed", "fill", count=MANY, office=OFFICE, username=username, password=password
        )
        with installation.serving() as server, Browser(server.port) as browser:
            browser.sign_in(username, password)
            form = browser.get(PAGE).form(words="")
            asked = [{"words": " ".join(words), **more} for words in questions for more in VARIANTS]
            _ask(browser, form, asked[0])
            say(_line("by words", [_ask(browser, form, one) for one in asked], "opening 25 cases"))
            say(_line("by filters alone", [_ask(browser, form, one) for one in ALONE * 5], "the same"))


def _ask(browser: Browser, form: Form, filled: dict[str, str]) -> float:
    """Return how many milliseconds the page takes."""
    began = time.monotonic()
    page = browser.send(form, **filled)
    if page.status != HTTPStatus.OK:
        raise RuntimeError(f"the search page answered {page.status}")
    return (time.monotonic() - began) * 1000


def _line(name: str, took: list[float], bound: str) -> Line:
    slow = sorted(took)[int(len(took) * NINETY_FIVE)]
    figure = f"p95 {slow:.0f} ms, most {max(took):.0f} ms"
    return Line(f"search {name}, {MANY:,} cases", figure, f"p95 < {LIMIT_MS} ms", slow < LIMIT_MS, bound)
