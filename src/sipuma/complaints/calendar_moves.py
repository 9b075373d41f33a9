"""Changes an office's calendar, and the deadlines of its open cases with it; each move is entered."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from sipuma.cases.entries import SYSTEM, Sealed, append_to, readers_of, seal_text
from sipuma.cases.models import Audience, Case
from sipuma.complaints.deadlines import recounted, rule_of
from sipuma.complaints.effects.sealing import if_unit
from sipuma.complaints.pauses import spans_of
from sipuma.complaints.rules import all_rows
from sipuma.complaints.words import SERVICE
from sipuma.offices.calendar_changes import (
    Change,
    Present,
    calendar_with,
    keeps_calendar_of,
    present_of,
    row_of,
)
from sipuma.offices.models import CalendarRow, Office
from sipuma.offices.officer import Officer
from sipuma.offices.refusal import Refused
from sipuma.offices.trust import team_public
from sipuma.web.dates import moment_text
from sipuma.worktime import Calendar, office_zone

MOVED = "deadline-moved"


@dataclass(frozen=True)
class Moved:
    """An open case whose deadline a change moves: when it was due, and when it would be."""

    case: Case
    before: datetime
    after: datetime


def preview(*, office: Office, change: Change, by: Officer, at: datetime | None = None) -> list[Moved]:
    """Return which open cases a change would move, the earliest first; nothing is saved.

    Raises:
        Refused: the change makes no sense, or is not the member's to make.
    """
    present, row = _checked(office, change, by, at or timezone.now())
    return _moves(present, calendar_with(present, row))


@transaction.atomic
def change_calendar(
    *, office: Office, change: Change, by: Officer, at: datetime | None = None
) -> list[Moved]:
    """Save a change and move the deadlines that hang on it; return those that moved.

    A case that somebody moves in this very moment is left to its own new count.

    Raises:
        Refused: as `preview`.
    """
    at = at or timezone.now()
    # One change of an office after another: the second sees the first, and the version is the last one's.
    locked = Office.objects.select_for_update().get(pk=office.pk)
    present, row = _checked(locked, change, by, at)
    moved = _moves(present, calendar_with(present, row))
    row.member, row.at = by.member, at
    row.save(force_insert=True)
    Office.objects.filter(pk=office.pk).update(calendar_version=uuid.uuid4())
    done = [one for one in moved if _set_due(one)]
    append_to([(one.case, _entry(one, row)) for one in done], by=SYSTEM, at=at)
    return done


def _checked(office: Office, change: Change, by: Officer, at: datetime) -> tuple[Present, CalendarRow]:
    if not keeps_calendar_of(by, office):
        raise Refused(
            _("Only the head of this office’s compliance unit, or Dit. KI’s, changes its calendar.")
        )
    present = present_of(office, at.astimezone(office_zone(office.timezone)).date())
    return present, row_of(change, present)


def _moves(present: Present, new: Calendar) -> list[Moved]:
    cases = open_cases(present.office)
    spans, rows = spans_of(cases), all_rows()
    moved = []
    for case in cases:
        due = recounted(case, present.calendar, new, rule=rule_of(case, rows), spans=spans[case.pk])
        if due is not None and case.due is not None:
            moved.append(Moved(case, case.due, due))
    return moved


def open_cases(office: Office) -> Sequence[Case]:
    """Return the cases that run on an office's clock, the earliest due first."""
    found = Case.objects.filter(service=SERVICE, team__office=office, due__isnull=False)
    return list(found.select_related("team__office").order_by("due", "pk"))


def _set_due(one: Moved) -> int:
    seen = {"due": one.before, "state": one.case.state, "counted_from": one.case.counted_from}
    return Case.objects.filter(pk=one.case.pk, **seen).update(due=one.after)


def _entry(one: Moved, row: CalendarRow) -> Sealed:
    """Return what the timeline says, for those who have the case; sealed with public keys alone."""
    unit = if_unit(one.case.team)
    audience = Audience.UNIT if unit else Audience.HANDLERS
    return seal_text(
        one.case.uid,
        MOVED,
        {"text": _words(one, row)},
        audience=audience,
        readers=readers_of(one.case, audience, unit=team_public(unit) if unit else None),
    )


def _words(one: Moved, row: CalendarRow) -> str:
    zone = one.case.team.office.timezone
    with override(settings.LANGUAGE_CODE):
        text = _(
            "The calendar of %(office)s changed (%(kind)s %(name)s: %(reason)s). "
            "Due before: %(before)s. Due now: %(after)s."
        )
        return text % {
            "office": row.office,
            "kind": row.get_kind_display(),
            "name": row.name,
            "reason": row.reason,
            "before": moment_text(one.before, zone),
            "after": moment_text(one.after, zone),
        }
