"""Every staff page and its error states, looked at by axe and by measure, on a phone and at a desk."""

import pytest

from tests.browser.conftest import OpenPage
from tests.browser.looks import flaws
from tests.browser.people import KI, MALILI, SABANG, Complainant, Officer, fill, primary, submit
from tests.browser.server import Site

pytestmark = [pytest.mark.browser, pytest.mark.looks]

# fmt: off
OUTSIDE = {
    "sign-in":        "/petugas/masuk/",
    "sign-in-en":     "/en/petugas/masuk/",
    "sign-in-help":   "/petugas/bantuan/",
    "recover":        "/petugas/pemulihan/",
    "link-used":      "/petugas/gabung/sudah-dipakai/",
    "staff-nowhere":  "/petugas/tidak-ada/",
}
INSIDE = {
    "queue":          "/petugas/",
    "queue-all":      "/petugas/?scope=all",
    "queue-nothing":  "/petugas/?state=DITARIK",
    "queue-wrong":    "/petugas/?state=TIDAK_ADA",
    "reception":      "/petugas/penerimaan/",
    "register-book":  "/petugas/penerimaan/buku/",
    "book-printed":   "/petugas/penerimaan/buku/?print=1",
    "reception-work": "/petugas/penerimaan/laporan/",
    "channels":       "/petugas/saluran/",
    "team":           "/petugas/tim/",
    "account":        "/petugas/akun/",
    "sign-out":       "/petugas/keluar/",
    "case-elsewhere": "/petugas/kasus/110000-2026-000001/",
}
# Who looks at which sample.
CASES = {
    "staff-case-received":   (f"verifikator.{SABANG}",   "kiriman-ditahan-sebulan"),
    "staff-case-taken":      (f"verifikator.{SABANG}",   "sikap-kasar-di-loket"),
    "staff-case-long":       (f"verifikator.{MALILI}",   "laporan-sangat-panjang"),
    "staff-case-pyb":        (f"pyb.{KI}",               "jalur-merah-minta-pelicin"),
    "staff-case-study":      ("kepala-uki.130000",       "foto-dokumen-bocor"),
    "staff-case-assessor":   ("pengkaji.130000",         "mobil-dinas-ke-pantai"),
    "staff-case-unit":       (f"pengkaji-unit.{SABANG}", "kursi-roda"),
    "staff-case-closed":     (f"verifikator.{SABANG}",   "antrean-sejak-subuh"),
}
# fmt: on
UNFOLD = "document.querySelectorAll('details').forEach(one => one.open = true)"


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_page_before_the_door_has_no_barrier(open_page: OpenPage, name: str) -> None:
    page = open_page()
    page.goto(OUTSIDE[name])
    assert flaws(page, name) == []


def test_pages_of_the_workspace_have_no_barrier(open_page: OpenPage) -> None:
    page = open_page()
    Officer(page, f"verifikator.{SABANG}").sign_in()
    found = []
    for name, path in INSIDE.items():
        page.goto(path)
        found += flaws(page, name)
    assert found == []


@pytest.mark.parametrize("name", CASES)
def test_a_case_with_every_form_unfolded_has_no_barrier(open_page: OpenPage, site: Site, name: str) -> None:
    login, sample = CASES[name]
    officer = Officer(open_page(), login).sign_in()
    assert officer.open(site.sample(sample).register) == 200
    officer.page.evaluate(UNFOLD)
    assert flaws(officer.page, name) == []


def test_signing_in_wrongly_says_so_without_a_barrier(open_page: OpenPage) -> None:
    officer = Officer(open_page(), f"verifikator.{SABANG}")
    officer.page.goto("/petugas/masuk/")
    submit(officer.page, primary(officer.page))
    assert flaws(officer.page, "sign-in-empty") == []
    officer.give_password("bukan-sandi-ini")
    assert officer.page.locator(".govuk-error-summary").count() == 1
    assert flaws(officer.page, "sign-in-wrong") == []


@pytest.mark.parametrize("path", ["/petugas/akun/", "/petugas/pemulihan/"])
def test_a_password_form_sent_empty_says_what_is_missing(open_page: OpenPage, path: str) -> None:
    page = open_page()
    Officer(page, f"verifikator.{SABANG}").sign_in()
    page.goto(path)
    submit(page, primary(page))
    assert page.locator(".govuk-error-summary a").count() >= 3
    assert flaws(page, path.strip("/").replace("/", "-") + "-error") == []


def test_a_refused_move_keeps_what_was_typed_and_has_no_barrier(open_page: OpenPage) -> None:
    receipt = Complainant(open_page()).file(what="Kuitansi.", how="Di loket.", office=SABANG)
    officer = Officer(open_page(), f"verifikator.{SABANG}").sign_in()
    page = officer.page
    officer.open(receipt.register)
    officer.move("take")
    assert flaws(page, "staff-case-saved") == []
    officer.move("transfer", target=SABANG, reason="Bukan di sini.")
    assert page.locator(".govuk-error-summary").count() == 1
    assert officer.form("transfer").locator("[name=reason]").input_value() == "Bukan di sini."
    assert flaws(page, "staff-case-refused") == []
    officer.move("request_data")
    assert flaws(page, "staff-case-empty") == []


def test_a_move_that_somebody_else_made_first_is_refused_with_the_text_kept(open_page: OpenPage) -> None:
    receipt = Complainant(open_page()).file(what="Kuitansi.", how="Di loket.", office=SABANG)
    first = Officer(open_page(), f"verifikator.{SABANG}").sign_in()
    second = Officer(open_page(), f"kepala-uki.{SABANG}").sign_in()
    first.open(receipt.register)
    first.move("take")
    second.open(receipt.register)
    assert "request_data" in second.offers()
    button = second.type_in("request_data", question="Jam berapa kejadiannya?")
    first.move("request_data", question="Hari apa kejadiannya?")
    submit(second.page, button)
    assert "Jam berapa kejadiannya?" in second.page.locator(".govuk-error-summary").inner_text()
    assert flaws(second.page, "staff-case-too-late") == []


def test_a_form_without_its_cookie_has_expired(open_page: OpenPage) -> None:
    officer = Officer(open_page(), f"verifikator.{SABANG}").sign_in()
    officer.page.goto("/petugas/akun/")
    officer.page.context.clear_cookies(name="sipuma_csrf")
    with officer.page.expect_navigation() as answer:
        primary(officer.page).click()
    assert answer.value.status == 403
    assert flaws(officer.page, "staff-expired-form") == []


def test_a_newcomer_joins_by_the_link_and_is_let_in_by_a_colleague(open_page: OpenPage, site: Site) -> None:
    printed = site.sipuma(
        "member", "add", "pengganti", "--name", "Verifikator Pengganti", "--office", SABANG,
        "--role", "verifikator",
    )  # fmt: skip
    link = next(word for word in printed.split() if word.startswith("http"))
    newcomer = Officer(open_page(), "pengganti")
    page, password, found = newcomer.page, "empat kata yang panjang", []
    page.goto(link)
    submit(page, primary(page))
    found += flaws(page, "join-error")
    fill(page.locator("main form").first, {"password": password, "again": password})
    submit(page, primary(page))
    code = page.locator("#key-code").inner_text()
    found += flaws(page, "joined")
    page.goto("/petugas/masuk/")
    newcomer.give_password(password)
    found += flaws(page, "queue-outside")
    page.goto("/petugas/tim/")
    found += flaws(page, "team-outside")

    colleague = Officer(open_page(), f"verifikator.{SABANG}").sign_in()
    colleague.page.goto("/petugas/tim/")
    assert code in colleague.page.locator("main").inner_text()
    found += flaws(colleague.page, "team-somebody-waits")
    submit(colleague.page, colleague.page.locator("button[name=place]").first)
    page.goto("/petugas/")
    assert page.locator(".queue tbody tr").count() > 0
    assert found == []
