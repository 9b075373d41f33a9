"""The reception desk's overview, and the numbers that a caller may be told about a complaint."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sipuma.complaints.models import Reception
from sipuma.workspace import drafts
from sipuma.workspace.desk_queries import MOST_OPEN
from sipuma.workspace.register_numbers import number_prefix, register_number
from sipuma.workspace.sheets import Sheet
from tests.flow.pages import Page
from tests.flow.staff import Answer, browser_of, text_of
from tests.world import ACEH, KI, MALILI, SABANG, FileCase, RecordCase, World, move

DESK = "/en/petugas/penerimaan/"
NOT_FOUND = "Not found here"


def page_of(answer: Answer) -> Page:
    return Page(answer.content.decode())


def look_up(client: Client, register: str) -> Page:
    answer = client.post(DESK, {"register": register})
    assert answer.status_code == 200
    return page_of(answer)


@pytest.mark.parametrize(
    ("role", "office", "status"),
    [
        ("penerima", SABANG, 200),
        ("verifikator", SABANG, 200),
        ("kepala-uki", SABANG, 200),
        ("verifikator", KI, 200),
        ("pengkaji-unit", SABANG, 404),
        ("pyb", KI, 404),
        ("pengkaji", ACEH, 404),
        ("kustodian", ACEH, 404),
        ("admin", SABANG, 404),
    ],
)
def test_the_desk_is_open_to_receivers_and_compliance_units_alone(
    world: World, role: str, office: str, status: int
) -> None:
    client = browser_of(world, role, office)
    assert client.get(DESK).status_code == status
    assert (DESK in client.get("/en/petugas/").content.decode()) == (status == 200)


def test_nobody_signed_in_is_sent_to_the_door(world: World, client: Client) -> None:
    assert "/petugas/masuk/" in client.get(DESK).headers["Location"]


def test_an_empty_desk_says_so(world: World) -> None:
    text = text_of(browser_of(world, "penerima").get(DESK))
    assert "Every reception is completed. The norm for one is 30 minutes." in text


@pytest.mark.parametrize(
    "typed",
    ["{}", " {} ", "{dashless}", "{spaced}", "{long}", "{short}", "{wide}"],
)
def test_a_number_is_found_however_it_is_typed(world: World, file_case: FileCase, typed: str) -> None:
    register = file_case().case.register
    office, year, number = register.split("-")
    written = typed.format(
        register,
        dashless=office + year + number,
        spaced=f"{office} {year} {number[:3]} {number[3:]}",
        long=register.replace("-", " – "),
        short=f"{office}-{year}-{int(number)}",
        wide="".join(chr(ord(one) + 0xFEE0) if one.isdigit() else one for one in register),
    )
    page = look_up(browser_of(world, "penerima"), written)
    assert page.by_id["register"] == register
    assert page.by_id["status"] == "Received"


def test_a_caller_is_told_the_public_label_and_nothing_else(world: World, file_case: FileCase) -> None:
    complaint = file_case(what="Rahasia besar.", name="Nama pengadu")
    move(complaint, "take", by=world.officer("verifikator"))
    page = look_up(browser_of(world, "penerima"), complaint.case.register)
    assert page.by_id["status"] == "Being verified"
    assert "A caller may be anybody." in page.text
    for kept_back in ("Rahasia", "Nama pengadu", "In verification", "due", "Petugas verifikator"):
        assert kept_back not in page.text


def test_unknown_numbers_and_those_of_other_offices_get_one_answer(world: World, file_case: FileCase) -> None:
    elsewhere = file_case(MALILI).case.register
    client = browser_of(world, "penerima")
    answers = set()
    for typed in (elsewhere, "130300-2026-999999", "abc", "1", "9" * 60, "X1303002026000001"):
        page = look_up(client, typed)
        assert NOT_FOUND in page.text
        assert "status" not in page.by_id
        answers.add(" ".join(page.text.split()))
    assert len(answers) == 1


@pytest.mark.parametrize("typed", ["", "   ", "1" * 61, "13\x0003"])
def test_a_number_that_is_none_is_asked_for_again(world: World, typed: str) -> None:
    answer = browser_of(world, "penerima").post(DESK, {"register": typed})
    assert answer.status_code == 422
    assert "Something needs your attention" in text_of(answer)


def test_a_look_up_stands_in_no_address(world: World, file_case: FileCase) -> None:
    register = file_case().case.register
    answer = browser_of(world, "penerima").get(DESK, {"register": register})
    assert "status" not in page_of(answer).by_id


def test_unfinished_recordings_wait_for_the_one_who_began_them(world: World) -> None:
    receiver = world.officer("penerima")
    sheet = Sheet.begin()
    drafts.keep_recording(receiver, sheet, {"what": "Antrean terlalu lama"})
    page = browser_of(world, "penerima").get(DESK).content.decode()
    assert "Antrean terlalu lama" in page
    assert f"konsep={sheet.once}" in page
    assert "Antrean" not in text_of(browser_of(world, "penerima", MALILI).get(DESK))


def test_looking_up_writes_nothing(world: World, file_case: FileCase) -> None:
    complaint = file_case()
    look_up(browser_of(world, "verifikator"), complaint.case.register)
    assert not complaint.case.reads.exists()


def test_a_complaint_about_the_own_office_is_found_by_its_desk_and_not_by_its_compliance_unit(
    world: World, record_case: RecordCase
) -> None:
    world.officer("verifikator", ACEH)
    register = record_case(conflict=True).case.register
    assert register.startswith(ACEH)
    assert look_up(browser_of(world, "penerima"), register).by_id["register"] == register
    for role in ("verifikator", "kepala-uki"):
        client = browser_of(world, role)
        assert NOT_FOUND in look_up(client, register).text
        assert register not in text_of(client.get(DESK))


def test_open_receptions_tell_what_is_missing(world: World, record_case: RecordCase) -> None:
    untold, told = record_case(), record_case(channel="PHONE")
    receiver = world.officer("penerima")
    move(told, "tell_register", by=receiver, told="telepon", note="")
    client = browser_of(world, "penerima")
    page = client.get(DESK)
    text = text_of(page)
    assert f'href="/en/petugas/kasus/{untold.case.register}/"' in page.content.decode()
    first = text[text.index(untold.case.register) : text.index(told.case.register)]
    assert "Nothing is noted about the register number" in first
    assert "Complaint desk" in first
    assert "WIB" in first
    assert "Petugas penerima 130300" in first
    second = text[text.index(told.case.register) :]
    assert "Told by telephone" in second
    assert "Nothing is missing: complete the reception." in second


def test_a_reception_past_the_norm_is_said_in_words(world: World, record_case: RecordCase) -> None:
    complaint = record_case()
    client = browser_of(world, "penerima")
    assert "Over the norm" not in text_of(client.get(DESK))
    begun = timezone.now() - timedelta(minutes=31, seconds=1)
    Reception.objects.filter(case=complaint.case).update(started_at=begun)
    text = text_of(client.get(DESK))
    assert "31" in text
    assert "Over the norm" in text


def test_completed_receptions_leave_the_list(world: World, record_case: RecordCase) -> None:
    complaint, receiver = record_case(), world.officer("penerima")
    move(complaint, "tell_register", by=receiver, told="langsung", note="")
    move(complaint, "complete_reception", by=receiver)
    client = browser_of(world, "penerima")
    assert complaint.case.register not in text_of(client.get(DESK))
    assert look_up(client, complaint.case.register).by_id["status"] == "Received"


def test_a_compliance_unit_sees_its_desks_open_receptions_and_records_nothing(
    world: World, record_case: RecordCase
) -> None:
    register = record_case().case.register
    page = browser_of(world, "verifikator").get(DESK)
    assert register in text_of(page)
    assert "Record a complaint" not in text_of(page)
    assert "Record a complaint" in text_of(browser_of(world, "penerima").get(DESK))
    assert register not in text_of(browser_of(world, "penerima", MALILI).get(DESK))


def test_the_report_is_offered_to_those_who_get_one(world: World) -> None:
    for role, offered in (("penerima", True), ("kepala-uki", True), ("verifikator", False)):
        page = browser_of(world, role).get(DESK).content.decode()
        assert ("/penerimaan/laporan/" in page) is offered


def test_the_number_of_queries_does_not_grow_and_the_list_ends(world: World, record_case: RecordCase) -> None:
    client = browser_of(world, "penerima")
    record_case()

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(DESK).status_code == 200
        return len(captured)

    one = queries()
    for _number in range(MOST_OPEN - 1):
        record_case()
    assert queries() == one
    assert "There are more." not in text_of(client.get(DESK))
    last = record_case().case.register
    text = text_of(client.get(DESK))
    assert "There are more." in text
    assert last not in text
    assert one <= 20


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("130300-2026-000042", "130300-2026-000042"),
        ("130300-2026-1000042", "130300-2026-1000042"),
        ("130300/2026/42", "130300-2026-000042"),
        ("130300202600042", ""),
        ("2026-130300-000042", "202613-0300-000042"),
        ("130300-2026-OOOO42", ""),
        ("٤" * 16, ""),
        ("", ""),
    ],
)
def test_a_register_number_is_read_as_it_is_stored(typed: str, stored: str) -> None:
    assert register_number(typed) == stored


@pytest.mark.parametrize(
    ("typed", "prefix"),
    [("1303", "1303"), ("1303002", "130300-2"), ("130300 2026 00", "130300-2026-00"), ("", ""), ("%_x", "")],
)
def test_the_beginning_of_a_number_is_read_as_it_is_stored(typed: str, prefix: str) -> None:
    assert number_prefix(typed) == prefix
