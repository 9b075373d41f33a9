"""The page where an office keeps the channels that it publishes (R29)."""

from dataclasses import dataclass, replace

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sipuma.offices.channels import PUBLISHED, change_channels, changeable_by, stamp_of
from sipuma.offices.models import Office
from sipuma.offices.officer import Officer
from sipuma.offices.refusal import Refused
from sipuma.workspace import drafts
from sipuma.workspace.channel_form import ChannelForm
from sipuma.workspace.desk import officer_of
from sipuma.workspace.dossier import Row
from sipuma.workspace.middleware import keeps_typing


@dataclass(frozen=True)
class OfficeChannels:
    """One office with its form; `hidden` tells which office a form is about, and what it showed.

    `newer`: what somebody else published since, beside a form that came too late.
    """

    office: Office
    form: ChannelForm
    hidden: dict[str, str]
    newer: tuple[Row, ...] = ()


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
    incomplete = _channels_of(chosen, form)
    incomplete.hidden["seen"] = request.POST.get("seen", "")
    return _show(request, officer, [incomplete])


def _change(request: HttpRequest, officer: Officer, office: Office, form: ChannelForm) -> HttpResponse:
    seen = request.POST.get("seen", "")
    try:
        change_channels(office=office, values=form.cleaned_data, by=officer, seen=seen)
    except Refused as refused:
        form.add_error(None, str(refused))
        newest = Office.objects.select_related("channels_changed_by").get(pk=office.pk)
        shown = _channels_of(newest, form)
        return _show(request, officer, [replace(shown, newer=_published(newest, form))])
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
    return OfficeChannels(office, form, {"office": office.pk, "seen": stamp_of(office)})


def _published(office: Office, form: ChannelForm) -> tuple[Row, ...]:
    """Return what is published now where it differs from what was typed."""
    found = ((name, getattr(office, name)) for name in PUBLISHED)
    return tuple(
        Row(str(form.fields[name].label), text or _("empty"))
        for name, text in found
        if text != form.cleaned_data.get(name)
    )


def _show(request: HttpRequest, officer: Officer, shown: list[OfficeChannels]) -> HttpResponse:
    wrong = next((one.form for one in shown if one.form.errors), None)
    values = {"shown": shown, "form": wrong, "zone": officer.member.office.timezone}
    return render(request, "workspace/channels.html", values, status=422 if wrong else 200)
