"""The queue: what needs the officer's teams, by due date; filters and paging stand in the address."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from sipuma.cases.models import Case
from sipuma.cases.workflow import Text
from sipuma.complaints.lapsing import awaits_confirmation
from sipuma.complaints.mentions import open_mentions
from sipuma.complaints.states import BY_NAME, STATES, S
from sipuma.complaints.words import Type
from sipuma.offices.officer import Officer
from sipuma.workspace import drafts
from sipuma.workspace.assign_form import AssignForm, assign_form
from sipuma.workspace.desk import officer_of
from sipuma.workspace.desk_queries import desk_waiting
from sipuma.workspace.flags import flags_of
from sipuma.workspace.forms import FilterForm
from sipuma.workspace.queue import Cursor, Page, Wanted, everything, newest_entries, to_do
from sipuma.workspace.summaries import summaries
from sipuma.workspace.words import team_name
from sipuma.workspace.worker import worker_state

FILTERS = ("scope", "state", "due", "type", "team", "assigned", "closing")
SCOPES = {"todo": to_do, "all": everything}


@dataclass(frozen=True)
class Line:
    """One case of the list. An empty `summary` means that the officer can't read what it is about.

    `open`: the officer's team has it, so that it can be assigned; `newest`: the id of its newest entry.
    """

    case: Case
    state: Text
    summary: str = field(repr=False)
    overdue: bool
    unconfirmed: bool
    zone: str
    holder: str
    open: bool
    mentioned: bool
    newest: int
    flags: Sequence[Text]


@require_safe
def queue_page(request: HttpRequest) -> HttpResponse:
    return show(request, request.GET)


def show(
    request: HttpRequest,
    address: QueryDict,
    *,
    form: AssignForm | None = None,
    chosen: frozenset[str] = frozenset(),
) -> HttpResponse:
    """Show the queue of an address; with `form` the choice of cases that could not be assigned as sent."""
    officer, now = officer_of(request), timezone.now()
    filters = _filters(address, officer)
    narrowing = {name: value for name in FILTERS if (value := filters.cleaned_data.get(name))}
    scope = narrowing.get("scope", "todo")
    page = SCOPES[scope](officer, wanted(narrowing, address, officer, now))
    mentions = open_mentions(officer)
    lines = lines_of(page.cases, officer, now, mentions)
    values = {
        "filters": filters,
        "narrowed": bool(narrowing.keys() - {"scope"}),
        "scope": scope,
        "lines": lines,
        **_neighbours(narrowing, page),
        "kept": drafts.kept_by(officer),
        "worker": worker_state(),
        "desk": desk_waiting(officer),
        "waits_outside": not officer.reach.places,
        "mentions": mentions.values(),
        "assigning": (form or assign_form(officer)) if any(line.open for line in lines) else None,
        "chosen": chosen,
        "back": address.urlencode(),
        # A choice that came back may have lost its cases to others meanwhile: it says so all the same.
        "mistaken": form,
    }
    status = 422 if form else 200 if filters.is_valid() else 400
    return render(request, "workspace/queue.html", values, status=status)


def _neighbours(narrowing: Mapping[str, str], page: Page) -> dict[str, str]:
    """Return the addresses of the pages before and after this one, where there are any."""
    before, after = page.cases and page.has_previous, page.cases and page.has_next
    return {
        "previous": _address(narrowing, "before", page.cases[0]) if before else "",
        "next": _address(narrowing, "after", page.cases[-1]) if after else "",
    }


def lines_of(
    cases: Sequence[Case], officer: Officer, now: datetime, mentions: Container[int] = frozenset()
) -> list[Line]:
    """Return the lines of these cases, summaries opened; `mentions`: ids of those that name the officer."""
    told, newest = summaries(cases, officer), newest_entries(cases)
    return [
        Line(
            case=case,
            state=BY_NAME[case.state].label,
            summary=told.get(case.pk, ""),
            overdue=case.due is not None and case.due <= now and case.state != S.WAITING,
            unconfirmed=awaits_confirmation(case, now),
            zone=case.team.office.timezone,
            holder=team_name(case.team),
            open=case.due is not None and case.team_id in officer.reach.places,
            mentioned=case.pk in mentions,
            newest=newest.get(case.pk, 0),
            flags=flags_of(case),
        )
        for case in cases
    ]


def wanted(chosen: Mapping[str, str], address: Mapping[str, str], officer: Officer, now: datetime) -> Wanted:
    """Return what the filters and the place in the address ask for."""
    due_from, due_before = spans(officer, now).get(chosen.get("due", ""), (None, None))
    backwards = "before" in address
    place = address.get("before") or address.get("after") or ""
    teams = {str(pk): one.team for pk, one in officer.reach.places.items()}
    return Wanted(
        exact={name: chosen[name] for name in ("state", "type", "closing") if name in chosen}
        | assignments(officer).get(chosen.get("assigned", ""), {}),
        due_from=due_from,
        due_before=due_before,
        team=teams.get(chosen.get("team", "")),
        cursor=Cursor.parse(place, backwards=backwards) if place else None,
    )


def assignments(officer: Officer) -> dict[str, dict[str, object]]:
    """Return what the words of the filter by assignee mean."""
    return {"me": {"assignee": officer.member.pk}, "nobody": {"assignee__isnull": True}}


def spans(officer: Officer, now: datetime) -> dict[str, tuple[datetime | None, datetime | None]]:
    """Return the spans of due dates behind the filter's words; a day is the member's office's."""
    here = now.astimezone(ZoneInfo(officer.member.office.timezone))
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return {"overdue": (None, now), "today": (now, midnight), "week": (now, midnight + timedelta(days=6))}


def _filters(address: QueryDict, officer: Officer) -> FilterForm:
    form = FilterForm(
        address,
        states=[(state.name, state.label) for state in STATES],
        types=[(value, str(label).partition(":")[0]) for value, label in Type.choices],
        teams=[(str(team.pk), team_name(team)) for team in officer.reach.teams()],
    )
    form.full_clean()
    return form


def _address(chosen: Mapping[str, str], direction: str, case: Case) -> str:
    return f"{reverse('queue')}?{urlencode({**chosen, direction: Cursor.at(case)})}"
