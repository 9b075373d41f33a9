"""What happens to an officer's work when the session ends, or the same form is sent twice."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.looks import flaws
from tests.browser.people import MALILI, SABANG, Complainant, Officer, matter, submit

pytestmark = [pytest.mark.browser]


@pytest.fixture
def register(open_page: OpenPage) -> str:
    return Complainant(open_page()).file(what="Kuitansi.", how="Di loket.", office=SABANG).register


@pytest.fixture
def officer(open_page: OpenPage, register: str) -> Officer:
    officer = Officer(open_page(), f"verifikator.{SABANG}").sign_in()
    officer.open(register)
    officer.move("take")
    return officer


def end_session(officer: Officer) -> None:
    """Let the browser forget the session, which is how its end looks to the server."""
    officer.page.context.clear_cookies(name="sipuma_session")


def test_what_was_typed_comes_back_after_signing_in_again(officer: Officer, register: str) -> None:
    page = officer.page
    button = officer.type_in("request_data", question="Kuitansi tanggal berapa?")
    end_session(officer)
    submit(page, button)
    assert "/petugas/masuk/" in page.url
    assert flaws(page, "sign-in-again") == []
    officer.give_password()
    assert register in page.url
    assert officer.form("request_data").locator("[name=question]").input_value() == "Kuitansi tanggal berapa?"
    assert flaws(page, "staff-case-kept") == []
    submit(page, officer.form("request_data").locator("button[name=move]"))
    assert "Kuitansi tanggal berapa?" in page.locator(".case__timeline").inner_text()
    assert page.locator("button[name=discard]").count() == 0


def test_what_was_kept_can_be_thrown_away(officer: Officer) -> None:
    button = officer.type_in("note", note="Tidak jadi.")
    end_session(officer)
    submit(officer.page, button)
    officer.give_password()
    officer.page.goto("/petugas/")
    assert flaws(officer.page, "queue-kept") == []
    submit(officer.page, officer.page.locator(".govuk-inset-text a").first)
    submit(officer.page, officer.page.locator("button[name=discard]"))
    assert "Tidak jadi." not in officer.page.content()


def test_what_was_typed_is_nobody_elses_who_signs_in_at_the_same_browser(officer: Officer) -> None:
    button = officer.type_in("note", note="Hanya untuk saya.")
    end_session(officer)
    submit(officer.page, button)
    Officer(officer.page, f"verifikator.{MALILI}").give_password()
    assert "Hanya untuk saya." not in officer.page.content()
    officer.page.goto("/petugas/")
    assert officer.page.locator(".govuk-inset-text").count() == 0


def test_a_double_click_writes_a_note_once(officer: Officer) -> None:
    page = officer.page
    button = officer.type_in("note", note="Cukup sekali.")
    # The second click cuts the first one's answer off, so that no one navigation can be waited for.
    button.dblclick(no_wait_after=True)
    expect(page.locator(".case__timeline")).to_contain_text("Cukup sekali.")
    officer.page.goto(page.url)
    assert page.locator(".case__timeline").inner_text().count("Cukup sekali.") == 1


def test_signing_out_closes_the_case_also_to_the_back_button(officer: Officer) -> None:
    page = officer.page
    assert "Kuitansi." in matter(page)
    submit(page, page.locator(".staff-bar__member button"))
    page.go_back()
    assert "/petugas/masuk/" in page.url
    assert "Kuitansi." not in page.content()
