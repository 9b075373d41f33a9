"""The ways beside the main one: transfer, refusal, withdrawal, WISE, talking; all without scripts."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.browser.conftest import OpenPage
from tests.browser.people import KI, MALILI, SABANG, Complainant, Officer, matter, text_of
from tests.browser.server import Receipt

pytestmark = [pytest.mark.browser]

MATTER = {"what": "Segel peti kemas rusak sebelum diperiksa.", "how": "Terlihat di gudang.", "office": SABANG}
SignIn = Callable[[str], Officer]


@pytest.fixture
def sign_in(open_page: OpenPage) -> SignIn:
    """Return a function that signs somebody in, in a browser without scripts."""
    return lambda login: Officer(open_page(java_script_enabled=False), login).sign_in()


@pytest.fixture
def complainant(open_page: OpenPage) -> Complainant:
    return Complainant(open_page(java_script_enabled=False))


@pytest.fixture
def receipt(complainant: Complainant) -> Receipt:
    return complainant.file(**MATTER)


def test_a_transferred_case_is_lost_to_the_first_office_and_open_to_the_second(
    complainant: Complainant, receipt: Receipt, sign_in: SignIn
) -> None:
    first, second = sign_in(f"verifikator.{SABANG}"), sign_in(f"verifikator.{MALILI}")
    first.open(receipt.register)
    first.move("take")
    assert second.open(receipt.register) == 404
    first.move("transfer", target=MALILI, reason="Kejadiannya di Malili.")
    assert first.open(receipt.register) == 404
    second.find(receipt.register)
    assert MATTER["what"] in matter(second.page)
    assert "assess" in second.offers()
    complainant.track(receipt.ticket)
    assert text_of(complainant.page, "register") == receipt.register


def test_an_unclear_complaint_ends_with_an_explanation(
    complainant: Complainant, receipt: Receipt, sign_in: SignIn
) -> None:
    verifier = sign_in(f"verifikator.{SABANG}")
    verifier.open(receipt.register)
    verifier.verify("T1", "bmn")
    verifier.move("not_actionable", reason="A", explanation="Peti mana yang dimaksud tidak dapat diketahui.")
    complainant.track(receipt.ticket)
    assert "Peti mana yang dimaksud tidak dapat diketahui." in matter(complainant.page)
    assert complainant.page.locator("[name=act][value=withdraw]").count() == 0


def test_a_complaint_is_withdrawn_only_after_a_second_yes(
    complainant: Complainant, receipt: Receipt, sign_in: SignIn
) -> None:
    received = complainant.track(receipt.ticket)
    complainant.act("withdraw")
    complainant.act("refresh")
    assert text_of(complainant.page, "status") == received
    complainant.act("withdraw")
    complainant.page.locator("[name=message]").fill("Sudah selesai di loket.")
    complainant.act("confirm-withdraw")
    assert text_of(complainant.page, "status") != received
    verifier = sign_in(f"verifikator.{SABANG}")
    verifier.open(receipt.register)
    assert "Sudah selesai di loket." in matter(verifier.page)
    assert "take" not in verifier.offers()


def test_the_pyb_forwards_to_wise_and_records_the_register_given_there(
    complainant: Complainant, receipt: Receipt, sign_in: SignIn
) -> None:
    verifier, pyb = sign_in(f"verifikator.{SABANG}"), sign_in(f"pyb.{KI}")
    verifier.open(receipt.register)
    verifier.verify("T1", "bmn")
    verifier.move("route_pyb")
    pyb.find(receipt.register)
    pyb.move("forward_wise", ground="UNRELATED", reason="Bukan tugas bea cukai.")
    forwarded = complainant.track(receipt.ticket)
    pyb.open(receipt.register)
    pyb.move(
        "record_wise", external_register="WISE-77-2026", external_date=datetime.now(tz=UTC).date().isoformat()
    )
    assert "WISE-77-2026" in matter(pyb.page)
    assert complainant.track(receipt.ticket) == forwarded
    assert complainant.page.locator("[name=act][value=withdraw]").count() == 0


def test_messages_go_both_ways_and_an_internal_note_goes_to_nobody_outside(
    complainant: Complainant, receipt: Receipt, sign_in: SignIn
) -> None:
    verifier = sign_in(f"verifikator.{SABANG}")
    verifier.open(receipt.register)
    verifier.move("take")
    verifier.move("message", message="Gudang yang mana?")
    verifier.move("note", note="Cocokkan dengan laporan jaga.")
    assert "Cocokkan dengan laporan jaga." in matter(verifier.page)
    complainant.track(receipt.ticket)
    assert "Gudang yang mana?" in matter(complainant.page)
    assert "Cocokkan dengan laporan jaga." not in complainant.page.content()
    complainant.write("Gudang nomor tiga.")
    assert "Gudang nomor tiga." in matter(complainant.page)
    verifier.open(receipt.register)
    assert "Gudang nomor tiga." in matter(verifier.page)


def test_a_name_is_sealed_unless_the_complainant_opens_it_to_the_compliance_unit(
    complainant: Complainant, sign_in: SignIn
) -> None:
    known = {"name": "Warga Penguji", "address": "Jalan Contoh 7"}
    sealed = complainant.file(**MATTER, **known)
    opened = complainant.file(**MATTER, **known, callback="Telepon sore hari.", disclose="on")
    verifier = sign_in(f"verifikator.{SABANG}")
    verifier.open(sealed.register)
    assert "Warga Penguji" not in verifier.page.content()
    verifier.open(opened.register)
    assert "Warga Penguji" in matter(verifier.page)
    assert "Telepon sore hari." in matter(verifier.page)


def test_a_case_out_of_reach_is_not_to_be_told_from_one_that_does_not_exist(
    receipt: Receipt, sign_in: SignIn
) -> None:
    stranger = sign_in(f"verifikator.{MALILI}")
    assert stranger.open(receipt.register) == 404
    there = matter(stranger.page)
    assert stranger.open(f"{SABANG}-2026-999999") == 404
    assert matter(stranger.page) == there
