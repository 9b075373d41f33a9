"""What comes after closing: the case comes back or not, and its complainant says whether it helped."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from sipuma.cases.models import Audience
from sipuma.cases.resealing import holding_teams
from sipuma.cases.workflow import Attempt, Effects
from sipuma.complaints import notices
from sipuma.complaints.deadlines import first_due
from sipuma.complaints.effects.sealing import letter, sealed_entry, text
from sipuma.complaints.reopening import ASKED, FEEDBACK
from sipuma.complaints.words import Reopening


def reopen(attempt: Attempt) -> Effects:
    """Move 19: verification begins anew, its assessment too: the one before knew nothing of the new data."""
    case = attempt.case
    asked = case.reopening == Reopening.ASKED
    cleared = dict.fromkeys(("type", "study", "reason", "outcome", "helped"), "")
    with override(case.language):
        words = reopened_words(attempt)
    return Effects(
        changes={
            **cleared,
            **dict.fromkeys(("assessed_at", "closed_at", "days_left")),
            "team": case.verification,
            "reopened_at": attempt.at,
            "reopening": Reopening.GRANTED if asked else case.reopening,
            "late_answer": False,
        },
        sealed=[
            text(attempt, "move", Audience.HANDLERS, "reason"),
            sealed_entry(attempt, "message", Audience.COMPLAINANT, {"text": words}),
        ],
        drop=[team for team in holding_teams(case) if team != case.verification],
        messages=[*notices.to_complainant(case), *notices.to_team(case.verification, case.register)],
    )


def reopened_words(_attempt: Attempt) -> str:
    return _("The complaint was reopened and is being verified again.")


def ask_reopening(attempt: Attempt) -> Effects:
    """The request waits for the head of the verifying unit, who answers within the norm of verification."""
    case = attempt.case
    return Effects(
        changes={
            "reopening": Reopening.ASKED,
            "team": case.verification,
            "due": first_due(case.verification.office, attempt.at),
            "counted_from": attempt.at,
            "escalated_at": None,
        },
        sealed=[letter(attempt, ASKED, "message")],
        messages=notices.to_team(case.verification, case.register),
    )


def decline_reopening(attempt: Attempt) -> Effects:
    return Effects(
        changes={"reopening": Reopening.DECLINED, "due": None},
        sealed=[letter(attempt, "message", "answer")],
        messages=notices.to_complainant(attempt.case),
    )


def say_helped(attempt: Attempt) -> Effects:
    return Effects(
        changes={"helped": attempt.text("helped")},
        sealed=[letter(attempt, FEEDBACK, "message")],
        messages=notices.to_team(attempt.case.verification, attempt.case.register),
    )
