"""A complaint is taken down at the desk: by keys alone, over a broken line, with scripts and without."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.looks import flaws
from tests.browser.people import SABANG, Officer, fill, new_page_in, primary, submit, text_of
from tests.browser.test_keyboard import tab_to

pytestmark = [pytest.mark.browser]

PAGE = "/petugas/penerimaan/baru/"
NAME = f"penerima.{SABANG}"
GIVEN = {
    "channel": "HELPDESK",
    "what": "Petugas meminta uang.",
    "who": "Pegawai di loket 3.",
    "when": "Senin pagi.",
    "where": "Kantor pelayanan.",
    "how": "Secara lisan.",
    "name": "Warga",
    "complete": "yes",
}
AUTOMATIC = 8_000  # milliseconds: three seconds after the last key, and the line
FOCUS = "document.activeElement.name || document.activeElement.tagName"


@pytest.fixture
def begin(open_page: OpenPage) -> Callable[..., Page]:
    """Sign a receiver in and open the form; options are those of Playwright's contexts."""

    def make(**options: object) -> Page:
        page = open_page(**options)
        Officer(page, NAME).sign_in()
        page.goto(PAGE)
        return page

    return make


def form(page: Page) -> dict[str, str]:
    """Return the texts that stand in the form now."""
    names = ("what", "who", "when", "where", "how", "name", "incomplete")
    return {name: page.locator(f"main [name={name}]").input_value() for name in names}


def save(page: Page) -> str:
    submit(page, primary(page))
    return text_of(page, "register")


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scripts", [False, True], ids=["without-scripts", "with-scripts"])
def test_a_complaint_is_recorded_by_keys_alone(
    begin: Callable[..., Page], *, width: int, scripts: bool
) -> None:
    page = begin(viewport={"width": width, "height": 640}, java_script_enabled=scripts)
    assert page.evaluate(FOCUS) == "channel"
    page.keyboard.press("ArrowDown")
    for name in ("what", "who", "when", "where"):
        tab_to(page, f"[name={name}]")
        page.keyboard.type(f"Isi {name}.")
    tab_to(page, "[name=how_unknown]")
    page.keyboard.press("Space")
    tab_to(page, "[name=category]")
    tab_to(page, "[name=conflict]")
    for name in ("name", "address", "phone", "email"):
        tab_to(page, f"[name={name}]")
        page.keyboard.type("Warga 1")
    tab_to(page, "[name=disclose]")
    tab_to(page, "[name=callback]")
    tab_to(page, "[name=complete]")
    page.keyboard.press("Space")
    assert page.locator("[name=complete][value=yes]").is_checked()
    tab_to(page, "[name=incomplete]")
    tab_to(page, "main form button[type=submit]:not([name])")
    with new_page_in(page):
        page.keyboard.press("Enter")
    assert text_of(page, "register").startswith(f"{SABANG}-")


def test_enter_in_a_line_saves(begin: Callable[..., Page]) -> None:
    page = begin()
    fill(page.locator("main form"), GIVEN)
    page.locator("[name=phone]").focus()
    with new_page_in(page):
        page.keyboard.press("Enter")
    assert text_of(page, "register").startswith(f"{SABANG}-")


@pytest.mark.parametrize("scripts", [False, True], ids=["without-scripts", "with-scripts"])
def test_a_mistake_takes_the_focus_to_the_summary_and_the_typing_stays(
    begin: Callable[..., Page], *, scripts: bool
) -> None:
    page = begin(java_script_enabled=scripts)
    fill(page.locator("main form"), GIVEN | {"who": "", "how": "x" * 10_001})
    before, title = form(page), page.title()
    primary(page).click()
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert page.locator(".govuk-error-summary a").count() == 2
    assert page.title() != title
    assert form(page) == before
    fill(page.locator("main form"), {"who": "Pegawai.", "how": "Lisan."})
    assert save(page).startswith(f"{SABANG}-")


def test_over_a_broken_line_nothing_is_lost(begin: Callable[..., Page]) -> None:
    page = begin()
    told: list[str] = []
    page.on("console", lambda message: told.append(_refusal(message)))
    fill(page.locator("main form"), GIVEN)
    draft, sending = page.locator("#draft-line"), page.locator("#send-line")
    expect(draft).to_have_text(re.compile(r"\d\d\.\d\d WIB"), timeout=AUTOMATIC)
    page.context.set_offline(True)
    page.locator("[name=what]").fill("Ditambah saat jaringan putus.")
    expect(draft).to_have_text(line(page, "broken"), timeout=AUTOMATIC)
    before = form(page)
    primary(page).click()
    expect(sending).to_have_text(line(page, "unsent"))
    assert form(page) == before
    assert primary(page).is_enabled()
    page.context.set_offline(False)
    expect(draft).to_have_text(re.compile(r"\d\d\.\d\d WIB"), timeout=AUTOMATIC)
    assert save(page).startswith(f"{SABANG}-")
    assert "Ditambah saat jaringan putus." in page.locator("main").inner_text()
    assert [one for one in told if one] == []
    page.goto("/petugas/penerimaan/konsep/")
    assert "Ditambah saat jaringan putus." not in page.content()


def line(page: Page, name: str) -> str:
    text = page.locator("#desk-line").get_attribute(f"data-{name}")
    assert text
    return text


def _refusal(message: ConsoleMessage) -> str:
    """Return what the browser says when the content security policy stops something."""
    return message.text if "Content Security Policy" in message.text else ""


def test_a_page_at_rest_sends_nothing(begin: Callable[..., Page]) -> None:
    page = begin()
    asked: list[str] = []
    fill(page.locator("main form"), {"what": "Sekali saja."})
    expect(page.locator("#draft-line")).not_to_be_empty(timeout=AUTOMATIC)
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate("htmx.trigger('#draft-line', 'again')")
    page.wait_for_timeout(300)
    assert asked == []


def test_when_the_session_ended_the_page_leads_to_a_new_tab_and_goes_on(begin: Callable[..., Page]) -> None:
    page = begin()
    fill(page.locator("main form"), GIVEN)
    page.context.clear_cookies(name="sipuma_session")
    primary(page).click()
    link = page.locator("#ended-line a")
    expect(link).to_be_visible()
    assert form(page)["what"] == GIVEN["what"]
    with page.expect_popup() as opened:
        link.click()
    Officer(opened.value, NAME).give_password()
    opened.value.close()
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.locator("#ended-line")).to_be_hidden()
    assert save(page).startswith(f"{SABANG}-")


@pytest.mark.parametrize("scripts", [False, True], ids=["without-scripts", "with-scripts"])
def test_a_form_put_aside_is_continued_and_thrown_away(begin: Callable[..., Page], *, scripts: bool) -> None:
    page = begin(java_script_enabled=scripts)
    fill(page.locator("main form"), {"what": "Disimpan dulu.", "name": "Warga"})
    submit(page, page.locator("button[name=later]"))
    with new_page_in(page):
        page.locator(".unfinished li", has_text="Disimpan dulu.").first.locator("a").first.click()
    assert form(page)["what"] == "Disimpan dulu."
    with new_page_in(page):
        page.locator(".govuk-inset-text a").last.click()
    submit(page, primary(page))
    assert "Disimpan dulu." not in page.content()


@pytest.mark.looks
def test_no_page_of_recording_has_a_barrier(begin: Callable[..., Page]) -> None:
    page = begin()
    found = flaws(page, "recording")
    submit_in_place(page)
    found += flaws(page, "recording-errors")
    fill(page.locator("main form"), {"what": "Kata-panjang-tanpa-jeda" * 30, "name": "Warga"})
    submit(page, page.locator("button[name=later]"))
    found += flaws(page, "recording-drafts")
    with new_page_in(page):
        page.locator(".unfinished a").first.click()
    found += flaws(page, "recording-continued")
    with new_page_in(page):
        page.locator(".govuk-inset-text a").last.click()
    found += flaws(page, "recording-discard")
    submit(page, primary(page))
    found += flaws(page, "recording-drafts-none")
    assert found == []


def submit_in_place(page: Page) -> None:
    primary(page).click()
    expect(page.locator(".govuk-error-summary")).to_be_visible()
