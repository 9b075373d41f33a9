"""Changing deadlines (DOMAIN section 22.6): a new row from a later day on; what held before stays."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sipuma.complaints.models import DeadlineRow
from sipuma.complaints.rules import BY_STATE, UNITS, Rule, day_of, rule_for
from sipuma.complaints.words import SERVICE
from sipuma.offices.loading import KI
from sipuma.offices.models import Office, TeamKind
from sipuma.offices.officer import Officer
from sipuma.offices.places import Role
from sipuma.offices.refusal import Refused

MOST_DAYS = 365
FARTHEST = timedelta(days=366)
LONGEST_REASON = 300
CHANGEABLE = tuple(rule for rule in BY_STATE.values() if UNITS[rule.state])


def may_change_rules(officer: Officer) -> bool:
    """Return whether the member heads the compliance unit of Dit. KI, whose rules hold in every office."""
    places = officer.reach.places.values()
    heads = (place.team for place in places if place.own and Role.HEAD in place.roles)
    return any(team.office_id == KI and team.kind == TeamKind.VERIFICATION for team in heads)


def change_rule(
    *,
    stage: str,
    amount: int,
    unit: str,
    valid_from: date,
    reason: str,
    by: Officer,
    at: datetime | None = None,
) -> DeadlineRow:
    """Set a deadline for cases received from a day to come on.

    Raises:
        Refused: it is not the member's to change, or the change makes no sense; names the field.
    """
    at = at or timezone.now()
    if not may_change_rules(by):
        raise Refused(_("Only the head of the compliance unit of Dit. KI changes deadlines."))
    _check_stage(stage, unit)
    _check_amount(amount)
    _check_day(valid_from, day_of(at))
    if not reason.strip():
        raise Refused(_("Write why the deadline changes."), field="reason")
    with transaction.atomic():
        # One change after another: the second of two that were sent at once sees the first.
        Office.objects.select_for_update().get(pk=KI)
        _check_difference(stage, amount, unit, valid_from)
        return DeadlineRow.objects.create(
            service=SERVICE,
            stage=stage,
            amount=amount,
            unit=unit,
            valid_from=valid_from,
            reason=reason.strip(),
            member=by.member,
            at=at,
        )


def _check_stage(stage: str, unit: str) -> None:
    if not UNITS.get(stage):
        raise Refused(_("Choose one of the list. The 14 days to answer are fixed by KEP-154."), field="stage")
    if unit not in UNITS[stage]:
        allowed = ", ".join(str(one.label) for one in UNITS[stage])
        raise Refused(_("This deadline is counted in: %(units)s.") % {"units": allowed}, field="unit")


def _check_amount(amount: int) -> None:
    if not 1 <= amount <= MOST_DAYS:
        raise Refused(_("Choose from 1 to %(most)d days.") % {"most": MOST_DAYS}, field="amount")


def _check_day(day: date, today: date) -> None:
    if day <= today:
        raise Refused(
            _("Choose a day from tomorrow on: cases that are in already keep their rule."), field="valid_from"
        )
    if day > today + FARTHEST:
        raise Refused(_("Choose a day within the next year."), field="valid_from")


def _check_difference(stage: str, amount: int, unit: str, day: date) -> None:
    noon = datetime.combine(day, datetime.min.time(), timezone.get_default_timezone())
    present: Rule = rule_for(stage, noon)
    if (present.amount, present.unit) == (amount, unit):
        raise Refused(_("That is the rule on this day already. Nothing was changed."), field="amount")
