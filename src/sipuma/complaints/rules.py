"""How long each stage may take, as data: the defaults, and the rule in force for a case by its receipt.

A case keeps the rule that held on the day it was received (DOMAIN section 11).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, ngettext

from sipuma.cases.workflow import Text
from sipuma.complaints.models import DeadlineRow
from sipuma.complaints.states import BY_NAME, S
from sipuma.complaints.words import SERVICE


class Unit(TextChoices):
    """What a deadline counts, and from when."""

    WORKING_DAYS = "working-days", _("working days")
    CALENDAR_DAYS = "calendar-days", _("calendar days")
    SINCE_RECEIPT = "since-receipt", _("calendar days since receipt")


REOPENING: Final = "reopening"
FIRST_ANSWER: Final = "first-answer"
COMPLETION: Final = "completion"
CLOCKS: Final[Mapping[str, Text]] = {
    FIRST_ANSWER: _("First substantive answer"),
    COMPLETION: _("Completion"),
    REOPENING: _("Reopening after closing"),
}


@dataclass(frozen=True)
class Rule:
    """So many days for a stage, a clock or the reopening; `since` None: it was never changed."""

    state: str
    amount: int
    unit: Unit
    rule: str
    since: date | None = None

    @property
    def label(self) -> Text:
        return CLOCKS[self.state] if self.state in CLOCKS else BY_NAME[self.state].label

    @property
    def norm(self) -> str:
        """Return the rule in words, in the language of the page: «3 working days»."""
        return _norm(self.amount, self.unit)


def _norm(amount: int, unit: Unit) -> str:
    if unit == Unit.WORKING_DAYS:
        words = ngettext("%(days)d working day", "%(days)d working days", amount)
    elif unit == Unit.CALENDAR_DAYS:
        words = ngettext("%(days)d calendar day", "%(days)d calendar days", amount)
    else:
        words = ngettext("%(days)d day since receipt", "%(days)d days since receipt", amount)
    return words % {"days": amount}


# What a deadline rests on, where it is no document by name.
SP4N: Final = gettext_noop("SP4N analogue")
OWN: Final = gettext_noop("configurable")
# fmt: off
DEFAULTS = (
    Rule(S.RECEIVED,     3,  Unit.WORKING_DAYS,  SP4N),
    Rule(S.VERIFICATION, 3,  Unit.WORKING_DAYS,  SP4N),
    Rule(S.WAITING,      14, Unit.CALENDAR_DAYS, "S2 verifikasi"),
    Rule(S.PYB,          5,  Unit.WORKING_DAYS,  OWN),
    Rule(S.UNIT,         14, Unit.WORKING_DAYS,  "SP4N-CLS"),
    Rule(S.ASSESSMENT,   30, Unit.SINCE_RECEIPT, "KMK149"),
    Rule(S.FOLLOW_UP,    60, Unit.SINCE_RECEIPT, "PERPRES76"),
    Rule(FIRST_ANSWER,   30, Unit.SINCE_RECEIPT, "KMK149"),
    Rule(COMPLETION,     60, Unit.SINCE_RECEIPT, "PERPRES76"),
    Rule(REOPENING,      10, Unit.WORKING_DAYS,  SP4N),
)
# Which units a rule may be changed to; none: the documents fix it (S2: 14 days to answer).
UNITS: Mapping[str, tuple[Unit, ...]] = {
    **{rule.state: (Unit.WORKING_DAYS, Unit.SINCE_RECEIPT) for rule in DEFAULTS},
    S.WAITING:    (),
    FIRST_ANSWER: (Unit.SINCE_RECEIPT,),
    COMPLETION:   (Unit.SINCE_RECEIPT,),
    REOPENING:    (Unit.WORKING_DAYS, Unit.CALENDAR_DAYS),
}
# fmt: on
BY_STATE: Mapping[str, Rule] = {rule.state: rule for rule in DEFAULTS}


def rule_for(stage: str, received: datetime, rows: Sequence[DeadlineRow] | None = None) -> Rule:
    """Return the rule that holds for a case received then; KeyError for a stage without one.

    `rows` are all rows, oldest first, where many cases are looked at; else the one is asked for.
    """
    day = day_of(received)
    if rows is None:
        found = DeadlineRow.objects.filter(service=SERVICE, stage=stage, valid_from__lte=day)
        return _laid_over(BY_STATE[stage], found.order_by("-valid_from", "-pk").first())
    counting = [row for row in rows if row.stage == stage and row.valid_from <= day]
    return _laid_over(BY_STATE[stage], counting[-1] if counting else None)


def all_rows() -> list[DeadlineRow]:
    """Return every change of the deadlines, in the order in which they come into force."""
    rows = DeadlineRow.objects.filter(service=SERVICE).select_related("member__office")
    return list(rows.order_by("valid_from", "pk"))


def rules_in_force(at: datetime | None = None) -> tuple[Rule, ...]:
    """Return every rule that holds for a case received at `at` (now), in the order of the table."""
    moment, rows = at or timezone.now(), all_rows()
    return tuple(rule_for(rule.state, moment, rows) for rule in DEFAULTS)


def day_of(moment: datetime) -> date:
    """Return the day whose rules hold: that of head office, where rules are made (`TIME_ZONE`)."""
    return timezone.localdate(moment, timezone.get_default_timezone())


def _laid_over(rule: Rule, row: DeadlineRow | None) -> Rule:
    return Rule(rule.state, row.amount, Unit(row.unit), rule.rule, row.valid_from) if row else rule
