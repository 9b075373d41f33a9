"""An overdue case is escalated once a stage, to the head of UKI of the office that handles it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sipuma.cases.models import Case
from sipuma.complaints import escalating
from sipuma.complaints.escalating import ESCALATED, escalate_overdue
from sipuma.offices.models import Member, Team
from sipuma.offices.places import heads_of
from sipuma.outbox.models import Message
from tests.ways import Walker
from tests.world import KI, MALILI, SABANG, FileCase, World

MONDAY = datetime(2026, 2, 2, 3, 0, tzinfo=UTC)
OVERDUE = datetime(2026, 2, 5, 9, 0, tzinfo=UTC)


def sweep(moment: datetime) -> int:
    with time_machine.travel(moment, tick=False):
        return escalate_overdue()


def walker_of(world: World, file_case: FileCase, office: str = SABANG) -> Walker:
    with time_machine.travel(MONDAY, tick=False):
        return Walker(world, file_case(office))


def test_at_the_very_moment_the_head_is_told_and_the_case_flagged_once(
    world: World, file_case: FileCase
) -> None:
    world.officer("kepala-uki")
    walker = walker_of(world, file_case)
    Message.objects.all().delete()
    assert [sweep(OVERDUE - timedelta(seconds=1)), sweep(OVERDUE), sweep(OVERDUE)] == [0, 1, 0]
    assert walker.complaint.now().escalated_at == OVERDUE
    assert walker.complaint.case.entries.filter(kind=ESCALATED).count() == 1
    assert list(Message.objects.values_list("template", flat=True)) == ["staff-overdue"]


def test_a_new_stage_may_be_escalated_anew(world: World, file_case: FileCase) -> None:
    walker = walker_of(world, file_case)
    assert sweep(OVERDUE) == 1
    with time_machine.travel(OVERDUE, tick=False):
        walker.pyb()
    case = walker.complaint.now()
    assert case.escalated_at is None
    assert case.due is not None
    assert sweep(case.due) == 1


def test_an_overdue_case_that_is_transferred_is_told_to_the_new_head(
    world: World, file_case: FileCase
) -> None:
    world.officer("kepala-uki", MALILI)
    walker = walker_of(world, file_case)
    assert sweep(OVERDUE) == 1
    with time_machine.travel(OVERDUE, tick=False):
        walker.verified()
        walker.step("transfer", "verifikator")
    case = walker.complaint.now()
    assert (case.due, case.counted_from, case.escalated_at) == (OVERDUE, OVERDUE, None)
    assert sweep(OVERDUE) == 1


def test_a_request_whose_14_days_are_over_is_no_overdue_case(world: World, file_case: FileCase) -> None:
    walker = walker_of(world, file_case)
    with time_machine.travel(MONDAY, tick=False):
        walker.waiting()
    assert sweep(MONDAY + timedelta(days=40)) == 0


def test_one_head_gets_one_notice_for_all_cases_of_a_run(world: World, file_case: FileCase) -> None:
    world.officer("kepala-uki")
    for _number in range(3):
        walker_of(world, file_case)
    Message.objects.all().delete()
    assert sweep(OVERDUE) == 3
    assert Message.objects.count() == 1


def test_batches_follow_each_other_until_nothing_is_left(
    world: World, file_case: FileCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(escalating, "BATCH", 2)
    for _number in range(3):
        walker_of(world, file_case)
    assert sweep(OVERDUE) == 3
    assert not Case.objects.filter(escalated_at=None).exists()


def test_a_flood_is_taken_on_in_several_runs(
    world: World, file_case: FileCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(escalating, "BATCH", 1)
    monkeypatch.setattr(escalating, "MOST_BATCHES", 2)
    for _number in range(3):
        walker_of(world, file_case)
    assert [sweep(OVERDUE), sweep(OVERDUE), sweep(OVERDUE)] == [2, 1, 0]


def test_the_number_of_queries_does_not_grow_with_the_cases(world: World, file_case: FileCase) -> None:
    counts = []
    for number in (1, 4):
        for _case in range(number):
            walker_of(world, file_case)
        with CaptureQueriesContext(connection) as queries:
            assert sweep(OVERDUE) == number
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_an_office_without_a_head_is_its_supervisors(world: World) -> None:
    assert heads_of("no-one") == []
    world.officer("kepala-uki", KI)
    assert [one.office_id for one in heads_of(SABANG)] == [KI]
    world.officer("kepala-uki", "130000")
    assert [one.office_id for one in heads_of(SABANG)] == ["130000"]
    world.officer("kepala-uki")
    assert [one.office_id for one in heads_of(SABANG)] == [SABANG]


def test_a_loop_laid_into_the_rows_holds_nobody_up(world: World) -> None:
    Member.objects.all().update(disabled_at=MONDAY)
    unit = Team.objects.get(office_id=SABANG, kind="verification")
    Team.objects.filter(pk=unit.pk).update(supervisor=unit)
    assert heads_of(SABANG) == []
