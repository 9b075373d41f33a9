"""Deadlines as data: changed from a day on, kept by the cases that are in, and never overwritten."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils.translation import override

from sipuma.complaints import deadlines
from sipuma.complaints.models import DeadlineRow
from sipuma.complaints.rule_changes import change_rule, may_change_rules
from sipuma.complaints.rules import (
    BY_STATE,
    CLOCKS,
    COMPLETION,
    DEFAULTS,
    FIRST_ANSWER,
    REOPENING,
    UNITS,
    Unit,
    all_rows,
    rule_for,
    rules_in_force,
)
from sipuma.complaints.states import S
from sipuma.complaints.tracking import write
from sipuma.offices.refusal import Refused
from tests.ways import Walker, holder_of
from tests.world import KI, SABANG, FileCase, World

NOW = datetime(2026, 2, 2, 3, 0, tzinfo=UTC)  # Monday, 10:00 WIB
TODAY = date(2026, 2, 2)
FROM = date(2026, 2, 9)


def change(world: World, **values: object) -> DeadlineRow:
    complete: dict[str, object] = {
        "stage": S.RECEIVED,
        "amount": 5,
        "unit": "working-days",
        "valid_from": FROM,
        "reason": "KEP-1",
        "by": world.officer("kepala-uki", KI),
        "at": NOW,
    }
    return change_rule(**(complete | values))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("role", "office", "may"),
    [
        ("kepala-uki", KI, True),
        ("verifikator", KI, False),
        ("pyb", KI, False),
        ("kepala-uki", SABANG, False),
        ("kepala-uki", "130000", False),
        ("admin", SABANG, False),
    ],
)
def test_the_head_of_uki_at_dit_ki_alone_changes_deadlines(
    world: World,
    role: str,
    office: str,
    may: bool,  # noqa: FBT001
) -> None:
    officer = world.officer(role, office)
    assert may_change_rules(officer) is may
    if not may:
        with pytest.raises(Refused, match="Dit"):
            change(world, by=officer)
        assert not DeadlineRow.objects.exists()


def test_a_case_keeps_the_rule_that_held_when_it_was_received(world: World, file_case: FileCase) -> None:
    change(world)
    dues = {}
    for day in (8, 9):
        # 23:59 and 00:00 at head office, where rules are made.
        moment = datetime(2026, 2, 8, 16, 59, tzinfo=UTC) + timedelta(minutes=day - 8)
        with time_machine.travel(moment, tick=False):
            dues[day] = file_case().now()
    assert rule_for(S.RECEIVED, dues[8].received_at).amount == 3
    assert rule_for(S.RECEIVED, dues[9].received_at).amount == 5
    assert dues[8].due == datetime(2026, 2, 12, 9, 0, tzinfo=UTC)
    # Five working days from Monday the 9th, without the 16th and 17th (Imlek).
    assert dues[9].due == datetime(2026, 2, 18, 9, 0, tzinfo=UTC)


def test_later_stages_of_an_old_case_follow_its_old_rules(world: World, file_case: FileCase) -> None:
    with time_machine.travel(NOW, tick=False):
        walker = Walker(world, file_case())
    change(world, stage=S.PYB, amount=1)
    with time_machine.travel(NOW + timedelta(days=8), tick=False):
        walker.pyb()
    # Five working days from Tuesday the 10th, without the 16th and 17th.
    assert walker.complaint.now().due == datetime(2026, 2, 19, 8, 0, tzinfo=UTC)


def test_the_newer_of_two_changes_for_one_day_holds_and_both_stay(world: World) -> None:
    change(world, amount=5)
    change(world, amount=4, reason="KEP-2")
    assert rule_for(S.RECEIVED, NOW + timedelta(days=8)).amount == 4
    assert [(row.amount, row.reason, str(row.member)) for row in all_rows()] == [
        (5, "KEP-1", "Petugas kepala-uki 001400"),
        (4, "KEP-2", "Petugas kepala-uki 001400"),
    ]


def test_what_is_in_force_is_read_at_once_for_all(world: World) -> None:
    change(world)
    change(world, stage=FIRST_ANSWER, amount=25, unit="since-receipt", valid_from=TODAY + timedelta(days=1))
    assert rules_in_force(NOW) == DEFAULTS
    later = {rule.state: rule for rule in rules_in_force(NOW + timedelta(days=7))}
    assert (later[S.RECEIVED].amount, later[S.RECEIVED].since) == (5, FROM)
    assert (later[FIRST_ANSWER].amount, later[COMPLETION]) == (25, BY_STATE[COMPLETION])


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"amount": 0}, "amount", "from 1 to 365"),
        ({"amount": -3}, "amount", "from 1 to 365"),
        ({"amount": 10_000}, "amount", "from 1 to 365"),
        ({"amount": 3}, "amount", "already"),
        ({"valid_from": TODAY}, "valid_from", "tomorrow"),
        ({"valid_from": date(2001, 1, 1)}, "valid_from", "tomorrow"),
        ({"valid_from": date(9999, 12, 31)}, "valid_from", "next year"),
        ({"stage": S.WAITING}, "stage", "14 days"),
        ({"stage": S.DONE}, "stage", "list"),
        ({"stage": "<b>"}, "stage", "list"),
        ({"unit": "calendar-days"}, "unit", "working days, calendar days since receipt"),
        ({"stage": COMPLETION}, "unit", "calendar days since receipt"),
        ({"unit": "minutes"}, "unit", "counted in"),
        ({"reason": "  "}, "reason", "why"),
    ],
)
def test_nonsense_is_refused_with_what_to_do(
    world: World, values: dict[str, object], field: str, words: str
) -> None:
    with override("en"), pytest.raises(Refused, match=words) as refused:
        change(world, **values)
    assert refused.value.field == field
    assert not DeadlineRow.objects.exists()


def test_the_same_change_sent_twice_is_entered_once(world: World) -> None:
    change(world)
    with override("en"), pytest.raises(Refused, match="already"):
        change(world)
    assert DeadlineRow.objects.count() == 1


def test_a_stage_may_be_counted_from_receipt(world: World, file_case: FileCase) -> None:
    change(world, amount=10, unit="since-receipt")
    change(world, stage=S.VERIFICATION, amount=12, unit="since-receipt")
    with time_machine.travel(datetime(2026, 2, 9, 3, tzinfo=UTC), tick=False):
        walker = Walker(world, file_case())
        assert walker.complaint.now().due == datetime(2026, 2, 19, 8, 0, tzinfo=UTC)
        walker.waiting()
    with time_machine.travel(datetime(2026, 2, 11, 3, tzinfo=UTC), tick=False):
        write(holder_of(walker.complaint), "Senin.")
    # Twelve days since receipt and two days of waiting: Monday the 23rd.
    assert walker.complaint.now().due == datetime(2026, 2, 23, 8, 0, tzinfo=UTC)


def test_reopening_is_possible_for_ten_working_days_after_closing(world: World, file_case: FileCase) -> None:
    with time_machine.travel(NOW, tick=False):
        walker = Walker(world, file_case())
        assert deadlines.reopening_until(walker.complaint.now()) is None
        walker.not_actionable()
    # Ten working days from Monday 2 February, without 16 and 17 February.
    assert deadlines.reopening_until(walker.complaint.now()) == datetime(2026, 2, 18, 9, tzinfo=UTC)


def test_reopening_may_be_counted_in_calendar_days(world: World, file_case: FileCase) -> None:
    change(world, stage=REOPENING, amount=7, unit="calendar-days", valid_from=TODAY + timedelta(days=1))
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        walker = Walker(world, file_case())
        walker.not_actionable()
    assert deadlines.reopening_until(walker.complaint.now()) == datetime(2026, 2, 10, 9, tzinfo=UTC)


@pytest.mark.parametrize("unit", Unit)
def test_a_rule_is_told_in_words(unit: Unit) -> None:
    with override("en"):
        told = [rule.norm for rule in DEFAULTS if rule.unit == unit]
    assert all("days" in words for words in told)


def test_every_rule_has_a_name_and_known_units() -> None:
    assert UNITS.keys() == BY_STATE.keys()
    assert all(str(rule.label) for rule in DEFAULTS)
    assert all(rule.unit in UNITS[rule.state] for rule in DEFAULTS if UNITS[rule.state])
    assert CLOCKS.keys() <= BY_STATE.keys()
