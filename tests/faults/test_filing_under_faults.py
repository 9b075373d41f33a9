"""Filing when many file at once, and when the power goes: whole or absent, and numbered without a gap."""

import re
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPException
from secrets import SystemRandom
from threading import Barrier, Semaphore

import pytest
from django.conf import settings

from tests.faults.browser import Browser
from tests.faults.installation import Installation, Running, founded

pytestmark = [pytest.mark.faults]

SABANG = "130300"
MOMENTS = 50
CLIENTS = 4
STANDBY = 2
# Nobody waits longer for forms to come in, however busy the machine is.
PATIENCE_SECONDS = 30


@dataclass
class Attempt:
    """One form ready to be sent, the numbers on the pages that came back, how often none did."""

    draft: str
    ticket: str
    what: str
    answers: list[tuple[str, str]] = field(default_factory=list)
    interrupted: int = 0

    def send(self, browser: Browser) -> None:
        page = browser.post("/lapor/", {"draft": self.draft, "step": "4"})
        assert page.status == 200, page.status
        self.answers.append((page.by_id("register"), page.by_id("ticket")))


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with founded(tmp_path_factory.mktemp("faults"), settings.SIPUMA.database_url) as made:
        made.inside("enrol", people=[["verifikator", SABANG]])
        yield made


def prepare(installation: Installation, count: int, name: str) -> list[Attempt]:
    common = {"how": "Di loket, secara lisan.", "office": SABANG, "name": "Warga", "email": "warga@contoh.id"}
    answers = [common | {"what": f"{name} {number}"} for number in range(count)]
    made = installation.inside("drafts", answers=answers)
    return [Attempt(one["draft"], one["ticket"], one["answers"]["what"]) for one in made]


def check_whole_or_absent(installation: Installation, attempts: list[Attempt], port: int) -> int:
    """Check each against what the verifier reads and what its ticket shows; return how many came in."""
    cases = installation.inside("read", role="verifikator", office=SABANG)
    by_text = {case["what"]: case for case in cases}
    assert len(by_text) == len(cases)
    year = cases[0]["register"].split("-")[1]
    expected = [f"{SABANG}-{year}-{number:06d}" for number in range(1, len(cases) + 1)]
    assert sorted(case["register"] for case in cases) == expected
    assert len({tuple(case["rows"]) for case in cases}) == 1
    with Browser(port) as browser:
        for attempt in attempts:
            register = browser.post("/lacak/", {"ticket": attempt.ticket}).by_id("register")
            assert register == (by_text[attempt.what]["register"] if attempt.what in by_text else "")
            for shown, ticket in attempt.answers:
                assert (shown, "".join(re.findall(r"\w", ticket))) == (register, attempt.ticket)
    return sum(attempt.what in by_text for attempt in attempts)


def test_sixteen_filings_at_once_become_sixteen_cases_numbered_without_a_gap(
    installation: Installation,
) -> None:
    attempts, start = prepare(installation, 16, "at once"), Barrier(16)

    def send(attempt: Attempt, port: int) -> None:
        with Browser(port) as browser:
            browser.get("/lapor/")
            start.wait()
            attempt.send(browser)

    with installation.serving(SIPUMA_WEB_WORKERS="2") as web:
        with ThreadPoolExecutor(16) as pool:
            list(pool.map(send, attempts, [web.port] * 16))
        assert all(len(attempt.answers) == 1 for attempt in attempts)
        assert check_whole_or_absent(installation, attempts, web.port) == 16


def test_the_same_form_sent_sixteen_times_at_once_becomes_one_case(installation: Installation) -> None:
    (attempt,), start = prepare(installation, 1, "again"), Barrier(16)

    def send(port: int) -> None:
        with Browser(port) as browser:
            browser.get("/lapor/")
            start.wait()
            attempt.send(browser)

    with installation.serving(SIPUMA_WEB_WORKERS="2") as web:
        with ThreadPoolExecutor(16) as pool:
            list(pool.map(send, [web.port] * 16))
        assert len(attempt.answers) == 16
        assert len(set(attempt.answers)) == 1
        assert check_whole_or_absent(installation, [attempt], web.port) == 1


def test_killed_at_any_moment_each_filing_is_whole_or_absent_and_no_number_is_lost(
    installation: Installation,
) -> None:
    attempts = prepare(installation, MOMENTS * CLIENTS * 8, "killed")
    waiting, more = deque(attempts), [moment % 4 for moment in range(MOMENTS)]
    standby = [installation.start("web") for _ in range(STANDBY)]
    try:
        for moment in range(MOMENTS):
            standby.append(installation.start("web"))
            kill_while_filing(standby.pop(0), waiting, more=more[moment], again=moment % 2 == 0)
        standby[0].wait_until_ready()
        sent = [attempt for attempt in attempts if attempt.answers or attempt.interrupted]
        came_in = check_whole_or_absent(installation, sent, standby[0].port)
    finally:
        for web in standby:
            web.stop()
    assert sum(attempt.interrupted for attempt in sent) >= MOMENTS
    assert came_in >= 2 * MOMENTS + sum(more)


def kill_while_filing(web: Running, waiting: deque[Attempt], *, more: int, again: bool) -> None:
    """Let clients file one form after the other, and kill the pages' processes in the midst of it.

    That is some time after so many `more` came in, within the span that two forms take here and now: so a
    kill meets a form before, in and after its transaction, on a fast and on a busy machine.
    With `again` the interrupted forms are the next ones to be sent: people send them once more.
    """
    web.wait_until_ready()
    with Browser(web.port) as browser:
        waiting.popleft().send(browser)
        began = time.monotonic()
        waiting.popleft().send(browser)
        span = 2 * (time.monotonic() - began)
    came_in = Semaphore(0)

    def file_on() -> None:
        with Browser(web.port) as browser:
            while True:
                attempt = waiting.popleft()
                try:
                    attempt.send(browser)
                except (OSError, HTTPException):
                    attempt.interrupted += 1
                    if again:
                        waiting.appendleft(attempt)
                    return
                came_in.release()

    with ThreadPoolExecutor(CLIENTS) as pool:
        done = [pool.submit(file_on) for _ in range(CLIENTS)]
        enough = [came_in.acquire(timeout=PATIENCE_SECONDS) for _ in range(more)]
        time.sleep(SystemRandom().uniform(0, span))
        web.kill()
    assert all(enough)
    for one in done:
        one.result()
