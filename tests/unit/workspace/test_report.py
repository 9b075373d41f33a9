"""The report of reception work: figures counted by hand, as a paper and as a workbook."""

import re
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from html import unescape
from io import BytesIO

import pytest
from django.utils import translation

from sipuma.complaints.models import Told
from sipuma.offices.models import Office
from sipuma.workspace.papers.figures import Report, Work, summarise
from sipuma.workspace.papers.report import Period, report_pdf, report_xlsx
from tests.unit.workspace.pdf import read

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
OFFICE = Office(code="130300", name="KPPBC Sabang", city="Sabang", province="Aceh", timezone="Asia/Jakarta")


def work(
    officer: str,
    minutes: float | None,
    *,
    channel: str = "HELPDESK",
    complete: bool = True,
    told: str = Told.IN_PERSON,
) -> Work:
    """One reception that took so many minutes; None for one that is still open."""
    completed = None if minutes is None else START + timedelta(minutes=minutes)
    return Work(officer, channel, START, START + timedelta(minutes=5), completed, complete, told)


ROWS = (
    work("Penerima A", 10),
    work("Penerima A", 30, channel="PHONE", told=Told.PHONE),
    work("Penerima A", 31, channel="PHONE", complete=False, told=Told.UNREACHABLE),
    work("Penerima A", None, channel="LETTER", complete=False, told=""),
    work("Penerima B", 21, channel="BOX", told=Told.NO_PATH),
    work("Penerima B", 90, channel="BOX", told=Told.NO_PATH),
)


class TestFigures:
    """R26, R86."""

    def test_the_figures_of_one_officer(self) -> None:
        first = summarise(ROWS).officers[0]
        assert (first.officer, first.number, first.finished, first.open) == ("Penerima A", 4, 3, 1)
        assert (first.median, first.longest, first.within) == (30, 31, 2)
        assert first.share == pytest.approx(2 / 3)
        assert first.channels == (("PHONE", 2), ("HELPDESK", 1), ("LETTER", 1))
        assert (first.incomplete, first.told, first.untold) == (2, 2, 1)
        assert first.reasons == ((Told.UNREACHABLE, 1),)

    def test_the_figures_of_all_are_counted_and_not_averaged(self) -> None:
        report = summarise(ROWS)
        total = report.total
        assert [figures.officer for figures in report.officers] == ["Penerima A", "Penerima B"]
        assert (total.number, total.finished, total.open) == (6, 5, 1)
        assert (total.median, total.longest, total.within) == (30, 90, 3)
        assert total.share == pytest.approx(0.6)
        assert total.reasons == ((Told.NO_PATH, 2), (Told.UNREACHABLE, 1))

    def test_the_median_of_two_lies_between_them(self) -> None:
        assert summarise(ROWS).officers[1].median == pytest.approx(55.5)

    def test_thirty_minutes_keep_the_norm_and_a_second_more_does_not(self) -> None:
        assert summarise([work("A", 30)]).total.within == 1
        assert summarise([work("A", 30 + 1 / 60)]).total.within == 0

    def test_a_reception_over_midnight_and_zones_takes_as_long_as_it_takes(self) -> None:
        late = datetime.fromisoformat("2026-03-02T23:50:00+07:00")
        early = datetime.fromisoformat("2026-03-03T02:05:00+09:00")
        row = Work("A", "PHONE", late, late, early, complete=True, told="")
        assert summarise([row]).total.longest == 15

    def test_no_work_is_no_figures(self) -> None:
        report = summarise([])
        assert report.officers == ()
        assert (report.total.number, report.total.median, report.total.share) == (0, None, None)

    def test_open_work_alone_has_no_duration(self) -> None:
        total = summarise([work("A", None, told="")]).total
        assert (total.open, total.median, total.longest, total.share) == (1, None, None, None)


class TestPaper:
    """A4 across, tagged."""

    def test_it_shows_the_figures_in_the_language_asked_for(self) -> None:
        found = read(report_pdf(summarise(ROWS), OFFICE, MARCH, "en"))
        with translation.override("en"):
            why = str(Told.NO_PATH.label)
        assert found.tagged
        assert set(found.widths) == {297}
        for text in (
            *("KPPBC Sabang", "1 March 2026 – 31 March 2026"),
            "Penerima A 4 30.0 31.0 66.7 2 2 1 1 1",
            "Penerima B 2 55.5 90.0 50.0 0 0 2 0 0",
            "All together 6 30.0 90.0 60.0 2 2 3 1 1",
            *("Complaint box", why, "the norm is 30 minutes"),
        ):
            assert found.says(text), text
        assert read(report_pdf(summarise(ROWS), OFFICE, MARCH, "id")).says("4 30,0 31,0 66,7")

    def test_an_empty_period_says_so(self) -> None:
        found = read(report_pdf(summarise([]), OFFICE, Period(date(2026, 3, 1), date(2026, 3, 1)), "en"))
        assert found.says("Nothing was recorded at the reception desk in this period.")
        assert found.says("All together 0 – – – 0 0 0 0 0")
        assert not found.says("Channels")
        assert found.text.count("1 March 2026") == 1

    def test_many_officers_and_long_names_fill_further_pages(self) -> None:
        names = [f"{number:03d} {'Nama Panjang ' * 9}" for number in range(60)]
        found = read(report_pdf(summarise([work(name, 5) for name in names]), OFFICE, MARCH, "en"))
        assert found.pages > 3
        assert all(found.says(name[:16]) for name in names)

    def test_markup_in_a_name_stays_text(self) -> None:
        assert read(report_pdf(summarise([work("<b>A</b>", 5)]), OFFICE, MARCH, "en")).says("<b>A</b>")


Cells = dict[str, str]


def sheets(report: Report) -> dict[str, Cells]:
    """Return every sheet of the workbook with its cells, by name."""
    with translation.override("en"):
        made = zipfile.ZipFile(BytesIO(report_xlsx(report, OFFICE, MARCH)))
    names = re.findall(r'<sheet name="([^"]+)"', made.read("xl/workbook.xml").decode())
    strings = [unescape(text) for text in re.findall(r"<t[^>]*>(.*?)</t>", _shared(made), re.DOTALL)]
    pages = (made.read(f"xl/worksheets/sheet{number}.xml").decode() for number in range(1, len(names) + 1))
    return dict(zip(names, (_cells(page, strings) for page in pages), strict=True))


def _shared(made: zipfile.ZipFile) -> str:
    return made.read("xl/sharedStrings.xml").decode()


def _cells(page: str, strings: Sequence[str]) -> Cells:
    assert "<f>" not in page
    assert "<hyperlink" not in page
    assert 'state="frozen"' in page
    assert "<cols>" in page
    found = re.findall(r'<c r="([A-Z]+\d+)"([^>]*)><v>(.*?)</v></c>', page)
    return {place: strings[int(value)] if 't="s"' in kind else value for place, kind, value in found}


def row(cells: Cells, number: int) -> list[str]:
    return [cells[f"{column}{number}"] for column in "ABCDEFGHIJ" if f"{column}{number}" in cells]


class TestWorkbook:
    """One sheet a table; every text is text."""

    def test_it_has_the_same_figures_as_numbers(self) -> None:
        book = sheets(summarise(ROWS))
        assert list(book) == ["Work", "Channels", "Why not told"]
        head = row(book["Work"], 5)
        assert (head[0], head[-1], len(head)) == ("Officer", "Reception still open", 10)
        assert row(book["Work"], 6)[:4] == ["Penerima A", "4", "30", "31"]
        assert float(row(book["Work"], 6)[4]) == pytest.approx(2 / 3)
        assert row(book["Work"], 7) == ["Penerima B", "2", "55.5", "90", "0.5", "0", "0", "2", "0", "0"]
        assert row(book["Work"], 8) == ["All together", "6", "30", "90", "0.6", "2", "2", "3", "1", "1"]
        assert book["Work"]["A2"] == "KPPBC Sabang"
        assert book["Work"]["A3"] == "1 March 2026 – 31 March 2026"

    def test_channels_and_reasons_have_their_own_sheets(self) -> None:
        book = sheets(summarise(ROWS))
        heads = ["Officer", "Complaint box", "Telephone", "Complaint desk", "Letter"]
        assert row(book["Channels"], 5) == heads
        assert row(book["Channels"], 8) == ["All together", "2", "2", "1", "1"]
        assert row(book["Why not told"], 6) == ["Penerima A", "0", "1"]

    @pytest.mark.parametrize(
        "name", ["=cmd()", "=1+1", "+1", "-1", "@SUM(A1)", "{=1}", "https://x.example/", "mailto:a@b.example"]
    )
    def test_names_that_look_like_formulas_or_links_stay_text(self, name: str) -> None:
        assert sheets(summarise([work(name, 5)]))["Work"]["A6"] == name

    def test_an_empty_period_is_a_workbook_too(self) -> None:
        book = sheets(summarise([]))
        assert row(book["Work"], 6) == ["All together", "0", "–", "–", "–", "0", "0", "0", "0", "0"]
        assert row(book["Channels"], 5) == ["Officer"]
