"""What a complainant meets on the way: two languages, ticket mail, the back button, impatience."""

import re
from email.message import EmailMessage
from secrets import token_hex

import pytest

from tests.browser.conftest import OpenPage
from tests.browser.people import (
    SABANG,
    Complainant,
    fill,
    matter,
    primary,
    replace_hidden,
    submit,
    text_of,
)
from tests.browser.server import Site

pytestmark = [pytest.mark.browser]

MATTER = {"what": "Kuitansi tidak diberikan.", "how": "Saya minta dua kali.", "office": SABANG}
TICKET = re.compile(r"[0-9A-Z]{4}(?:[- ][0-9A-Z]{4}){5}")


def ticket_in(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    found = TICKET.search(body.get_content())
    assert found is not None
    return found.group()


def test_the_ticket_in_the_mail_tracks_the_complaint_that_was_filed(open_page: OpenPage, site: Site) -> None:
    address = f"warga-{token_hex(4)}@contoh.example"
    complainant = Complainant(open_page(java_script_enabled=False))
    receipt = complainant.file(**MATTER, email=address)
    mailed = ticket_in(site.mail_to(address))
    assert mailed.replace(" ", "-") == receipt.ticket
    complainant.track(mailed)
    assert text_of(complainant.page, "register") == receipt.register


def test_a_ticket_is_taken_in_small_letters_with_spaces_or_without(open_page: OpenPage, site: Site) -> None:
    complainant = Complainant(open_page(java_script_enabled=False))
    sample = site.sample("tarif-pipa")
    for typed in (sample.ticket.lower(), sample.ticket.replace("-", ""), sample.ticket.replace("-", " ")):
        complainant.track(typed)
        assert text_of(complainant.page, "register") == sample.register


def test_the_english_pages_stay_english_from_the_form_to_the_withdrawal(
    open_either: OpenPage,
) -> None:
    complainant = Complainant(open_either(), root="/en/")
    page = complainant.page
    receipt = complainant.file(**MATTER, category="lain")
    assert complainant.track(receipt.ticket) == "Received"
    complainant.write("No receipt was given on Monday either.")
    assert "No receipt was given on Monday either." in matter(page)
    complainant.act("withdraw")
    complainant.act("confirm-withdraw")
    assert text_of(page, "status") == "Withdrawn by you"
    assert page.locator("html").get_attribute("lang") == "en"
    assert "/en/" in page.url


def test_every_page_leads_to_itself_in_the_other_language(open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    for path in (
        "",
        "lapor/",
        "lacak/",
        "saluran/",
        "cara-kerja/",
        "privasi/",
        "prosedur/",
        "petugas/masuk/",
    ):
        page.goto(f"/{path}")
        assert page.locator("html").get_attribute("lang") == "id"
        submit(page, page.locator(".languages a[lang=en]"))
        assert page.url.endswith(f"/en/{path}")
        assert page.locator("html").get_attribute("lang") == "en"


def test_the_pages_own_back_button_brings_every_answer_back(open_page: OpenPage) -> None:
    complainant = Complainant(open_page(java_script_enabled=False))
    page = complainant.page
    complainant.start()
    complainant.answer(what=MATTER["what"], how=MATTER["how"])
    complainant.answer(office=SABANG, who="Petugas loket.")
    fill(page.locator("main form"), {"name": "Warga"})
    submit(page, page.locator("button[name=go][value='2']"))
    assert page.locator("[name=who]").input_value() == "Petugas loket."
    submit(page, page.locator("button[name=go][value='1']"))
    assert page.locator("[name=what]").input_value() == MATTER["what"]
    complainant.answer(what="Kuitansi tidak diberikan lagi.")
    complainant.answer()
    assert page.locator("[name=name]").input_value() == "Warga"


def test_an_answer_is_changed_from_the_review_and_the_review_comes_back(open_page: OpenPage) -> None:
    complainant = Complainant(open_page(java_script_enabled=False))
    page = complainant.page
    complainant.review(**MATTER, who="Petugas loket.")
    submit(page, page.locator("button[name=go][value='2']").first)
    assert page.locator("[name=who]").input_value() == "Petugas loket."
    complainant.answer(who="Petugas loket dua.")
    assert "Petugas loket dua." in matter(page)
    assert complainant.send().ticket


def test_reloading_the_ticket_page_makes_no_second_case(open_page: OpenPage) -> None:
    complainant = Complainant(open_page())
    receipt = complainant.file(**MATTER)
    complainant.page.reload()
    assert complainant.receipt() == receipt


def test_sending_again_from_a_page_that_stayed_open_shows_the_same_ticket(open_page: OpenPage) -> None:
    complainant = Complainant(open_page())
    page = complainant.page
    complainant.review(**MATTER)
    draft = page.locator("[name=draft]").first.input_value()
    receipt = complainant.send()
    page.goto("/lapor/")
    replace_hidden(page, "draft", draft)
    replace_hidden(page, "step", "4")
    assert complainant.send() == receipt


def test_a_double_click_on_send_makes_one_case(open_page: OpenPage) -> None:
    complainant = Complainant(open_page())
    page = complainant.page
    before = complainant.file(**MATTER).register
    complainant.review(**MATTER)
    # The second click breaks the first navigation off, so it is the page that is waited for.
    primary(page).dblclick(no_wait_after=True)
    page.locator("#ticket").wait_for()
    receipt = complainant.receipt()
    complainant.track(receipt.ticket)
    assert text_of(page, "register") == receipt.register
    after = complainant.file(**MATTER).register
    assert [int(register[-6:]) for register in (receipt.register, after)] == [
        int(before[-6:]) + 1, int(before[-6:]) + 2
    ]  # fmt: skip


def test_an_office_is_found_by_its_town_and_a_doubtful_one_is_chosen_from_a_list(open_page: OpenPage) -> None:
    complainant = Complainant(open_page(java_script_enabled=False))
    page = complainant.page
    complainant.start()
    complainant.answer(what=MATTER["what"], how=MATTER["how"])
    complainant.answer(office="Aceh")
    offered = page.locator("[name=office][type=radio]")
    assert offered.count() > 2
    complainant.answer(office=offered.first.get_attribute("value") or "")
    complainant.answer()
    receipt = complainant.send()
    assert receipt.ticket
