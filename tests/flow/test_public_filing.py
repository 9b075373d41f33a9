"""Writing, checking and sending a complaint without account, cookie or script."""

import gzip
import re
import time
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from sipuma import safe, vault
from sipuma.cases.models import Case, Entry
from sipuma.cases.models import Ticket as StoredTicket
from sipuma.cases.tickets import find_by_text
from sipuma.complaints.tracking import Tracked
from sipuma.offices.models import Office
from sipuma.outbox.models import Message
from sipuma.public import filing_pages
from sipuma.public.draft import open_draft
from tests.flow.limits import limited
from tests.flow.pages import Page
from tests.world import KI, SABANG, World

MATTER = {"what": "Petugas meminta uang di loket.", "how": "Lisan, di depan dua orang."}
CIRCUMSTANCES = {"who": "Petugas loket 3", "when": "10 Maret 2026", "where": "Pelabuhan", "office": SABANG}
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def visitor(world: World, client: Client) -> "Visitor":
    return Visitor(client)


class Visitor:
    """Somebody with a browser that runs no script: goes from page to page by the primary button."""

    def __init__(self, client: Client, language: str = "en") -> None:
        self.client = client
        self.address = "/en/lapor/" if language == "en" else "/lapor/"
        self.page = Page("")

    def begin(self, query: str = "") -> "Visitor":
        self.page = Page(self.client.get(self.address + query).content.decode())
        return self

    def send(self, status: int = 200, /, **answers: str) -> "Visitor":
        """Fill in the page's form and press its primary button; «go» presses another."""
        data = self.page.form("draft").filled(**answers)
        response = self.client.post(self.address, data)
        assert response.status_code == status
        self.page = Page(response.content.decode())
        return self

    def to_review(self, **answers: str) -> "Visitor":
        given = MATTER | CIRCUMSTANCES | answers
        self.begin()
        for _page in range(3):
            names = self.page.form("draft").names
            self.send(**{name: text for name, text in given.items() if name in names})
        return self

    @property
    def ticket(self) -> str:
        return self.page.by_id["ticket"]

    @property
    def register(self) -> str:
        return self.page.by_id["register"]


def test_a_complaint_is_filed_through_four_pages_by_their_primary_buttons(visitor: Visitor) -> None:
    visitor.to_review(name="Pengadu", email="pengadu@surat.example", disclose="on").send()
    case = Case.objects.get()
    assert visitor.register == case.register
    assert case.office_id == SABANG
    assert case.channel == "WEB"
    assert re.fullmatch(r"([0-9A-Z]{4}-){5}[0-9A-Z]{4}", visitor.ticket)
    holder = find_by_text(visitor.ticket)
    assert holder is not None
    texts = MATTER | {name: CIRCUMSTANCES[name] for name in ("who", "when", "where")}
    assert Tracked(holder).matter == texts | {"category": ""}


def test_only_what_and_how_have_to_be_filled(visitor: Visitor) -> None:
    visitor.begin().send(**MATTER).send().send().send()
    assert visitor.ticket
    assert Case.objects.get().office_id == KI


def test_each_form_has_its_primary_button_first(visitor: Visitor) -> None:
    visitor.begin()
    assert visitor.page.form("draft").buttons == [("", "")]
    visitor.send(**MATTER)
    assert visitor.page.form("draft").buttons == [("", ""), ("go", "1")]
    visitor.send()
    assert visitor.page.form("draft").buttons == [("", ""), ("go", "2")]
    visitor.send()
    assert visitor.page.form("draft").buttons == [("", ""), ("go", "4")]


def test_progress_says_which_of_four_pages_this_is(visitor: Visitor) -> None:
    visitor.begin()
    assert "Step 1 of 4" in visitor.page.text
    assert "Step 2 of 4" in visitor.send(**MATTER).page.text


def test_looking_at_the_form_stores_nothing(
    visitor: Visitor, django_assert_num_queries: Callable[[int], CaptureQueriesContext]
) -> None:
    with django_assert_num_queries(0):
        visitor.begin()
    assert not Case.objects.exists()


def test_nothing_is_stored_before_the_complaint_is_sent(visitor: Visitor) -> None:
    visitor.to_review(name="Pengadu")
    assert not Case.objects.exists()
    assert not StoredTicket.objects.exists()
    assert not Message.objects.exists()


def test_an_empty_page_says_what_to_write(visitor: Visitor) -> None:
    visitor.begin().send(what=" ", how="")
    assert "Write what happened. One sentence is enough." in visitor.page.text
    assert "Write how it happened. One sentence is enough." in visitor.page.text


def test_a_text_that_is_too_long_is_kept_and_said_to_be(visitor: Visitor) -> None:
    long = "a" * 10_001
    visitor.begin().send(what=long, how="Begitu.")
    assert "Shorten this to 10000 characters. It has 10001 now." in visitor.page.text
    assert visitor.page.form("draft").values["what"] == long


@pytest.mark.parametrize(
    ("step", "field", "limit"),
    [
        *((2, name, 2000) for name in ("who", "when", "where")),
        (2, "office", 200),
        *((3, name, 500) for name in ("address", "callback")),
        *((3, "name", 200), (3, "email", 254), (3, "phone", 40)),
    ],
)
def test_every_field_has_its_own_limit(visitor: Visitor, step: int, field: str, limit: int) -> None:
    visitor.begin().send(**MATTER)
    for _page in range(step - 2):
        visitor.send()
    visitor.send(**{field: "x" * (limit + 1)})
    assert f"Shorten this to {limit} characters. It has {limit + 1} now." in visitor.page.text


def test_a_text_of_ten_thousand_emoji_is_filed_whole(visitor: Visitor) -> None:
    visitor.to_review(what="😡" * 10_000).send()
    holder = find_by_text(visitor.ticket)
    assert holder is not None
    assert Tracked(holder).matter["what"] == "😡" * 10_000


def test_going_back_keeps_what_is_being_typed(visitor: Visitor) -> None:
    visitor.begin().send(**MATTER).send(who="Petugas loket", go="1")
    assert visitor.page.form("draft").values["what"] == MATTER["what"]
    visitor.send()
    assert visitor.page.form("draft").values["who"] == "Petugas loket"


def test_a_text_too_long_to_be_carried_along_keeps_the_person_on_its_page(visitor: Visitor) -> None:
    visitor.begin().send(**MATTER).send(who="x" * 2001, go="1")
    assert "Shorten this to 2000 characters" in visitor.page.text
    assert visitor.page.form("draft").values["who"] == "x" * 2001


def test_the_review_shows_every_answer_with_a_way_to_change_it(visitor: Visitor) -> None:
    visitor.to_review(name="Pengadu", conflict="no")
    for text in (*MATTER.values(), "Petugas loket 3", "Pengadu", "C Sabang", "No, or I don’t know"):
        assert text in visitor.page.text
    assert "Not filled in" in visitor.page.text


def test_changing_one_answer_leads_back_to_the_review(visitor: Visitor) -> None:
    visitor.to_review().send(go="2")
    assert visitor.page.form("draft").values["office"].endswith("Sabang")
    visitor.send(who="Orang lain")
    assert "Check and send" in visitor.page.text
    assert "Orang lain" in visitor.page.text


def test_the_portal_is_recorded_as_channel(visitor: Visitor) -> None:
    visitor.begin("?channel=portal").send(**MATTER).send().send().send()
    assert Case.objects.get().channel == "PORTAL"


def test_any_other_channel_in_the_address_counts_as_the_website(visitor: Visitor) -> None:
    visitor.begin("?channel=HELPDESK").send(**MATTER).send().send().send()
    assert Case.objects.get().channel == "WEB"


class TestOffice:
    """Which office is meant."""

    def on_page_two(self, visitor: Visitor, office: str) -> Page:
        return visitor.begin().send(**MATTER).send(office=office).page

    @pytest.mark.parametrize("text", ["Sabang", "130300", "KPPBC Sabang", "bea cukai  SABANG"])
    def test_a_clear_name_or_code_is_taken(self, visitor: Visitor, text: str) -> None:
        self.on_page_two(visitor, text)
        assert "C Sabang" in visitor.send().page.text

    def test_several_offices_are_offered_as_one_choice_of_codes(self, visitor: Visitor) -> None:
        page = self.on_page_two(visitor, "Medan")
        choices = page.form("office").choices["office"]
        assert {"010800", "010700", "010000", "011600"} <= set(choices)
        assert len(choices) <= 13
        assert choices[-1] == "tidak tahu"
        assert "office" not in page.form("draft").values
        assert "Choose the office that you mean." in page.text

    def test_choosing_one_goes_on(self, visitor: Visitor) -> None:
        self.on_page_two(visitor, "Medan")
        assert "Belawan" in visitor.send(office="010700").send().page.text

    def test_choosing_none_asks_again(self, visitor: Visitor) -> None:
        self.on_page_two(visitor, "Medan")
        page = visitor.send().page
        assert "Choose the office that you mean." in page.text
        assert "010700" in page.form("office").choices["office"]

    def test_typing_it_again_is_one_button_away(self, visitor: Visitor) -> None:
        page = self.on_page_two(visitor, "Medan")
        assert page.form("draft").buttons[:2] == [("", ""), ("go", "2")]
        assert visitor.send(go="2").page.form("draft").values["office"] == "Medan"

    def test_a_list_is_never_longer_than_twelve_offices(self, visitor: Visitor) -> None:
        page = self.on_page_two(visitor, "Papua")
        assert len(page.form("office").choices["office"]) <= 13

    def test_too_many_offices_ask_for_the_town(self, visitor: Visitor) -> None:
        page = self.on_page_two(visitor, "Jakarta")
        assert len(page.form("office").choices["office"]) == 13
        assert "type it again with the name of the town" in page.text

    def test_an_unknown_name_is_kept_and_said_to_be_unknown(self, visitor: Visitor) -> None:
        page = self.on_page_two(visitor, "Atlantis")
        assert "We know no customs office by this name." in page.text
        assert page.form("draft").values["office"] == "Atlantis"

    @pytest.mark.parametrize("text", ["", "tidak tahu", "Tidak Tahu.", "-"])
    def test_not_knowing_it_sends_the_complaint_to_internal_compliance(
        self, visitor: Visitor, text: str
    ) -> None:
        self.on_page_two(visitor, text)
        visitor.send().send()
        assert Case.objects.get().office_id == KI

    def test_a_conflict_of_interest_goes_to_the_office_above(self, visitor: Visitor) -> None:
        visitor.to_review(conflict="yes")
        assert "Kantor Wilayah DJBC Aceh" in visitor.page.text
        visitor.send()
        assert Case.objects.get().office_id == "130000"


class TestContacts:
    """Where the ticket goes besides the screen."""

    def test_valid_contacts_get_the_ticket_and_are_shown_masked(self, visitor: Visitor) -> None:
        visitor.to_review(email="pengadu@surat.example", phone="0812-3456-7890")
        for page in (visitor.page, visitor.send().page):
            assert "p…@…" in page.text
            assert "…90" in page.text
        assert "pengadu@surat.example" not in visitor.page.text
        channels = Message.objects.filter(template="ticket").values_list("channel", flat=True)
        assert sorted(channels) == ["email", "sms"]

    def test_contacts_that_can_get_no_ticket_are_accepted_and_named(self, visitor: Visitor) -> None:
        visitor.to_review(email="bukan alamat", phone="0652 21105")
        for page in (visitor.page, visitor.send().page):
            assert "No ticket can go to the e-mail address you gave" in page.text
            assert "No ticket can go to the number you gave" in page.text
        assert Case.objects.count() == 1
        assert not Message.objects.filter(template="ticket").exists()


class TestSentTwice:
    """A form that is sent more than once."""

    def test_the_same_ticket_page_and_one_case(self, visitor: Visitor) -> None:
        review = visitor.to_review().page
        first = visitor.send().page
        visitor.page = review
        again = visitor.send().page
        assert again.by_id["ticket"] == first.by_id["ticket"]
        assert again.by_id["register"] == first.by_id["register"]
        assert "were not added" not in again.text
        assert Case.objects.count() == 1

    def test_a_copy_that_comes_a_moment_later_shows_the_ticket_of_the_first(
        self, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        review = visitor.to_review(email="pengadu@surat.example").page
        ticket = visitor.send().ticket
        visitor.page = review
        # As if the first copy had been filed just after this one looked for it.
        monkeypatch.setattr(filing_pages, "find_holder", lambda _keys: None)
        assert visitor.send().ticket == ticket
        assert "also went by e-mail to the address you gave" in visitor.page.text
        assert Case.objects.count() == 1

    def test_a_repeat_is_not_held_back_by_the_limit(
        self, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        limited(monkeypatch, filings_per_hour=1)
        review = visitor.to_review().page
        visitor.send()
        visitor.page = review
        assert visitor.send().ticket

    def test_text_changed_afterwards_is_offered_as_a_message(self, visitor: Visitor) -> None:
        review = visitor.to_review(email="pengadu@surat.example").page
        visitor.send()
        visitor.page = review
        visitor.send(go="1").send(what="Petugas meminta dua kali.", category="pungli").send()
        assert "your changes were not added" in visitor.page.text
        assert "also went by e-mail" in visitor.page.text
        form = visitor.page.form("message")
        assert "Petugas meminta dua kali." in form.values["message"]
        assert "Illegal levy" in form.values["message"]
        assert MATTER["how"] not in form.values["message"]
        answer = visitor.client.post(form.action, form.filled())
        assert "Your message has been added" in answer.content.decode()
        assert Case.objects.count() == 1
        assert Entry.objects.filter(kind="message").count() == 1


class TestDraft:
    """The form that travels inside its own page."""

    def test_the_ticket_is_drawn_once_and_stands_in_no_page_before_sending(self, visitor: Visitor) -> None:
        visitor.begin()
        ticket = open_draft(visitor.page.form("draft").values["draft"]).ticket
        html = visitor.client.get("/lapor/").content.decode()
        assert ticket.text not in html
        visitor.send(**MATTER).send().send().send()
        assert visitor.ticket == ticket.grouped

    def test_a_draft_a_day_old_loses_no_text_and_gets_a_new_ticket(self, visitor: Visitor) -> None:
        visitor.to_review()
        old = open_draft(visitor.page.form("draft").values["draft"]).ticket
        with time_machine.travel(time.time() + 25 * 3600):
            visitor.send()
            assert "This form was open for more than a day" in visitor.page.text
            assert MATTER["what"] in visitor.page.text
            assert not Case.objects.exists()
            visitor.send()
        assert Case.objects.count() == 1
        assert visitor.ticket != old.grouped

    def test_an_old_draft_in_the_middle_goes_on_with_what_was_typed(self, visitor: Visitor) -> None:
        visitor.begin().send(**MATTER)
        with time_machine.travel(time.time() + 25 * 3600):
            visitor.send(who="Petugas loket 3")
            assert "This form was open for more than a day" in visitor.page.text
            assert "About you" in visitor.page.text
            visitor.send()
        assert "Petugas loket 3" in visitor.page.text

    def test_an_old_draft_that_was_sent_shows_its_ticket(self, visitor: Visitor) -> None:
        review = visitor.to_review().page
        ticket = visitor.send().ticket
        visitor.page = review
        with time_machine.travel(time.time() + 25 * 3600):
            assert visitor.send().ticket == ticket
        assert Case.objects.count() == 1

    @pytest.mark.parametrize("tamper", [lambda _sealed: "", lambda sealed: sealed[:-2], lambda _s: "«»" * 50])
    def test_an_altered_draft_starts_again_and_keeps_the_page(
        self, visitor: Visitor, tamper: Callable[[str], str]
    ) -> None:
        visitor.begin().send(**MATTER)
        draft = tamper(visitor.page.form("draft").values["draft"])
        visitor.send(draft=draft, who="Petugas loket 3")
        assert "We could not read the earlier pages of this form" in visitor.page.text
        assert visitor.page.form("draft").values["who"] == "Petugas loket 3"
        assert "Step 2 of 4" in visitor.page.text

    def test_an_altered_draft_on_the_last_page_sends_nothing(self, visitor: Visitor) -> None:
        visitor.to_review().send(draft="x")
        assert "Nothing has been sent." in visitor.page.text
        assert "Step 1 of 4" in visitor.page.text
        assert not Case.objects.exists()

    def test_a_draft_sealed_for_another_purpose_is_not_taken(self, visitor: Visitor) -> None:
        key = safe.at(settings.SIPUMA.secrets).draft_keys[0]
        other = vault.seal_token(key, b"{}", purpose="tracking", expires=2**40)
        visitor.begin().send(draft=other, **MATTER)
        assert "We could not read the earlier pages" in visitor.page.text

    def test_the_last_page_cannot_skip_the_first(self, visitor: Visitor) -> None:
        visitor.begin().send(step="4")
        assert "Write what happened." in visitor.page.text
        assert not Case.objects.exists()


class TestHostileInput:
    """What nobody types by accident, and what they read then."""

    @pytest.mark.parametrize("step", ["0", "5", "-1", "x", "", "1e1", "²", "9" * 500])
    def test_an_unknown_page_number_goes_on_from_the_first(self, visitor: Visitor, step: str) -> None:
        visitor.begin().send(**MATTER).send(step=step)
        assert "We could not tell which page you sent" in visitor.page.text
        assert visitor.page.form("draft").values["what"] == MATTER["what"]

    def test_an_unknown_way_back_is_the_way_on(self, visitor: Visitor) -> None:
        assert "Step 2 of 4" in visitor.begin().send(**MATTER, go="99").page.text

    def test_markup_is_text(self, visitor: Visitor) -> None:
        visitor.begin()
        data = visitor.page.form("draft").filled(what="<script>alert(1)</script>", how="</textarea><b>")
        visitor.page = Page(visitor.client.post("/en/lapor/", data).content.decode())
        response = visitor.client.post("/en/lapor/", visitor.page.form("draft").filled(go="1"))
        assert "<script>" not in response.content.decode()
        assert Page(response.content.decode()).form("draft").values["how"] == "</textarea><b>"

    def test_control_characters_go_and_right_to_left_stays(self, visitor: Visitor) -> None:
        visitor.to_review(what="Baris\r\nkedua\x07 שלום \u202eterbalik").send()
        holder = find_by_text(visitor.ticket)
        assert holder is not None
        assert Tracked(holder).matter["what"] == "Baris\nkedua שלום terbalik"

    def test_a_nul_is_taken_out_and_said(self, visitor: Visitor) -> None:
        visitor.begin().send(what="sebelum\x00sesudah", how="Begitu.")
        assert "This text held a character that cannot be stored." in visitor.page.text
        assert visitor.page.form("draft").values["what"] == "sebelumsesudah"

    def test_bytes_that_are_no_text_show_as_what_could_be_read(self, visitor: Visitor) -> None:
        draft = visitor.begin().page.form("draft").values["draft"]
        body = urlencode({"draft": draft, "step": "1", "how": "Begitu."}) + "&what=a%ff%feb"
        response = visitor.client.post("/en/lapor/", body, content_type=FORM)
        visitor.page = Page(response.content.decode())
        assert "a\ufffd\ufffdb" in visitor.send().send().page.text

    def test_an_unknown_category_is_refused_in_words(self, visitor: Visitor) -> None:
        visitor.begin().send(**MATTER, category="<x>")
        assert "Choose one of the entries of the list, or leave it open." in visitor.page.text

    def test_a_post_without_anything_gets_a_form(self, visitor: Visitor) -> None:
        response = visitor.client.post("/en/lapor/", {})
        assert response.status_code == 200
        assert Page(response.content.decode()).form("draft").values["step"] == "1"

    def test_everything_posted_at_once_without_a_draft_keeps_the_first_page(self, visitor: Visitor) -> None:
        response = visitor.client.post("/en/lapor/", MATTER | CIRCUMSTANCES | {"step": "1"})
        assert Page(response.content.decode()).form("draft").values["what"] == MATTER["what"]

    @pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
    def test_other_methods_get_a_page_that_says_so(self, visitor: Visitor, method: str) -> None:
        response = getattr(visitor.client, method)("/en/lapor/")
        assert response.status_code == 405
        assert response.headers["Allow"] == "GET, HEAD, POST"
        assert "This address does not work that way" in response.content.decode()

    def test_head_answers_like_get_without_a_body(self, visitor: Visitor) -> None:
        response = visitor.client.head("/en/lapor/")
        assert (response.status_code, response.content) == (200, b"")


class TestLimits:
    """Sending too fast, and too often."""

    def test_a_form_sent_at_once_is_held_back_and_can_be_sent_later(
        self, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        limited(monkeypatch, minimum_seconds=3)
        visitor.to_review().send(429)
        assert "That was faster than we can take it" in visitor.page.text
        assert not Case.objects.exists()
        with time_machine.travel(time.time() + 4):
            assert visitor.send().ticket

    def test_a_source_that_used_up_its_hour_keeps_the_draft(
        self, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        limited(monkeypatch, filings_per_hour=1)
        visitor.to_review().send()
        visitor.to_review().send(429)
        assert "Many complaints have just come from your connection" in visitor.page.text
        assert MATTER["what"] in visitor.page.text
        assert Case.objects.count() == 1
        with time_machine.travel(time.time() + 3601):
            assert visitor.send().ticket

    def test_without_a_limit_nobody_is_held_back(self, visitor: Visitor) -> None:
        for _time in range(3):
            assert visitor.to_review().send().ticket


class TestPrint:
    """The sheet with complaint, register number and ticket."""

    def test_it_holds_ticket_register_office_matter_and_a_code(self, visitor: Visitor) -> None:
        visitor.to_review().send()
        form = visitor.page.form("token")
        assert form.action == "/en/lapor/cetak/"
        html = visitor.client.post(form.action, form.filled()).content.decode()
        sheet = Page(html)
        assert sheet.by_id["ticket"] == visitor.ticket
        assert sheet.by_id["register"] == visitor.register
        assert "<svg" in html
        for text in (*MATTER.values(), "Petugas loket 3", str(Office.objects.get(pk=SABANG)), "WIB"):
            assert text in sheet.text

    def test_after_half_an_hour_the_ticket_is_asked_for(self, visitor: Visitor) -> None:
        visitor.to_review().send()
        form, ticket = visitor.page.form("token"), visitor.ticket
        with time_machine.travel(time.time() + 31 * 60):
            page = Page(visitor.client.post(form.action, form.filled()).content.decode())
            assert "This page was open for more than 30 minutes" in page.text
            again = page.form("ticket")
            answer = visitor.client.post(again.action, again.filled(ticket=ticket))
        assert Page(answer.content.decode()).by_id["ticket"] == ticket

    def test_it_has_no_address_of_its_own(self, visitor: Visitor) -> None:
        assert visitor.client.get("/en/lapor/cetak/").status_code == 405


def test_the_ticket_page_says_what_happens_by_when(visitor: Visitor) -> None:
    with time_machine.travel("2026-06-09 02:00Z"):
        visitor.to_review().send()
    assert "It does so by Friday, 12 June 2026, 16:30 WIB at the latest." in visitor.page.text


@pytest.mark.parametrize("address", ["/", "/lapor/"])
def test_a_first_visit_stays_under_twenty_kilobytes(client: Client, world: World, address: str) -> None:
    html = client.get(address).content
    with (settings.PACKAGE / "web/static/sipuma/sipuma.css").open("rb") as css:
        assert len(html) + len(gzip.compress(css.read())) < 20_000


@pytest.mark.parametrize(
    "address", ["/", "/lapor/", "/lacak/", "/saluran/", "/cara-kerja/", "/privasi/", "/prosedur/"]
)
def test_public_pages_set_no_cookie_and_hold_no_script(client: Client, world: World, address: str) -> None:
    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    response = client.get(address)
    html = response.content.decode()
    assert response.status_code == 200
    assert not response.cookies
    assert not response.wsgi_request.session.accessed
    assert "<script" not in html
    assert html.count("<main") == 1
    assert 'lang="id"' in html
    assert translation.get_language() == "id"
