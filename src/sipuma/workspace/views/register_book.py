"""The register book of an office (R30): every complaint saved there, and nothing of what it says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from sipuma.cases.models import Case
from sipuma.cases.workflow import Text
from sipuma.complaints.models import Reception
from sipuma.complaints.states import BY_NAME
from sipuma.offices.models import Office
from sipuma.workspace.desk import officer_of
from sipuma.workspace.desk_forms import BookForm, public_states
from sipuma.workspace.desk_queries import (
    MOST_PRINTED,
    Book,
    Remit,
    book_page,
    book_printed,
    openable,
    place_of,
    remit_of,
)
from sipuma.workspace.papers.letterhead import letterhead
from sipuma.workspace.queue import Cursor
from sipuma.workspace.register_numbers import number_prefix

FILTERS: Final = ("office", "since", "until", "channel", "state", "register", "sort")


@dataclass(frozen=True)
class Row:
    """One complaint of the book. `elsewhere` is the office that has its number, when that is another one."""

    case: Case
    reception: Reception | None
    public: Text
    transferred: bool
    elsewhere: Office | None
    can_open: bool = False


@require_safe
def register_book(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    remit = remit_of(officer)
    office = chosen_office(request, remit.offices)
    form = BookForm(with_default_days(request.GET, office), offices=remit.offices.values())
    form.full_clean()
    book = _book(form, office, request.GET)
    if request.GET.get("print"):
        return _printed(request, remit, book, form)
    page = book_page(remit, book)
    pages = openable(officer, page.cases)
    chosen = {name: form.data[name] for name in FILTERS if form.data.get(name)}
    values = {
        "filters": form,
        "office": office,
        "rows": [_row(case, office, can_open=case.pk in pages) for case in page.cases],
        "narrowed": bool((chosen.keys() - {"office", "sort"}) & request.GET.keys() or book.place),
        "previous": _address(chosen, before=place_of(page.cases[0]))
        if page.cases and page.has_previous
        else "",
        "next": _address(chosen, after=place_of(page.cases[-1])) if page.cases and page.has_next else "",
        "printed": _address(chosen, print="1"),
    }
    return render(request, "workspace/register.html", values, status=200 if form.is_valid() else 400)


def _printed(request: HttpRequest, remit: Remit, book: Book, form: BookForm) -> HttpResponse:
    cases = book_printed(remit, book)
    values = {
        "filters": form,
        "office": book.office,
        "letterhead": letterhead(book.office),
        "book": book,
        "rows": [_row(case, book.office) for case in cases[:MOST_PRINTED]],
        "most": MOST_PRINTED if len(cases) > MOST_PRINTED else 0,
        "now": timezone.now(),
    }
    return render(request, "workspace/register_print.html", values, status=200 if form.is_valid() else 400)


def chosen_office(request: HttpRequest, offices: Mapping[str, Office]) -> Office:
    """Return the office that the address names, or the officer's own; others, and none at all, are 404."""
    own = officer_of(request).member.office_id
    code = request.GET.get("office") or (own if own in offices else next(iter(offices), ""))
    if code not in offices:
        raise Http404
    return offices[code]


def with_default_days(given: Mapping[str, str], office: Office) -> dict[str, str]:
    """Return what the address says, with this year at the office where it names no day."""
    year = today_at(office).year
    days = {"since": f"{year}-01-01", "until": f"{year}-12-31", "office": office.pk}
    return days | {name: given[name] for name in FILTERS if given.get(name)}


def today_at(office: Office) -> date:
    return timezone.now().astimezone(ZoneInfo(office.timezone)).date()


def _book(form: BookForm, office: Office, address: Mapping[str, str]) -> Book:
    """Return what is asked for; a filter that could not be read is left out, and said beside its field."""
    chosen, year = form.cleaned_data, today_at(office).year
    place = address.get("before") or address.get("after") or ""
    return Book(
        office=office,
        first=chosen.get("since") or date(year, 1, 1),
        last=chosen.get("until") or date(year, 12, 31),
        channel=chosen.get("channel", ""),
        states=public_states().get(chosen.get("state", ""), ()),
        prefix=number_prefix(chosen.get("register", "")),
        oldest_first=chosen.get("sort") == "oldest",
        place=Cursor.parse(place, backwards="before" in address) if place else None,
    )


def _row(case: Case, office: Office, *, can_open: bool = False) -> Row:
    return Row(
        case=case,
        reception=getattr(case, "recorded_as", None),
        public=BY_NAME[case.state].public,
        transferred=case.verification.office_id != case.office_id,
        elsewhere=case.office if case.office_id != office.pk else None,
        can_open=can_open,
    )


def _address(chosen: Mapping[str, str], **more: str) -> str:
    return f"{reverse('register-book')}?{urlencode({**chosen, **more})}"
