"""What a receiver reads when things go wrong: a late mail, a form sent twice, a text too long."""

import re
from itertools import pairwise

import pytest

from sipuma import vault
from sipuma.cases.models import Case
from sipuma.outbox.models import Delivery, Message
from tests.flow.pages import Page
from tests.flow.staff import Answer, browser_of, page_of, text_of
from tests.flow.test_staff_recording import PAGE, sent
from tests.world import RecordCase, World, move

ADDRESS = {"email": "pengadu@contoh.example", "phone": ""}


def case_page(world: World, case: Case) -> str:
    return text_of(browser_of(world, "penerima").get(f"/en{page_of(case.register)}"))


@pytest.mark.parametrize(
    ("state", "tries", "error", "said"),
    [
        (Delivery.WAITING, 0, "", "the ticket, to the complainant: waiting What the desk"),
        (Delivery.WAITING, 1, "unreachable", "waiting. Not delivered after 1 try; it is tried again."),
        (Delivery.WAITING, 6, "unreachable", "waiting. Not delivered after 6 tries; it is tried again."),
        (Delivery.FAILED, 3, "refused", "failed. It is tried no more. Send a new ticket instead."),
    ],
)
def test_a_ticket_that_does_not_arrive_is_seen_at_the_desk_and_sent_again(
    world: World, record_case: RecordCase, *, state: Delivery, tries: int, error: str, said: str
) -> None:
    recorded = record_case()
    move(recorded, "send_ticket", by=world.officer("penerima"), **ADDRESS)
    waiting = Message.objects.filter(template="ticket")
    waiting.update(state=state, attempts=tries, error=error)
    assert said in case_page(world, recorded.case)
    move(recorded, "send_ticket", by=world.officer("penerima"), **ADDRESS)
    assert waiting.filter(attempts=0).count() >= 1


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (Delivery.WAITING, "On its way to p…@…."),
        (Delivery.SENT, "Sent to p…@…."),
        (Delivery.FAILED, "It could not be delivered to p…@…."),
    ],
)
def test_where_a_ticket_went_is_said_by_how_far_it_is(
    world: World, record_case: RecordCase, state: Delivery, said: str
) -> None:
    recorded = record_case()
    move(recorded, "send_ticket", by=world.officer("penerima"), **ADDRESS)
    Message.objects.filter(template="ticket").update(state=state)
    assert said in case_page(world, recorded.case)


def test_a_ticket_that_a_newer_one_replaced_asks_for_nothing(world: World, record_case: RecordCase) -> None:
    recorded = record_case()
    for address in (ADDRESS, {"email": "lain@contoh.example", "phone": ""}):
        move(recorded, "send_ticket", by=world.officer("penerima"), **address)
    Message.objects.filter(template="ticket", state=Delivery.WAITING).update(state=Delivery.SENT)
    said = case_page(world, recorded.case)
    assert "not sent: a newer ticket took its place" in said
    assert "Send a new ticket instead" not in said
    assert "It went to p…@…; a newer ticket took its place." in said
    assert "Sent to l…@…." in said


def test_after_completion_no_form_asks_for_an_address_that_would_be_refused(
    world: World, record_case: RecordCase
) -> None:
    recorded, receiver = record_case(), world.officer("penerima")
    move(recorded, "send_ticket", by=receiver, **ADDRESS)
    Message.objects.filter(template="ticket").update(state=Delivery.SENT)
    move(recorded, "tell_register", by=receiver, told="langsung")
    move(recorded, "complete_reception", by=receiver)
    answer = browser_of(world, "penerima").get(f"/en{page_of(recorded.case.register)}")
    assert "A ticket has arrived already." in text_of(answer)
    assert 'value="send_ticket"' not in answer.content.decode()
    assert "Told in person" in text_of(answer)


@pytest.mark.parametrize(
    ("incomplete", "said"),
    [
        ("", "Check of completeness Complete and clear."),
        ("Tanpa alamat.", "Incomplete or unclear: Tanpa alamat."),
    ],
)
def test_what_the_check_of_completeness_came_to_is_on_the_page(
    world: World, record_case: RecordCase, incomplete: str, said: str
) -> None:
    recorded = record_case(incomplete=incomplete)
    for role in ("penerima", "verifikator"):
        shown = browser_of(world, role).get(f"/en{page_of(recorded.case.register)}")
        assert said in text_of(shown)


def test_a_nip_is_kept_as_it_is_written_for_certain(world: World, record_case: RecordCase) -> None:
    recorded = record_case()
    typed = {"employee_name": "", "nip": "19850101 201012 1 001", "employee_state": "known"}
    move(recorded, "desk_employee", by=world.officer("penerima"), **typed)
    assert "198501012010121001" in case_page(world, recorded.case)


def test_the_first_page_tells_a_receiver_what_is_unfinished(world: World, record_case: RecordCase) -> None:
    client = browser_of(world, "penerima")
    assert "still open" not in text_of(client.get("/en/petugas/"))
    record_case()
    assert "1 reception is still open. Go to the desk" in text_of(client.get("/en/petugas/"))
    assert "still open" not in text_of(browser_of(world, "verifikator").get("/en/petugas/"))


def test_a_form_sent_again_with_changes_says_that_they_were_not_recorded(world: World) -> None:
    client = browser_of(world, "penerima")
    values = sent(client)
    first = client.post(PAGE, values, follow=True)
    again = client.post(PAGE, values | {"what": "Diubah sesudahnya."}, follow=True)
    assert "Recorded under the number" in text_of(first)
    assert "This form was recorded before" in text_of(again)
    assert "Recorded under the number" not in text_of(again)
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "values", "most"),
    [
        ("desk_employee", {"employee_name": "N" * 151, "employee_state": "known"}, 150),
        ("add_data", {"nature": "ralat", "message": "a" * 10_001, "reason": "Salah tulis."}, 10_000),
    ],
)
def test_a_text_that_is_too_long_is_asked_to_be_shortened(
    world: World, record_case: RecordCase, *, name: str, values: dict[str, str], most: int
) -> None:
    page = f"/en{page_of(record_case().case.register)}"
    answer = browser_of(world, "penerima").post(page, {"move": name, **values})
    assert answer.status_code == 422
    assert f"Shorten this to {most} characters. It has {most + 1} now." in text_of(answer)


@pytest.mark.parametrize("written", ["{0.grouped}", "{0.text}", " {0.text} "])
def test_a_ticket_typed_into_the_look_up_is_refused_and_not_shown_again(
    world: World, *, written: str
) -> None:
    ticket = vault.Ticket.draw()
    client = browser_of(world, "penerima")
    answer = client.post("/en/petugas/penerimaan/", {"register": written.format(ticket)})
    assert answer.status_code == 422
    assert "This is a ticket number" in text_of(answer)
    assert ticket.text not in answer.content.decode()
    assert ticket.grouped not in answer.content.decode()


def headings(answer: Answer) -> list[int]:
    main = answer.content.decode().partition("<main")[2]
    return [int(level) for level in re.findall(r"<h([1-6])", main)]


@pytest.mark.parametrize("tail", ["", "bukti/"])
def test_headings_of_the_desk_s_pages_skip_no_level(
    world: World, record_case: RecordCase, *, tail: str
) -> None:
    answer = browser_of(world, "penerima").get(f"/en{page_of(record_case().case.register)}{tail}")
    levels = headings(answer)
    assert Page(answer.content.decode()).by_id["register"].strip()
    assert all(after <= before + 1 for before, after in pairwise(levels))
