"""The queue: what needs the officer's teams, by due date; filters and paging stand in the address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from sipuma.cases.models import Case
from sipuma.cases.workflow import Text
from sipuma.complaints.states import BY_NAME, STATES
from sipuma.complaints.words import Type
from sipuma.offices.models import Team
from sipuma.offices.officer import Officer
from sipuma.workspace import drafts
from sipuma.workspace.desk import officer_of
from sipuma.workspace.flags import flags_of
from sipuma.workspace.forms import FilterForm
from sipuma.workspace.queue import Cursor, Wanted, everything, to_do
from sipuma.workspace.summaries import summaries
from sipuma.workspace.worker import worker_state

FILTERS = ("scope", "state", "due", "type", "team", "closing")
SCOPES = {"todo": to_do, "all": everything}


@dataclass(frozen=True)
class Line:
    """One case of the list. An empty `summary` means that the officer can't read what it is about."""

    case: Case
    state: Text
    summary: str = field(repr=False)
    overdue: bool
    zone: str
    holder: str
    flags: Sequence[Text]


@require_safe
def queue_page(request: HttpRequest) -> HttpResponse:
    officer, now = officer_of(request), timezone.now()
    form = _filters(request, officer)
    chosen = {name: value for name in FILTERS if (value := form.cleaned_data.get(name))}
    scope = chosen.get("scope", "todo")
    page = SCOPES[scope](officer, wanted(chosen, request.GET, officer, now))
    told = summaries(page.cases, officer)
    values = {
        "filters": form,
        "narrowed": bool(chosen.keys() - {"scope"}),
        "scope": scope,
        "lines": [_line(case, told.get(case.pk, ""), now) for case in page.cases],
        "previous": _address(chosen, "before", page.cases[0]) if page.cases and page.has_previous else "",
        "next": _address(chosen, "after", page.cases[-1]) if page.cases and page.has_next else "",
        "kept": drafts.kept_by(officer),
        "worker": worker_state(),
        "waits_outside": not officer.reach.places,
    }
    return render(request, "workspace/queue.html", values, status=200 if form.is_valid() else 400)


def wanted(chosen: Mapping[str, str], address: Mapping[str, str], officer: Officer, now: datetime) -> Wanted:
    """Return what the filters and the place in the address ask for."""
    due_from, due_before = spans(officer, now).get(chosen.get("due", ""), (None, None))
    backwards = "before" in address
    place = address.get("before") or address.get("after") or ""
    teams = {str(pk): one.team for pk, one in officer.reach.places.items()}
    return Wanted(
        exact={name: chosen[name] for name in ("state", "type", "closing") if name in chosen},
        due_from=due_from,
        due_before=due_before,
        team=teams.get(chosen.get("team", "")),
        cursor=Cursor.parse(place, backwards=backwards) if place else None,
    )


def spans(officer: Officer, now: datetime) -> dict[str, tuple[datetime | None, datetime | None]]:
    """Return the spans of due dates behind the filter's words; a day is the member's office's."""
    here = now.astimezone(ZoneInfo(officer.member.office.timezone))
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return {"overdue": (None, now), "today": (now, midnight), "week": (now, midnight + timedelta(days=6))}


def _filters(request: HttpRequest, officer: Officer) -> FilterForm:
    form = FilterForm(
        request.GET,
        states=[(state.name, state.label) for state in STATES],
        types=[(value, str(label).partition(":")[0]) for value, label in Type.choices],
        teams=[(str(team.pk), team_name(team)) for team in officer.reach.teams()],
    )
    form.full_clean()
    return form


def _line(case: Case, summary: str, now: datetime) -> Line:
    return Line(
        case=case,
        state=BY_NAME[case.state].label,
        summary=summary,
        overdue=case.due is not None and case.due <= now,
        zone=case.team.office.timezone,
        holder=team_name(case.team),
        flags=flags_of(case),
    )


def team_name(team: Team) -> str:
    """Return a team's name for narrow places: «Compliance unit (UKI), Sabang (130300)»."""
    return f"{team.get_kind_display()}, {team.office.city} ({team.office_id})"


def _address(chosen: Mapping[str, str], direction: str, case: Case) -> str:
    return f"{reverse('queue')}?{urlencode({**chosen, direction: Cursor.at(case)})}"
