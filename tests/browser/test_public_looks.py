"""Every page for citizens and its error states, looked at by axe and by measure, on a phone and at a desk."""

import time
from collections.abc import Callable
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Route

from sipuma import safe, vault
from tests.browser.conftest import OpenPage
from tests.browser.looks import DESK, HEIGHTS, PHONE, SMALLEST, flaws
from tests.browser.people import SABANG, Complainant, fill, primary, replace_hidden, submit, text_of
from tests.browser.server import Site

pytestmark = [pytest.mark.browser, pytest.mark.looks]

LONG_WORD = "pertanggungjawabanketatausahaan" * 8
MATTER = {"what": "Kuitansi tidak diberikan. " * 20, "how": LONG_WORD, "category": "penipuan"}
# fmt: off
PLAIN_PAGES = {
    "home":             "/",
    "home-english":     "/en/",
    "file":             "/lapor/",
    "track":            "/lacak/",
    "channels":         "/saluran/",
    "channels-found":   "/saluran/?q=Aceh",
    "channels-nothing": "/saluran/?q=Atlantis",
    "how-it-works":     "/cara-kerja/",
    "privacy":          "/privasi/",
    "procedure":        "/prosedur/",
    "not-found":        "/halaman-yang-tidak-ada/",
    "not-allowed":      "/lapor/cetak/",
}
SAMPLES = {
    "case-asked":     "tarif-pipa",
    "case-answered":  "antrean-sejak-subuh",
    "case-long":      "laporan-sangat-panjang",
    "case-withdrawn": "ditarik-sendiri",
    "case-lapsed":    "tak-dijawab",
    "case-emoji":     "emoji-kopi",
}
# fmt: on


@pytest.mark.parametrize("name", PLAIN_PAGES)
def test_a_page_that_only_tells_has_no_barrier(open_page: OpenPage, name: str) -> None:
    page = open_page()
    page.goto(PLAIN_PAGES[name])
    assert flaws(page, name) == []


@pytest.mark.parametrize("name", SAMPLES)
def test_what_a_ticket_shows_has_no_barrier(open_page: OpenPage, site: Site, name: str) -> None:
    complainant = Complainant(open_page())
    complainant.track(site.sample(SAMPLES[name]).ticket)
    complainant.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert flaws(complainant.page, name) == []


def test_the_form_from_its_first_page_to_the_printed_sheet_has_no_barrier(open_page: OpenPage) -> None:
    complainant = Complainant(open_page())
    page = complainant.page
    found = []
    complainant.start()
    complainant.answer()
    found += flaws(page, "file-1-error")
    complainant.answer(**MATTER)
    found += flaws(page, "file-2")
    complainant.answer(office="Aceh")
    found += flaws(page, "file-2-which-office")
    submit(page, page.locator("button[name=go][value='2']"))
    complainant.answer(office="Atlantis", who="x" * 2100)
    found += flaws(page, "file-2-error")
    complainant.answer(office=SABANG, who=LONG_WORD)
    found += flaws(page, "file-3")
    complainant.answer(name="Warga", email="bukan alamat", phone="12")
    found += flaws(page, "file-review")
    complainant.send()
    found += flaws(page, "ticket")
    submit(page, primary(page))
    found += flaws(page, "print")
    assert found == []


def test_writing_and_withdrawing_have_no_barrier(open_page: OpenPage) -> None:
    complainant = Complainant(open_page())
    page = complainant.page
    receipt = complainant.file(what="Kuitansi.", how="Di loket.", office=SABANG)
    found = []
    complainant.track(receipt.ticket)
    found += flaws(page, "case-new")
    complainant.write("")
    found += flaws(page, "case-message-error")
    complainant.write(LONG_WORD)
    found += flaws(page, "case-message-taken")
    complainant.act("withdraw")
    found += flaws(page, "withdraw")
    fill(page.locator("main form").first, {"message": "x" * 2100})
    complainant.act("confirm-withdraw")
    found += flaws(page, "withdraw-error")
    assert found == []


def expired(site: Site, sealed: str, *, purpose: str) -> str:
    """Return a sealed token of this site as it would be after its time."""
    keys = safe.at(site.secrets).draft_keys
    content = vault.open_token(keys, sealed, purpose=purpose, now=int(time.time()))
    return vault.seal_token(keys[0], content, purpose=purpose, expires=int(time.time()) - 1)


def test_a_form_that_was_open_too_long_keeps_every_answer(open_page: OpenPage, site: Site) -> None:
    complainant = Complainant(open_page())
    page = complainant.page
    complainant.review(what="Kuitansi.", how="Di loket.", office=SABANG)
    draft = page.locator("[name=draft]").first.input_value()
    replace_hidden(page, "draft", expired(site, draft, purpose="filing"))
    submit(page, primary(page))
    assert page.locator(".notice").count() == 1
    assert page.locator("#ticket").count() == 0
    assert flaws(page, "file-expired") == []
    assert complainant.send().ticket


def test_a_form_that_was_damaged_says_so_and_starts_again(open_page: OpenPage) -> None:
    complainant = Complainant(open_page())
    page = complainant.page
    complainant.review(what="Kuitansi.", how="Di loket.", office=SABANG)
    replace_hidden(page, "draft", "rusak")
    submit(page, primary(page))
    assert flaws(page, "file-unreadable") == []
    assert page.locator("[name=what]").count() == 1


def test_a_message_outlives_the_half_hour_of_the_page(open_page: OpenPage, site: Site) -> None:
    complainant = Complainant(open_page())
    page, sample = complainant.page, site.sample("parsel-lebaran")
    complainant.track(sample.ticket)
    token = page.locator("[name=token]").first.input_value()
    replace_hidden(page, "token", expired(site, token, purpose="tracking"))
    complainant.write("Tambahan yang panjang.")
    assert page.locator("[name=message]").input_value() == "Tambahan yang panjang."
    assert flaws(page, "track-expired") == []
    fill(page.locator("main form").first, {"ticket": sample.ticket})
    submit(page, primary(page))
    assert text_of(page, "register") == sample.register
    assert "Tambahan yang panjang." in (page.locator("main").text_content() or "")


@pytest.mark.parametrize("typed", ["", "0000", "8KQ3-8KQ3-8KQ3-8KQ3-8KQ3-8KQ3"])
def test_a_wrong_ticket_is_answered_in_one_way_and_never_repeated(open_page: OpenPage, typed: str) -> None:
    complainant = Complainant(open_page())
    page = complainant.page
    page.goto("/lacak/")
    fill(page.locator("main form").first, {"ticket": typed})
    submit(page, primary(page))
    assert page.locator(".govuk-error-summary").count() == 1
    assert page.locator("[name=ticket]").input_value() == ""
    assert flaws(page, "track-wrong") == []


def from_elsewhere(site: Site) -> Callable[[Route], None]:
    """Send a page's requests from another address of this machine, which has limits of its own."""

    def answer(route: Route) -> None:
        connection = HTTPConnection(urlsplit(site.address).netloc, source_address=("127.0.0.9", 0))
        asked = route.request
        path = urlsplit(asked.url).path
        connection.request(asked.method, path, asked.post_data_buffer, asked.headers)
        given = connection.getresponse()
        route.fulfill(status=given.status, headers=dict(given.getheaders()), body=given.read())
        connection.close()

    return answer


def use_up(site: Site, *, tries: int) -> None:
    connection = HTTPConnection(urlsplit(site.address).netloc, source_address=("127.0.0.9", 0))
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    for _try in range(tries):
        connection.request("POST", "/lacak/", "ticket=8KQ38KQ38KQ38KQ38KQ38KQ3", kind)
        connection.getresponse().read()
    connection.close()


def test_who_tries_too_many_tickets_is_asked_to_wait(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    page.route("**/lacak/", from_elsewhere(site))
    use_up(site, tries=200)
    page.goto("/lacak/")
    fill(page.locator("main form").first, {"ticket": "0000"})
    with page.expect_navigation() as answer:
        primary(page).click()
    assert answer.value.status == 429
    assert flaws(page, "track-too-many") == []


@pytest.mark.parametrize("width", [SMALLEST, PHONE, DESK])
def test_the_ticket_stands_in_two_lines_of_three_groups_at_most(open_page: OpenPage, width: int) -> None:
    complainant = Complainant(open_page(viewport={"width": width, "height": HEIGHTS[width]}))
    complainant.file(what="Kuitansi.", how="Di loket.", office=SABANG)
    number = complainant.page.locator("#ticket")
    lines = number.evaluate(
        "one => new Set([...one.querySelectorAll('.ticket__group')].map(part => part.offsetTop)).size"
    )
    boxes = number.evaluate(
        "one => [...one.querySelectorAll('.ticket__group')].flatMap(part => part.getClientRects().length)"
    )
    assert lines <= 2
    assert set(boxes) == {1}
    assert number.evaluate("one => one.getBoundingClientRect().right") <= width


def test_both_choices_of_the_home_page_are_seen_on_a_phone_without_scrolling(open_page: OpenPage) -> None:
    page = open_page(viewport={"width": PHONE, "height": HEIGHTS[PHONE]})
    page.goto("/")
    for path in ("/lapor/", "/lacak/"):
        box = page.locator(f"main a[href='{path}']").first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= HEIGHTS[PHONE]
        assert page.locator(f"main a[href='{path}']").first.evaluate(_ON_TOP)


# Whether the middle of an element is what a finger there would meet.
_ON_TOP = """one => { const box = one.getBoundingClientRect();
    const met = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return one.contains(met); }"""
