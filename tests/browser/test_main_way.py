"""The main way of a complaint through all offices, as people walk it through the pages."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.browser.conftest import OpenPage
from tests.browser.people import ACEH, KI, SABANG, STUDY, Complainant, Officer, matter, text_of

pytestmark = [pytest.mark.browser]

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
SignIn = Callable[[str], Officer]


@pytest.fixture
def sign_in(open_either: OpenPage) -> SignIn:
    return lambda login: Officer(open_either(), login).sign_in()


@pytest.fixture
def complainant(open_either: OpenPage) -> Complainant:
    return Complainant(open_either())


def verify(complainant: Complainant, ticket: str, register: str, verifier: Officer) -> None:
    """Take and assess the case, ask a question, have it answered, send the case to the PYB."""
    received = complainant.track(ticket)
    verifier.find(register)
    assert WHAT in matter(verifier.page)
    verifier.verify("T1", "pungli")
    verifier.move("request_data", question="Berapa jumlah yang diminta?")
    assert complainant.track(ticket) != received
    assert "Berapa jumlah yang diminta?" in matter(complainant.page)
    complainant.write("Lima puluh ribu.")
    verifier.find(register)
    assert "Lima puluh ribu." in matter(verifier.page)
    verifier.move("route_pyb", finding="Jelas dan cukup.")


def dispose(register: str, pyb: Officer) -> None:
    pyb.find(register)
    assert "Jelas dan cukup." in matter(pyb.page)
    pyb.move("dispose", target=ACEH, instruction="Kaji dalam dua minggu.")


def study(register: str, assessor: Officer, head: Officer) -> None:
    """Write the study and have it approved, then give the unit of Sabang something to do."""
    assessor.find(register)
    assert "Kaji dalam dua minggu." in matter(assessor.page)
    assessor.move("submit_study", **STUDY)
    head.find(register)
    head.move("approve_study")
    due = datetime.now(tz=UTC).date() + timedelta(days=9)
    assessor.find(register)
    assessor.move(
        "add_follow_up",
        follow_up_kind="pemeriksaan",
        executor=SABANG,
        follow_up_due=due.isoformat(),
        instruction="Periksa daftar jaga minggu itu.",
    )


def report(register: str, unit: Officer) -> None:
    """Do what was asked, knowing nothing but that."""
    unit.find(register)
    assert "Periksa daftar jaga minggu itu." in matter(unit.page)
    assert WHAT not in matter(unit.page)
    task = unit.form("report_follow_up").locator("[name=follow_up] option:not([value=''])")
    unit.move("report_follow_up", follow_up=task.get_attribute("value") or "", result="Daftar jaga cocok.")


def test_a_complaint_of_abuse_goes_from_the_form_to_the_answer(
    complainant: Complainant, sign_in: SignIn
) -> None:
    receipt = complainant.file(**FILED, category="pungli")
    ticket, register = receipt.ticket, receipt.register
    assert TICKET.fullmatch(ticket)
    assert register.startswith(f"{SABANG}-")
    verify(complainant, ticket, register, sign_in(f"verifikator.{SABANG}"))
    dispose(register, sign_in(f"pyb.{KI}"))
    assessor = sign_in(f"pengkaji.{ACEH}")
    study(register, assessor, sign_in(f"kepala-uki.{ACEH}"))
    report(register, sign_in(f"pengkaji-unit.{SABANG}"))
    assessor.find(register)
    assert "Daftar jaga cocok." in matter(assessor.page)
    assessor.move("close_follow_up", outcome="terbukti", answer="Laporan Anda terbukti. Terima kasih.")
    complainant.track(ticket)
    assert text_of(complainant.page, "register") == register
    assert "Laporan Anda terbukti. Terima kasih." in matter(complainant.page)
    assert "Daftar jaga cocok." not in matter(complainant.page)


def test_a_unit_answers_what_was_referred_to_it_and_reads_nothing_else(
    complainant: Complainant, sign_in: SignIn
) -> None:
    receipt = complainant.file(**FILED, category="waktu")
    verifier, unit = sign_in(f"verifikator.{SABANG}"), sign_in(f"pengkaji-unit.{SABANG}")
    verifier.find(receipt.register)
    verifier.verify("T2a", "waktu")
    verifier.move("route_unit", unit=SABANG, referral="Antrean di dermaga dikeluhkan.")
    unit.find(receipt.register)
    assert "Antrean di dermaga dikeluhkan." in matter(unit.page)
    for words in (WHAT, FILED["how"], FILED["who"], FILED["when"]):
        assert words not in unit.page.content()
    unit.move("close_assessment", outcome="terjawab", answer="Petugas jaga ditambah mulai pekan depan.")
    complainant.track(receipt.ticket)
    assert "Petugas jaga ditambah mulai pekan depan." in matter(complainant.page)
    assert "Antrean di dermaga dikeluhkan." not in matter(complainant.page)
