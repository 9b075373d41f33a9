"""The page where an office keeps the channels that it publishes (R29)."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sipuma.offices.channels import PUBLISHED, change_channels, changeable_by
from sipuma.offices.models import Office
from sipuma.offices.officer import Officer
from sipuma.workspace import drafts
from sipuma.workspace.channel_form import ChannelForm
from sipuma.workspace.desk import officer_of
from sipuma.workspace.middleware import keeps_typing


@dataclass(frozen=True)
class OfficeChannels:
    """One office with its form; `hidden` tells which office a form is about."""

    office: Office
    form: ChannelForm
    hidden: dict[str, str]


@keeps_typing
@require_http_methods(["GET", "HEAD", "POST"])
def channels_page(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    offices = {office.pk: office for office in changeable_by(officer)}
    if not offices:
        raise Http404
    if request.method != "POST":
        shown = [_channels_of(office, _form(request, officer, office)) for office in offices.values()]
        return _show(request, officer, shown)
    chosen = offices.get(request.POST.get("office", ""))
    if chosen is None:
        raise Http404
    form = ChannelForm(request.POST, auto_id=f"{chosen.pk}-%s")
    if form.is_valid():
        return _change(request, officer, chosen, form)
    return _show(request, officer, [_channels_of(chosen, form)])


def _change(request: HttpRequest, officer: Officer, office: Office, form: ChannelForm) -> HttpResponse:
    change_channels(office=office, values=form.cleaned_data, by=officer)
    drafts.discard(officer, path=request.path_info, move="")
    messages.success(request, _("Published: the channels of %(office)s.") % {"office": office})
    return redirect("office-channels")


def _form(request: HttpRequest, officer: Officer, office: Office) -> ChannelForm:
    """Return the form with what is published, or with what was typed when the session had ended."""
    kept = drafts.kept_by(officer, path=request.path_info)
    typed = next((one.values for one in kept if one.values.get("office") == office.pk), {})
    published = {name: getattr(office, name) for name in PUBLISHED}
    initial = published | {name: typed[name] for name in PUBLISHED if name in typed}
    return ChannelForm(initial=initial, auto_id=f"{office.pk}-%s")


def _channels_of(office: Office, form: ChannelForm) -> OfficeChannels:
    return OfficeChannels(office, form, {"office": office.pk})


def _show(request: HttpRequest, officer: Officer, shown: list[OfficeChannels]) -> HttpResponse:
    wrong = next((one.form for one in shown if one.form.errors), None)
    values = {"shown": shown, "form": wrong, "zone": officer.member.office.timezone}
    return render(request, "workspace/channels.html", values, status=422 if wrong else 200)
