"""Where a complaint about an office's own head or compliance unit goes: one level up (DOMAIN section 14)."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from sipuma.cases.exclusions import reported_in
from sipuma.cases.models import Case
from sipuma.cases.workflow import Choices, Text
from sipuma.complaints import deadlines
from sipuma.complaints.profiles import profile
from sipuma.complaints.states import S
from sipuma.complaints.words import Ground
from sipuma.offices.loading import SUBSTITUTE, is_substitute, supervising_team
from sipuma.offices.models import Team, TeamKind
from sipuma.offices.places import workers_of


def level_above(team: Team) -> Team:
    """Return who takes a case that this team may not see; for Dit. KI the substitute outside it."""
    return supervising_team(team) or Team.objects.select_related("office").get(
        office_id=SUBSTITUTE, kind=TeamKind.PYB
    )


def next_level(case: Case) -> Team:
    """Return where a case goes up to: past every level at which somebody is among the reported."""
    team = level_above(case.team)
    while reported_in(case, [team]) and not is_substitute(team.office_id, team.kind):
        team = level_above(team)
    return team


def with_substitute(case: Case) -> bool:
    """Return whether the case is about Dit. KI: it lies with the substitute, and can only go to WISE."""
    return is_substitute(case.team.office_id, case.team.kind)


def first_state(team: Team) -> str:
    """Return where a case begins with this team: no verifier is left for what is about Dit. KI."""
    return S.PYB if is_substitute(team.office_id, team.kind) else S.RECEIVED


def first_due_with(team: Team, at: datetime) -> datetime | None:
    """Return when a case that comes to this team at `at` is due."""
    return deadlines.due(Case(team=team, received_at=at), first_state(team), at)


def grounds(case: Case | None) -> Choices:
    """Return the grounds on which this case may be forwarded to WISE (move 12); all of them for a diagram."""
    if case is None:
        found = (*profile().grounds, Ground.CONFLICT)
    else:
        found = (Ground.CONFLICT,) if with_substitute(case) else profile().grounds
    return [(ground.value, ground.label) for ground in found]


def is_not_about_ki(case: Case) -> Text | None:
    """Guard of every way that leads back to Dit. KI (DOMAIN section 7, grounds of move 12)."""
    if not with_substitute(case):
        return None
    return _("This complaint is about Dit. KI itself: it can only be forwarded to the Inspectorate General.")


def somebody_is_above(case: Case) -> Text | None:
    """A case goes up only to where somebody reads it."""
    team = next_level(case)
    if workers_of(team) and not reported_in(case, [team]):
        return None
    return _("Nobody works one level up yet. Ask the administrator to name somebody there first.")
