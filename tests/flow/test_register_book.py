"""The register book of an office: what stands in it for whom, its filters, its pages and its print."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sipuma.cases.models import Case
from sipuma.complaints.models import Reception
from sipuma.offices.models import Member, Office
from sipuma.workspace import desk_queries
from sipuma.workspace.desk_queries import SIZE
from sipuma.workspace.views import register_book
from tests.flow.staff import Answer, browser_of, text_of
from tests.world import ACEH, KI, MALILI, SABANG, FileCase, RecordCase, World, assessed, move

BOOK = "/en/petugas/penerimaan/buku/"


def registers(answer: Answer) -> list[str]:
    return [row.case.register for row in answer.context["rows"]]  # type: ignore[attr-defined]


def book(client: Client, query: str = "") -> list[str]:
    answer = client.get(f"{BOOK}?{query}")
    assert answer.status_code == 200
    return registers(answer)


def receive(case: Case, moment: datetime) -> None:
    Case.objects.filter(pk=case.pk).update(received_at=moment)


@pytest.mark.parametrize(
    ("role", "office", "status"),
    [
        ("penerima", SABANG, 200),
        ("verifikator", SABANG, 200),
        ("kepala-uki", SABANG, 200),
        ("pengkaji-unit", SABANG, 404),
        ("pyb", KI, 404),
        ("kustodian", ACEH, 404),
        ("admin", SABANG, 404),
    ],
)
def test_the_book_is_open_to_receivers_and_compliance_units_alone(
    world: World, role: str, office: str, status: int
) -> None:
    assert browser_of(world, role, office).get(BOOK).status_code == status


def test_every_saved_complaint_of_the_office_is_in_it_and_no_other(
    world: World, file_case: FileCase, record_case: RecordCase
) -> None:
    online, offline = file_case().case, record_case(channel="LETTER").case
    file_case(MALILI)
    assert book(browser_of(world, "penerima")) == [offline.register, online.register]


def test_the_book_of_another_office_is_not_there(world: World, file_case: FileCase) -> None:
    file_case(MALILI)
    client = browser_of(world, "penerima")
    for code in (MALILI, "000000", "x", "130300 "):
        assert client.get(BOOK, {"office": code}).status_code == 404
    assert client.get(BOOK, {"office": SABANG}).status_code == 200


def test_an_officer_of_several_offices_chooses_one(world: World, file_case: FileCase) -> None:
    register = file_case(MALILI).case.register
    client = browser_of(world, "kepala-uki", "110000")
    assert 'name="office"' in client.get(BOOK).content.decode()
    assert register not in book(client)
    assert register in book(client, f"office={MALILI}")
    assert 'name="office"' not in browser_of(world, "penerima").get(BOOK).content.decode()


def test_no_word_of_the_matter_and_no_complainant_stands_in_it(world: World, record_case: RecordCase) -> None:
    record_case(what="Rahasia besar.", name="Nama pengadu", callback="0811 000 111")
    client = browser_of(world, "penerima")
    for query in ("", "print=1"):
        page = client.get(f"{BOOK}?{query}").content.decode()
        assert not [secret for secret in ("Rahasia", "Nama pengadu", "0811") if secret in page]


def test_a_line_says_what_became_of_reception_and_case(
    world: World, file_case: FileCase, record_case: RecordCase
) -> None:
    told, untold, online = record_case(channel="BOX"), record_case(callback=""), file_case()
    receiver, verifier = world.officer("penerima"), world.officer("verifikator")
    move(told, "tell_register", by=receiver, told="surat", note="")
    move(told, "complete_reception", by=receiver)
    move(untold, "tell_register", by=receiver, told="tanpa-jalur", note="")
    move(online, "take", by=verifier)
    move(online, "assess", by=verifier, **assessed())
    move(online, "not_actionable", by=verifier, reason="A", explanation="Tidak jelas.")
    client = browser_of(world, "penerima")
    for query in ("sort=oldest", "sort=oldest&print=1"):
        text = text_of(client.get(f"{BOOK}?{query}"))
        at = [text.index(one.case.register) for one in (told, untold, online)]
        lines = [text[at[0] : at[1]], text[at[1] : at[2]], text[at[2] :]]
        for part in ("Complaint box", "Petugas penerima 130300", "Completed. Told by letter", "WIB"):
            assert part in lines[0]
        assert "Open. Not told: the complainant left no way to be reached" in lines[1]
        assert "Can’t be followed up" in lines[2]
        assert timezone.localdate().strftime("%Y") in lines[2]


def test_a_moved_case_stays_and_is_said_to_be_transferred(world: World, file_case: FileCase) -> None:
    complaint, verifier = file_case(), world.officer("verifikator")
    client = browser_of(world, "penerima")
    assert "transferred" not in text_of(client.get(BOOK))
    move(complaint, "take", by=verifier)
    move(complaint, "transfer", by=verifier, target=MALILI, reason="Salah kantor.")
    text = text_of(client.get(BOOK))
    assert "transferred" in text[text.index(complaint.case.register) :]
    malili = browser_of(world, "kepala-uki", "110000")
    assert complaint.case.register not in book(malili, f"office={MALILI}")


def test_a_complaint_about_the_own_office_stands_in_its_desks_book_only(
    world: World, record_case: RecordCase
) -> None:
    world.officer("verifikator", ACEH)
    register = record_case(conflict=True).case.register
    client = browser_of(world, "penerima")
    assert book(client) == [register]
    assert "registered at" in text_of(client.get(BOOK))
    for role in ("verifikator", "kepala-uki"):
        assert book(browser_of(world, role)) == []
    assert register in book(browser_of(world, "verifikator", ACEH))


def test_only_cases_that_the_officer_may_open_are_links(
    world: World, file_case: FileCase, record_case: RecordCase
) -> None:
    online, offline = file_case().case, record_case().case
    desk = browser_of(world, "penerima").get(BOOK).content.decode()
    assert f'/kasus/{offline.register}/"' in desk
    assert f'/kasus/{online.register}/"' not in desk
    unit = browser_of(world, "verifikator").get(BOOK).content.decode()
    assert f'/kasus/{offline.register}/"' in unit
    assert f'/kasus/{online.register}/"' in unit


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("channel=WEB", {"web"}),
        ("channel=PHONE", {"phone"}),
        ("channel=FAX", set()),
        ("state=DITERIMA", {"web", "phone"}),
        ("state=VERIFIKASI", {"taken"}),
        ("state=DI_PYB", set()),
        ("state=VERIFIKASI&channel=LETTER", {"taken"}),
        ("state=VERIFIKASI&channel=WEB", set()),
        ("register=130300", {"web", "phone", "taken"}),
        ("register=1304", set()),
    ],
)
def test_filters_narrow_the_book(
    world: World, file_case: FileCase, record_case: RecordCase, query: str, expected: set[str]
) -> None:
    cases = {
        "web": file_case(),
        "phone": record_case(channel="PHONE"),
        "taken": record_case(channel="LETTER"),
    }
    move(cases["taken"], "take", by=world.officer("verifikator"))
    found = book(browser_of(world, "penerima"), query)
    assert {name for name, one in cases.items() if one.case.register in found} == expected


def test_states_that_the_public_reads_as_one_are_one_filter(world: World, file_case: FileCase) -> None:
    complaint = file_case()
    for state in ("DI_PYB", "PENGKAJIAN_UNIT", "TINDAK_LANJUT"):
        Case.objects.filter(pk=complaint.case.pk).update(state=state)
        client = browser_of(world, "penerima")
        assert book(client, "state=DI_PYB") == [complaint.case.register]
        assert "Being handled" in text_of(client.get(BOOK))
        assert "PYB" not in text_of(client.get(BOOK))


def test_a_number_is_found_by_its_beginning_however_it_is_typed(world: World, file_case: FileCase) -> None:
    first, second = file_case().case, file_case().case
    client = browser_of(world, "penerima")
    assert book(client, f"register={second.register}") == [second.register]
    assert book(client, f"register={second.register.replace('-', ' ')}") == [second.register]
    assert set(book(client, f"register={first.register[:11]}")) == {first.register, second.register}


def test_a_day_is_the_offices_day_and_the_last_one_counts(world: World, file_case: FileCase) -> None:
    early, late = file_case().case, file_case().case
    receive(early, datetime(2026, 3, 9, 17, 0, tzinfo=UTC))  # 10 March, 00.00 WIB
    receive(late, datetime(2026, 3, 10, 16, 59, 59, tzinfo=UTC))  # 10 March, 23.59 WIB
    client = browser_of(world, "penerima")
    both = [late.register, early.register]
    assert book(client, "since=2026-03-10&until=2026-03-10") == both
    assert book(client, "since=10-03-2026&until=10/03/2026") == both
    assert book(client, "since=2026-03-11&until=2026-03-12") == []
    assert book(client, "since=2026-03-01&until=2026-03-09") == []


def test_the_book_opens_at_this_year_of_the_office(world: World, file_case: FileCase) -> None:
    this, last = file_case().case, file_case().case
    receive(last, datetime(timezone.now().year - 1, 12, 31, 16, 59, 59, tzinfo=UTC))
    client = browser_of(world, "penerima")
    assert book(client) == [this.register]
    assert f'value="{timezone.now().year}-01-01"' in client.get(BOOK).content.decode()
    assert book(client, "since=2000-01-01") == [this.register, last.register]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("since=2026-03-02&until=2026-03-01", "until"),
        ("since=kemarin", "since"),
        ("until=2026-02-30", "until"),
        ("until=9999-12-31", "until"),
        ("since=0001-01-01", "since"),
        ("since=" + "9" * 5000, "since"),
        ("channel=NOWHERE", "channel"),
        ("state=NOWHERE", "state"),
        ("state=PENGKAJIAN_KI", "state"),
        ("sort=sideways", "sort"),
        ("register=" + "1" * 61, "register"),
        ("register=%00", "register"),
        ("register=%25", "register"),
        ("register=xx", "register"),
    ],
)
def test_a_wrong_filter_is_named_and_the_rest_still_works(
    world: World, file_case: FileCase, query: str, field: str
) -> None:
    register = file_case().case.register
    client = browser_of(world, "penerima")
    answer = client.get(f"{BOOK}?{query}")
    assert answer.status_code == 400
    assert f'href="#id_{field}"' in answer.content.decode()
    if field not in {"until", "since"} or "2026-03" not in query:
        assert registers(answer) == [register]
    assert client.get(f"{BOOK}?{query}&print=1").status_code == 400


def test_an_empty_book_and_an_empty_filter_say_so(world: World, file_case: FileCase) -> None:
    client = browser_of(world, "penerima")
    assert "No complaint was registered here this year" in text_of(client.get(BOOK))
    assert "No complaint fits these filters." in text_of(client.get(f"{BOOK}?print=1"))
    file_case()
    assert "No complaint fits these filters" in text_of(client.get(f"{BOOK}?channel=FAX"))


def test_a_place_after_the_last_complaint_leads_back(world: World, file_case: FileCase) -> None:
    file_case()
    answer = browser_of(world, "penerima").get(BOOK, {"sort": "newest", "after": "1-1"})
    assert registers(answer) == []
    assert "Show this year’s" in text_of(answer)


def copies(first: Case, number: int, *, recorded_by: Member | None = None) -> Sequence[Case]:
    """Put further complaints into the book, all received at the same moment as the first."""
    same = (
        "service",
        "office",
        "team",
        "verification",
        "reception",
        "channel",
        "state",
        "received_at",
        "public",
    )
    shared = {name: getattr(first, name) for name in same}
    rows = [Case(register=f"130300-2026-{n:06d}", **shared) for n in range(500, 500 + number)]
    made = Case.objects.bulk_create(rows)
    if recorded_by is not None:
        common = {"member": recorded_by, "complete": True, "started_at": first.received_at}
        Reception.objects.bulk_create(
            Reception(case=one, saved_at=first.received_at, **common) for one in made
        )
    return made


@pytest.mark.parametrize("sort", ["newest", "oldest"])
@pytest.mark.parametrize("number", [SIZE, SIZE + 1, 2 * SIZE])
def test_pages_follow_each_other_both_ways_without_gap_or_repetition(
    world: World, file_case: FileCase, sort: str, number: int
) -> None:
    first = file_case().case
    made = copies(first, number - 1)
    receive(made[0], timezone.now())
    order = ("received_at", "pk") if sort == "oldest" else ("-received_at", "-pk")
    expected = [*Case.objects.order_by(*order).values_list("register", flat=True)]
    client = browser_of(world, "penerima")
    pages, address = [], f"{BOOK}?sort={sort}"
    while address:
        answer = client.get(address)
        pages.append(registers(answer))
        address = answer.context["next"]
    assert [register for page in pages for register in page] == expected
    assert len(pages) == (number + SIZE - 1) // SIZE
    while back := answer.context["previous"]:
        pages.pop()
        answer = client.get(back)
        assert registers(answer) == pages[-1]
    assert len(pages) == 1


def test_a_place_that_is_none_shows_the_first_page(world: World, file_case: FileCase) -> None:
    register = file_case().case.register
    client = browser_of(world, "penerima")
    for place in ("x", "9" * 40 + "-1", "1-", "-", "9999999999999999-" + "9" * 30, "-5", "1-x"):
        assert client.get(BOOK, {"after": place}).status_code == 200
        assert client.get(BOOK, {"before": place, "print": "1"}).status_code == 200
    assert book(client, "after=x") == [register]


def test_the_print_has_all_rows_under_the_offices_head(
    world: World, file_case: FileCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    Office.objects.filter(pk=SABANG).update(phone="(0652) 21105")
    copies(file_case().case, SIZE + 9)
    client = browser_of(world, "penerima")
    answer = client.get(f"{BOOK}?print=1&sort=oldest")
    text = text_of(answer)
    assert len(registers(answer)) == SIZE + 10
    assert "60 complaints." in text
    assert str(Office.objects.get(pk=SABANG)) in text
    assert "(0652) 21105" in text
    assert "There are more" not in text
    monkeypatch.setattr(desk_queries, "MOST_PRINTED", 20)
    monkeypatch.setattr(register_book, "MOST_PRINTED", 20)
    answer = client.get(f"{BOOK}?print=1&sort=oldest")
    assert len(registers(answer)) == 20
    assert "There are more: only 20 fit one print." in text_of(answer)


@pytest.mark.parametrize("query", ["", "print=1"])
def test_the_number_of_queries_does_not_grow_with_the_rows(
    world: World, record_case: RecordCase, query: str
) -> None:
    client = browser_of(world, "penerima")
    first = record_case().case

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"{BOOK}?{query}").status_code == 200
        return len(captured)

    one = queries()
    copies(first, 60, recorded_by=world.officer("penerima").member)
    assert queries() == one
    assert one <= 20


def test_the_days_of_an_office_in_another_zone_are_its_own(world: World, file_case: FileCase) -> None:
    case = file_case(MALILI).case
    receive(case, datetime(2026, 3, 9, 16, 0, tzinfo=UTC))  # 10 March, 00.00 WITA
    client = browser_of(world, "kepala-uki", "110000")
    query = f"office={MALILI}&since=2026-03-10&until=2026-03-10"
    assert book(client, query) == [case.register]
    assert "WITA" in text_of(client.get(f"{BOOK}?{query}"))
    receive(case, datetime(2026, 3, 9, 15, 59, 59, tzinfo=UTC))
    assert book(client, query) == []
