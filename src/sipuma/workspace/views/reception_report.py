"""The report of reception work (R86): on the page, as PDF and as a workbook; no complainant stands in it."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from sipuma.complaints.reception import NORM_MINUTES
from sipuma.offices.models import Office
from sipuma.workspace.desk import officer_of
from sipuma.workspace.desk_forms import ReportForm
from sipuma.workspace.desk_queries import remit_of, work_done
from sipuma.workspace.papers.figures import Report, summarise
from sipuma.workspace.papers.report import Period, report_pdf, report_xlsx, shown_tables
from sipuma.workspace.views.papers import attached, paper_response
from sipuma.workspace.views.register_book import chosen_office, today_at

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILTERS: Final = ("office", "since", "until")


@dataclass(frozen=True)
class Asked:
    """What a report is about, and what it comes to."""

    form: ReportForm
    office: Office
    period: Period
    report: Report
    everybody: bool

    @property
    def name(self) -> str:
        return f"laporan-penerimaan-{self.office.pk}-{self.period.first:%Y%m}-{self.period.last:%Y%m}"

    @property
    def query(self) -> str:
        return urlencode({name: self.form.data[name] for name in FILTERS})


@require_safe
def report_page(request: HttpRequest) -> HttpResponse:
    asked = _asked(request)
    values = {
        "asked": asked,
        "tables": shown_tables(asked.report),
        "filters": asked.form,
        "norm": NORM_MINUTES,
    }
    return render(
        request, "workspace/reception_report.html", values, status=200 if asked.form.is_valid() else 400
    )


@require_safe
def report_as_pdf(request: HttpRequest) -> HttpResponse:
    asked, language = _asked(request), translation.get_language() or "id"
    if not asked.form.is_valid():
        return report_page(request)
    return paper_response(
        request, lambda: report_pdf(asked.report, asked.office, asked.period, language), asked.name
    )


@require_safe
def report_as_xlsx(request: HttpRequest) -> HttpResponse:
    asked = _asked(request)
    if not asked.form.is_valid():
        return report_page(request)
    return attached(report_xlsx(asked.report, asked.office, asked.period), f"{asked.name}.xlsx", mime=XLSX)


def _asked(request: HttpRequest) -> Asked:
    officer = officer_of(request)
    remit = remit_of(officer)
    office = chosen_office(request, remit.reporting)
    today = today_at(office)
    form = ReportForm(
        _with_this_month(request.GET, office, today), today=today, offices=remit.reporting.values()
    )
    form.full_clean()
    period = _period(form, today)
    rows = work_done(remit, office=office, by=officer.member, first=period.first, last=period.last)
    return Asked(form, office, period, summarise(rows), everybody=office.pk in remit.headed)


def _with_this_month(given: Mapping[str, str], office: Office, today: date) -> dict[str, str]:
    month = f"{today:%Y-%m}"
    named = {name: given[name] for name in FILTERS if given.get(name)}
    return {"since": month, "until": month, "office": office.pk} | named


def _period(form: ReportForm, today: date) -> Period:
    """Return the months asked for, whole; this month where they could not be read."""
    this = f"{today:%Y-%m}"
    months = [this, this] if form.errors else [form.cleaned_data["since"], form.cleaned_data["until"]]
    first, last = (date.fromisoformat(f"{month}-01") for month in months)
    return Period(first, last.replace(day=monthrange(last.year, last.month)[1]))
