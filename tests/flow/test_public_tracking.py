"""Following a complaint by its ticket: status, history, conversation, withdrawal; for its holder alone."""

import time
from collections.abc import Callable

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sipuma import vault
from sipuma.cases.models import Case, Entry, Ticket
from sipuma.complaints.states import S
from tests.flow.limits import limited
from tests.flow.pages import Page
from tests.world import Complaint, FileCase, World, assessed, move

ADDRESS = "/en/lacak/"
MINUTE = 60


@pytest.fixture
def complaint(file_case: FileCase) -> Complaint:
    return file_case(who="Petugas loket 3", category="pungli")


def asked(world: World, complaint: Complaint) -> Complaint:
    """Bring a complaint to where additional data is asked for."""
    officer = world.officer("verifikator")
    move(complaint, "take", by=officer)
    move(complaint, "assess", by=officer, **assessed())
    move(complaint, "request_data", by=officer, question="Pada hari apa kejadiannya?")
    return complaint


class Holder:
    """Somebody with a ticket and a browser that runs no script."""

    def __init__(self, client: Client, ticket: str) -> None:
        self.client = client
        self.page = Page("")
        self.post(ticket=ticket)

    def post(self, status: int = 200, /, **data: str) -> Page:
        response = self.client.post(ADDRESS, data)
        assert response.status_code == status
        self.page = Page(response.content.decode())
        return self.page

    def act(self, act: str, status: int = 200, /, **data: str) -> Page:
        """Press the primary button of the form that does this."""
        form = next(form for form in self.page.forms if form.values.get("act") == act)
        return self.post(status, **form.filled(**data))


@pytest.fixture
def holder(client: Client, complaint: Complaint) -> Holder:
    return Holder(client, complaint.ticket.grouped)


def test_the_form_asks_for_the_ticket_without_a_query(
    client: Client, world: World, django_assert_num_queries: Callable[[int], CaptureQueriesContext]
) -> None:
    with django_assert_num_queries(0):
        response = client.get(ADDRESS)
    assert "ticket" in Page(response.content.decode()).forms[0].names


def test_a_ticket_shows_status_register_history_and_matter(holder: Holder, complaint: Complaint) -> None:
    page = holder.page
    assert page.by_id["status"] == "Received"
    assert page.by_id["register"] == complaint.case.register
    for text in ("Petugas meminta uang.", "Petugas loket 3", "Illegal levy (pungli)"):
        assert text in page.text


@pytest.mark.parametrize("write", [str.lower, lambda text: text.replace("-", ""), lambda text: f"  {text}\n"])
def test_a_ticket_may_be_typed_in_any_way(
    client: Client, complaint: Complaint, write: Callable[[str], str]
) -> None:
    page = Holder(client, write(complaint.ticket.grouped)).page
    assert page.by_id["register"] == complaint.case.register


def test_the_ticket_is_not_on_the_tracking_page(client: Client, complaint: Complaint) -> None:
    response = client.post(ADDRESS, {"ticket": complaint.ticket.grouped})
    seen = response.content.decode() + str(response.headers) + str(response.cookies)
    assert complaint.ticket.text not in seen
    assert complaint.ticket.grouped not in seen


def test_the_ticket_is_not_in_the_log(
    client: Client, complaint: Complaint, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    client.post(ADDRESS, {"ticket": complaint.ticket.grouped})
    logged = "".join(capfd.readouterr()) + caplog.text
    assert "track" in logged
    assert complaint.ticket.text[:4] not in logged


@pytest.mark.usefixtures("world")
class TestNoSuchTicket:
    """Whoever has no valid ticket learns nothing, not even why."""

    def refused(self, client: Client, ticket: str) -> tuple[int, str, int]:
        with CaptureQueriesContext(connection) as queries:
            response = client.post(ADDRESS, {"ticket": ticket})
        return response.status_code, response.content.decode(), len(queries)

    def test_unknown_malformed_and_revoked_get_the_very_same_answer(
        self, client: Client, complaint: Complaint
    ) -> None:
        Ticket.objects.filter(case=complaint.case).update(revoked_at=timezone.now())
        tickets = [
            complaint.ticket.grouped,
            vault.Ticket.draw().grouped,
            "AAAA-BBBB",
            "",
            "\x00" * 24,
            "é😡<script>",
            "A" * 20_000,
            complaint.ticket.text[::-1],
        ]
        answers = {self.refused(client, ticket) for ticket in tickets}
        assert len(answers) == 1
        status, html, queries = answers.pop()
        assert (status, queries) == (200, 1)
        assert "No complaint was found under this number." in html

    def test_what_was_typed_is_not_sent_back(self, client: Client) -> None:
        page = Holder(client, "SAYA-KETIK-INI").page
        assert page.form("ticket").values["ticket"] == ""

    def test_a_post_without_a_ticket_gets_the_same(self, client: Client) -> None:
        assert client.post(ADDRESS).content == client.post(ADDRESS, {"ticket": "x"}).content

    def test_failed_tries_are_limited_and_a_valid_ticket_waits_too(
        self, client: Client, complaint: Complaint, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        limited(monkeypatch, trackings_per_minute=2)
        for _try in range(2):
            assert client.post(ADDRESS, {"ticket": "x"}).status_code == 200
        response = client.post(ADDRESS, {"ticket": complaint.ticket.grouped})
        assert response.status_code == 429
        assert response.headers["Retry-After"] == "60"
        assert "Too many tries from your connection" in response.content.decode()
        with time_machine.travel(time.time() + MINUTE + 1):
            assert client.post(ADDRESS, {"ticket": complaint.ticket.grouped}).status_code == 200

    def test_tries_that_succeed_are_not_limited(
        self, client: Client, complaint: Complaint, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        limited(monkeypatch, trackings_per_minute=2)
        for _try in range(4):
            assert Holder(client, complaint.ticket.text).page.by_id["status"]


class TestConversation:
    """Writing to the office and reading what it says (R10, R11)."""

    def test_a_message_is_added_and_shown(self, holder: Holder) -> None:
        page = holder.act("message", message="Saya ingat: pukul 9 pagi.")
        assert "Your message has been added to the complaint" in page.text
        assert "Saya ingat: pukul 9 pagi." in page.text

    def test_a_question_stands_on_top_with_its_last_moment(
        self, client: Client, world: World, complaint: Complaint
    ) -> None:
        with time_machine.travel("2026-03-10 02:00Z", tick=False):
            asked(world, complaint)
            page = Holder(client, complaint.ticket.text).page
        wanted = "Additional data needed from you until Tuesday, 24 March 2026, 23:59 WIB"
        assert page.by_id["status"] == wanted
        assert page.text.index("Pada hari apa kejadiannya?") < page.text.index("What has happened so far")

    def test_the_answer_brings_it_back_to_verification(
        self, client: Client, world: World, complaint: Complaint
    ) -> None:
        holder = Holder(client, asked(world, complaint).ticket.text)
        page = holder.act("message", message="Hari Selasa.")
        assert "Your answer has been added to the complaint" in page.text
        assert page.by_id["status"] == "Being verified"
        assert complaint.now().state == S.VERIFICATION

    def test_an_answer_sent_twice_is_entered_once(
        self, client: Client, world: World, complaint: Complaint
    ) -> None:
        holder = Holder(client, asked(world, complaint).ticket.text)
        form = holder.page.form("message").filled(message="Hari Selasa.")
        holder.post(**form)
        page = holder.post(**form)
        assert page.text.count("Hari Selasa.") == 1

    def test_a_message_sent_twice_is_entered_once_within_ten_minutes(self, holder: Holder) -> None:
        form = holder.page.form("message").filled(message="Tambahan.")
        for seconds, entered in ((0, 1), (0, 1), (11 * MINUTE, 2)):
            with time_machine.travel(time.time() + seconds):
                holder.post(**form)
            assert Entry.objects.filter(kind="message").count() == entered

    def test_another_message_in_between_makes_a_repeat_a_new_one(self, holder: Holder) -> None:
        for text in ("Ya.", "Tidak.", "Ya."):
            holder.act("message", message=text)
        assert Entry.objects.filter(kind="message").count() == 3

    def test_an_empty_message_says_what_to_do(self, holder: Holder) -> None:
        assert "Write your message, then send it." in holder.act("message", message=" ").text

    def test_a_message_that_is_too_long_is_kept(self, holder: Holder) -> None:
        long = "a" * 10_001
        page = holder.act("message", message=long)
        assert "Shorten this to 10000 characters. It has 10001 now." in page.text
        assert page.form("message").values["message"] == long
        assert not Entry.objects.filter(kind="message").exists()

    def test_messages_are_limited_and_kept(self, holder: Holder, monkeypatch: pytest.MonkeyPatch) -> None:
        limited(monkeypatch, trackings_per_minute=1)
        holder.act("message", message="Pertama.")
        page = holder.act("message", 429, message="Kedua.")
        assert "Many messages have just come from your connection" in page.text
        assert page.form("message").values["message"] == "Kedua."
        assert Entry.objects.filter(kind="message").count() == 1

    def test_markup_and_control_characters_are_harmless(self, client: Client, holder: Holder) -> None:
        form = holder.page.form("message").filled(message="<b>tebal</b>\x07 \u202eשלום 😡")
        html = client.post(ADDRESS, form).content.decode()
        assert "<b>tebal" not in html
        assert "<b>tebal</b> שלום 😡" in Page(html).text

    def test_internal_notes_are_not_shown(self, client: Client, world: World, complaint: Complaint) -> None:
        officer = world.officer("verifikator")
        move(complaint, "take", by=officer)
        move(complaint, "note", by=officer, note="Hanya untuk petugas.")
        move(complaint, "message", by=officer, message="Kami sedang memeriksa.")
        page = Holder(client, complaint.ticket.text).page
        assert "Kami sedang memeriksa." in page.text
        assert "Hanya untuk petugas." not in page.text


class TestWithdrawal:
    """Withdrawing a complaint, which is asked twice (move 24)."""

    def test_the_first_button_only_asks(self, holder: Holder, complaint: Complaint) -> None:
        page = holder.act("withdraw")
        assert "Do you want to withdraw the complaint?" in page.text
        assert complaint.now().state == S.RECEIVED

    def test_the_second_withdraws_with_the_reason(self, holder: Holder, complaint: Complaint) -> None:
        holder.act("withdraw")
        page = holder.act("confirm-withdraw", message="Sudah selesai.")
        assert page.by_id["status"] == "Withdrawn by you"
        assert "Sudah selesai." in page.text
        assert complaint.now().state == S.WITHDRAWN

    def test_no_reason_is_needed(self, holder: Holder, complaint: Complaint) -> None:
        holder.act("withdraw")
        holder.act("confirm-withdraw")
        assert complaint.now().state == S.WITHDRAWN

    def test_it_can_be_kept(self, holder: Holder) -> None:
        holder.act("withdraw")
        assert holder.act("refresh").by_id["status"] == "Received"

    def test_a_reason_that_is_too_long_withdraws_nothing(self, holder: Holder, complaint: Complaint) -> None:
        holder.act("withdraw")
        page = holder.act("confirm-withdraw", message="a" * 2001)
        assert "Shorten this to 2000 characters." in page.text
        assert complaint.now().state == S.RECEIVED

    def test_withdrawing_again_says_that_it_is_closed(self, holder: Holder) -> None:
        form = holder.act("withdraw").form("message").filled()
        holder.post(**form)
        assert "This case is closed already" in holder.post(**form).text

    def test_a_closed_case_offers_no_withdrawal_but_takes_messages(self, holder: Holder) -> None:
        holder.act("withdraw")
        page = holder.act("confirm-withdraw")
        assert "withdraw" not in {form.values.get("act") for form in page.forms}
        assert "Masih ada." in holder.act("message", message="Masih ada.").text


class TestPass:
    """The token that spares typing the ticket for half an hour."""

    def test_after_half_an_hour_the_message_is_kept_and_sent_with_the_ticket(
        self, holder: Holder, complaint: Complaint
    ) -> None:
        with time_machine.travel(time.time() + 31 * MINUTE):
            page = holder.act("message", message="Panjang sekali.")
            assert "This page was open for more than 30 minutes" in page.text
            form = page.form("ticket")
            assert form.values["message"] == "Panjang sekali."
            page = holder.post(**form.filled(ticket=complaint.ticket.text))
        assert "Your message has been added to the complaint" in page.text
        assert Entry.objects.filter(kind="message").count() == 1

    def test_a_mistyped_ticket_still_keeps_the_message(self, holder: Holder) -> None:
        form = holder.page.form("message").filled(message="Panjang sekali.", token="x")
        page = holder.post(**holder.post(**form).form("ticket").filled(ticket="salah"))
        assert "No complaint was found under this number." in page.text
        assert page.form("ticket").values["message"] == "Panjang sekali."

    @pytest.mark.parametrize("token", ["", "x", "é", "A" * 5000])
    def test_an_altered_token_asks_for_the_ticket(self, holder: Holder, token: str) -> None:
        page = holder.post(token=token, act="refresh")
        assert "Type your ticket number again to go on." in page.text
        assert "status" not in page.by_id

    def test_a_revoked_ticket_ends_its_passes(self, holder: Holder, complaint: Complaint) -> None:
        Ticket.objects.filter(case=complaint.case).update(revoked_at=timezone.now())
        assert "No complaint was found" in holder.act("refresh").text

    def test_an_unknown_act_shows_the_page(self, holder: Holder) -> None:
        token = holder.page.form("token").values["token"]
        assert holder.post(token=token, act="hapus").by_id["status"] == "Received"

    def test_the_sheet_is_printed_from_here_too(self, holder: Holder, complaint: Complaint) -> None:
        assert holder.act("print").by_id["ticket"] == complaint.ticket.grouped


def test_the_reason_for_closing_is_said(client: Client, world: World, complaint: Complaint) -> None:
    officer = world.officer("verifikator")
    move(complaint, "take", by=officer)
    move(complaint, "assess", by=officer, **assessed())
    move(complaint, "not_actionable", by=officer, reason="A", explanation="Tidak dapat diperjelas.")
    page = Holder(client, complaint.ticket.text).page
    assert page.by_id["status"] == "Can’t be followed up"
    assert "the matter is unclear" in page.text
    assert "Tidak dapat diperjelas." in page.text


def test_the_page_needs_as_many_queries_for_a_long_case_as_for_a_short_one(
    client: Client, complaint: Complaint
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            Holder(client, complaint.ticket.text)
        return len(captured)

    short = queries()
    holder = Holder(client, complaint.ticket.text)
    for number in range(5):
        holder.act("message", message=f"Tambahan {number}.")
    assert queries() == short


def test_looking_writes_nothing(client: Client, complaint: Complaint) -> None:
    with CaptureQueriesContext(connection) as captured:
        Holder(client, complaint.ticket.text)
    assert all(query["sql"].startswith("SELECT") for query in captured)


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_other_methods_get_a_page_that_says_so(client: Client, world: World, method: str) -> None:
    response = getattr(client, method)(ADDRESS)
    assert response.status_code == 405
    assert "This address does not work that way" in response.content.decode()


def test_a_ticket_in_the_address_is_not_taken(client: Client, complaint: Complaint) -> None:
    response = client.get(ADDRESS, {"ticket": complaint.ticket.text})
    assert "status" not in Page(response.content.decode()).by_id
    assert Case.objects.get().register not in response.content.decode()
