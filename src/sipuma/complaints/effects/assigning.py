"""Who of the team works on a case: assigned, taken on, handed over, given back."""

from sipuma.cases.entries import mark
from sipuma.cases.models import Audience
from sipuma.cases.workflow import Attempt, Effects
from sipuma.complaints import notices
from sipuma.complaints.effects.sealing import if_unit, inside, step_of
from sipuma.offices.models import Member

ASSIGNED = "staff-assigned"


def assign(attempt: Attempt) -> Effects:
    """Hand the case to a colleague, who is told unless it is the one who acts."""
    member = Member.objects.get(user__username=attempt.text("assignee"))
    told = notices.to_member(member, attempt.case.register, ASSIGNED) if member != attempt.by.member else []
    return Effects(
        changes={"assignee": member},
        sealed=[inside(attempt, "assignment", "assignee", "note")],
        messages=told,
    )


def take_on(attempt: Attempt) -> Effects:
    unit = if_unit(attempt.case.team)
    audience = Audience.UNIT if unit else Audience.HANDLERS
    return Effects(
        changes={"assignee": attempt.by.member},
        sealed=[mark("assignment", audience=audience, step=step_of(attempt))],
    )


def give_back(attempt: Attempt) -> Effects:
    return Effects(changes={"assignee": None}, sealed=[inside(attempt, "assignment", "note")])
