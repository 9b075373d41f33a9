"""The case page: what it is about, what can be done now, what happened; and the one way to make a move."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django import forms
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
from sipuma.cases.models import Case, FollowUp
from sipuma.cases.resealing import reseal_for_complainant
from sipuma.cases.staleness import Stale
from sipuma.cases.word_index import fill
from sipuma.cases.workflow import Move, Text
from sipuma.complaints.excluding import catch_up
from sipuma.complaints.searchable import texts_of
from sipuma.complaints.workflow import WORKFLOW
from sipuma.offices.officer import Officer
from sipuma.offices.refusal import Refused
from sipuma.outbox.models import Message
from sipuma.workspace import drafts
from sipuma.workspace.clock_rows import clock_context
from sipuma.workspace.desk import officer_of
from sipuma.workspace.dossier import Dossier, Row, reception_of
from sipuma.workspace.evidence_cards import evidence_context
from sipuma.workspace.forms import MoveForm
from sipuma.workspace.joined import joined_complaints
from sipuma.workspace.middleware import keeps_typing
from sipuma.workspace.relatives import relatives_context
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


@dataclass(frozen=True)
class Offer:
    """A move that the page offers: its form, or why it can't be made yet."""

    move: Move
    form: MoveForm
    obstacle: Text | None
    open: bool


@dataclass(frozen=True)
class Refusal:
    """A move that was refused: the form as it was sent, or only its text where it has no place any more."""

    reason: str = ""
    form: MoveForm | None = None
    typed: tuple[Row, ...] = field(default=(), repr=False)
    newer: frozenset[int] = frozenset()


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
    return _act(request, officer, case)


def _act(request: HttpRequest, officer: Officer, case: Case) -> HttpResponse:
    """Make the move that the form asks for, or show the page again with the reason and all that was typed."""
    name = request.POST.get("move", "")
    move = next((o.move for o in flow.available(WORKFLOW, case, officer) if o.move.name == name), None)
    form = _own(MoveForm(move, case, request.POST), officer) if move else None
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
    return int(seen) if seen.isdecimal() and len(seen) < MOST_DIGITS else None


def _refusal(refused: Refused, form: MoveForm | None, sent: Mapping[str, str], name: str) -> Refusal:
    newer = refused.newer if isinstance(refused, Stale) else frozenset()
    if form is None:
        return Refusal(str(refused), typed=typed_rows(name, sent), newer=newer)
    form.add_error(refused.field if refused.field in form.fields else None, str(refused))
    return Refusal(str(refused), form, typed_rows(name, sent), newer)


def typed_rows(name: str, sent: Mapping[str, str]) -> tuple[Row, ...]:
    """Return the texts of a form that has no place on the page any more, so that nobody loses typing."""
    fields = next((move.fields for move in WORKFLOW.moves if move.name == name), ())
    return tuple(Row(one.label, sent[one.name]) for one in fields if sent.get(one.name))


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
    typed = _prefilled(request) | {one.move: one.values for one in reversed(kept)}
    offers = _offers(case, officer, refusal, typed)
    offered = {offer.move.name for offer in offers if offer.obstacle is None}
    placed = refusal.form if refusal and refusal.form and refusal.form.move.name in offered else None
    if dossier.holds_key:
        reseal_for_complainant(case, officer)
        fill(case, officer, dossier.opened, texts=texts_of)
    values = {
        "dossier": dossier,
        "case": case,
        "offers": offers,
        "hidden": {"seen": dossier.newest},
        "form": placed,
        "refusal": refusal if refusal and not placed else None,
        "newer": dossier.lines(refusal.newer) if refusal else [],
        "others": case.assignee if case.assignee_id not in {None, officer.member.pk} else None,
        "present": readers_now(case, officer) if dossier.holds_key else [],
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
    return render(request, template, values, status=422 if refusal else 200)


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


def _offers(
    case: Case, officer: Officer, refusal: Refusal | None, kept: Mapping[str, Mapping[str, str]]
) -> list[Offer]:
    failed = refusal.form if refusal else None
    offers = []
    for option in flow.available(WORKFLOW, case, officer):
        name = option.move.name
        if option.move.silent and flow.obstacle(option.move, case) is not None:
            continue
        again = failed if failed is not None and failed.move.name == name else None
        form = again or _own(MoveForm(option.move, case, initial=kept.get(name)), officer)
        offers.append(Offer(option.move, form, option.obstacle, open=again is not None or name in kept))
    return offers


def _own(form: MoveForm, officer: Officer) -> MoveForm:
    """Leave a unit its own follow-ups to choose from: what others are to do is not for it to read."""
    listed, reach = form.fields.get("follow_up"), officer.reach.places
    if isinstance(listed, forms.ChoiceField) and form.case.team_id not in reach:
        own = FollowUp.objects.filter(case=form.case, executor__in=reach).values_list("pk", flat=True)
        kept = {"", *map(str, own)}
        listed.choices = [(value, label) for value, label in listed.widget.choices if value in kept]
    return form
