"""What assessors and heads do: the study, its approval, follow-ups and the answer at the end."""

from typing import Any

from sipuma.cases.models import Audience, FollowUp
from sipuma.cases.workflow import Attempt, Effects
from sipuma.complaints import notices
from sipuma.complaints.effects.sealing import Effect, if_unit, inside, letter, team_of, text
from sipuma.offices.loading import KI
from sipuma.offices.models import TeamKind
from sipuma.offices.trust import team_public


def submit_study(attempt: Attempt) -> Effects:
    """R49: the study goes to the handlers, or from a unit to the unit, its office's UKI and the handlers."""
    case = attempt.case
    office = team_of(case.team.office_id, TeamKind.VERIFICATION)
    also = (team_public(office),) if if_unit(case.team) else ()
    return Effects(
        changes={"study": "submitted"},
        sealed=[inside(attempt, "study", "facts", "conclusion", "recommendation", also=also)],
        messages=notices.to_team(office, case.register),
    )


def decide_study(state: str, *names: str) -> Effect:
    """Return the effect of the head's decision on a study: approved or sent back."""

    def effect(attempt: Attempt) -> Effects:
        return Effects(
            changes={"study": state},
            sealed=[inside(attempt, "study-decision", *names)],
            messages=notices.to_team(attempt.case.team, attempt.case.register),
        )

    return effect


def close(attempt: Attempt) -> Effects:
    """Moves 17 and 18: outcome and answer; the PYB's way into the case ends with the answer."""
    pyb = team_of(KI, TeamKind.PYB)
    return Effects(
        changes={"outcome": attempt.text("outcome")},
        sealed=[letter(attempt, "result", "answer")],
        drop=[pyb],
        messages=notices.to_complainant(attempt.case),
    )


def add_follow_up(attempt: Attempt) -> Effects:
    """R51: what is to be done is addressed to the executing unit, which never holds the case key."""
    executor = team_of(attempt.text("executor"), TeamKind.UNIT, field="executor")
    names = ("follow_up_kind", "follow_up_due", "instruction")

    def save(saved: dict[str, Any]) -> None:
        FollowUp.objects.create(
            case=attempt.case,
            entry=saved["follow-up"],
            kind=attempt.text("follow_up_kind"),
            executor=executor,
            due=attempt.values["follow_up_due"],
        )

    return Effects(
        sealed=[text(attempt, "follow-up", Audience.UNIT, *names, unit=executor)],
        messages=notices.to_team(executor, attempt.case.register),
        after=[save],
    )


def report_follow_up(attempt: Attempt) -> Effects:
    follow_up = FollowUp.objects.select_related("executor").get(
        pk=attempt.text("follow_up"), case=attempt.case
    )
    names = ("follow_up", "result")

    def save(_saved: dict[str, Any]) -> None:
        FollowUp.objects.filter(pk=follow_up.pk).update(reported_at=attempt.at)

    return Effects(
        sealed=[text(attempt, "follow-up-result", Audience.UNIT, *names, unit=follow_up.executor)],
        messages=notices.to_team(attempt.case.team, attempt.case.register),
        after=[save],
    )
