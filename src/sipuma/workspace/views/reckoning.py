"""«Mengapa tenggat ini?»: how a case's deadlines were worked out, day by day, to read and to print."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from sipuma.cases.access import visible
from sipuma.cases.models import Case
from sipuma.cases.workflow import Text
from sipuma.complaints.pauses import Span, spans_of
from sipuma.complaints.reckoning import Day, Reckoning, reckonings
from sipuma.workspace.deadline_words import REASONS, hours_text
from sipuma.workspace.desk import officer_of


@dataclass(frozen=True)
class DayRow:
    """One day as the page shows it."""

    day: date
    number: int | None
    why: Text
    name: str
    period: str
    hours: str


@dataclass(frozen=True)
class Pause:
    """One pause and how many days it took; `end` None while it goes on."""

    span: Span
    days: int


@require_safe
def reckoning_page(request: HttpRequest, register: str) -> HttpResponse:
    officer, now = officer_of(request), timezone.now()
    related = visible(officer).select_related("team__office")
    case = get_object_or_404(related, register=register)
    values = {
        "case": case,
        "zone": case.team.office.timezone,
        "office": case.team.office,
        "parts": [(one, _rows(one)) for one in reckonings(case, now)],
        "pauses": _pauses(case),
        "now": now,
    }
    return render(request, "workspace/reckoning.html", values)


def _rows(reckoning: Reckoning) -> list[DayRow]:
    return [_row(day) for day in reckoning.days]


def _row(day: Day) -> DayRow:
    return DayRow(day.day, day.number, REASONS[day.reason], day.name, day.period, hours_text(day.hours))


def _pauses(case: Case) -> list[Pause]:
    zone, now = ZoneInfo(case.team.office.timezone), timezone.now()
    return [Pause(span, span.days(zone, until=now)) for span in spans_of([case])[case.pk]]
