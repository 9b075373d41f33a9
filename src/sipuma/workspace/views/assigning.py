"""Several cases of the queue assigned at once; the queue comes back as it was, with what became of each."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from sipuma.cases.access import visible
from sipuma.complaints.assigning import Outcome, assign_many
from sipuma.workspace.assign_form import AssignForm, assign_form
from sipuma.workspace.desk import officer_of
from sipuma.workspace.queue import SIZE
from sipuma.workspace.views.case import RELATED, seen_of
from sipuma.workspace.views.queue import FILTERS, show

PLACES = ("after", "before")


@require_POST
def assign_cases(request: HttpRequest) -> HttpResponse:
    """Assign the chosen cases; those out of reach are passed over like unknown ones."""
    officer = officer_of(request)
    back, registers = QueryDict(request.POST.get("back", "")), request.POST.getlist("case")
    form = assign_form(officer, request.POST)
    _check_number(form, registers)
    if not form.is_valid():
        return show(request, back, form=form, chosen=frozenset(registers))
    cases = visible(officer).filter(register__in=registers).select_related(*RELATED).order_by("due", "pk")
    assignee = form.cleaned_data["assignee"]
    seen = {register: seen_of(request.POST, f"seen:{register}") for register in registers}
    _tell(request, assign_many(list(cases), assignee=assignee, by=officer, seen=seen))
    place = {name: back[name] for name in (*FILTERS, *PLACES) if name in back}
    return redirect(f"{reverse('queue')}?{urlencode(place)}")


def _check_number(form: AssignForm, registers: Sequence[str]) -> None:
    if not registers:
        form.add_error(None, _("Choose at least one case."))
    elif len(registers) > SIZE:
        form.add_error(None, _("Choose at most %(most)d cases.") % {"most": SIZE})


def _tell(request: HttpRequest, outcome: Outcome) -> None:
    if outcome.done or not outcome.skipped:
        text = ngettext("%(count)d case assigned.", "%(count)d cases assigned.", outcome.done)
        messages.success(request, text % {"count": outcome.done})
    for reason, registers in outcome.skipped.items():
        text = _("Not assigned: %(registers)s. %(reason)s")
        messages.warning(request, text % {"registers": ", ".join(registers), "reason": reason})
