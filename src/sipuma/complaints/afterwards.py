"""What the holder of a ticket may do when the case is closed: say whether it helped, ask for reopening."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sipuma.cases import flow
from sipuma.cases.entries import COMPLAINANT
from sipuma.cases.models import Case
from sipuma.cases.tickets import Holder
from sipuma.cases.workflow import Attempt
from sipuma.complaints.deadlines import reopening_until
from sipuma.complaints.words import Reopening
from sipuma.complaints.workflow import WORKFLOW
from sipuma.offices.places import Role
from sipuma.offices.refusal import Refused


class Afterwards:
    """What is open to the complainant after closing, and what became of their request."""

    def __init__(self, case: Case, *, at: datetime | None = None) -> None:
        self._case = case
        self._at = at or timezone.now()

    @property
    def may_say(self) -> bool:
        return self._is_open("say_helped")

    @property
    def may_ask(self) -> bool:
        return self._is_open("ask_reopening")

    @property
    def until(self) -> datetime | None:
        """Return the last moment for asking; the case's own closing time at the office that verifies."""
        return reopening_until(self._case)

    @property
    def zone(self) -> str:
        return self._case.verification.office.timezone

    @property
    def is_asked(self) -> bool:
        """Whether a request waits for its answer."""
        return self._case.reopening == Reopening.ASKED

    @property
    def answer_by(self) -> datetime | None:
        return self._case.due if self.is_asked else None

    def _is_open(self, name: str) -> bool:
        move = WORKFLOW.move(name)
        return self._case.state in move.sources and flow.obstacle(move, self._case, self._at) is None


def say_helped(holder: Holder, helped: str, comment: str = "", *, at: datetime | None = None) -> Case:
    """Take down, once, whether it helped; the word in clear, the text sealed.

    Raises:
        Refused: the case is open, or it was said already.
    """
    return _make(holder, "say_helped", {"helped": helped, "message": comment}, at or timezone.now())


def ask_reopening(holder: Holder, reason: str, *, at: datetime | None = None) -> Case:
    """Ask, once and within ten working days, that the case be reopened; the head of the UKI answers.

    Raises:
        Refused: too late, asked before, reopened before, or no reason given.
    """
    return _make(holder, "ask_reopening", {"message": reason}, at or timezone.now())


def _make(holder: Holder, name: str, values: dict[str, str], at: datetime) -> Case:
    move = WORKFLOW.move(name)
    related = Case.objects.select_related("team__office", "verification__office")
    with transaction.atomic():
        # Locked, so that of two forms sent at once the second sees what the first has done.
        case = related.select_for_update(of=("self",)).get(pk=holder.case.pk)
        if case.state not in move.sources:
            raise Refused(_("This is possible only while the case is closed. Look again for news."))
        attempt = Attempt(case, move, values, Role.COMPLAINANT, COMPLAINANT, at)
        return flow.carry_out(WORKFLOW, attempt)
