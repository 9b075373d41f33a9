"""The pages on which a complaint is written, checked and sent; nothing is stored before it is sent."""

from dataclasses import dataclass, replace
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from sipuma import vault
from sipuma.cases.models import Case, Channel
from sipuma.cases.tickets import Holder, find_holder, keys_of
from sipuma.complaints.filing import file, handling_team
from sipuma.complaints.tracking import Tracked
from sipuma.public import notices, review
from sipuma.public.draft import Draft, open_draft, seal_draft
from sipuma.public.forms import MessageForm, StepForm
from sipuma.public.notices import Notice
from sipuma.public.passes import seal_pass
from sipuma.public.printing import tracking_address
from sipuma.public.sources import FILING
from sipuma.public.steps import REVIEW, STEPS, Checked, answers_of, check
from sipuma.web.public import public

HELD_BACK: Final = 429
HOUR: Final = 3600


@dataclass(frozen=True)
class Received:
    """The draft that came with a form, and what to say about it when it was too old or not ours."""

    draft: Draft
    notice: Notice | None = None


@public
@require_http_methods(["GET", "HEAD", "POST"])
def file_page(request: HttpRequest) -> HttpResponse:
    """Every page of the form: GET begins a new one, each POST brings the draft and one page's answers."""
    if request.method != "POST":
        return _show(request, Draft.begin(_channel(request)), 1)
    received = _receive(request.POST.get("draft", ""))
    number = _number(request.POST.get("step", ""))
    if number in STEPS:
        return _take_step(request, received, number)
    if number == REVIEW:
        return _take_review(request, received)
    return _show(request, received.draft, 1, notice=received.notice or notices.STEP_UNKNOWN)


def _channel(request: HttpRequest) -> str:
    """Return PORTAL for those whom Portal Pengguna Jasa sent here (R2)."""
    named = request.GET.get("channel", "").upper()
    return Channel.PORTAL if named == Channel.PORTAL else Channel.WEB


def _number(text: str) -> int:
    return int(text) if text in {str(number) for number in range(1, REVIEW + 1)} else 0


def _receive(sealed: str) -> Received:
    try:
        return Received(open_draft(sealed))
    except vault.Expired as expired:
        draft = Draft.from_bytes(expired.payload)
        unused = find_holder(keys_of(draft.ticket)) is None
        return Received(draft.with_new_ticket() if unused else draft, notices.DRAFT_EXPIRED)
    except vault.Unopenable:
        return Received(Draft.begin(), notices.DRAFT_UNREADABLE)


def _take_step(request: HttpRequest, received: Received, number: int) -> HttpResponse:
    """Keep a page's answers and go on, back, or stay where something has to be put right."""
    form, notice = STEPS[number].form(request.POST), received.notice
    typed = received.draft.with_answers(form.typed())
    if notice is notices.DRAFT_UNREADABLE:
        return _show(request, typed, number, notice=notice)
    target = _number(request.POST.get("go", ""))
    if target and not form.too_long():
        return _show(request, typed, target, notice=notice)
    if not form.is_valid():
        return _step_page(request, received.draft, number, form, notice=notice)
    kept = received.draft.with_answers(answers_of(form))
    return _show(request, kept, REVIEW if kept.reviewed else number + 1, notice=notice)


def _take_review(request: HttpRequest, received: Received) -> HttpResponse:
    """Send the complaint, or go to the page on which an answer is to be changed."""
    draft, target = received.draft, _number(request.POST.get("go", ""))
    if target:
        return _show(request, draft, target, notice=received.notice)
    checked, holder = check(draft.answers), find_holder(keys_of(draft.ticket))
    if holder is not None:
        return _sent_before(request, draft, checked, holder)
    if received.notice is notices.DRAFT_UNREADABLE:
        return _show(request, draft, 1, notice=received.notice)
    if received.notice or checked.flawed:
        return _show(request, draft, REVIEW, notice=received.notice)
    return _send(request, draft, checked)


def _send(request: HttpRequest, draft: Draft, checked: Checked) -> HttpResponse:
    if draft.seconds_open() < settings.SIPUMA.minimum_seconds:
        return _hold_back(request, draft, notices.TOO_QUICK, seconds=settings.SIPUMA.minimum_seconds)
    if not FILING.spend(request):
        return _hold_back(request, draft, notices.TOO_MANY_FILINGS, seconds=HOUR)
    filed = file(checked.filing, draft.ticket, channel=draft.channel)
    # Another copy of this very form may have been faster by a moment.
    paths = review.known_paths(filed.case) if filed.again else review.ticket_paths(checked.filing)
    return _ticket(request, draft.ticket, filed.case, paths=paths)


def _hold_back(request: HttpRequest, draft: Draft, notice: Notice, *, seconds: int) -> HttpResponse:
    """Show the last page again with everything on it, so that it can be sent a little later."""
    response = _show(request, draft, REVIEW, notice=notice, status=HELD_BACK)
    response.headers["Retry-After"] = str(seconds)
    return response


def _show(
    request: HttpRequest, draft: Draft, number: int, *, notice: Notice | None = None, status: int = 200
) -> HttpResponse:
    """Show a page with the draft's answers; the last one only when no other page needs attention."""
    if number != REVIEW:
        form = STEPS[number].form(initial=draft.answers)
        return _step_page(request, draft, number, form, notice=notice)
    checked = check(draft.answers)
    if checked.flawed:
        return _step_page(request, draft, checked.flawed, checked.forms[checked.flawed], notice=notice)
    return _review_page(request, draft, checked, notice=notice, status=status)


def _step_page(
    request: HttpRequest, draft: Draft, number: int, form: StepForm, *, notice: Notice | None
) -> HttpResponse:
    hidden = {"draft": seal_draft(draft), "step": number}
    if words := getattr(form, "office_words", ""):
        hidden["office_words"] = words
    context = {
        "step": STEPS[number],
        "steps": REVIEW,
        "form": form,
        "hidden": hidden,
        "back": number - 1,
        "notice": notice,
    }
    return render(request, "public/step.html", context)


def _review_page(
    request: HttpRequest, draft: Draft, checked: Checked, *, notice: Notice | None, status: int
) -> HttpResponse:
    filing = checked.filing
    context = {
        "steps": REVIEW,
        "rows": review.rows(checked),
        "reader": handling_team(filing.office, conflict=filing.conflict).office,
        "paths": review.ticket_paths(filing),
        "draft": seal_draft(replace(draft, reviewed=True)),
        "notice": notice,
    }
    return render(request, "public/review.html", context, status=status)


def _sent_before(request: HttpRequest, draft: Draft, checked: Checked, holder: Holder) -> HttpResponse:
    """Show the ticket page of a form that was sent before, and what was changed in it since."""
    changed = "" if checked.flawed else review.changes(Tracked(holder).matter, checked.filing)
    return _ticket(request, draft.ticket, holder.case, paths=review.known_paths(holder.case), changed=changed)


def _ticket(
    request: HttpRequest, ticket: vault.Ticket, case: Case, *, paths: review.TicketPaths, changed: str = ""
) -> HttpResponse:
    context = {
        "ticket": ticket,
        "case": case,
        "office": case.team.office,
        "paths": paths,
        "token": seal_pass(ticket),
        "address": tracking_address(),
        "addition": MessageForm(initial={"message": changed}) if changed else None,
    }
    return render(request, "public/ticket.html", context)
