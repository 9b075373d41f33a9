"""After closing, on both sides of the counter: rating, asking to reopen, answering, and joined complaints."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from sipuma.complaints.afterwards import ask_reopening
from sipuma.complaints.deadlines import reopening_until
from sipuma.complaints.states import S
from sipuma.complaints.tracking import write
from tests.flow.pages import Page
from tests.flow.staff import QUEUE, browser_of, page_of, text_of
from tests.ways import Walker, holder_of
from tests.world import ACEH, SABANG, Complaint, FileCase, World

TRACK = "/lacak/"


def look(complaint: Complaint, client: Client | None = None) -> Page:
    answer = (client or Client()).post(TRACK, {"ticket": complaint.ticket.text})
    assert answer.status_code == 200
    return Page(answer.content.decode())


def act(complaint: Complaint, name: str, **answers: str) -> Page:
    """Send the form of the ticket page that does this."""
    form = next(form for form in look(complaint).forms if form.values.get("act") == name)
    answer = Client().post(TRACK, form.filled(**answers))
    assert answer.status_code == 200
    assert not answer.cookies
    return Page(answer.content.decode())


def offers(page: Page) -> set[str]:
    return {form.values.get("act", "") for form in page.forms}


@pytest.fixture
def answered(world: World, file_case: FileCase) -> Walker:
    return Walker(world, file_case()).to(S.DONE)


def test_the_ticket_page_of_a_closed_case_asks_whether_it_helped(answered: Walker) -> None:
    assert "helped" not in offers(Page(""))
    page = act(answered.complaint, "helped", helped="partly", comment="Lama sekali.")
    assert "Terima kasih sudah memberi tahu kami" in page.text
    assert "Lama sekali." in page.text
    assert "helped" not in offers(page)
    assert answered.complaint.now().helped == "partly"


@pytest.mark.parametrize("helped", ["", "mungkin"])
def test_an_answer_that_is_none_is_asked_for_again_with_what_was_typed(answered: Walker, helped: str) -> None:
    page = act(answered.complaint, "helped", helped=helped, comment="Lama sekali.")
    assert "Pilih salah satu" in page.text
    assert "Lama sekali." in page.text
    assert answered.complaint.now().helped == ""


def test_a_form_sent_twice_is_told_that_it_was_said_already(answered: Walker) -> None:
    form = next(f for f in look(answered.complaint).forms if f.values.get("act") == "helped")
    Client().post(TRACK, form.filled(helped="yes"))
    page = Page(Client().post(TRACK, form.filled(helped="no")).content.decode())
    assert "sudah" in page.text
    assert answered.complaint.now().helped == "yes"


def test_an_open_case_offers_neither(file_case: FileCase) -> None:
    complaint = file_case()
    assert not {"helped", "ask-reopening"} & offers(look(complaint))
    token = look(complaint).forms[0].values["token"]
    for name in ("helped", "ask-reopening"):
        sent = {"token": token, "act": name, "helped": "yes", "reason": "x"}
        answer = Client().post(TRACK, sent)
        assert "ditutup" in Page(answer.content.decode()).text


def test_the_complainant_asks_for_reopening_and_reads_by_when_it_is_answered(answered: Walker) -> None:
    page = look(answered.complaint)
    assert "Anda dapat meminta satu kali, paling lambat" in " ".join(page.text.split())
    page = act(answered.complaint, "ask-reopening", reason="Saksi kedua belum didengar.")
    assert "Anda telah meminta" in page.text
    assert "ask-reopening" not in offers(page)
    assert answered.complaint.now().reopening == "asked"


def test_a_request_needs_a_reason(answered: Walker) -> None:
    page = act(answered.complaint, "ask-reopening", reason="  ")
    assert "Satu kalimat pun cukup" in page.text
    page = act(answered.complaint, "ask-reopening", reason="x" * 10_001)
    assert answered.complaint.now().reopening == ""


def test_after_ten_working_days_the_page_asks_no_more(answered: Walker) -> None:
    ends = reopening_until(answered.complaint.now())
    assert ends is not None
    with time_machine.travel(ends + timedelta(hours=1), tick=False):
        assert offers(look(answered.complaint)) >= {"helped"}
        assert "ask-reopening" not in offers(look(answered.complaint))


def test_the_head_sees_the_request_in_the_queue_and_answers_it(answered: Walker) -> None:
    ask_reopening(holder_of(answered.complaint), "Saksi kedua belum didengar.")
    head = browser_of(answered.world, "kepala-uki")
    register = answered.complaint.case.register
    queue = text_of(head.get(QUEUE))
    assert register in queue
    assert "minta dibuka kembali" in queue
    page = text_of(head.get(page_of(register)))
    assert "Saksi kedua belum didengar." in page
    sent = head.post(page_of(register), {"move": "decline_reopening", "answer": "Saksi itu sudah didengar."})
    assert sent.status_code == 302
    assert register not in text_of(head.get(QUEUE))
    assert "Saksi itu sudah didengar." in look(answered.complaint).text


def test_the_head_reopens_on_the_case_page(answered: Walker) -> None:
    ask_reopening(holder_of(answered.complaint), "Saksi kedua belum didengar.")
    head = browser_of(answered.world, "kepala-uki")
    register = answered.complaint.case.register
    assert head.post(page_of(register), {"move": "reopen", "reason": ""}).status_code == 422
    assert head.post(page_of(register), {"move": "reopen", "reason": "Saksi baru."}).status_code == 302
    assert answered.complaint.now().state == S.VERIFICATION
    assert "Sedang diverifikasi" in look(answered.complaint).by_id["status"]


# Duplicates and spam on the staff pages


@pytest.fixture
def main(world: World, file_case: FileCase) -> Walker:
    return Walker(world, file_case(what="Pungli di dermaga."))


@pytest.fixture
def twin(world: World, file_case: FileCase) -> Walker:
    return Walker(world, file_case(what="Uang rokok di dermaga.")).to(S.VERIFICATION)


def joined(twin: Walker, main: Walker) -> None:
    values = {"closing_kind": "duplicate", "joins": main.complaint.case.register}
    twin.step("propose_closing", "verifikator", **values)
    twin.step("confirm_closing", "kepala-uki")


def test_an_address_fills_in_the_form_of_a_move_on_offer(twin: Walker, main: Walker) -> None:
    verifier = browser_of(twin.world, "verifikator")
    address = page_of(twin.complaint.case.register)
    register = main.complaint.case.register
    form = Page(verifier.get(address, {"move": "propose_closing", "joins": register}).content.decode()).form(
        "joins"
    )
    assert form.values["joins"] == register
    sent = verifier.post(address, form.filled(closing_kind="duplicate", reason="Perkara yang sama."))
    assert sent.status_code == 302
    page = text_of(browser_of(twin.world, "kepala-uki").get(address))
    assert "diusulkan: duplikat" in page
    assert register in page


@pytest.mark.parametrize("query", [{"move": "nothing"}, {"move": "dispose", "target": "x"}, {"joins": "x"}])
def test_an_address_that_names_no_move_on_offer_fills_in_nothing(twin: Walker, query: dict[str, str]) -> None:
    answer = browser_of(twin.world, "verifikator").get(page_of(twin.complaint.case.register), query)
    assert answer.status_code == 200
    assert Page(answer.content.decode()).form("joins").values["joins"] == ""


def test_a_hostile_value_in_the_address_stays_text(twin: Walker) -> None:
    query = {"move": "propose_closing", "joins": '"><script>alert(1)</script>' + "x" * 500}
    answer = browser_of(twin.world, "verifikator").get(page_of(twin.complaint.case.register), query)
    assert b"<script>alert" not in answer.content
    assert len(Page(answer.content.decode()).form("joins").values["joins"]) == 30


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"closing_kind": "duplicate", "joins": ""}, "Isi nomor register"),
        (
            {"closing_kind": "duplicate", "joins": "130300-2026-999999"},
            "Tidak ada pengaduan dengan nomor ini",
        ),
        ({"closing_kind": "spam", "joins": "130300-2026-000001"}, "Kosongkan nomornya"),
    ],
)
def test_a_wrong_proposal_says_what_to_do(twin: Walker, values: dict[str, str], says: str) -> None:
    verifier = browser_of(twin.world, "verifikator")
    sent = {"move": "propose_closing", "reason": "Sama.", **values}
    answer = verifier.post(page_of(twin.complaint.case.register), sent)
    assert answer.status_code == 422
    assert says in text_of(answer)


def test_the_main_case_lists_those_that_joined_it_with_what_came_in_since(twin: Walker, main: Walker) -> None:
    joined(twin, main)
    write(holder_of(twin.complaint), "Ada foto lagi.")
    main.to(S.ASSESSMENT)
    assessor = browser_of(main.world, "pengkaji", ACEH)
    page = text_of(assessor.get(page_of(main.complaint.case.register)))
    for text in ("Pengaduan yang digabung", twin.complaint.case.register, "Uang rokok", "Ada foto lagi."):
        assert text in page
    there = assessor.get(page_of(twin.complaint.case.register))
    assert "Uang rokok di dermaga." in text_of(there)
    assert main.complaint.case.register in text_of(there)


def test_a_unit_sees_nothing_of_joined_complaints(twin: Walker, main: Walker) -> None:
    joined(twin, main)
    main.to(S.UNIT)
    unit = browser_of(main.world, "pengkaji-unit")
    assert twin.complaint.case.register not in text_of(unit.get(page_of(main.complaint.case.register)))
    assert unit.get(page_of(twin.complaint.case.register)).status_code == 404


def test_the_page_of_a_main_case_asks_as_often_for_three_joined_as_for_one(
    twin: Walker, main: Walker, file_case: FileCase, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    joined(twin, main)
    head, address = browser_of(main.world, "kepala-uki"), page_of(main.complaint.case.register)
    head.get(address)
    with django_assert_max_num_queries(200) as one:
        head.get(address)
    for _number in range(2):
        more = Walker(main.world, file_case()).to(S.VERIFICATION)
        joined(more, main)
        write(holder_of(more.complaint), "Sama.")
    with django_assert_max_num_queries(len(one.captured_queries)):
        head.get(address)


def test_what_nobody_proposed_offers_nothing_to_decide(twin: Walker) -> None:
    head = browser_of(twin.world, "kepala-uki")
    address = page_of(twin.complaint.case.register)
    deciding = ("Tutup sesuai usul", "Tolak usul penutupan", "Tarik usul penutupan")
    assert not any(label in text_of(head.get(address)) for label in deciding)
    twin.step("propose_closing", "kepala-uki")
    page = text_of(head.get(address))
    assert all(label in page for label in deciding)
    assert "Anda sendiri yang mengusulkannya" in page


def test_spam_is_found_by_a_filter(twin: Walker, main: Walker) -> None:
    twin.step("propose_closing", "verifikator")
    head = browser_of(twin.world, "kepala-uki")
    assert "diusulkan: spam" in text_of(head.get(QUEUE))
    twin.step("confirm_closing", "kepala-uki")
    found = text_of(head.get(QUEUE, {"scope": "all", "closing": "spam"}))
    assert twin.complaint.case.register in found
    assert main.complaint.case.register not in found
    assert twin.complaint.case.register not in text_of(
        head.get(QUEUE, {"scope": "all", "closing": "duplicate"})
    )


def test_a_joined_ticket_page_names_no_other_complaint(twin: Walker, main: Walker) -> None:
    joined(twin, main)
    main.to(S.PYB)
    page = look(twin.complaint)
    assert "Sedang ditangani" in page.by_id["status"]
    assert "Digabung dengan pengaduan lain" in page.text
    assert main.complaint.case.register not in page.text
    assert "Pungli" not in page.text
    assert SABANG in page.by_id["register"]
