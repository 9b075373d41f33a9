"""The team page: who works here, who waits to be let in, and how the worker is doing."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sipuma.complaints.snippets import teams_of
from sipuma.offices.channels import changeable_by
from sipuma.offices.joining import key_code, let_in
from sipuma.offices.models import Membership, Team
from sipuma.offices.officer import Officer
from sipuma.offices.refusal import Refused
from sipuma.workspace.desk import officer_of
from sipuma.workspace.worker import worker_state


@dataclass(frozen=True)
class Waiting:
    """Somebody at the door: with the code to compare, or without one before they have joined."""

    place: Membership
    code: str


@dataclass(frozen=True)
class Room:
    """A team within reach: its members and who waits; `own` is false for an empty team below."""

    team: Team
    own: bool
    members: list[Membership]
    waiting: list[Waiting]


@require_http_methods(["GET", "HEAD", "POST"])
def team_page(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    if request.method == "POST":
        return _let_in(request, officer)
    return _show(request, officer)


def _let_in(request: HttpRequest, officer: Officer) -> HttpResponse:
    chosen = request.POST.get("place", "")
    waiting = Membership.objects.filter(
        let_in_at=None, member__disabled_at=None, team__in=officer.reach.places
    )
    if not chosen.isdecimal():
        raise Http404
    place = get_object_or_404(waiting.select_related("member__user", "team"), pk=int(chosen))
    try:
        let_in(place=place, by=officer.ring, code=request.POST.get("code", ""))
    except Refused as refused:
        return _show(request, officer, refusal=str(refused))
    messages.success(request, _("%(name)s can work here now.") % {"name": place.member.name})
    return redirect("team")


def _show(request: HttpRequest, officer: Officer, *, refusal: str = "") -> HttpResponse:
    own = Membership.objects.filter(member=officer.member, let_in_at=None).select_related("team__office")
    values = {
        "rooms": rooms_of(officer),
        "knocking": own,
        "code": key_code(officer.member),
        "zone": officer.member.office.timezone,
        "worker": worker_state(),
        "keeps_channels": bool(changeable_by(officer)),
        "writes": bool(teams_of(officer)),
        "refusal": refusal,
    }
    return render(request, "workspace/team.html", values, status=422 if refusal else 200)


def rooms_of(officer: Officer) -> list[Room]:
    """Return the officer's own teams, and those below where somebody waits to be let in."""
    everyone = Membership.objects.filter(team__in=officer.reach.places, member__disabled_at=None)
    by_team: dict[int, list[Membership]] = {}
    for place in everyone.select_related("member__user", "member__office").order_by("member__name"):
        by_team.setdefault(place.team_id, []).append(place)
    rooms = [_room(team, by_team.get(team.pk, []), officer) for team in officer.reach.teams()]
    return [room for room in rooms if room.own or room.waiting]


def _room(team: Team, places: list[Membership], officer: Officer) -> Room:
    waiting = [Waiting(place, key_code(place.member)) for place in places if place.let_in_at is None]
    inside = [place for place in places if place.let_in_at is not None]
    return Room(team, officer.reach.places[team.pk].own, inside, waiting)
