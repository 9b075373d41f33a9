"""When a closed case may come back: once, on new data, within ten working days (move 19)."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sipuma.cases.models import Author, Case, Entry
from sipuma.cases.workflow import Text
from sipuma.complaints.deadlines import reopening_until
from sipuma.complaints.words import Reopening
from sipuma.offices.models import TeamKind
from sipuma.web.dates import moment_text

ASKED = "reopening-request"
FEEDBACK = "feedback"
NEW_DATA = ("message", "evidence", "addition", ASKED)


def never_reopened(case: Case) -> Text | None:
    """R56: a case comes back once in its life."""
    if case.reopened_at is None:
        return None
    return gettext_lazy("This case was reopened once already. It can't be reopened again.")


def new_data_came(case: Case) -> Text | None:
    """R56: the complainant brought something after closing, or too late for the answer that was asked for."""
    if case.late_answer or (case.closed_at and _told_since(case, case.closed_at).exists()):
        return None
    return gettext_lazy("Nothing new has come from the complainant since the case was closed.")


def _told_since(case: Case, moment: datetime) -> QuerySet[Entry]:
    """Return what came from the complainant, or from those of the cases that joined, by ticket or desk."""
    theirs = Q(author=Author.COMPLAINANT) | Q(capacity__kind=TeamKind.RECEPTION)
    cases = Q(case=case) | Q(case__joins=case, case__closed_at__isnull=False)
    return Entry.objects.filter(theirs, cases, kind__in=NEW_DATA, at__gt=moment)


def reopening_period(case: Case, at: datetime) -> Text | None:
    """Move 19: ten working days after closing; a request made in time waits for its answer beyond them."""
    ends = reopening_until(case)
    if ends is None or at < ends or case.reopening == Reopening.ASKED:
        return None
    words = _("A case can be reopened for 10 working days after closing. That time ended on %(ended)s.")
    return words % {"ended": moment_text(ends, case.verification.office.timezone)}


def not_asked_before(case: Case) -> Text | None:
    if not case.reopening:
        return None
    return gettext_lazy("Reopening has been asked for once already.")


def is_asked_for(case: Case) -> Text | None:
    if case.reopening == Reopening.ASKED:
        return None
    return gettext_lazy("Nobody asks for reopening.")


def not_rated_before(case: Case) -> Text | None:
    if not case.helped:
        return None
    return gettext_lazy("You have told us already whether it helped.")
