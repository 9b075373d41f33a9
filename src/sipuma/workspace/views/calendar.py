"""The calendar page of an office, and the way of a change: typed, looked at with its consequences, saved."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from sipuma.cases.access import visible
from sipuma.complaints.calendar_moves import Moved, change_calendar, preview
from sipuma.offices.calendar_changes import keeps_calendar_of, present_of
from sipuma.offices.models import CalendarKind, CalendarRow, Office
from sipuma.offices.officer import Officer
from sipuma.offices.refusal import Refused
from sipuma.workspace import drafts
from sipuma.workspace.calendar_form import FIELDS, HOURS, ChangeForm
from sipuma.workspace.calendar_page import hours_of, shown_of, title_of, usual_week
from sipuma.workspace.desk import officer_of
from sipuma.workspace.middleware import keeps_typing
from sipuma.worktime import office_zone

ADDED: Final = [kind for kind in CalendarKind if kind != CalendarKind.REMOVAL]
MOST_SHOWN: Final = 200
YEARS_AROUND: Final = 1


@dataclass(frozen=True)
class Removable:
    """A row that counts, with the form that takes it back; None for those who may not."""

    row: CalendarRow
    title: str
    form: ChangeForm | None


@dataclass(frozen=True)
class Offered:
    """A form of the page for one kind of change; open where something was typed."""

    kind: CalendarKind
    form: ChangeForm | None
    open: bool


@keeps_typing
@require_http_methods(["GET", "HEAD", "POST"])
def calendar_page(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    code = request.POST.get("office") or request.GET.get("kantor") or officer.member.office_id
    office = get_object_or_404(Office, pk=code)
    if request.method != "POST":
        return _show(request, officer, office)
    kind = request.POST.get("kind", "")
    if kind not in FIELDS or not keeps_calendar_of(officer, office):
        raise Http404
    form = ChangeForm(kind, request.POST)
    if not form.is_valid():
        if "removes" in form.errors:
            raise Http404  # no person types this
        return _show(request, officer, office, form)
    try:
        return _go_on(request, officer, office, form)
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return _show(request, officer, office, form)


def _go_on(request: HttpRequest, officer: Officer, office: Office, form: ChangeForm) -> HttpResponse:
    if "save" not in request.POST:
        moved = preview(office=office, change=form.change(), by=officer)
        values = _looked_at(officer, office, form, moved)
        return render(request, "workspace/calendar_preview.html", values)
    done = change_calendar(office=office, change=form.change(), by=officer)
    drafts.discard(officer, path=request.path_info, move="")
    text = ngettext("Saved. %(n)d deadline moved.", "Saved. %(n)d deadlines moved.", len(done))
    messages.success(request, text % {"n": len(done)})
    return redirect(f"{reverse('calendar')}?kantor={office.pk}")


def _looked_at(officer: Officer, office: Office, form: ChangeForm, moved: list[Moved]) -> dict[str, object]:
    """Return what the preview shows: of cases that the officer can't read, only how many there are."""
    readable = set(
        visible(officer).filter(pk__in=[one.case.pk for one in moved]).values_list("pk", flat=True)
    )
    mine = [one for one in moved if one.case.pk in readable]
    sent = {name: form.data.get(name, "") for name in (*FIELDS[form.kind], "kind", "office")}
    return {
        "office": office,
        "kind": CalendarKind(form.kind).label,
        "change": form.change(),
        "sent": sent,
        "moved": mine[:MOST_SHOWN],
        "others": len(moved) - len(mine[:MOST_SHOWN]),
        "count": len(moved),
        "back": f"{reverse('calendar')}?kantor={office.pk}",
    }


def _show(
    request: HttpRequest, officer: Officer, office: Office, wrong: ChangeForm | None = None
) -> HttpResponse:
    today = timezone.now().astimezone(office_zone(office.timezone)).date()
    shown = shown_of(office, today, _year(request, today))
    may = keeps_calendar_of(officer, office)
    values = {
        "shown": shown,
        "year": _year(request, today),
        "years": range(today.year - YEARS_AROUND, today.year + YEARS_AROUND + 1),
        "own": [_removable(row, shown.zone, wrong, may=may) for row in shown.own],
        "periods": [
            (one, _removable(one.row, shown.zone, wrong, may=may) if one.row else None)
            for one in shown.periods
        ],
        "history": [(row, title_of(row, shown.zone)) for row in shown.history],
        "forms": _forms(request, officer, office, today, wrong) if may else [],
        "hidden": {"office": office.pk},
        "form": wrong,
        "zone": shown.zone,
        "offices": Office.objects.filter(listed=True),
    }
    return render(request, "workspace/calendar.html", values, status=422 if wrong else 200)


def _year(request: HttpRequest, today: date) -> int:
    years = {str(today.year + n): today.year + n for n in range(-YEARS_AROUND, YEARS_AROUND + 1)}
    return years.get(request.GET.get("tahun", ""), today.year)


def _removable(row: CalendarRow, zone: str, wrong: ChangeForm | None, *, may: bool) -> Removable:
    again = wrong is not None and wrong.data.get("removes") == str(row.pk)
    form = wrong if again else ChangeForm(CalendarKind.REMOVAL, initial={"removes": row.pk})
    if form is not None:
        form.auto_id = f"removal-{row.pk}-%s"
    return Removable(row, title_of(row, zone), form if may else None)


def _forms(
    request: HttpRequest, officer: Officer, office: Office, today: date, wrong: ChangeForm | None
) -> list[Offered]:
    kept = {one.values.get("kind"): one.values for one in drafts.kept_by(officer, path=request.path_info)}
    week = hours_of(usual_week(present_of(office, today).calendar, today))
    typed = {name: day.hours for name, day in zip(HOURS, week, strict=True)}
    forms: list[Offered] = []
    for kind in ADDED:
        again = wrong is not None and wrong.kind == kind
        form = wrong if again else ChangeForm(kind, initial=typed | dict(kept.get(kind.value, {})))
        forms.append(Offered(kind, form, open=again or kind.value in kept))
    return forms
