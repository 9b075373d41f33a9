"""The report of reception work (Laporan Pelaksanaan Tugas, R86) as a paper and as tables of a workbook."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Final

from django.utils import formats, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from sipuma.cases.models import Channel
from sipuma.cases.workflow import Text
from sipuma.complaints.models import Told
from sipuma.complaints.reception import NORM_MINUTES
from sipuma.offices.models import Office
from sipuma.workspace.papers.figures import Counts, Figures, Report
from sipuma.workspace.papers.paper import paper

NO_VALUE: Final = "–"


@dataclass(frozen=True)
class Period:
    """The days that a report is about, the last one included."""

    first: date
    last: date

    def __str__(self) -> str:
        days = [formats.date_format(day, "j F Y") for day in (self.first, self.last)]
        return days[0] if self.first == self.last else f"{days[0]} – {days[1]}"


@dataclass(frozen=True)
class Column:
    """One column of the report: its heading, its value, and how Excel and people write it."""

    label: Text
    value: Callable[[Figures], float | None]
    excel: str = "0"
    digits: int = 0
    factor: int = 1


# fmt: off
COLUMNS: Final = (
    Column(gettext_lazy("Complaints recorded"),    lambda f: f.number),
    Column(gettext_lazy("Median, minutes"),        lambda f: f.median,  "0.0", 1),
    Column(gettext_lazy("Longest, minutes"),       lambda f: f.longest, "0.0", 1),
    Column(gettext_lazy("Within 30 minutes, %"),   lambda f: f.share,   "0.0%", 1, 100),
    Column(gettext_lazy("Incomplete"),             lambda f: f.incomplete),
    Column(gettext_lazy("Number told"),            lambda f: f.told),
    Column(gettext_lazy("Number not told"),        lambda f: sum(count for _why, count in f.reasons)),
    Column(gettext_lazy("Nothing noted yet"),      lambda f: f.untold),
    Column(gettext_lazy("Reception still open"),   lambda f: f.open),
)
# fmt: on


@dataclass(frozen=True)
class Table:
    """One table of the report: the officers downwards, the columns across, all together below."""

    title: Text
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Line:
    """A row as people read it: whose, and each column's heading with its text."""

    officer: str
    cells: tuple[tuple[Text, str], ...]


@dataclass(frozen=True)
class Shown:
    """A table as people read it: headings, a line for each officer, and one for all together."""

    title: Text
    headings: tuple[Text, ...]
    lines: tuple[Line, ...]
    total: Line


def tables(report: Report) -> tuple[Table, ...]:
    """Return the tables of a report: the figures, the channels, and why a number was not told."""
    channels = _breakdown(report, lambda figures: figures.channels, dict(Channel.choices))
    reasons = _breakdown(report, lambda figures: figures.reasons, dict(Told.choices))
    return (
        Table(gettext_lazy("Work"), COLUMNS),
        Table(gettext_lazy("Channels"), channels),
        Table(gettext_lazy("Why not told"), reasons),
    )


def _breakdown(
    report: Report, counts: Callable[[Figures], Counts], labels: Mapping[str, Text]
) -> tuple[Column, ...]:
    """Return one column for each code that occurs, the most frequent first."""

    def count_of(code: str) -> Callable[[Figures], float]:
        return lambda figures: dict(counts(figures)).get(code, 0)

    return tuple(Column(labels.get(code, code), count_of(code)) for code, _count in counts(report.total))


def shown_tables(report: Report) -> list[Shown]:
    """Return the tables as people read them in the active language; one without columns is left out."""
    return [_shown(table, report) for table in tables(report) if table.columns]


def _shown(table: Table, report: Report) -> Shown:
    headings = tuple(column.label for column in table.columns)
    lines = tuple(_line(table, figures) for figures in report.officers)
    return Shown(table.title, headings, lines, _line(table, report.total))


def report_pdf(report: Report, office: Office, period: Period, language: str) -> bytes:
    """Return the report as PDF, A4 across.

    Raises:
        Refused: this machine can't make papers.
    """
    with translation.override(language):
        shown = shown_tables(report)
    values = {"report": report, "period": period, "tables": shown, "norm": NORM_MINUTES}
    return paper("workspace/papers/report.html", values, office=office, language=language)


def _line(table: Table, figures: Figures) -> Line:
    cells = tuple((column.label, _text(column, column.value(figures))) for column in table.columns)
    return Line(figures.officer, cells)


def _text(column: Column, value: float | None) -> str:
    if value is None:
        return NO_VALUE
    return formats.number_format(round(value * column.factor, column.digits), column.digits)


def report_xlsx(report: Report, office: Office, period: Period) -> bytes:
    """Return the report as a workbook in the active language, one sheet a table; texts are never formulas."""
    target = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(target, options) as book:
        book.set_properties({"title": _("Report of reception work"), "company": office.name})
        styles = Styles(book)
        for table in tables(report):
            head = (f"{_('Report of reception work')}: {table.title}", office.name, str(period))
            _fill(book.add_worksheet(str(table.title)), table, report, head, styles)
    return target.getvalue()


class Styles:
    """The looks of cells: headings, and every way of writing a number, plain and in the last row."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.heading = book.add_format({"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 2})
        self.total = book.add_format({"bold": True, "top": 2})
        self._numbers: dict[tuple[str, bool], Format] = {}

    def number(self, written: str, *, total: bool) -> Format:
        look = {"num_format": written} | ({"bold": True, "top": 2} if total else {})
        return self._numbers.setdefault((written, total), self.book.add_format(look))


HEAD_ROW: Final = 4
WIDTHS: Final = (34, 16)


def _fill(sheet: Worksheet, table: Table, report: Report, head: tuple[str, ...], styles: Styles) -> None:
    for row, text in enumerate(head):
        sheet.write_string(row, 0, text, styles.title if row == 0 else None)
    sheet.set_column(0, 0, WIDTHS[0])
    sheet.set_column(1, max(len(table.columns), 1), WIDTHS[1])
    sheet.write_string(HEAD_ROW, 0, _("Officer"), styles.heading)
    for place, column in enumerate(table.columns, start=1):
        sheet.write_string(HEAD_ROW, place, str(column.label), styles.heading)
    sheet.freeze_panes(HEAD_ROW + 1, 1)
    sheet.set_landscape()
    sheet.repeat_rows(HEAD_ROW)
    for row, figures in enumerate((*report.officers, report.total), start=HEAD_ROW + 1):
        _write(sheet, row, table, figures, styles, total=figures is report.total)


def _write(
    sheet: Worksheet, row: int, table: Table, figures: Figures, styles: Styles, *, total: bool
) -> None:
    name = _("All together") if total else figures.officer
    sheet.write_string(row, 0, name, styles.total if total else None)
    for place, column in enumerate(table.columns, start=1):
        value, look = column.value(figures), styles.number(column.excel, total=total)
        if value is None:
            sheet.write_string(row, place, NO_VALUE, look)
        else:
            sheet.write_number(row, place, value, look)
