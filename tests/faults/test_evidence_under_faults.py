"""Evidence when power fails, the line breaks, the scanner dies or the line is slow: whole or not at all."""

import hashlib
import os
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from http.client import HTTPException
from itertools import cycle
from pathlib import Path
from secrets import SystemRandom
from typing import Any

import pytest
from django.conf import settings

from sipuma.files.cleaning import tools_missing
from tests.faults.browser import Answer, Browser, File, multipart
from tests.faults.installation import Installation, Running, founded
from tests.faults.sending import Sending
from tests.peers import clamd
from tests.unit.files.samples import jpeg

pytestmark = [pytest.mark.faults]

SABANG = "130300"
COMMON = {"what": "Petugas meminta uang.", "how": "Di loket.", "office": SABANG}
LODGE, TRACK = "/en/lapor/", "/en/lacak/"
POWER_CUTS = 10
BREAKS = 20
KILLS = 12
MOST = 3 * 1024**2 // 2  # bytes: half of the longest file
AT_ONCE = 8  # what a process takes in at a time
# Nobody waits longer for a page, however slow the lines of others.
PATIENCE_SECONDS = 15
DAYS_LATER = 49  # hours; what belongs to nothing is removed after 48
DRAW = SystemRandom()
CLEANS = not tools_missing()


@dataclass(frozen=True)
class Posting:
    """A complaint ready to be sent, with a note, a photograph and a recording of a few megabytes."""

    fields: dict[str, str]
    ticket: str
    files: tuple[File, ...]

    @property
    def body(self) -> bytes:
        return multipart(self.fields, self.files)

    def send(self, browser: Browser) -> Answer:
        return browser.upload(LODGE, self.fields, self.files)

    def starts(self, port: int) -> Sending:
        return Sending(port, LODGE, len(self.body))


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("evidence")
    with founded(folder, settings.SIPUMA.database_url, SIPUMA_UPLOADS_PER_HOUR="0") as made:
        made.inside("enrol", people=[["verifikator", SABANG]])
        yield made


def postings(installation: Installation, count: int) -> list[Posting]:
    made = installation.inside("drafts", answers=[COMMON] * count)
    return [
        Posting({"draft": one["draft"], "step": "4"}, one["ticket"], three_files(str(number)))
        for number, one in enumerate(made)
    ]


def three_files(number: str) -> tuple[File, ...]:
    """Return files whose contents nobody else has."""
    own = os.urandom(16).hex().encode()
    return (
        File(f"catatan {number}.txt", b"Senin pagi, loket 3. " + own),
        File(f"foto {number}.jpg", jpeg() + own),
        File(f"rekaman {number}.dat", own + os.urandom(2 * MOST)),
    )


def digests(files: tuple[File, ...]) -> dict[str, str]:
    return {one.name: hashlib.sha256(one.content).hexdigest() for one in files}


def page_of(browser: Browser, posting: Posting) -> Answer:
    """Return what the ticket shows: the case, or the question for a ticket when there is none."""
    return browser.post(TRACK, {"ticket": posting.ticket})


def saved(browser: Browser, posting: Posting) -> dict[str, str]:
    """Save every file of a case by its ticket; return their digests by the names they are saved under."""
    form = page_of(browser, posting).form(act="evidence")
    found = {}
    for name, uid in form.buttons:
        copy = browser.post(form.action, form.fields | {name: uid})
        title = re.search(r'filename="(.*)"', copy.header("Content-Disposition"))
        assert title is not None
        found[title[1]] = hashlib.sha256(copy.body).hexdigest()
    return found


def check(installation: Installation, port: int, sent: list[Posting]) -> None:
    """Check that each is a case with the very bytes, for the complainant and for the verifier."""
    pieces = installation.inside("evidence", role="verifikator", office=SABANG)
    with Browser(port) as browser:
        for posting in sent:
            register = page_of(browser, posting).by_id("register")
            assert {one["name"]: one["original"] for one in pieces[register]} == digests(posting.files)
            assert saved(browser, posting) == digests(posting.files)
            photo = next(one for one in pieces[register] if one["name"].endswith(".jpg"))
            assert ("location" in photo["removed"]) == (photo["shown"] != photo["original"]) == CLEANS


def eventually(installation: Installation, happens: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Wait until the storage is as it has to be, and return what is there."""
    end = time.monotonic() + PATIENCE_SECONDS
    found: dict[str, Any] = installation.inside("stored")
    while not happens(found):
        assert time.monotonic() < end, found
        time.sleep(0.1)
        found = installation.inside("stored")
    return found


def is_exact(found: dict[str, Any]) -> bool:
    return bool(found["objects"] == found["rows"]) and not found["unfinished"]


def _sizes(incoming: Path) -> list[int]:
    """Return the sizes of parts; one that was finished or thrown away since it was listed is none."""
    found = []
    for part in incoming.glob("*.part"):
        with suppress(FileNotFoundError):
            found.append(part.stat().st_size)
    return found


def wait_for_recordings(count: int, installation: Installation) -> None:
    """Wait until the last file of so many postings is on its way, more than half of it written."""
    end, incoming = time.monotonic() + PATIENCE_SECONDS, installation.data / "files" / "incoming"
    while [size > MOST for size in _sizes(incoming)] != [True] * count:
        assert time.monotonic() < end, list(incoming.glob("*.part"))
        time.sleep(0.02)


def test_evidence_is_safe_once_the_ticket_page_is_there(installation: Installation) -> None:
    sent, standby = postings(installation, POWER_CUTS), [installation.start("web")]
    try:
        for posting in sent:
            standby.append(installation.start("web"))
            web = standby.pop(0)
            web.wait_until_ready()
            with Browser(web.port) as browser:
                page = posting.send(browser)
                web.kill()
            assert page.by_id("ticket").replace("-", "").replace(" ", "") == posting.ticket
        standby[0].wait_until_ready()
        check(installation, standby[0].port, sent)
        assert is_exact(installation.inside("stored"))
    finally:
        for one in standby:
            one.stop()


def test_an_upload_that_breaks_off_leaves_nothing_and_can_be_sent_again(installation: Installation) -> None:
    """More of them than a process takes in at a time: each gives its place back."""
    broken = postings(installation, BREAKS)
    with installation.serving() as web:
        for number, posting in enumerate(broken):
            with posting.starts(web.port) as sending:
                sending.send(posting.body[: DRAW.randrange(len(posting.body))])
                if number % 2:
                    sending.break_off()
        eventually(installation, is_exact)
        with Browser(web.port) as browser:
            assert [page_of(browser, posting).by_id("register") for posting in broken] == [""] * BREAKS
            for posting in broken:
                assert posting.send(browser).by_id("ticket")
        check(installation, web.port, broken)
        eventually(installation, is_exact)


def test_killed_at_any_moment_of_an_upload_a_complaint_has_all_its_files_or_is_not_there(
    installation: Installation,
) -> None:
    broken, standby = postings(installation, KILLS), [installation.start("web") for _ in range(2)]
    # While the body comes, and while what has come is looked at, cleaned and filed.
    waits = cycle((None, 0.0, None, 0.3, None, 0.6, None, 1.0))
    try:
        for posting, wait in zip(broken, waits, strict=False):
            standby.append(installation.start("web"))
            kill_while_uploading(standby.pop(0), posting, after=wait)
        web = standby[0]
        web.wait_until_ready()
        with Browser(web.port) as browser:
            there = [one for one in broken if page_of(browser, one).by_id("register")]
            check(installation, web.port, there)
            left = installation.inside("stored")
            assert set(left["rows"]) <= set(left["objects"])
            for posting in broken:
                assert posting.send(browser).by_id("ticket")
        check(installation, web.port, broken)
        assert len(there) < KILLS
        swept(installation)
    finally:
        for one in standby:
            one.stop()


def kill_while_uploading(web: Running, posting: Posting, *, after: float | None) -> None:
    """Kill the pages' processes so many seconds after the whole body is out, or in the midst of it."""
    web.wait_until_ready()
    body = posting.body
    cut = len(body) if after is not None else DRAW.randrange(len(body))
    with posting.starts(web.port) as sending, suppress(OSError, HTTPException):
        sending.send(body[:cut])
        time.sleep(after or DRAW.uniform(0, 0.05))
        web.kill()
    web.stop()


def swept(installation: Installation) -> None:
    """Check that what belongs to nothing stays for two days, and then goes: exactly that."""
    before = installation.inside("stored")
    assert installation.inside("sweep", hours=1) == 0
    assert installation.inside("stored") == before
    more = len(before["objects"]) - len(before["rows"]) + before["unfinished"]
    assert more > 0
    assert installation.inside("sweep", hours=DAYS_LATER) == more
    after = installation.inside("stored")
    assert is_exact(after)
    assert after["rows"] == before["rows"]


def test_slow_uploads_keep_nobody_from_filing_and_tracking(installation: Installation) -> None:
    slow, (other, later) = postings(installation, AT_ONCE), postings(installation, 2)
    with installation.serving() as web, ExitStack() as lines, Browser(web.port) as browser:
        arriving = [lines.enter_context(posting.starts(web.port)) for posting in slow]
        for sending, posting in zip(arriving, slow, strict=True):
            sending.send(posting.body[:-2000])
        wait_for_recordings(AT_ONCE, installation)
        began = time.monotonic()
        assert browser.post(LODGE, other.fields).by_id("ticket")
        assert page_of(browser, other).by_id("status")
        refused = later.send(browser)
        assert time.monotonic() - began < PATIENCE_SECONDS
        assert "Many files are arriving at this moment" in refused.text
        assert refused.by_id("ticket") == ""
        finish_slowly(arriving, slow)
        again = refused.form(draft=refused.form(step="4").fields["draft"])
        assert browser.upload(again.action, again.fields, later.files).by_id("ticket")
        check(installation, web.port, [*slow, later])
        assert is_exact(installation.inside("stored"))


def finish_slowly(arriving: list[Sending], slow: list[Posting]) -> None:
    """Let the last bytes of all trickle in side by side."""
    for start in range(-2000, 0, 200):
        for sending, posting in zip(arriving, slow, strict=True):
            sending.send(posting.body[start : start + 200 or None])
        time.sleep(0.05)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert all(page.by_id("ticket") for page in pool.map(Sending.answer, arriving))


def test_a_scanner_that_dies_meanwhile_leaves_a_file_unscanned_and_keeps_nobody_waiting(
    installation: Installation,
) -> None:
    before, during, after = postings(installation, 3)
    with (
        clamd.running() as scanner,
        installation.serving(SIPUMA_CLAMAV=scanner.address) as web,
        Browser(web.port) as browser,
        during.starts(web.port) as sending,
    ):
        assert "No virus was found in it." in before.send(browser).text
        sending.send(during.body[:-2000])
        wait_for_recordings(1, installation)
        scanner.process.kill()
        scanner.process.wait()
        sending.send(during.body[-2000:])
        page = sending.answer()
        assert "It has not been checked for viruses yet." in page.text
        later = after.send(browser)
        check(installation, web.port, [before, during, after])
    pieces = installation.inside("evidence", role="verifikator", office=SABANG)
    scans = [{one["scan"] for one in pieces[shown.by_id("register")]} for shown in (page, later)]
    assert scans == [{"clean", "unscanned"}, {"unscanned"}]
