"""The pages on which a complaint is written, checked and sent; nothing is stored before it is sent."""

from dataclasses import dataclass, replace
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from sipuma import vault
from sipuma.cases.models import Channel
from sipuma.cases.tickets import find_holder, keys_of
from sipuma.complaints.filing import file, handling_team
from sipuma.public import notices, review
from sipuma.public.draft import Draft, open_draft, seal_draft
from sipuma.public.evidence_form import EvidenceForm
from sipuma.public.file_rows import rows_of_files
from sipuma.public.forms import StepForm
from sipuma.public.notices import Notice
from sipuma.public.sources import FILING
from sipuma.public.steps import REVIEW, STEPS, Checked, answers_of, check
from sipuma.public.ticket_page import show_again, show_ticket
from sipuma.public.uploads import Posted, receiving
from sipuma.web.public import public
from sipuma.web.with_files import with_files

HELD_BACK: Final = 429
HOUR: Final = 3600


@dataclass(frozen=True)
class Received:
    """The draft that came with a form, and what to say about it when it was too old or not ours."""

    draft: Draft
    notice: Notice | None = None


@with_files
@public
@require_http_methods(["GET", "HEAD", "POST"])
def file_page(request: HttpRequest) -> HttpResponse:
    """Every page of the form: GET begins a new one, each POST brings the draft and one page's answers.

    The last page also brings files, which travel along sealed as the draft does.
    """
    with receiving(request) as posted:
        if request.method != "POST":
            return _show(posted, Draft.begin(_channel(request)), 1)
        return _take(posted)


def _take(posted: Posted) -> HttpResponse:
    received = _receive(posted.form.get("draft", ""))
    number = _number(posted.form.get("step", ""))
    if number in STEPS:
        return _take_step(posted, received, number)
    if number == REVIEW:
        return _take_review(posted, received)
    return _show(posted, received.draft, 1, notice=received.notice or notices.STEP_UNKNOWN)


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


def _take_step(posted: Posted, received: Received, number: int) -> HttpResponse:
    """Keep a page's answers and go on, back, or stay where something has to be put right."""
    form, notice = STEPS[number].form(posted.form), received.notice
    typed = received.draft.with_answers(form.typed())
    if notice is notices.DRAFT_UNREADABLE:
        return _show(posted, typed, number, notice=notice)
    target = _number(posted.form.get("go", ""))
    if target and not form.too_long():
        return _show(posted, typed, target, notice=notice)
    if not form.is_valid():
        return _step_page(posted, received.draft, number, form, notice=notice)
    kept = received.draft.with_answers(answers_of(form))
    return _show(posted, kept, REVIEW if kept.reviewed else number + 1, notice=notice)


def _take_review(posted: Posted, received: Received) -> HttpResponse:
    """Send the complaint, or only keep its files, or go to the page on which an answer is to be changed."""
    draft = received.draft
    target = REVIEW if posted.removes else _number(posted.form.get("go", ""))
    if target:
        return _show_kept(posted, draft, target, received.notice)
    checked, holder = check(draft.answers), find_holder(keys_of(draft.ticket))
    if holder is not None:
        return show_again(posted, draft.ticket, holder, checked)
    if received.notice is notices.DRAFT_UNREADABLE:
        return _show(posted, draft, 1, notice=received.notice)
    if received.notice or checked.flawed or posted.problems or posted.held_back:
        return _show_kept(posted, draft, REVIEW, received.notice)
    return _send(posted, draft, checked)


def _show_kept(posted: Posted, draft: Draft, target: int, notice: Notice | None) -> HttpResponse:
    if posted.held_back:
        return _hold_back(posted, draft, notices.TOO_MANY_UPLOADS, seconds=HOUR)
    return _show(posted, draft, target, notice=notice)


def _send(posted: Posted, draft: Draft, checked: Checked) -> HttpResponse:
    if draft.seconds_open() < settings.SIPUMA.minimum_seconds:
        return _hold_back(posted, draft, notices.TOO_QUICK, seconds=settings.SIPUMA.minimum_seconds)
    if not FILING.spend(posted.request):
        return _hold_back(posted, draft, notices.TOO_MANY_FILINGS, seconds=HOUR)
    filed = file(checked.filing, draft.ticket, channel=draft.channel, files=posted.files)
    if filed.again:
        # Another copy of this very form was faster by a moment.
        return show_ticket(posted, draft.ticket, filed.case, paths=review.known_paths(filed.case))
    posted.settle(posted.files)
    return show_ticket(posted, draft.ticket, filed.case, paths=review.ticket_paths(checked.filing))


def _hold_back(posted: Posted, draft: Draft, notice: Notice, *, seconds: int) -> HttpResponse:
    """Show the last page again with everything on it, so that it can be sent a little later."""
    response = _show(posted, draft, REVIEW, notice=notice, status=HELD_BACK)
    response.headers["Retry-After"] = str(seconds)
    return response


def _show(
    posted: Posted, draft: Draft, number: int, *, notice: Notice | None = None, status: int = 200
) -> HttpResponse:
    """Show a page with the draft's answers; the last one only when no other page needs attention."""
    if number != REVIEW:
        form = STEPS[number].form(initial=draft.answers)
        return _step_page(posted, draft, number, form, notice=notice)
    checked = check(draft.answers)
    if checked.flawed:
        return _step_page(posted, draft, checked.flawed, checked.forms[checked.flawed], notice=notice)
    return _review_page(posted, draft, checked, notice=notice, status=status)


def _step_page(
    posted: Posted, draft: Draft, number: int, form: StepForm, *, notice: Notice | None
) -> HttpResponse:
    hidden = {"draft": seal_draft(draft), "step": number, "files": posted.seal()}
    if words := getattr(form, "office_words", ""):
        hidden["office_words"] = words
    context = {
        "step": STEPS[number],
        "steps": REVIEW,
        "form": form,
        "hidden": hidden,
        "back": number - 1,
        "notice": notice or notices.refused(posted.problems) or notices.repeated(posted.repeats),
    }
    return render(posted.request, "public/step.html", context)


def _review_page(
    posted: Posted, draft: Draft, checked: Checked, *, notice: Notice | None, status: int
) -> HttpResponse:
    filing = checked.filing
    context = {
        "steps": REVIEW,
        "rows": review.rows(checked),
        "reader": handling_team(filing.office, conflict=filing.conflict).office,
        "paths": review.ticket_paths(filing),
        "draft": seal_draft(replace(draft, reviewed=True)),
        "form": EvidenceForm({}, posted=posted),
        "files": rows_of_files(posted.files),
        "kept": posted.seal(),
        "notice": notice or notices.repeated(posted.repeats),
    }
    return render(posted.request, "public/review.html", context, status=status)
