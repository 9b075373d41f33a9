"""Taking a complaint down at the desk on one page, and the unfinished recordings of a receiver."""

import json
import uuid
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.messages import INFO, SUCCESS
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sipuma import vault
from sipuma.complaints.models import Reception
from sipuma.complaints.reception import NORM_MINUTES, desks_of, record
from sipuma.offices.officer import Officer
from sipuma.web.dates import clock_text, moment_text
from sipuma.workspace import drafts
from sipuma.workspace.desk import officer_of
from sipuma.workspace.drafts import SHEET, Unfinished
from sipuma.workspace.middleware import keeps_typing
from sipuma.workspace.recording_form import RecordingForm
from sipuma.workspace.sheets import Sheet, aged_sheet, open_sheet, seal_sheet

METHODS = ["GET", "HEAD", "POST"]
View = Callable[..., HttpResponse]


def for_receivers(view: View) -> View:
    """Show a page to receivers alone; for everybody else there is none."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not desks_of(officer_of(request)):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@keeps_typing
@require_http_methods(METHODS)
@for_receivers
def record_page(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    if request.method == "POST":
        return _take_down(request, officer)
    if "baru" in request.GET:
        return _show(request, officer, Sheet.begin(), _form(officer))
    found = _kept(officer, request.GET.get("konsep", ""))
    sheet = found.sheet if found else Sheet.begin()
    return _show(request, officer, sheet, _form(officer, found), restored=found)


def _take_down(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Record what was sent, keep it for later, or show the page again with all that was typed."""
    form = RecordingForm(request.POST, desks=desks_of(officer))
    sheet, warning = _sheet(request, officer)
    if "later" in request.POST:
        return _keep(request, officer, sheet, form)
    if warning:
        again = RecordingForm(desks=form.desks, kept=form.typed())
        return _show(request, officer, sheet, again, warning=warning)
    if not form.is_valid():
        return _show(request, officer, sheet, form)
    before = Reception.objects.filter(once=sheet.once).exists()
    case = record(form.recording(), by=officer, desk=form.desk(), once=sheet.once, started=sheet.started)
    drafts.discard_recording(officer, sheet.once)
    _tell(request, case.register, before=before)
    return _leave(request, reverse("case", args=[case.register]))


def _tell(request: HttpRequest, register: str, *, before: bool) -> None:
    """Say the number; whoever went back and changed a recorded form must learn that nothing came of it."""
    again = _(
        "This form was recorded before, under the number %(register)s. "
        "What you changed since is not in it: add it below as a correction (ralat)."
    )
    text = again if before else _("Recorded under the number %(register)s.")
    messages.add_message(request, INFO if before else SUCCESS, text % {"register": register})


def _sheet(request: HttpRequest, officer: Officer) -> tuple[Sheet, str]:
    """Return which form was sent, and what to say when it is too old or not to be trusted."""
    sealed = request.POST.get(SHEET, "")
    try:
        return open_sheet(sealed, officer.member), ""
    except vault.Expired:
        warning = _("This page lay open for more than a day. Look over what you typed, then save once more.")
        return aged_sheet(sealed, officer.member) or Sheet.begin(), warning
    except vault.Unopenable:
        warning = _("This page was damaged on its way. Look over what you typed, then save once more.")
        return Sheet.begin(), warning


def _keep(request: HttpRequest, officer: Officer, sheet: Sheet, form: RecordingForm) -> HttpResponse:
    typed = form.typed()
    if not drafts.keep_recording(officer, sheet, typed):
        warning = _("This could not be kept: your key has to be confirmed by your team first. Save it now.")
        again = RecordingForm(desks=form.desks, kept=typed)
        return _show(request, officer, sheet, again, warning=warning)
    messages.success(request, _("Kept for later. It is not recorded yet and has no number."))
    return _leave(request, reverse("recording-drafts"))


def _leave(request: HttpRequest, url: str) -> HttpResponse:
    """Redirect; a script that sent the form is told the address, for it can't see where a redirect leads."""
    if "HX-Request" in request.headers:
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return redirect(url)


def _kept(officer: Officer, once: str) -> Unfinished | None:
    """Return the draft that was asked for, or the one that the end of a session interrupted.

    Raises:
        Http404: there is no such draft of this member.
    """
    found = drafts.unfinished(officer)
    if not once:
        return next((one for one in found if one.interrupted), None)
    wanted = next((one for one in found if one.sheet.once.hex == once.replace("-", "")), None)
    if wanted is None:
        raise Http404
    return wanted


def _form(officer: Officer, found: Unfinished | None = None) -> RecordingForm:
    return RecordingForm(desks=desks_of(officer), kept=found.values if found else None)


def _show(
    request: HttpRequest,
    officer: Officer,
    sheet: Sheet,
    form: RecordingForm,
    *,
    warning: str = "",
    restored: Unfinished | None = None,
) -> HttpResponse:
    values = {
        "form": form,
        "sheet": seal_sheet(sheet, officer.member),
        "once": sheet.once,
        "begun": _begun(sheet.started, officer.member.office.timezone),
        "norm": NORM_MINUTES,
        "warning": warning,
        "restored": restored,
    }
    return render(request, "workspace/recording.html", values, status=422 if warning or form.errors else 200)


def _begun(started: datetime, zone: str) -> str:
    """Return when the form was begun: the time alone on the same day."""
    here = ZoneInfo(zone)
    same_day = started.astimezone(here).date() == timezone.now().astimezone(here).date()
    return clock_text(started, zone) if same_day else moment_text(started, zone)


@keeps_typing
@require_http_methods(METHODS)
@for_receivers
def drafts_page(request: HttpRequest) -> HttpResponse:
    """List the unfinished recordings; a POST keeps the present state of one, and says when."""
    officer = officer_of(request)
    if request.method == "POST":
        return _save_quietly(request, officer)
    values = {"unfinished": drafts.unfinished(officer), "zone": officer.member.office.timezone}
    return render(request, "workspace/recording_drafts.html", values)


def _save_quietly(request: HttpRequest, officer: Officer) -> HttpResponse:
    sheet = aged_sheet(request.POST.get(SHEET, ""), officer.member)
    if sheet is None:
        return HttpResponse(status=409)
    # What was sent before «Save» may arrive after it: it must not come back as unfinished.
    recorded = Reception.objects.filter(once=sheet.once).exists()
    typed = RecordingForm(request.POST, desks=desks_of(officer)).typed()
    if not recorded and not drafts.keep_recording(officer, sheet, typed):
        return HttpResponse(status=409)
    at = clock_text(timezone.now(), officer.member.office.timezone)
    return HttpResponse(status=204, headers={"HX-Trigger": json.dumps({"draft-saved": {"at": at}})})


@require_http_methods(METHODS)
@for_receivers
def discard_page(request: HttpRequest, once: uuid.UUID) -> HttpResponse:
    """Throw an unfinished recording away, after asking."""
    officer = officer_of(request)
    found = _kept(officer, once.hex)
    if request.method == "POST":
        drafts.discard_recording(officer, once)
        messages.success(request, _("Thrown away. Nothing was recorded."))
        return redirect("recording-drafts")
    values = {"one": found, "zone": officer.member.office.timezone}
    return render(request, "workspace/recording_discard.html", values)
