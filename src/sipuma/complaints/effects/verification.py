"""What the verifier's moves do, and what ends a verification: answers, lapses, routes, transfers."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from sipuma.cases.entries import mark
from sipuma.cases.models import Audience, ReportedEmployee
from sipuma.cases.workflow import Attempt, Effects, Handover
from sipuma.complaints import deadlines, notices
from sipuma.complaints.effects.sealing import (
    Effect,
    letter,
    sealed_entry,
    step_of,
    team_of,
    text,
)
from sipuma.complaints.excluding import meant, shut_out
from sipuma.complaints.words import ELEMENTS, Reason
from sipuma.offices.models import TeamKind
from sipuma.web.dates import moment_text


def take(attempt: Attempt) -> Effects:
    return Effects(sealed=[mark("move", audience=Audience.COMPLAINANT, step=step_of(attempt))])


def assess(attempt: Attempt) -> Effects:
    names = [f"{element}_clarity" for element, _label in ELEMENTS]
    return Effects(
        changes={
            "type": attempt.text("type"),
            "category": attempt.text("category"),
            "assessed_at": attempt.at,
        },
        sealed=[text(attempt, "assessment", Audience.HANDLERS, *names, "assessment", "type", "category")],
    )


def record_employee(attempt: Attempt) -> Effects:
    """R18; R60: who of the staff is meant loses every way into the case at once."""
    names = ("employee_name", "post", "employee_office", "employee_state", "colleague")
    # As it is written for certain, however it was typed.
    nip = "".join(attempt.text("nip").split())
    payload = {"nip": nip, **{name: attempt.text(name) for name in names}}
    entry = sealed_entry(attempt, "employee", Audience.HANDLERS, payload)
    members = meant(attempt.values)

    def save(saved: dict[str, Any]) -> None:
        state = attempt.text("employee_state")
        made = ReportedEmployee.objects.create(case=attempt.case, entry=saved["employee"], state=state)
        shut_out(made, members, by=attempt.by, at=attempt.at)

    return Effects(sealed=[entry], after=[save])


def request_data(attempt: Attempt) -> Effects:
    return Effects(
        changes={"days_left": deadlines.days_left(attempt.case, attempt.at), "reminded": 0},
        sealed=[letter(attempt, "request", "question")],
        messages=[
            *notices.to_complainant(attempt.case, "question"),
            *(notices.to_team(desk, attempt.case.register) if (desk := attempt.case.reception) else ()),
        ],
    )


def answer(attempt: Attempt) -> Effects:
    return Effects(
        sealed=[letter(attempt, "answer", "message")],
        messages=notices.to_team(attempt.case.verification, attempt.case.register),
    )


def asked_words(attempt: Attempt) -> str:
    """Say to a joined complaint's sender that more is needed: the question itself may quote the other's."""
    case = attempt.case
    last = deadlines.answer_period(case, attempt.at) - timedelta(seconds=1)
    words = _(
        "We need to know more about this matter. If you can add anything, write it here until %(until)s."
    )
    return words % {"until": moment_text(last, case.team.office.timezone)}


def answer_from_joined(attempt: Attempt) -> Effects:
    """Whoever of several complainants answers, the matter goes on; each reads their own words only."""
    return Effects(
        sealed=[mark("move", audience=Audience.HANDLERS, step=step_of(attempt))],
        messages=notices.to_team(attempt.case.verification, attempt.case.register),
    )


def lapse_words(_attempt: Attempt) -> str:
    return _("No answer reached us within 14 days, so the complaint can’t be followed up.")


def lapse(attempt: Attempt) -> Effects:
    with override(attempt.case.language):
        words = lapse_words(attempt)
    return Effects(
        changes={"reason": Reason.NO_DATA},
        sealed=[sealed_entry(attempt, "decision", Audience.COMPLAINANT, {"text": words})],
        messages=[
            *notices.to_complainant(attempt.case),
            *notices.to_team(attempt.case.verification, attempt.case.register),
        ],
    )


def not_actionable(attempt: Attempt) -> Effects:
    return Effects(
        changes={"reason": attempt.text("reason")},
        sealed=[letter(attempt, "decision", "explanation")],
        messages=notices.to_complainant(attempt.case),
    )


def hand_to(kind: str, *, code: str | None = None, entry: str, names: tuple[str, ...]) -> Effect:
    """Return the effect of passing the case on, with its key: to a fixed office or to the chosen target."""

    def effect(attempt: Attempt) -> Effects:
        team = team_of(code or attempt.text("target"), kind)
        return Effects(
            changes={"team": team},
            sealed=[text(attempt, entry, Audience.HANDLERS, *names)],
            handovers=[Handover(team)],
            messages=notices.to_team(team, attempt.case.register),
        )

    return effect


def refer_to_unit(attempt: Attempt) -> Effects:
    """R35: the unit gets the verifier's own text, never the case key."""
    unit = team_of(attempt.text("unit"), TeamKind.UNIT, field="unit")
    return Effects(
        changes={"team": unit, "study": ""},
        sealed=[text(attempt, "referral", Audience.UNIT, "referral", unit=unit)],
        messages=notices.to_team(unit, attempt.case.register),
    )


def transfer(attempt: Attempt) -> Effects:
    """Move 21: everything that is sealed to the old compliance unit goes to the new one."""
    team = team_of(attempt.text("target"), TeamKind.VERIFICATION)
    return Effects(
        changes={
            "team": team,
            "verification": team,
            "since": attempt.at,
            "counted_from": attempt.at,
            "escalated_at": None,
            "type": "",
            "assessed_at": None,
        },
        sealed=[text(attempt, "move", Audience.HANDLERS, "reason")],
        handovers=[Handover(team, keep=False)],
        drop=[attempt.case.team],
        messages=notices.to_team(team, attempt.case.register),
    )
