"""Reminders of a request for data on day 7 and day 12, at eight in the morning there (DOMAIN section 8)."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from sipuma.cases import flow
from sipuma.cases.entries import SYSTEM
from sipuma.cases.models import Audience, Case
from sipuma.cases.workflow import Attempt, Effects
from sipuma.complaints import notices
from sipuma.complaints.effects.sealing import sealed_entry
from sipuma.complaints.states import S
from sipuma.complaints.words import SERVICE
from sipuma.offices.places import Role
from sipuma.offices.refusal import Refused
from sipuma.web.dates import moment_text

DAYS = (7, 12)
MORNING = time(8, 0)
BATCH = 500


def remind(attempt: Attempt) -> Effects:
    """Say again that data is asked for and until when; sealed with public keys, told on every path."""
    case = attempt.case
    with override(case.language):
        asked = _("We still need additional data from you. Please answer by %(moment)s.")
        words = asked % {"moment": _last_moment(case)}
    return Effects(
        changes={"reminded": day_due(case, attempt.at)},
        sealed=[sealed_entry(attempt, "reminder", Audience.COMPLAINANT, {"text": words})],
        messages=notices.to_complainant(case, "reminder"),
    )


def _last_moment(case: Case) -> str:
    return moment_text(case.due - timedelta(seconds=1), case.team.office.timezone) if case.due else ""


def day_due(case: Case, at: datetime) -> int:
    """Return the day whose reminder is the latest that is due: 7 or 12; 0 before the first."""
    zone = ZoneInfo(case.team.office.timezone)
    asked = case.since.astimezone(zone).date()
    mornings = ((day, datetime.combine(asked + timedelta(days=day), MORNING, zone)) for day in DAYS)
    return max((day for day, morning in mornings if morning <= at), default=0)


def a_reminder_is_due(attempt: Attempt) -> None:
    """Refuse one that went out already, and any once the 14 days are over.

    Raises:
        Refused: there is nothing to remind of.
    """
    case = attempt.case
    over = case.due is None or attempt.at >= case.due
    if over or day_due(case, attempt.at) <= case.reminded:
        raise Refused(_("No reminder is due."))


def remind_due() -> int:
    """Send each reminder that is due; return how many. Of two that were slept through only the later goes."""
    from sipuma.complaints.workflow import WORKFLOW  # noqa: PLC0415  # the table names `remind` above

    now, sent = timezone.now(), 0
    for case in _candidates(now):
        attempt = Attempt(case, WORKFLOW.move("remind"), {}, Role.SYSTEM, SYSTEM, now)
        try:
            flow.carry_out(WORKFLOW, attempt)
        except Refused:
            continue  # not yet at that office, or answered in this very moment
        sent += 1
    return sent


def _candidates(now: datetime) -> QuerySet[Case]:
    """Return the cases that may be due for one, wherever their office is: the morning decides."""
    asked = Q()
    for day in DAYS:
        earliest = timedelta(days=day - 1, hours=MORNING.hour)  # asked at the very end of its day
        asked |= Q(reminded__lt=day, since__lte=now - earliest)
    waiting = Case.objects.filter(asked, service=SERVICE, state=S.WAITING, due__gt=now)
    return waiting.select_related("team__office", "verification__office").order_by("due")[:BATCH]
