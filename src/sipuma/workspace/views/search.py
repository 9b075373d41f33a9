"""The search: words are posted, as an address lies in histories and logs; filters stand in the address."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from sipuma.cases.models import Case
from sipuma.offices.officer import Officer
from sipuma.workspace.desk import officer_of
from sipuma.workspace.queue import Cursor
from sipuma.workspace.register_numbers import number_end
from sipuma.workspace.saved_views import WORDS, view_of, views_of
from sipuma.workspace.search import NEWEST, Asked, find, place_at, unread
from sipuma.workspace.search_forms import SearchForm, ViewNameForm
from sipuma.workspace.views.queue import lines_of, spans
from sipuma.workspace.words import team_name

FILTERS: Final = (
    "register", "state", "type", "category", "channel", "since", "until", "due", "team", "sort",
)  # fmt: skip
EXACT: Final = ("state", "type", "category", "channel")


@require_http_methods(["GET", "HEAD", "POST"])
def search_page(request: HttpRequest) -> HttpResponse:
    """Show what the address asks for, or a form with words; a form without words leads to the address."""
    officer = officer_of(request)
    if request.method != "POST":
        return show_search(
            request, officer, {name: request.GET[name] for name in FILTERS if name in request.GET}
        )
    given = {name: request.POST[name] for name in (WORDS, *FILTERS) if request.POST.get(name)}
    if "view" in request.POST:
        given = _saved(officer, request.POST["view"])
    if not given.get(WORDS):
        return redirect(f"{reverse('search')}?{urlencode(given)}")
    return show_search(request, officer, given)


def _saved(officer: Officer, number: str) -> dict[str, str]:
    view = view_of(officer, int(number)) if number.isdecimal() else None
    if view is None:
        raise Http404
    return {name: view.values[name] for name in (WORDS, *FILTERS) if view.values.get(name)}


def show_search(
    request: HttpRequest,
    officer: Officer,
    given: Mapping[str, str],
    *,
    naming: ViewNameForm | None = None,
) -> HttpResponse:
    """Show the form, what it finds, and the member's views; `naming` is a name that was refused."""
    form = search_form(officer, given)
    asked = bool(given) and form.is_valid()
    place = request.POST if request.method == "POST" else request.GET
    values = {
        "search": form,
        "asked": asked,
        "given": {name: given[name] for name in given if name in form.fields},
        "naming": naming or ViewNameForm(),
        "views": views_of(officer),
        "unread": unread(officer),
    }
    if asked:
        values |= _results(officer, form, given, place)
    failed = form.errors or naming is not None
    return render(request, "workspace/search.html", values, status=422 if failed else 200)


def search_form(officer: Officer, given: Mapping[str, str]) -> SearchForm:
    teams = [(str(team.pk), team_name(team)) for team in officer.reach.teams()]
    return SearchForm(given or None, teams=teams)


def _results(
    officer: Officer, form: SearchForm, given: Mapping[str, str], place: Mapping[str, str]
) -> dict[str, object]:
    now = timezone.now()
    asked = _asked(officer, form, place, now)
    found = find(officer, asked)
    page = found.page
    lines = lines_of(page.cases, officer, now)
    previous, following = (page.cases[0], page.cases[-1]) if page.cases else (None, None)
    return {
        "lines": lines,
        "refused": [team_name(team) for team in found.refused],
        "previous": _turn(given, "before", asked.sort, previous if page.has_previous else None),
        "next": _turn(given, "after", asked.sort, following if page.has_next else None),
    }


def _turn(given: Mapping[str, str], side: str, sort: str, case: Case | None) -> dict[str, str]:
    """Return how a neighbouring page is reached: by an address, or with words by a form with a place."""
    if case is None:
        return {}
    place = place_at(case, sort)
    if given.get(WORDS):
        return {"side": side, "place": place}
    return {"url": f"{reverse('search')}?{urlencode({**given, side: place})}"}


def _asked(officer: Officer, form: SearchForm, place: Mapping[str, str], now: datetime) -> Asked:
    chosen, zone = form.cleaned_data, ZoneInfo(officer.member.office.timezone)
    due_from, due_before = spans(officer, now).get(chosen["due"], (None, None))
    teams = {str(pk): one.team for pk, one in officer.reach.places.items()}
    cursor = place.get("before") or place.get("after") or ""
    return Asked(
        words=form.stems,
        register=number_end(chosen["register"]),
        exact={name: chosen[name] for name in EXACT if chosen[name]},
        received_from=_midnight(chosen["since"], zone),
        received_before=_midnight(chosen["until"], zone, after=timedelta(days=1)),
        due_from=due_from,
        due_before=due_before,
        team=teams.get(chosen["team"]),
        sort=chosen["sort"] or NEWEST,
        cursor=Cursor.parse(cursor, backwards="before" in place) if cursor else None,
    )


def _midnight(day: date | None, zone: ZoneInfo, *, after: timedelta = timedelta()) -> datetime | None:
    return datetime.combine(day + after, time.min, tzinfo=zone) if day else None
