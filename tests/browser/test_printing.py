"""The sheet for printing: A5, one or two pages, the ticket as text and as a code with a name."""

import re

import pytest
import segno
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.browser.people import Complainant, text_of
from tests.browser.server import Site

pytestmark = [pytest.mark.browser]


def print_out(page: Page) -> tuple[set[tuple[int, int]], int]:
    """Print the page; return the sizes of the sheets in points, and how many there are."""
    paper = page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]", paper)
    sizes = {(round(float(width)), round(float(height))) for width, height in boxes}
    return sizes, len(re.findall(rb"/Type\s*/Page\b", paper))


@pytest.fixture
def sheet(open_page: OpenPage, site: Site) -> Page:
    complainant = Complainant(open_page())
    complainant.track(site.sample("uang-rokok-di-dermaga").ticket)
    complainant.act("print")
    return complainant.page


def test_the_sheet_is_one_or_two_pages_of_a5(sheet: Page) -> None:
    sizes, pages = print_out(sheet)
    assert pages in {1, 2}
    assert {abs(width - 420) <= 1 and abs(height - 595) <= 1 for width, height in sizes} == {True}


def test_the_code_on_the_sheet_is_the_ticket_and_says_what_it_is(sheet: Page, site: Site) -> None:
    ticket = site.sample("uang-rokok-di-dermaga").ticket
    drawn = sheet.locator("svg.qr path").get_attribute("d")
    assert drawn is not None
    assert drawn in segno.make_qr(ticket, error="m").svg_inline(omitsize=True)
    named = sheet.get_by_role("img", name="QR")
    assert named.count() == 1
    assert named.locator("svg.qr").is_visible()
    assert text_of(sheet, "ticket") == ticket


def test_paper_shows_the_ticket_and_leaves_out_what_only_a_screen_needs(sheet: Page) -> None:
    sheet.emulate_media(media="print")
    assert sheet.locator("#ticket").is_visible()
    assert sheet.locator("svg.qr").is_visible()
    for needless in (".quick-exit", ".site-footer", ".languages", ".no-print"):
        assert not sheet.locator(needless).first.is_visible()
