"""The pages of a team's text snippets: the list, a new one, and one with its versions."""

import uuid
from collections.abc import Mapping

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sipuma.complaints.models import Snippet
from sipuma.complaints.snippets import add, change, remove, snippets_of, teams_of, versions_of
from sipuma.offices.models import Team
from sipuma.offices.officer import Officer
from sipuma.offices.refusal import Refused
from sipuma.workspace import drafts
from sipuma.workspace.desk import officer_of
from sipuma.workspace.middleware import keeps_typing
from sipuma.workspace.snippet_form import SnippetForm
from sipuma.workspace.views.case import seen_of

METHODS = ["GET", "HEAD", "POST"]


@require_safe
def snippets_page(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    _own_teams(officer)
    values = {
        "snippets": snippets_of(officer),
        "removed": snippets_of(officer, removed=True),
        "zone": officer.member.office.timezone,
    }
    return render(request, "workspace/snippets.html", values)


@keeps_typing
@require_http_methods(METHODS)
def new_snippet(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    teams = _own_teams(officer)
    sent = request.POST if request.method == "POST" else None
    initial = {"team": str(teams[0].pk)} | dict(_kept(request, officer))
    form = SnippetForm(sent, teams=teams, initial=initial)
    if form.is_valid():
        values = form.cleaned_data
        team = next(team for team in teams if str(team.pk) == values["team"])
        try:
            add(team=team, title=values["title"], text=values["text"], by=officer)
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            return _saved(request, officer)
    return render(request, "workspace/snippet.html", {"form": form}, status=422 if form.errors else 200)


@keeps_typing
@require_http_methods(METHODS)
def snippet_page(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    officer = officer_of(request)
    snippet = _own_snippet(officer, uid)
    teams = [snippet.team]
    if request.method != "POST":
        return _show(request, officer, snippet, SnippetForm(teams=teams, initial=_initial(request, snippet)))
    form = SnippetForm(request.POST.dict() | {"team": str(snippet.team_id)}, teams=teams)
    seen = seen_of(request.POST) or 0
    if form.is_valid():
        values = form.cleaned_data
        try:
            change(snippet=snippet, title=values["title"], text=values["text"], seen=seen, by=officer)
        except Refused as refused:
            form.add_error(refused.field, str(refused))
            # The page shows the newer version now: sent once more, the form replaces it knowingly.
            snippet.refresh_from_db(fields=["version", "removed_at"])
            seen = seen if refused.field else snippet.version
        else:
            return _saved(request, officer)
    return _show(request, officer, snippet, form, seen=seen)


@require_POST
def remove_snippet(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    officer = officer_of(request)
    snippet = _own_snippet(officer, uid)
    try:
        remove(snippet=snippet, seen=seen_of(request.POST) or 0, by=officer)
    except Refused as refused:
        messages.warning(request, str(refused))
        return redirect("snippet", uid=uid)
    messages.success(request, _("The snippet is removed. Its versions can still be read."))
    return redirect("snippets")


def _own_teams(officer: Officer) -> list[Team]:
    teams = teams_of(officer)
    if not teams:
        raise Http404
    return teams


def _own_snippet(officer: Officer, uid: uuid.UUID) -> Snippet:
    own = Snippet.objects.filter(team__in=_own_teams(officer)).select_related("team__office", "removed_by")
    return get_object_or_404(own, uid=uid)


def _kept(request: HttpRequest, officer: Officer) -> Mapping[str, str]:
    """Return what was typed into this page when the session had ended."""
    return next((one.values for one in drafts.kept_by(officer, path=request.path_info)), {})


def _initial(request: HttpRequest, snippet: Snippet) -> Mapping[str, str]:
    officer = officer_of(request)
    newest = next(iter(versions_of(snippet, officer)), None)
    shown = {"title": newest.title, "text": newest.text} if newest else {}
    return shown | {"team": str(snippet.team_id)} | dict(_kept(request, officer))


def _show(
    request: HttpRequest, officer: Officer, snippet: Snippet, form: SnippetForm, *, seen: int | None = None
) -> HttpResponse:
    del form.fields["team"]
    values = {
        "form": form,
        "snippet": snippet,
        "hidden": {"seen": snippet.version if seen is None else seen},
        "versions": versions_of(snippet, officer),
        "zone": snippet.team.office.timezone,
    }
    return render(request, "workspace/snippet.html", values, status=422 if form.errors else 200)


def _saved(request: HttpRequest, officer: Officer) -> HttpResponse:
    drafts.discard(officer, path=request.path_info, move="")
    messages.success(request, _("The snippet is saved."))
    return redirect("snippets")
