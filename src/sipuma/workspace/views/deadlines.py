"""The page of all deadlines: what holds, every change there was, and the form for the next."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sipuma.complaints.models import DeadlineRow
from sipuma.complaints.rule_changes import change_rule, may_change_rules
from sipuma.complaints.rules import BY_STATE, Rule, Unit, all_rows, day_of, rules_in_force
from sipuma.offices.officer import Officer
from sipuma.offices.refusal import Refused
from sipuma.workspace import drafts
from sipuma.workspace.desk import officer_of
from sipuma.workspace.middleware import keeps_typing
from sipuma.workspace.rule_form import RuleForm


@keeps_typing
@require_http_methods(["GET", "HEAD", "POST"])
def deadlines_page(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    if request.method != "POST":
        kept = next((one.values for one in drafts.kept_by(officer, path=request.path_info)), None)
        return _show(request, officer, RuleForm(initial=kept))
    form = RuleForm(request.POST)
    if not form.is_valid():
        return _show(request, officer, form)
    try:
        row = change_rule(**form.cleaned_data, by=officer)
    except Refused as refused:
        form.add_error(refused.field, str(refused))
        return _show(request, officer, form)
    drafts.discard(officer, path=request.path_info, move="")
    messages.success(request, _("Saved: %(rule)s.") % {"rule": _in_words(row)})
    return redirect("deadlines")


def _in_words(row: DeadlineRow) -> str:
    rule = _rule_of(row)
    return f"{rule.label}, {rule.norm}"


def _rule_of(row: DeadlineRow) -> Rule:
    return Rule(row.stage, row.amount, Unit(row.unit), BY_STATE[row.stage].rule, row.valid_from)


def _show(request: HttpRequest, officer: Officer, form: RuleForm) -> HttpResponse:
    rows, today = all_rows(), day_of(timezone.now())
    values = {
        "rules": rules_in_force(),
        "history": [(_rule_of(row), row, row.valid_from > today) for row in reversed(rows)],
        "form": form if may_change_rules(officer) or form.errors else None,
        "zone": officer.member.office.timezone,
    }
    return render(request, "workspace/deadlines.html", values, status=422 if form.errors else 200)
