"""What the citizens' pages leave behind and ask for: no cookie, no script, nothing from elsewhere, little."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Request

from tests.browser.conftest import OpenPage
from tests.browser.people import SABANG, Complainant
from tests.browser.server import Site

pytestmark = [pytest.mark.browser]

FIRST_VISIT_BYTES = 20_000


def walk(complainant: Complainant) -> None:
    """Do everything that a citizen can do."""
    page = complainant.page
    for path in ("/", "/saluran/?q=Aceh", "/cara-kerja/", "/privasi/", "/prosedur/", "/no-such-page/"):
        page.goto(path)
    receipt = complainant.file(what="Pungutan liar.", how="Di loket.", office=SABANG, name="Warga")
    complainant.act("print")
    complainant.track(receipt.ticket)
    complainant.write("Tambahan.")
    complainant.act("print")
    complainant.track(receipt.ticket)
    complainant.act("withdraw")
    complainant.act("confirm-withdraw")


def test_a_citizens_whole_visit_sets_no_cookie_runs_no_script_and_stays_on_the_site(
    open_page: OpenPage, site: Site
) -> None:
    complainant = Complainant(open_page())
    asked: list[Request] = []

    def note(request: Request) -> None:
        asked.append(request)

    complainant.page.context.on("request", note)
    walk(complainant)
    assert len(asked) > 15
    assert complainant.page.context.cookies() == []
    assert complainant.page.context.storage_state() == {"cookies": [], "origins": []}
    assert [one.url for one in asked if one.resource_type == "script"] == []
    assert [one.url for one in asked if not one.url.startswith((f"{site.address}/", "data:"))] == []


def test_no_public_page_holds_a_script_or_a_ticket_in_its_address(open_page: OpenPage, site: Site) -> None:
    complainant = Complainant(open_page())
    page = complainant.page
    seen: list[str] = []
    page.on("framenavigated", lambda frame: seen.append(frame.url))
    page.on("domcontentloaded", _refuse_scripts)
    sample = site.sample("tarif-pipa")
    complainant.track(sample.ticket)
    complainant.act("print")
    assert len(seen) >= 3
    plain = sample.ticket.replace("-", "")
    assert [url for url in seen if sample.ticket in url or plain in url] == []


def _refuse_scripts(page: Page) -> None:
    assert "<script" not in page.content()


def counted(page: Page) -> Callable[[], float]:
    """Count the bytes that come over the wire, headers and all."""
    session, sizes = page.context.new_cdp_session(page), list[float]()
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    return lambda: sum(sizes)


@pytest.mark.parametrize("path", ["/", "/lapor/", "/lacak/", "/en/"])
def test_a_first_visit_costs_at_most_20_kilobytes(open_page: OpenPage, path: str) -> None:
    page = open_page()
    total = counted(page)
    page.goto(path, wait_until="networkidle")
    assert 2_000 < total() <= FIRST_VISIT_BYTES


def test_home_and_the_form_together_still_cost_at_most_20_kilobytes(open_page: OpenPage) -> None:
    page = open_page()
    total = counted(page)
    page.goto("/", wait_until="networkidle")
    page.goto("/lapor/", wait_until="networkidle")
    assert 2_000 < total() <= FIRST_VISIT_BYTES
