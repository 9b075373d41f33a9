"""What the PYB decides, and what is sent back to whom."""

from collections.abc import Callable

from sipuma.cases.models import Audience, Case
from sipuma.cases.workflow import Attempt, Effects
from sipuma.complaints import notices
from sipuma.complaints.effects.sealing import Effect, if_unit, inside, letter, team_of, text
from sipuma.complaints.words import Reason
from sipuma.offices.loading import KI
from sipuma.offices.models import Team, TeamKind


def give_back(recipient: Callable[[Case], Team]) -> Effect:
    """Return the effect of sending a case back: the one who gives it back loses the way into it."""

    def effect(attempt: Attempt) -> Effects:
        case = attempt.case
        team = recipient(case)
        return Effects(
            changes={"team": team, "study": ""},
            sealed=[inside(attempt, "move", "reason")],
            drop=[] if if_unit(case.team) else [case.team],
            messages=notices.to_team(team, case.register),
        )

    return effect


return_to_verifier = give_back(lambda case: case.verification)
return_to_pyb = give_back(lambda _case: team_of(KI, TeamKind.PYB))


def forward_wise(attempt: Attempt) -> Effects:
    return Effects(
        sealed=[text(attempt, "decision", Audience.HANDLERS, "ground", "reason")],
        messages=notices.to_complainant(attempt.case),
    )


def pyb_not_actionable(attempt: Attempt) -> Effects:
    return Effects(
        changes={"reason": Reason.CONSIDERED},
        sealed=[
            text(attempt, "consideration", Audience.HANDLERS, "consideration"),
            letter(attempt, "decision", "answer"),
        ],
        drop=[attempt.case.team],
        messages=notices.to_complainant(attempt.case),
    )
