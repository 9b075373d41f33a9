"""Without a mouse: a complaint is filed and a case is taken by keys alone, the focus always in sight."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.browser.people import PASSWORD, SABANG, Complainant, Officer, new_page_in, text_of

pytestmark = [pytest.mark.browser]

MOST_STOPS = 80

# A radio button or a check box is drawn by its label's ::before.
FOCUS_SEEN = """() => {
    const one = document.activeElement;
    const drawn = one.matches('.govuk-radios__input, .govuk-checkboxes__input')
      ? getComputedStyle(one.nextElementSibling, '::before') : getComputedStyle(one);
    const box = one.getBoundingClientRect();
    const inside = box.bottom > 0 && box.top < innerHeight && box.width > 1 && box.height > 1;
    const ring = drawn.outlineStyle !== 'none' && parseFloat(drawn.outlineWidth) > 0;
    return one !== document.body && inside && (ring || drawn.boxShadow !== 'none');
}"""
UNDER_EXIT = """() => {
    const exit = document.querySelector('.quick-exit'), one = document.activeElement;
    if (!exit || one === exit) return false;
    const [a, b] = [exit.getBoundingClientRect(), one.getBoundingClientRect()];
    return b.left >= a.left && b.right <= a.right && b.top >= a.top && b.bottom <= a.bottom;
}"""


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there; it must be seen at each stop on the way."""
    for _stop in range(MOST_STOPS):
        page.keyboard.press("Tab")
        here = page.evaluate("document.activeElement.outerHTML.slice(0, 120)")
        assert page.evaluate(FOCUS_SEEN), f"No focus to be seen on {here}"
        assert not page.evaluate(UNDER_EXIT), f"The quick exit lies over {here}"
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is not reached by Tab")


def press(page: Page, key: str) -> None:
    with new_page_in(page):
        page.keyboard.press(key)


@pytest.fixture(params=[360, 1280])
def keyboard_page(open_page: OpenPage, request: pytest.FixtureRequest) -> Page:
    return open_page(viewport={"width": request.param, "height": 640})


def test_a_complaint_is_filed_and_followed_by_keys_alone(keyboard_page: Page) -> None:
    page = keyboard_page
    page.goto("/")
    tab_to(page, "main a[href='/lapor/']")
    press(page, "Enter")
    tab_to(page, "[name=what]")
    page.keyboard.type("Kuitansi tidak diberikan.")
    tab_to(page, "[name=how]")
    page.keyboard.type("Saya minta dua kali.")
    tab_to(page, "[name=category]")
    page.keyboard.press("ArrowDown")
    tab_to(page, "main form button[type=submit]")
    press(page, "Enter")
    tab_to(page, "[name=office]")
    page.keyboard.type(SABANG)
    tab_to(page, "[name=conflict]")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    assert page.locator("[name=conflict][value=no]").is_checked()
    tab_to(page, "main form button[type=submit]:not([name])")
    press(page, "Space")
    tab_to(page, "[name=disclose]")
    page.keyboard.press("Space")
    assert page.locator("[name=disclose]").is_checked()
    page.keyboard.press("Space")
    tab_to(page, "main form button[type=submit]:not([name])")
    press(page, "Enter")
    tab_to(page, "main form button[type=submit]")
    press(page, "Enter")
    ticket = text_of(page, "ticket")
    tab_to(page, "main a[href='/lacak/']")
    press(page, "Enter")
    tab_to(page, "[name=ticket]")
    page.keyboard.type(ticket)
    press(page, "Enter")
    assert text_of(page, "status")


def test_a_case_is_taken_and_a_note_written_by_keys_alone(open_page: OpenPage, keyboard_page: Page) -> None:
    register = Complainant(open_page()).file(what="Kuitansi.", how="Di loket.", office=SABANG).register
    page = keyboard_page
    page.goto("/petugas/masuk/")
    tab_to(page, "[name=login]")
    page.keyboard.type(f"verifikator.{SABANG}")
    tab_to(page, "[name=password]")
    page.keyboard.type(PASSWORD)
    press(page, "Enter")
    tab_to(page, f"a[href$='/{register}/']")
    press(page, "Enter")
    tab_to(page, "button[name=move][value=take]")
    press(page, "Enter")
    officer = Officer(page, "")
    assert {"assess", "request_data"} <= officer.offers()
    unfold(page, lambda: page.locator("details:has(button[value=note])").get_attribute("open") is not None)
    tab_to(page, "#note-note")
    page.keyboard.type("Dicatat tanpa tetikus.")
    tab_to(page, "button[name=move][value=note]")
    press(page, "Space")
    assert "Dicatat tanpa tetikus." in page.locator(".case__timeline").inner_text()


def unfold(page: Page, is_open: Callable[[], bool]) -> None:
    """Go to the summary of the internal note and open it."""
    tab_to(page, "details:has(button[value=note]) > summary")
    page.keyboard.press("Enter")
    assert is_open()


def test_the_first_key_leads_past_the_header(open_page: OpenPage) -> None:
    page = open_page()
    for path in ("/", "/lapor/", "/petugas/masuk/"):
        page.goto(path)
        tab_to(page, ".govuk-skip-link")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"


def test_a_link_of_the_error_summary_leads_to_the_field(open_page: OpenPage) -> None:
    complainant = Complainant(open_page())
    page = complainant.page
    complainant.start()
    complainant.answer()
    tab_to(page, ".govuk-error-summary a")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "what"
