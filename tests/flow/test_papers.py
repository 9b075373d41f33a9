"""Papers and reports behind addresses: who gets which, what stands in them, and what stays sealed."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pypdfium2
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sipuma.complaints.models import Reception
from sipuma.offices.models import Member, Office
from sipuma.offices.refusal import Refused
from sipuma.workspace.views import papers
from tests.flow.staff import Answer, browser_of, text_of
from tests.world import ACEH, KI, MALILI, SABANG, Complaint, FileCase, RecordCase, World, assessed, move

BLANK = "/en/petugas/formulir/"
REPORT = "/en/petugas/penerimaan/laporan/"
REPORT_PDF = "/en/petugas/penerimaan/laporan.pdf"
REPORT_XLSX = "/en/petugas/penerimaan/laporan.xlsx"


def form_of(complaint: Complaint) -> str:
    return f"/en/petugas/kasus/{complaint.case.register}/formulir.pdf"


def receipt_of(complaint: Complaint) -> str:
    return f"/en/petugas/kasus/{complaint.case.register}/tanda-terima.pdf"


def read(answer: Answer) -> str:
    """Return the text of a PDF."""
    document = pypdfium2.PdfDocument(answer.content)
    pages = [page.get_textpage().get_text_bounded() for page in document]
    document.close()
    return " ".join(" ".join(pages).split())


def paper(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    assert answer.headers["Content-Type"] == "application/pdf"
    return read(answer)


def complete(world: World, complaint: Complaint) -> None:
    receiver = world.officer("penerima")
    move(complaint, "tell_register", by=receiver, told="langsung", note="")
    move(complaint, "complete_reception", by=receiver)


def test_a_paper_is_shown_in_the_browser_and_kept_nowhere(world: World, record_case: RecordCase) -> None:
    complaint = record_case()
    client = browser_of(world, "penerima")
    for path in (BLANK, form_of(complaint), receipt_of(complaint), REPORT_PDF):
        answer = client.get(path)
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Disposition"].startswith("inline; filename=")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert client.post(path).status_code == 405


@pytest.mark.parametrize(
    ("role", "office", "status"),
    [
        ("penerima", SABANG, 200),
        ("verifikator", SABANG, 200),
        ("pengkaji-unit", SABANG, 404),
        ("admin", SABANG, 404),
    ],
)
def test_the_blank_form_is_for_the_desk_and_the_compliance_unit(
    world: World, role: str, office: str, status: int
) -> None:
    assert browser_of(world, role, office).get(BLANK).status_code == status


def test_the_blank_form_carries_the_offices_name_in_the_language_of_the_address(world: World) -> None:
    client = browser_of(world, "penerima")
    office = Office.objects.get(pk=SABANG)
    assert str(office) in paper(client, BLANK)
    assert "free of charge" in paper(client, BLANK)
    assert client.get(f"{BLANK}?office={MALILI}").status_code == 404


def test_the_desk_prints_what_it_took_down_until_reception_is_completed(
    world: World, record_case: RecordCase
) -> None:
    complaint = record_case(
        what="Diminta uang tunai.",
        name="Nama lengkap pengadu",
        callback="Telepon 0811 000 111",
        incomplete="Waktu tidak jelas.",
    )
    move(
        complaint,
        "desk_employee",
        by=world.officer("penerima"),
        employee_state="known",
        employee_name="Pegawai Loket",
        nip="",
        post="",
        employee_office="",
    )
    client = browser_of(world, "penerima")
    text = paper(client, form_of(complaint))
    office = str(Office.objects.get(pk=SABANG))
    for part in (
        complaint.case.register,
        office,
        "Complaint desk",
        "Diminta uang tunai.",
        "Not known",
        "Nama lengkap pengadu",
        "0811 000 111",
        "Pegawai Loket",
        "Waktu tidak jelas.",
        "Petugas penerima 130300",
        "WIB",
    ):
        assert part in text
    assert complaint.case.reads.count() == 1
    complete(world, complaint)
    assert client.get(form_of(complaint)).status_code == 404


def test_a_verifier_prints_it_without_the_sealed_identity_and_it_says_so(
    world: World, record_case: RecordCase
) -> None:
    complaint = record_case(what="Diminta uang tunai.", name="Nama lengkap pengadu")
    complete(world, complaint)
    text = paper(browser_of(world, "verifikator"), form_of(complaint))
    assert "Diminta uang tunai." in text
    assert "Nama lengkap pengadu" not in text
    assert "sealed for others: left out of this paper" in text
    opened = record_case(name="Nama lengkap pengadu", disclose=True)
    assert "Nama lengkap pengadu" in paper(browser_of(world, "verifikator"), form_of(opened))


def test_a_complaint_without_identity_and_path_says_that_none_was_given(
    world: World, record_case: RecordCase
) -> None:
    text = paper(browser_of(world, "penerima"), form_of(record_case(callback="")))
    assert "Withheld." in text
    assert "None given." in text
    assert "Complete and clear." in text


def test_a_web_complaint_is_printed_by_its_handlers(world: World, file_case: FileCase) -> None:
    complaint = file_case(what="Dari rumah.", who="Petugas loket")
    text = paper(browser_of(world, "verifikator"), form_of(complaint))
    assert "Dari rumah." in text
    assert "Website" in text
    assert browser_of(world, "penerima").get(form_of(complaint)).status_code == 404


def test_an_employee_recorded_by_mistake_is_not_printed(world: World, record_case: RecordCase) -> None:
    complaint, verifier = record_case(), world.officer("verifikator")
    move(complaint, "take", by=verifier)
    values = {"employee_state": "known", "nip": "", "post": "", "employee_office": ""}
    for name in ("Pegawai Salah", "Pegawai Benar"):
        move(complaint, "record_employee", by=verifier, employee_name=name, **values)
    wrong = str(complaint.case.reported.order_by("pk")[0].pk)
    move(complaint, "retract_employee", by=verifier, employee=wrong, reason="Salah orang.")
    text = paper(browser_of(world, "verifikator"), form_of(complaint))
    assert "Pegawai Benar" in text
    assert "Pegawai Salah" not in text


@pytest.mark.parametrize(
    ("role", "office"),
    [
        ("penerima", MALILI),
        ("verifikator", MALILI),
        ("pyb", KI),
        ("kustodian", ACEH),
        ("pengkaji-unit", SABANG),
    ],
)
def test_a_form_out_of_reach_is_not_there(
    world: World, record_case: RecordCase, role: str, office: str
) -> None:
    complaint = record_case(name="Nama lengkap pengadu")
    assert browser_of(world, role, office).get(form_of(complaint)).status_code == 404
    assert not complaint.case.reads.exists()


def test_a_unit_that_was_told_a_part_does_not_get_the_form(world: World, file_case: FileCase) -> None:
    complaint, verifier = file_case(), world.officer("verifikator")
    move(complaint, "take", by=verifier)
    move(complaint, "assess", by=verifier, **assessed(type="T2a", category="waktu"))
    move(complaint, "route_unit", by=verifier, unit=SABANG, referral="Tolong periksa antrean.")
    assert browser_of(world, "pengkaji-unit").get(form_of(complaint)).status_code == 404


def test_the_desk_hands_out_the_receipt_at_any_time_with_nothing_of_the_matter(
    world: World, record_case: RecordCase
) -> None:
    complaint = record_case(what="Rahasia besar.", name="Nama pengadu", channel="LETTER")
    client = browser_of(world, "penerima")
    before = paper(client, receipt_of(complaint))
    complete(world, complaint)
    after = paper(client, receipt_of(complaint))
    assert after == before
    for part in (complaint.case.register, "Letter", "WIB", "free of charge"):
        assert part in after
    for secret in ("Rahasia", "Nama pengadu", "Petugas penerima"):
        assert secret not in after
    assert not complaint.case.reads.exists()


def test_the_receipt_says_how_many_papers_the_desk_counted(world: World, record_case: RecordCase) -> None:
    complaint = record_case()
    client = browser_of(world, "penerima")
    assert "Papers received 7" in paper(client, f"{receipt_of(complaint)}?papers=7")
    for wrong in ("-1", "x", "1000", "9" * 5000, "٣", "1.5"):
        assert client.get(receipt_of(complaint), {"papers": wrong}).status_code == 404


def test_others_than_the_desk_get_no_receipt(
    world: World, record_case: RecordCase, file_case: FileCase
) -> None:
    recorded, online = record_case(), file_case()
    for role, office in (("verifikator", SABANG), ("kepala-uki", SABANG), ("penerima", MALILI), ("pyb", KI)):
        assert browser_of(world, role, office).get(receipt_of(recorded)).status_code == 404
    client = browser_of(world, "penerima")
    assert client.get(receipt_of(online)).status_code == 404
    assert client.get("/petugas/kasus/130300-2026-999999/tanda-terima.pdf").status_code == 404


def no_pango(*_given: object, **_more: object) -> bytes:
    raise Refused("The server can't make papers.")


def no_weasyprint(*_given: object, **_more: object) -> bytes:
    raise ImportError("weasyprint")


@pytest.mark.parametrize("fails", [no_pango, no_weasyprint])
def test_a_server_that_makes_no_papers_says_what_to_install(
    world: World, record_case: RecordCase, monkeypatch: pytest.MonkeyPatch, fails: Callable[..., bytes]
) -> None:
    complaint = record_case()
    client = browser_of(world, "penerima")
    monkeypatch.setattr(papers, "complaint_form", fails)
    monkeypatch.setattr(papers, "receipt", fails)
    for path in (BLANK, form_of(complaint), receipt_of(complaint)):
        answer = client.get(path)
        assert answer.status_code == 503
        assert "libpango-1.0-0" in text_of(answer)


# The report (R86): of March of the year before this one, whose months are always to choose from.
YEAR = timezone.now().year - 1
FIRST = datetime(YEAR, 3, 1, tzinfo=ZoneInfo("Asia/Jakarta"))
END = datetime(YEAR, 4, 1, tzinfo=ZoneInfo("Asia/Jakarta"))
SECOND = timedelta(seconds=1)
MARCH = f"since={YEAR}-03&until={YEAR}-03"


@pytest.fixture
def receptions(world: World, record_case: RecordCase) -> list[Complaint]:
    """Return four receptions of March at Sabang: two of the receiver, two of a second one."""
    made = [record_case(channel=channel) for channel in ("HELPDESK", "HELPDESK", "PHONE", "LETTER")]
    other = Member.objects.get(pk=world.officer("kepala-uki").member.pk)
    first, minute = FIRST + timedelta(hours=9), timedelta(minutes=1)
    # fmt: off
    rows: tuple[tuple[int | None, dict[str, object]], ...] = (
        (10,   {"complete": True,  "told": "langsung"}),
        (40,   {"complete": False, "told": "tanpa-jalur"}),
        (30,   {"complete": True,  "told": "telepon",  "member": other}),
        (None, {"complete": True,  "told": "",         "member": other}),
    )
    # fmt: on
    for day, (complaint, (took, row)) in enumerate(zip(made, rows, strict=True)):
        started = first + timedelta(days=day)
        ends = None if took is None else started + took * minute
        moments = {"started_at": started, "saved_at": started + 5 * minute, "completed_at": ends}
        Reception.objects.filter(case=complaint.case).update(**moments, **row)
    return made


def lines(answer: Answer) -> dict[str, dict[str, str]]:
    """Return the first table of the report: the texts of each officer by heading."""
    work = answer.context["tables"][0]  # type: ignore[attr-defined]
    everybody = (*work.lines, work.total)
    return {line.officer: {str(label): text for label, text in line.cells} for line in everybody}


def test_the_head_of_the_compliance_unit_reads_the_figures_of_every_officer(
    world: World, receptions: list[Complaint]
) -> None:
    answer = browser_of(world, "kepala-uki").get(f"{REPORT}?{MARCH}")
    assert answer.status_code == 200
    found = lines(answer)
    figures = {officer: " ".join(texts.values()) for officer, texts in found.items()}
    assert figures == {
        "Petugas kepala-uki 130300": "2 30.0 30.0 100.0 0 1 0 1 1",
        "Petugas penerima 130300": "2 25.0 40.0 50.0 1 1 1 0 0",
        "": "4 30.0 40.0 66.7 1 2 1 1 1",
    }
    text = text_of(answer)
    assert "All together" in text
    assert "Every officer of this desk." in text
    assert not [one.case.register for one in receptions if one.case.register in text]


def test_a_receiver_reads_the_own_figures_only(world: World, receptions: list[Complaint]) -> None:
    answer = browser_of(world, "penerima").get(f"{REPORT}?{MARCH}")
    found = lines(answer)
    assert [*found] == ["Petugas penerima 130300", ""]
    assert found[""]["Complaints recorded"] == "2"
    assert "What you recorded yourself." in text_of(answer)


@pytest.mark.parametrize(
    ("role", "office", "status"),
    [
        ("penerima", SABANG, 200),
        ("kepala-uki", SABANG, 200),
        ("verifikator", SABANG, 404),
        ("pengkaji-unit", SABANG, 404),
        ("kustodian", ACEH, 404),
        ("admin", SABANG, 404),
    ],
)
def test_the_report_is_for_receivers_and_heads(world: World, role: str, office: str, status: int) -> None:
    client = browser_of(world, role, office)
    for path in (REPORT, REPORT_PDF, REPORT_XLSX):
        assert client.get(path).status_code == status
        assert client.get(f"{path}?office={MALILI}").status_code == 404


def test_the_head_of_another_office_reads_nothing_of_this_one(
    world: World, receptions: list[Complaint]
) -> None:
    world.officer("penerima", MALILI)
    answer = browser_of(world, "kepala-uki", MALILI).get(f"{REPORT}?{MARCH}")
    assert "Nothing was recorded in these months" in text_of(answer)


def test_a_complaint_past_the_own_compliance_unit_is_in_no_figure_of_its_head(
    world: World, record_case: RecordCase
) -> None:
    world.officer("verifikator", ACEH)
    record_case(conflict=True)
    assert "Nothing was recorded" in text_of(browser_of(world, "kepala-uki").get(REPORT))
    assert lines(browser_of(world, "penerima").get(REPORT))[""]["Complaints recorded"] == "1"


def test_the_months_are_the_offices_and_whole(world: World, receptions: list[Complaint]) -> None:
    client = browser_of(world, "kepala-uki")
    first = Reception.objects.filter(case=receptions[0].case)
    first.update(saved_at=FIRST)
    assert lines(client.get(f"{REPORT}?{MARCH}"))[""]["Complaints recorded"] == "4"
    first.update(saved_at=FIRST - SECOND)
    assert lines(client.get(f"{REPORT}?{MARCH}"))[""]["Complaints recorded"] == "3"
    first.update(saved_at=END - SECOND)
    assert lines(client.get(f"{REPORT}?{MARCH}"))[""]["Complaints recorded"] == "4"
    both = client.get(f"{REPORT}?since={YEAR}-02&until={YEAR}-03")
    assert f"1 February {YEAR} – 31 March {YEAR}" in text_of(both)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        (f"since={YEAR}-03&until={YEAR}-02", "until"),
        ("since=1999-01", "since"),
        ("until=9999-12", "until"),
        (f"since={YEAR}-13", "since"),
        ("since=x", "since"),
        ("since=" + "9" * 5000, "since"),
    ],
)
def test_a_wrong_month_is_named(world: World, query: str, field: str) -> None:
    client = browser_of(world, "penerima")
    for path in (REPORT, REPORT_PDF, REPORT_XLSX):
        answer = client.get(f"{path}?{query}")
        assert answer.status_code == 400
        assert f'href="#id_{field}"' in answer.content.decode()


def test_the_report_comes_as_paper_and_as_workbook_with_the_same_figures(
    world: World, receptions: list[Complaint]
) -> None:
    client = browser_of(world, "kepala-uki")
    page = client.get(f"{REPORT}?{MARCH}").content.decode()
    for path in (REPORT_PDF, REPORT_XLSX):
        query = f"office={SABANG}&amp;since={YEAR}-03&amp;until={YEAR}-03"
        assert f'href="{path}?{query}"' in page
    text = paper(client, f"{REPORT_PDF}?{MARCH}")
    months = f"1 March {YEAR} – 31 March {YEAR}"
    for part in ("Petugas penerima 130300", "Petugas kepala-uki 130300", "66.7", months):
        assert part in text
    answer = client.get(f"{REPORT_XLSX}?{MARCH}")
    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="laporan-penerimaan-{SABANG}-{YEAR}03-{YEAR}03.xlsx"'
    )
    with ZipFile(io.BytesIO(answer.content)) as book:
        assert "Petugas penerima 130300" in book.read("xl/sharedStrings.xml").decode()


def test_two_officers_of_one_name_are_not_added_up(world: World, receptions: list[Complaint]) -> None:
    client = browser_of(world, "kepala-uki")
    Member.objects.filter(user__username__endswith=f".{SABANG}").update(name="Petugas")
    found = lines(client.get(f"{REPORT}?{MARCH}"))
    assert [*found] == [f"Petugas (kepala-uki.{SABANG})", f"Petugas (penerima.{SABANG})", ""]


def test_the_number_of_queries_does_not_grow_with_the_receptions(
    world: World, record_case: RecordCase
) -> None:
    client = browser_of(world, "kepala-uki")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(REPORT).status_code == 200
        return len(captured)

    record_case()
    one = queries()
    for _number in range(19):
        record_case()
    assert queries() == one
    assert one <= 15
