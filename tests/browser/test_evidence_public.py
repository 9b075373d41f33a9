"""Evidence from a citizen's browser: chosen, uploaded, sent, read again, also over a line that breaks."""

import socket
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.browser.looks import flaws
from tests.browser.people import SABANG, Complainant, matter, primary, submit
from tests.browser.server import Site
from tests.unit.files.samples import jpeg

pytestmark = [pytest.mark.browser]

MATTER = {"what": "Pungutan tanpa kuitansi.", "how": "Di loket, secara lisan.", "office": SABANG}
LONG = "rekaman-suara-di-loket-pelayanan-" * 3 + "01.txt"


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    contents = {"foto.jpg": jpeg(), LONG: b"isi catatan\n", "foto-palsu.png": b"%PDF-1.7\nrusak"}
    paths = [tmp_path / name for name in contents]
    for path in paths:
        path.write_bytes(contents[path.name])
    return paths


def choose(page: Page, *paths: Path) -> None:
    page.locator("[name=evidence]").set_input_files(list(paths))


def upload(page: Page) -> None:
    submit(page, page.locator("main form").first.locator("button[name=go]"))


def stored(site: Site) -> set[Path]:
    return {path for path in (site.data / "files").rglob("*") if path.is_file()}


def test_evidence_goes_with_the_complaint_and_comes_back_as_it_was(
    open_either: OpenPage, files: list[Path]
) -> None:
    complainant = Complainant(open_either())
    page = complainant.page
    complainant.review(**MATTER)
    choose(page, files[0])
    upload(page)
    assert "foto.jpg" in matter(page)
    choose(page, files[1])
    receipt = complainant.send()
    assert "foto.jpg" in matter(page)
    assert LONG in matter(page)
    complainant.track(receipt.ticket)
    with page.expect_download() as download:
        page.locator("button[name=piece]").first.click()
    assert download.value.suggested_filename == "foto.jpg"
    assert Path(download.value.path()).read_bytes() == files[0].read_bytes()


def test_files_are_added_by_the_ticket_without_a_word(open_page: OpenPage, files: list[Path]) -> None:
    complainant = Complainant(open_page(java_script_enabled=False))
    page = complainant.page
    complainant.track(complainant.file(**MATTER).ticket)
    choose(page, *files)
    submit(page, page.locator("form", has=page.locator("[name=message]")).locator("button").first)
    assert page.locator("button[name=piece]").count() == len(files)


def test_a_line_that_breaks_while_files_arrive_leaves_nothing_and_no_failure(
    open_page: OpenPage, site: Site
) -> None:
    complainant = Complainant(open_page())
    complainant.review(**MATTER)
    draft = complainant.page.locator("[name=draft]").first.input_value()
    before, parts = stored(site), urlsplit(site.address)
    fields = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in (("draft", draft), ("step", "4"))
    )
    file = '--x\r\nContent-Disposition: form-data; name="evidence"; filename="a.bin"\r\n\r\n'
    head = (
        f"POST /lapor/ HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Length: 5000000\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\n\r\n"
    )
    with socket.create_connection((str(parts.hostname), parts.port or 80)) as line:
        line.sendall((head + fields + file).encode() + bytes(1_000_000))
        time.sleep(1)
    time.sleep(2)
    assert stored(site) == before
    assert site.failures() == []
    assert complainant.send().ticket


@pytest.mark.looks
def test_pages_with_evidence_look_right(open_page: OpenPage, files: list[Path], tmp_path: Path) -> None:
    complainant = Complainant(open_page())
    page = complainant.page
    found = []
    complainant.review(**MATTER)
    found += flaws(page, "evidence-none")
    choose(page, *files)
    upload(page)
    found += flaws(page, "evidence-uploaded")
    empty = tmp_path / "kosong.txt"
    empty.write_bytes(b"")
    choose(page, empty)
    submit(page, primary(page))
    found += flaws(page, "evidence-refused")
    receipt = complainant.send()
    found += flaws(page, "evidence-ticket")
    complainant.track(receipt.ticket)
    found += flaws(page, "evidence-tracked")
    choose(page, empty)
    submit(page, page.locator("form", has=page.locator("[name=message]")).locator("button").first)
    found += flaws(page, "evidence-tracked-refused")
    assert found == []
