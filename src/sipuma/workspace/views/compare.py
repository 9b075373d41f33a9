"""Two cases side by side, for a verifier who asks whether they are the same matter."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from sipuma.cases import flow
from sipuma.cases.access import log_read, visible
from sipuma.cases.links import linked
from sipuma.cases.models import Case
from sipuma.cases.word_index import fill
from sipuma.complaints.searchable import texts_of
from sipuma.complaints.states import S
from sipuma.complaints.workflow import WORKFLOW
from sipuma.offices.officer import Officer
from sipuma.workspace.desk import officer_of
from sipuma.workspace.dossier import Dossier
from sipuma.workspace.relatives import side_by_side

RELATED = ("team__office", "verification__office", "office", "reception__office", "ticket_team")


@require_safe
def compare_page(request: HttpRequest, register: str, other: str) -> HttpResponse:
    """Show both matters; 404 where the officer does not hold the key of either."""
    officer = officer_of(request)
    here, there = (_opened(officer, one) for one in (register, other))
    if here.case == there.case:
        raise Http404
    offered = {option.move.name for option in flow.available(WORKFLOW, here.case, officer)}
    is_linked = there.case.pk in linked(here.case)
    values = {
        "here": here,
        "there": there,
        "pairs": side_by_side(here, there),
        "is_linked": is_linked,
        "can_link": "link_cases" in offered and not is_linked,
        "can_join": here.case.state == S.VERIFICATION and bool(officer.reach.roles_in(here.case.team)),
    }
    return render(request, "workspace/compare.html", values)


def _opened(officer: Officer, register: str) -> Dossier:
    case: Case = get_object_or_404(visible(officer).select_related(*RELATED), register=register)
    dossier = Dossier(case, officer)
    if not dossier.holds_key:
        raise Http404
    log_read(case, officer)
    fill(case, officer, dossier.opened, texts=texts_of)
    return dossier
