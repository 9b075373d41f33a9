"""The page that a complaint leads to when it has been sent: its ticket, and the evidence that is with it."""

from django.http import HttpResponse
from django.shortcuts import render

from sipuma import vault
from sipuma.cases.models import Case
from sipuma.cases.tickets import Holder, find_holder, keys_of
from sipuma.complaints.evidence import pieces_of
from sipuma.complaints.tracking import Tracked
from sipuma.offices.refusal import Refused
from sipuma.public import notices, review
from sipuma.public.file_rows import FileRow, rows_of_pieces
from sipuma.public.forms import MessageForm
from sipuma.public.notices import Notice
from sipuma.public.passes import seal_pass
from sipuma.public.printing import tracking_address
from sipuma.public.steps import Checked
from sipuma.public.uploads import Posted


def show_ticket(
    posted: Posted, ticket: vault.Ticket, case: Case, *, paths: review.TicketPaths, changed: str = ""
) -> HttpResponse:
    """Answer with the ticket page, after adding what files the request still brings."""
    holder = find_holder(keys_of(ticket))
    notice = _add_files(posted, holder) if holder else None
    context = {
        "ticket": ticket,
        "case": case,
        "office": case.team.office,
        "paths": paths,
        "token": seal_pass(ticket),
        "address": tracking_address(),
        "addition": MessageForm(initial={"message": changed}) if changed else None,
        "files": _rows(holder) if holder else [],
        "notice": notice,
    }
    return render(posted.request, "public/ticket.html", context)


def show_again(posted: Posted, ticket: vault.Ticket, holder: Holder, checked: Checked) -> HttpResponse:
    """Answer with the ticket page of a form that was sent before, and what was changed in it since."""
    changed = "" if checked.flawed else review.changes(Tracked(holder).matter, checked.filing)
    paths = review.known_paths(holder.case)
    return show_ticket(posted, ticket, holder.case, paths=paths, changed=changed)


def _rows(holder: Holder) -> list[FileRow]:
    return rows_of_pieces(pieces_of(holder)) if holder.case.evidence.exists() else []


def _add_files(posted: Posted, holder: Holder) -> Notice | None:
    """Put the files into the case, which is there already; return what to say about those not taken."""
    try:
        posted.settle(posted.enter(holder))
    except Refused as refused:
        return Notice(refused.reason, tone="stop")
    if posted.held_back:
        return notices.FILES_HELD_BACK
    # What an old page names and is gone was removed from it, or became part of the case.
    return notices.refused(posted.refusals) or notices.repeated(posted.repeats)
