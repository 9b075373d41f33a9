"""Rules of linking: two cases that the same verifier reads, and no case to itself."""

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sipuma.cases.links import linked
from sipuma.cases.models import Case, Seal
from sipuma.cases.workflow import Attempt, Choices, Field, Text
from sipuma.offices.officer import Officer
from sipuma.offices.refusal import Refused

LONGEST: Final = 30
OTHER: Final = Field(
    "other", gettext_lazy("Register number of the other case"), "line", maximum=LONGEST,
    hint=gettext_lazy("A case that you read too. Both cases show the other then."),
)  # fmt: skip


def linked_cases(case: Case | None) -> Choices:
    """Return the register numbers of the cases that this one is linked to."""
    found = Case.objects.filter(pk__in=linked(case) if case else ()).order_by("pk")
    return [(register, register) for register in found.values_list("register", flat=True)]


LINKED: Final = Field("other", gettext_lazy("Linked case"), "choice", choices=linked_cases)


def is_linked(case: Case) -> Text | None:
    return None if linked(case) else gettext_lazy("No case is linked to this one.")


def other_of(attempt: Attempt) -> Case:
    """Return the other case, when the officer holds its key as well.

    Raises:
        Refused: there is none that the officer reads; whether there is one at all is not said.
    """
    other = Case.objects.filter(register=attempt.text("other").strip()).first()
    if other is None or attempt.officer is None or not _holds(attempt.officer, other):
        raise Refused(_("You read no case with this number. Check it."), field="other")
    return other


def other_fits(attempt: Attempt) -> None:
    """A case is linked to another one that the officer reads, and only once."""
    other = other_of(attempt)
    if other.pk == attempt.case.pk:
        raise Refused(_("This is the number of this very case. Enter that of the other one."), field="other")
    if other.pk in linked(attempt.case):
        raise Refused(_("These two cases are linked already."), field="other")


def other_is_readable(attempt: Attempt) -> None:
    other_of(attempt)


def _holds(officer: Officer, case: Case) -> bool:
    return Seal.objects.filter(case=case, object=case.uid, reader__in=officer.fingerprints).exists()
