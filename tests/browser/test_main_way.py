"""The main way of a complaint through all offices, as people walk it through the pages."""

import re
from datetime import date, timedelta

import pytest

from tests.browser.conftest import OpenPage
from tests.browser.people import ACEH, KI, SABANG, STUDY, Complainant, Officer, matter, text_of

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

TICKET = re.compile(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){5}")
WHAT = "Petugas di dermaga meminta uang sebelum memeriksa barang."
FILED = {
    "what": WHAT,
    "how": "Ia menulis jumlahnya di kertas, lalu menyobeknya.",
    "who": "Petugas bertopi biru.",
    "when": "Senin pagi.",
    "where": "Dermaga dua.",
    "office": SABANG,
}


def test_a_complaint_of_abuse_goes_from_the_form_to_the_answer(open_page: OpenPage, scripts: bool) -> None:
    def officer(login: str) -> Officer:
        return Officer(open_page(java_script_enabled=scripts), login).sign_in()

    complainant = Complainant(open_page(java_script_enabled=scripts))
    receipt = complainant.file(**FILED, category="pungli")
    assert TICKET.fullmatch(receipt.ticket)
    assert receipt.register.startswith(f"{SABANG}-")
    received = complainant.track(receipt.ticket)
    assert text_of(complainant.page, "register") == receipt.register

    verifier = officer(f"verifikator.{SABANG}")
    verifier.find(receipt.register)
    assert WHAT in matter(verifier.page)
    verifier.verify("T1", "pungli")
    verifier.move("request_data", question="Berapa jumlah yang diminta?")
    assert complainant.track(receipt.ticket) != received
    assert "Berapa jumlah yang diminta?" in matter(complainant.page)
    complainant.write("Lima puluh ribu.")

    verifier.find(receipt.register)
    assert "Lima puluh ribu." in matter(verifier.page)
    verifier.move("route_pyb", finding="Jelas dan cukup.")

    pyb = officer(f"pyb.{KI}")
    pyb.find(receipt.register)
    assert "Jelas dan cukup." in matter(pyb.page)
    pyb.move("dispose", target=ACEH, instruction="Kaji dalam dua minggu.")

    assessor, head = officer(f"pengkaji.{ACEH}"), officer(f"kepala-uki.{ACEH}")
    assessor.find(receipt.register)
    assert "Kaji dalam dua minggu." in matter(assessor.page)
    assessor.move("submit_study", **STUDY)
    head.find(receipt.register)
    head.move("approve_study")

    due = (date.today() + timedelta(days=9)).isoformat()
    assessor.find(receipt.register)
    assessor.move(
        "add_follow_up", follow_up_kind="pemeriksaan", executor=SABANG, follow_up_due=due,
        instruction="Periksa daftar jaga minggu itu.",
    )  # fmt: skip

    unit = officer(f"pengkaji-unit.{SABANG}")
    unit.find(receipt.register)
    assert "Periksa daftar jaga minggu itu." in matter(unit.page)
    assert WHAT not in matter(unit.page)
    task = unit.form("report_follow_up").locator("[name=follow_up] option[value]:not([value=''])")
    unit.move("report_follow_up", follow_up=task.get_attribute("value") or "", result="Daftar jaga cocok.")

    assessor.find(receipt.register)
    assert "Daftar jaga cocok." in matter(assessor.page)
    assessor.move("close_follow_up", outcome="terbukti", answer="Laporan Anda terbukti. Terima kasih.")
    complainant.track(receipt.ticket)
    assert "Laporan Anda terbukti. Terima kasih." in matter(complainant.page)
    assert "Daftar jaga cocok." not in matter(complainant.page)


def test_a_unit_answers_what_was_referred_to_it_and_reads_nothing_else(
    open_page: OpenPage, scripts: bool
) -> None:
    complainant = Complainant(open_page(java_script_enabled=scripts))
    receipt = complainant.file(**FILED, category="waktu")

    verifier = Officer(open_page(java_script_enabled=scripts), f"verifikator.{SABANG}").sign_in()
    verifier.find(receipt.register)
    verifier.verify("T2a", "waktu")
    verifier.move("route_unit", unit=SABANG, referral="Antrean di dermaga dikeluhkan.")

    unit = Officer(open_page(java_script_enabled=scripts), f"pengkaji-unit.{SABANG}").sign_in()
    unit.find(receipt.register)
    assert "Antrean di dermaga dikeluhkan." in matter(unit.page)
    for words in (WHAT, FILED["how"], FILED["who"], FILED["when"]):
        assert words not in matter(unit.page)
    unit.move("close_assessment", outcome="terjawab", answer="Petugas jaga ditambah mulai pekan depan.")

    complainant.track(receipt.ticket)
    assert "Petugas jaga ditambah mulai pekan depan." in matter(complainant.page)
    assert "Antrean di dermaga dikeluhkan." not in matter(complainant.page)
