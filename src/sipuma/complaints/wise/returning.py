"""The number back from WISE (move 20): cleaned, told once, and changed only with a reason."""

import unicodedata
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import override

from sipuma.cases.entries import Sealed
from sipuma.cases.models import Audience
from sipuma.cases.workflow import Attempt, Effects
from sipuma.complaints import notices
from sipuma.complaints.effects.sealing import sealed_entry, text
from sipuma.offices.refusal import Refused

ENTERED = ("external_register", "external_date", "wise_result", "correction")


def clean_number(typed: str) -> str:
    """Return a number as people read it: no invisible characters, single spaces, nothing else changed."""
    spaced = " ".join(unicodedata.normalize("NFKC", typed).split())
    return "".join(char for char in spaced if not unicodedata.category(char).startswith("C"))


def number_can_be_read(attempt: Attempt) -> None:
    """R47: WISE's form of numbers is not known, so anything with a letter or a digit will do."""
    if not any(char.isalnum() for char in clean_number(attempt.text("external_register"))):
        raise Refused(_("Type the number that WISE gave."), field="external_register")


def date_has_come(attempt: Attempt) -> None:
    """The date is today's at the office that has the case, or earlier: some complaints came from WISE."""
    today = attempt.at.astimezone(ZoneInfo(attempt.case.team.office.timezone)).date()
    day = attempt.day("external_date")
    if day is not None and day > today:
        raise Refused(_("This date has not come yet. Give the day that WISE shows."), field="external_date")


def other_number_has_reason(attempt: Attempt) -> None:
    """A second, different number is a correction, and says why."""
    if _is_new(attempt) and attempt.case.external_register and not attempt.text("correction").strip():
        raise Refused(
            _("«%(number)s» is recorded already. Write why another number is right.")
            % {"number": attempt.case.external_register},
            field="correction",
        )


def record_wise(attempt: Attempt) -> Effects:
    """Move 20: the complainant learns under which number the matter goes on; the result is for handlers.

    The same once more changes nothing and tells nobody.
    """
    number, day = clean_number(attempt.text("external_register")), attempt.day("external_date")
    told = [_letter(attempt, number)] if _is_new(attempt) else []
    is_news = bool(told) or day != attempt.case.external_date or bool(attempt.text("wise_result").strip())
    return Effects(
        changes={"external_register": number, "external_date": day} if is_news else {},
        sealed=[text(attempt, "wise", Audience.HANDLERS, *ENTERED), *told] if is_news else [],
        messages=notices.to_complainant(attempt.case) if told else [],
    )


def _is_new(attempt: Attempt) -> bool:
    typed, known = clean_number(attempt.text("external_register")), attempt.case.external_register
    return typed.casefold() != known.casefold()


def _letter(attempt: Attempt, number: str) -> Sealed:
    with override(attempt.case.language):
        words = _("The Inspectorate General has your complaint under the number %(number)s in WISE.")
    return sealed_entry(attempt, "message", Audience.COMPLAINANT, {"text": words % {"number": number}})
