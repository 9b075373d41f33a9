"""What a list and a case's page flag beside the state: something that waits for a decision."""

from django.utils.translation import gettext as _

from sipuma.cases.models import Case
from sipuma.cases.workflow import Text
from sipuma.complaints.words import Closing, Reopening


def flags_of(case: Case) -> list[Text]:
    """Return the flags of a case, none for most."""
    flags: list[Text] = []
    if case.late_answer:
        flags.append(_("late answer"))
    if case.reopening == Reopening.ASKED:
        flags.append(Reopening.ASKED.label)
    if case.closing and case.closed_at is None:
        flags.append(PROPOSED[case.closing]())
    return flags


PROPOSED = {
    Closing.DUPLICATE.value: lambda: _("proposed: duplicate"),
    Closing.SPAM.value: lambda: _("proposed: spam"),
}
