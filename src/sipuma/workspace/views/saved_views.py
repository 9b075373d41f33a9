"""A member's saved views: keep a search under a name, rename it, delete it after a look back."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sipuma.offices.officer import Officer
from sipuma.offices.refusal import Refused
from sipuma.workspace.desk import officer_of
from sipuma.workspace.saved_views import WORDS, View, delete_view, rename_view, save_view, view_of
from sipuma.workspace.search_forms import ViewNameForm
from sipuma.workspace.views.search import FILTERS, search_form, show_search


@require_POST
def save_search(request: HttpRequest) -> HttpResponse:
    """Save what the search asks for; a refused name comes back with what was found."""
    officer = officer_of(request)
    given = {name: request.POST[name] for name in (WORDS, *FILTERS) if request.POST.get(name)}
    form = ViewNameForm(request.POST)
    if not given or not search_form(officer, given).is_valid():
        return show_search(request, officer, given)
    try:
        if form.is_valid():
            save_view(officer, name=form.cleaned_data["name"], values=given)
    except Refused as refused:
        form.add_error("name", str(refused))
    if form.errors:
        return show_search(request, officer, given, naming=form)
    messages.success(request, _("Saved: %(step)s.") % {"step": form.cleaned_data["name"]})
    return redirect("search")


@require_http_methods(["GET", "HEAD", "POST"])
def saved_view_page(request: HttpRequest, number: int) -> HttpResponse:
    """Rename a view."""
    officer = officer_of(request)
    view = _own(officer, number)
    form = ViewNameForm(request.POST if request.method == "POST" else {"name": view.name})
    if request.method == "POST" and form.is_valid():
        try:
            rename_view(officer, view, name=form.cleaned_data["name"])
        except Refused as refused:
            form.add_error("name", str(refused))
        else:
            messages.success(request, _("Saved: %(step)s.") % {"step": form.cleaned_data["name"]})
            return redirect("search")
    status = 422 if form.errors else 200
    return render(request, "workspace/saved_view.html", {"view": view, "form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def delete_view_page(request: HttpRequest, number: int) -> HttpResponse:
    """Ask before a view is deleted, and delete it."""
    officer = officer_of(request)
    view = _own(officer, number)
    if request.method != "POST":
        return render(request, "workspace/saved_view_delete.html", {"view": view})
    delete_view(officer, view)
    messages.success(request, _("Deleted: %(name)s.") % {"name": view.name})
    return redirect("search")


def _own(officer: Officer, number: int) -> View:
    view = view_of(officer, number)
    if view is None:
        raise Http404
    return view
