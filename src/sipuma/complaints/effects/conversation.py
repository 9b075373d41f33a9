"""What is written without moving the case, and the complainant's wish to end it."""

from sipuma.cases.models import Audience
from sipuma.cases.workflow import Attempt, Effects
from sipuma.complaints import mentions, notices
from sipuma.complaints.effects.sealing import letter, text


def withdraw(attempt: Attempt) -> Effects:
    return Effects(
        sealed=[letter(attempt, "withdrawal", "message")],
        messages=notices.to_team(attempt.case.verification, attempt.case.register),
    )


def message(attempt: Attempt) -> Effects:
    return Effects(
        sealed=[letter(attempt, "message", "message")], messages=notices.to_complainant(attempt.case)
    )


def note(attempt: Attempt) -> Effects:
    return Effects(
        sealed=[text(attempt, "note", Audience.HANDLERS, "note")],
        messages=mentions.notices_of(attempt),
        after=[mentions.keep_mentions(attempt, "note")],
    )


def unit_note(attempt: Attempt) -> Effects:
    """A text between verifier and unit about a referral; the complainant does not see it."""
    unit = attempt.case.team
    return Effects(
        sealed=[text(attempt, "unit-note", Audience.UNIT, "note", unit=unit)],
        messages=[
            *notices.to_team(attempt.case.verification, attempt.case.register),
            *mentions.notices_of(attempt),
        ],
        after=[mentions.keep_mentions(attempt, "unit-note")],
    )
