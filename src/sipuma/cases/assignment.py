"""Which member works on a case: a mark for the team, no lock; it ends with the team or the membership."""

from collections.abc import Mapping

from django.db import transaction

from sipuma.cases.entries import SYSTEM, append, mark
from sipuma.cases.models import Audience, Case
from sipuma.offices.models import Member, Team
from sipuma.offices.places import workers_of

ENDED = "assignment-ended"


def ends_assignment(case: Case, changes: Mapping[str, object]) -> bool:
    """Return whether a move with these changes takes the case from the one who has it."""
    if case.assignee_id is None:
        return False
    return changes.get("team", case.team) != case.team or "closed_at" in changes


def end_stale_assignments() -> int:
    """Free the open cases of people who have left the team or whose team has changed; return how many."""
    assigned = Case.objects.filter(assignee__isnull=False, due__isnull=False)
    teams = Team.objects.filter(pk__in=assigned.values("team"))
    return sum(_free(team) for team in teams.select_related("supervisor"))


def release(member: Member) -> int:
    """Free the cases of somebody who has just been disabled; return how many."""
    return sum(_end(case) for case in Case.objects.filter(assignee=member))


def _free(team: Team) -> int:
    left = Case.objects.filter(team=team, assignee__isnull=False, due__isnull=False)
    return sum(_end(case) for case in left.exclude(assignee__in=workers_of(team)))


def _end(case: Case) -> bool:
    """End one assignment unless somebody was faster; the timeline keeps that it ended."""
    with transaction.atomic():
        mine = Case.objects.filter(pk=case.pk, team=case.team_id, assignee=case.assignee_id)
        if not mine.update(assignee=None):
            return False
        append(case, [mark(ENDED, audience=Audience.HANDLERS)], by=SYSTEM)
    return True
