"""Pages that only tell: home, how it works, channels of the offices, privacy, the procedure."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sipuma.cases.workflow import Text
from sipuma.complaints.deadlines import BY_STATE
from sipuma.complaints.states import S
from sipuma.complaints.workflow import WORKFLOW
from sipuma.offices.channels import Line, lines
from sipuma.offices.models import Office
from sipuma.public import office_search
from sipuma.web.public import public
from sipuma.web.text import normalise

OFFICES_ON_A_PAGE: Final = 20
LONGEST_SEARCH: Final = 100


@dataclass(frozen=True)
class Choice:
    """One of the two big ways on from the home page."""

    url: str
    label: Text
    text: Text
    icon: str


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    choices = (
        Choice(reverse("file"), _("Send a complaint"), _("No account, no name needed."), icon="send"),
        Choice(reverse("track"), _("Track a complaint"), _("With your ticket number."), icon="search"),
    )
    return render(request, "public/home.html", {"choices": choices})


@public
@require_safe
def how_it_works(request: HttpRequest) -> HttpResponse:
    return render(request, "public/how_it_works.html")


@public
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "public/privacy.html")


@dataclass(frozen=True)
class PublicStep:
    """What the complainant reads, and the stages behind it with their norms."""

    label: Text
    stages: tuple[tuple[Text, str], ...]
    final: bool


@public
@require_safe
def procedure(request: HttpRequest) -> HttpResponse:
    return render(request, "public/procedure.html", {"public_steps": public_steps()})


def public_steps() -> list[PublicStep]:
    """Return the public labels in the order of the procedure, states that read the same joined.

    The state of a number whose case went one level up is left out: a ticket shows where it went on.
    """
    grouped = defaultdict(list)
    for state in WORKFLOW.states:
        if state.name != S.MOVED:
            grouped[state.public].append(state)
    return [
        PublicStep(
            label,
            tuple((state.label, BY_STATE[state.name].norm) for state in states if state.name in BY_STATE),
            final=states[0].final,
        )
        for label, states in grouped.items()
    ]


@dataclass(frozen=True)
class Reachable:
    """An office and the ways to reach it."""

    office: Office
    lines: tuple[Line, ...]


@public
@require_safe
def channels(request: HttpRequest) -> HttpResponse:
    """National channels, and every office's own as far as it has any (R29); `?q=` searches."""
    wanted = normalise(request.GET.get("q", "")[:LONGEST_SEARCH]).strip()
    found = office_search.find(wanted).offices if wanted else _listed()
    page = Paginator(found, OFFICES_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "wanted": wanted,
        "offices": [Reachable(office, lines(office)) for office in page],
        "previous": _address(wanted, page.previous_page_number()) if page.has_previous() else "",
        "next": _address(wanted, page.next_page_number()) if page.has_next() else "",
    }
    return render(request, "public/channels.html", context)


def _listed() -> tuple[Office, ...]:
    return tuple(Office.objects.filter(listed=True))


def _address(wanted: str, number: int) -> str:
    return "?" + urlencode(({"q": wanted} if wanted else {}) | {"page": number})
