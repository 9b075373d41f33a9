"""The case page: what it is about, what can be done now, what happened; and the one way to make a move."""

from collections.abc import Mapping

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sipuma.cases import flow
from sipuma.cases.access import log_read, readers_now, within_reach
from sipuma.cases.entries import SYSTEM
from sipuma.cases.exclusions import is_barred
from sipuma.cases.models import Case
from sipuma.cases.resealing import reseal_for_complainant
from sipuma.cases.staleness import Stale
from sipuma.cases.word_index import fill
from sipuma.cases.workflow import Text
from sipuma.complaints.excluding import catch_up
from sipuma.complaints.searchable import texts_of
from sipuma.complaints.snippets import snippets_of
from sipuma.complaints.workflow import WORKFLOW
from sipuma.offices.officer import Officer
from sipuma.offices.refusal import Refused
from sipuma.outbox.models import Message
from sipuma.workspace import drafts
from sipuma.workspace.clock_rows import clock_context
from sipuma.workspace.desk import officer_of
from sipuma.workspace.dossier import Dossier, reception_of
from sipuma.workspace.evidence_cards import evidence_context
from sipuma.workspace.forms import MoveForm
from sipuma.workspace.joined import joined_complaints
from sipuma.workspace.middleware import keeps_typing
from sipuma.workspace.offers import Refusal, form_of, offers_of, typed_rows
from sipuma.workspace.relatives import relatives_context
from sipuma.workspace.snippet_form import answer_of, with_snippet
from sipuma.workspace.wise_card import wise_card

RELATED = (
    "team__office",
    "verification__office",
    "office",
    "reception__office",
    "ticket_team",
    "assignee__user",
    "joins",
)
DELIVERIES = 10
MOST_DIGITS = 19  # of an id in either database
STAFF_NOTICES = "staff-"


@keeps_typing
@require_http_methods(["GET", "HEAD", "POST"])
def case_page(request: HttpRequest, register: str) -> HttpResponse:
    officer = officer_of(request)
    case = get_object_or_404(within_reach(officer).select_related(*RELATED), register=register)
    if request.method != "POST":
        return _show(request, officer, case)
    if "discard" in request.POST:
        drafts.discard(officer, path=request.path_info, move=request.POST["discard"])
        return redirect("case", register=case.register)
    act = _insert if "insert" in request.POST else _act
    return act(request, officer, case)


def _insert(request: HttpRequest, officer: Officer, case: Case) -> HttpResponse:
    """Put a snippet into a text and show the page again; nothing is saved, and nothing typed is lost."""
    name = request.POST["insert"]
    offered = next((o.move for o in flow.available(WORKFLOW, case, officer) if o.move.name == name), None)
    target = answer_of(offered) if offered else None
    if offered is None or target is None:
        reason = _("This step isn't possible here: the case has moved on, or it is another's to take.")
        return _show(request, officer, case, Refusal(reason, typed=typed_rows(name, request.POST)))
    chosen = request.POST.get("snippet", "")
    found = next((one for one in snippets_of(officer) if str(one.snippet.uid) == chosen), None)
    if found is None:
        messages.warning(request, _("Choose a text snippet first."))
    typed = with_snippet(request.POST, target, found.filled(case) if found else "")
    form = form_of(MoveForm(offered, case, initial=typed), officer)
    # The page opens where the text is, and shows more of it.
    form.fields[target.name].widget.attrs |= {"autofocus": True, "rows": 10}
    return _show(request, officer, case, Refusal(form=form, status=200))


def _act(request: HttpRequest, officer: Officer, case: Case) -> HttpResponse:
    """Make the move that the form asks for, or show the page again with the reason and all that was typed."""
    name = request.POST.get("move", "")
    move = next((o.move for o in flow.available(WORKFLOW, case, officer) if o.move.name == name), None)
    form = form_of(MoveForm(move, case, request.POST), officer) if move else None
    if form is not None and not form.is_valid():
        return _show(request, officer, case, Refusal(form=form))
    try:
        values = form.cleaned_data if form else {}
        flow.make(WORKFLOW, case, name, values, by=officer, seen=seen_of(request.POST))
    except Refused as refused:
        case = Case.objects.select_related(*RELATED).get(pk=case.pk)
        return _show(request, officer, case, _refusal(refused, form, request.POST, name))
    drafts.discard(officer, path=request.path_info, move=name)
    return _leave(request, officer, case, WORKFLOW.move(name).label)


def seen_of(sent: Mapping[str, str], name: str = "seen") -> int | None:
    """Return the newest entry that the form's page showed."""
    seen = sent.get(name, "")
    return int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < MOST_DIGITS else None


def _refusal(refused: Refused, form: MoveForm | None, sent: Mapping[str, str], name: str) -> Refusal:
    newer = refused.newer if isinstance(refused, Stale) else frozenset()
    if form is None:
        return Refusal(str(refused), typed=typed_rows(name, sent), newer=newer)
    form.add_error(refused.field if refused.field in form.fields else None, str(refused))
    return Refusal(str(refused), form, typed_rows(name, sent), newer)


def _leave(request: HttpRequest, officer: Officer, case: Case, step: Text) -> HttpResponse:
    if within_reach(officer).filter(pk=case.pk).exists():
        messages.success(request, _("Saved: %(step)s.") % {"step": step})
        return redirect("case", register=case.register)
    text = _("Saved: %(step)s. The case %(register)s is out of your hands now.")
    messages.success(request, text % {"step": step, "register": case.register})
    return redirect("queue")


def _show(request: HttpRequest, officer: Officer, case: Case, refusal: Refusal | None = None) -> HttpResponse:
    dossier = Dossier(case, officer)
    catch_up(case, dossier.recorded, by=SYSTEM)
    if is_barred(case, officer.member):
        raise Http404
    log_read(case, officer)
    kept = drafts.kept_by(officer, path=request.path_info)
    snippets = snippets_of(officer)
    typed = _prefilled(request) | {one.move: one.values for one in reversed(kept)}
    offers = offers_of(case, officer, refusal, kept=typed, snippets=bool(snippets))
    offered = {offer.move.name for offer in offers if offer.obstacle is None}
    placed = refusal.form if refusal and refusal.form and refusal.form.move.name in offered else None
    if dossier.holds_key:
        reseal_for_complainant(case, officer)
        fill(case, officer, dossier.opened, texts=texts_of)
    values = {
        "dossier": dossier,
        "case": case,
        "offers": offers,
        "hidden": {"seen": _seen_again(request, refusal, dossier)},
        "snippets": snippets,
        "form": placed,
        "refusal": refusal if refusal and not placed else None,
        "newer": dossier.lines(refusal.newer) if refusal else [],
        **_company(case, officer, dossier),
        "kept": [(one, one.move in offered, typed_rows(one.move, one.values)) for one in kept],
        "deliveries": _deliveries(case, at_desk=dossier.at_desk),
        "queue": reverse("queue"),
        **clock_context(case, timezone.now()),
        "reception": reception_of(case),
        "wise": wise_card(case, officer),
        "joined": joined_complaints(case, officer) if dossier.holds_key else [],
        **evidence_context(case, officer),
        **relatives_context(case, officer),
    }
    template = "workspace/desk.html" if dossier.at_desk else "workspace/case.html"
    return render(request, template, values, status=refusal.status if refusal else 200)


def _company(case: Case, officer: Officer, dossier: Dossier) -> dict[str, object]:
    """Return who else works on the case, and who has it open; units and desks learn nothing of the latter."""
    theirs = case.assignee_id not in {None, officer.member.pk}
    present = readers_now(case, officer) if dossier.holds_key else []
    return {"others": case.assignee if theirs else None, "present": present}


def _seen_again(request: HttpRequest, refusal: Refusal | None, dossier: Dossier) -> int:
    """Return what the page's forms have seen: one that comes back unchanged is as old as it was."""
    before = seen_of(request.POST) if refusal and not refusal.newer else None
    return dossier.newest if before is None else min(before, dossier.newest)


def _prefilled(request: HttpRequest) -> dict[str, Mapping[str, str]]:
    """Return what the address of a page fills in of one move's form, by its name: `?move=…&field=…`."""
    move = next((one for one in WORKFLOW.moves if one.name == request.GET.get("move")), None)
    if move is None or request.method == "POST":
        return {}
    known = [one for one in move.fields if one.kind != "date" and one.name in request.GET]
    return {move.name: {one.name: request.GET[one.name][: one.maximum] for one in known}}


def _deliveries(case: Case, *, at_desk: bool) -> QuerySet[Message]:
    """Return the newest notices; a desk learns nothing of those that go to the staff."""
    sent = Message.objects.filter(reference=case.register).order_by("-pk")
    return (sent.exclude(template__startswith=STAFF_NOTICES) if at_desk else sent)[:DELIVERIES]
