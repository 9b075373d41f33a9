"""The desk's overview: record a complaint, finish what was begun, and tell a caller how far one is (R27)."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from sipuma.cases.models import Case
from sipuma.cases.workflow import Text
from sipuma.complaints.models import Reception
from sipuma.complaints.reception import NORM_MINUTES
from sipuma.complaints.states import BY_NAME
from sipuma.offices.channels import changeable_by
from sipuma.workspace import drafts
from sipuma.workspace.desk import officer_of
from sipuma.workspace.desk_forms import LookUpForm
from sipuma.workspace.desk_queries import MOST_OPEN, Remit, find, open_receptions, openable, remit_of


@dataclass(frozen=True)
class Waiting:
    """A reception that is not completed; `minutes` since its form was opened, `late` past the norm."""

    row: Reception
    minutes: int
    late: bool
    can_open: bool


@dataclass(frozen=True)
class Found:
    """All that may be told about a complaint to somebody who may be anybody."""

    case: Case
    public: Text


@require_http_methods(["GET", "HEAD", "POST"])
def reception_page(request: HttpRequest) -> HttpResponse:
    """Show the desk. A look-up is posted: what a caller reads out may be a ticket, which no address holds."""
    officer = officer_of(request)
    remit = remit_of(officer)
    if not remit.offices:
        raise Http404
    form = LookUpForm(request.POST if request.method == "POST" else None)
    asked = form.is_valid()
    case = find(remit, form.cleaned_data["register"]) if asked else None
    values = {
        "form": form,
        "asked": asked,
        "found": Found(case, BY_NAME[case.state].public) if case else None,
        "remit": remit,
        "keeps_channels": bool(changeable_by(officer)),
        "norm": NORM_MINUTES,
        "zone": officer.member.office.timezone,
        "unfinished": drafts.unfinished(officer) if remit.desks else [],
    }
    values |= _waiting(request, remit)
    return render(request, "workspace/reception.html", values, status=422 if form.errors else 200)


def _waiting(request: HttpRequest, remit: Remit) -> dict[str, object]:
    rows = open_receptions(remit)
    shown, now = rows[:MOST_OPEN], timezone.now()
    pages = openable(officer_of(request), [row.case for row in shown])
    waiting = []
    for row in shown:
        minutes = int((now - row.started_at).total_seconds() // 60)
        waiting.append(Waiting(row, minutes, late=minutes > NORM_MINUTES, can_open=row.case_id in pages))
    return {"waiting": waiting, "more_waiting": len(rows) > MOST_OPEN}
