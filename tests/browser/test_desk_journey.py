"""The SOP of manual reception (S1, steps 1 to 10) at a desk, by keyboard alone."""

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.browser.people import PASSWORD, SABANG, Complainant, Officer, matter, text_of
from tests.browser.server import Site
from tests.browser.test_keyboard import press, tab_to

pytestmark = [pytest.mark.browser]

REGISTER = re.compile(rf"{SABANG}-\d{{4}}-\d{{6}}")
TICKET = re.compile(r"(?:[0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{4}")


def sign_in(page: Page, login: str) -> None:
    page.goto("/petugas/masuk/")
    tab_to(page, "[name=login]")
    page.keyboard.type(login)
    tab_to(page, "[name=password]")
    page.keyboard.type(PASSWORD)
    press(page, "Enter")


def unfold(page: Page, move: str) -> None:
    tab_to(page, f"details:has(button[value={move}]) > summary")
    page.keyboard.press("Enter")


def make(page: Page, move: str) -> None:
    tab_to(page, f"button[name=move][value={move}]")
    press(page, "Enter")


def choose(page: Page, selector: str, value: str) -> None:
    """Choose in a list by typing the beginning of the wanted choice, as keyboards do."""
    tab_to(page, selector)
    label = page.locator(f"{selector} option[value='{value}']").inner_text()
    page.keyboard.type(label)
    assert page.locator(selector).input_value() == value


def record(page: Page) -> str:
    """Steps 1 to 4: take the complaint down and save; the register number is there at once."""
    tab_to(page, "a[href='/petugas/penerimaan/']")
    press(page, "Enter")
    tab_to(page, "main a[href^='/petugas/penerimaan/baru/']")
    press(page, "Enter")
    assert page.evaluate("document.activeElement.name") == "channel"
    page.keyboard.type(page.locator("option[value=LETTER]").inner_text())
    assert page.locator("[name=channel]").input_value() == "LETTER"
    tab_to(page, "[name=what]")
    page.keyboard.type("Diminta uang tanpa kuitansi di loket tiga.")
    for name in ("who_unknown", "when_unknown", "where_unknown"):
        tab_to(page, f"[name={name}]")
        page.keyboard.press("Space")
    tab_to(page, "[name=how]")
    page.keyboard.type("Petugas menulis angka di secarik kertas.")
    tab_to(page, "[name=callback]")
    page.keyboard.type("Telepon 0652-555-0199")
    tab_to(page, "[name=complete]")
    page.keyboard.press("ArrowDown")
    tab_to(page, "[name=incomplete]")
    page.keyboard.type("Surat tidak bertanggal.")
    tab_to(page, "main form button[type=submit]:not([name])")
    press(page, "Enter")
    found = text_of(page, "register")
    assert REGISTER.fullmatch(found)
    assert found in page.title()
    return found


def go_on_recording(page: Page, photo: Path) -> None:
    """Steps 5 and 6: employee, correction, evidence, archive, and the number told."""
    unfold(page, "desk_employee")
    tab_to(page, "#desk_employee-employee_name")
    page.keyboard.type("Petugas Loket Tiga")
    choose(page, "#desk_employee-employee_state", "known")
    make(page, "desk_employee")
    unfold(page, "add_data")
    choose(page, "#add_data-nature", "ralat")
    tab_to(page, "#add_data-message")
    page.keyboard.type("Loket empat, bukan tiga.")
    tab_to(page, "#add_data-reason")
    page.keyboard.type("Pengadu menelepon kembali.")
    make(page, "add_data")
    # The choice of a file is the system's own window: what it gives is put in here.
    tab_to(page, "#evidence")
    page.locator("#evidence").set_input_files(photo)
    page.locator("#evidence-list", has_text=photo.name).wait_for(timeout=60_000)
    unfold(page, "set_archive")
    tab_to(page, "#set_archive-archive")
    page.keyboard.type("Lemari 3, map 12")
    make(page, "set_archive")
    unfold(page, "tell_register")
    choose(page, "#tell_register-told", "telepon")
    make(page, "tell_register")


def send_ticket(page: Page, address: str) -> None:
    """Steps 7 to 9: at the complainant's request a ticket goes out, unseen here."""
    unfold(page, "send_ticket")
    tab_to(page, "#send_ticket-email")
    page.keyboard.type(address)
    make(page, "send_ticket")
    assert f"{address[0]}…@…" in matter(page)
    assert address not in page.content()
    assert not TICKET.search(page.content())


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """Return a photograph with a place in its metadata."""
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (5.0, 50.0, 12.0), 3: "E", 4: (95.0, 20.0, 6.0)})
    path = tmp_path / "secarik-kertas.jpg"
    Image.new("RGB", (640, 480), "#b0bec5").save(path, exif=exif)
    return path


def test_manual_reception_by_keys_alone(site: Site, open_page: OpenPage, photo: Path) -> None:
    address = "pelapor.meja@contoh.example"
    page = open_page(viewport={"width": 1280, "height": 720})
    sign_in(page, f"penerima.{SABANG}")
    register = record(page)
    go_on_recording(page, photo)
    assert "Loket empat, bukan tiga." in matter(page)
    send_ticket(page, address)
    make(page, "complete_reception")
    assert "Diminta uang" not in matter(page)
    assert "Loket empat" not in matter(page)
    assert text_of(page, "register") == register

    body = site.mail_to(address).get_content()
    found = TICKET.search(body)
    assert found is not None
    complainant = Complainant(open_page(java_script_enabled=False))
    complainant.track(found.group())
    story = matter(complainant.page)
    assert text_of(complainant.page, "register") == register
    assert "Diminta uang tanpa kuitansi" in story
    assert "Loket empat, bukan tiga." in story
    assert photo.name in story

    verifier = Officer(open_page(), f"verifikator.{SABANG}").sign_in()
    verifier.open(register)
    assert "Petugas Loket Tiga" in matter(verifier.page)
    assert "Telepon 0652-555-0199" in matter(verifier.page)
    assert photo.name in matter(verifier.page)
