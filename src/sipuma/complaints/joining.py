"""Duplicates and spam (move 23): what may be proposed, who decides, and which cases joined which."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sipuma.cases.models import Case, Entry, Seal
from sipuma.cases.resealing import fingerprints_of
from sipuma.cases.workflow import Attempt, Text
from sipuma.complaints.states import S
from sipuma.complaints.words import Closing
from sipuma.offices.models import Member
from sipuma.offices.refusal import Refused

PROPOSING = "propose_closing"
RELATED = ("team__office", "verification__office", "ticket_team")


def joined_to(case: Case) -> QuerySet[Case]:
    """Return the cases that joined this one, oldest first; what is only proposed is not among them."""
    joined = Case.objects.filter(joins=case, closed_at__isnull=False)
    return joined.select_related(*RELATED).order_by("pk")


def proposer_of(case: Case) -> Member | None:
    """Return who made the proposal that stands."""
    newest = Entry.objects.filter(case=case, move=PROPOSING).select_related("member").last()
    return newest.member if newest else None


def nothing_is_proposed(case: Case) -> Text | None:
    """What is proposed is decided first: no case leaves verification with a proposal standing."""
    if not case.closing:
        return None
    return gettext_lazy("It is proposed to close this as a duplicate or spam. Decide on that first.")


def closing_is_proposed(case: Case) -> Text | None:
    if case.closing:
        return None
    return gettext_lazy("Nothing is proposed.")


def joined_case_is_sound(attempt: Attempt) -> None:
    """Move 23: a duplicate names another living case that the verifying team reads; spam names none."""
    register = attempt.text("joins").strip()
    if attempt.text("closing_kind") == Closing.SPAM:
        if register:
            raise Refused(_("Spam joins no complaint. Leave the number empty."), field="joins")
        return
    if not register:
        raise Refused(_("Give the register number of the complaint that it joins."), field="joins")
    _check_main(attempt.case, Case.objects.filter(register=register).first())


def main_is_sound(attempt: Attempt) -> None:
    """What was true when it was proposed must be true when it is confirmed."""
    if attempt.case.closing == Closing.DUPLICATE:
        _check_main(attempt.case, attempt.case.joins)


def _check_main(case: Case, main: Case | None) -> None:
    if main is None or not _verifier_reads(case, main):
        raise Refused(_("There is no complaint under this number that your unit can read."), field="joins")
    if main.pk == case.pk:
        raise Refused(_("This is the complaint itself. Give the number of the other one."), field="joins")
    if main.closing:
        raise Refused(
            _("That complaint is itself closed, or proposed to be closed, as a duplicate or spam."),
            field="joins",
        )
    if main.state == S.WITHDRAWN:
        raise Refused(
            _("That complaint was withdrawn. This one has to be dealt with by itself."), field="joins"
        )


def _verifier_reads(case: Case, main: Case) -> bool:
    readers = fingerprints_of(case.verification)
    return Seal.objects.filter(case=main, object=main.uid, reader__in=readers).exists()


def is_not_the_proposer(case: Case, member: Member) -> Text | None:
    """Move 23: two people close a complaint without handling it, never one alone."""
    if member != proposer_of(case):
        return None
    return gettext_lazy("You proposed this yourself. Another head of the compliance unit decides on it.")


def is_the_proposer(case: Case, member: Member) -> Text | None:
    if member == proposer_of(case):
        return None
    return gettext_lazy("Only who proposed it can take it back. The head of the unit can refuse it.")
