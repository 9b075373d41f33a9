"""A changed calendar moves the deadlines that hang on it, says so in each timeline, and nothing else."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils.translation import override

from sipuma.cases.entries import readers_of
from sipuma.cases.models import Audience, Case, Entry
from sipuma.cases.opening import Reader
from sipuma.complaints import calendar_moves
from sipuma.complaints.calendar_moves import MOVED, change_calendar, preview
from sipuma.complaints.states import S
from sipuma.complaints.tracking import write
from sipuma.offices.calendar_changes import Change
from sipuma.offices.models import CalendarRow, Office
from tests.ways import Walker, holder_of
from tests.world import ACEH, KI, MALILI, SABANG, FileCase, World

# Monday the 2nd of February, 10:00 WIB: three working days are Thursday the 5th, 16:00.
MONDAY = datetime(2026, 2, 2, 3, 0, tzinfo=UTC)
THURSDAY, FRIDAY = datetime(2026, 2, 5, 9, 0, tzinfo=UTC), datetime(2026, 2, 6, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
CLOSURE = Change("closure", "SK Wali Kota 1", date(2026, 2, 4), name="Hari jadi kota")


def office(code: str = SABANG) -> Office:
    return Office.objects.get(pk=code)


def change(world: World, wanted: Change = CLOSURE, *, code: str = SABANG, at: datetime = MONDAY) -> int:
    by = world.officer("kepala-uki", KI)
    looked = preview(office=office(code), change=wanted, by=by, at=at)
    done = change_calendar(office=office(code), change=wanted, by=by, at=at)
    assert [(one.case.pk, one.before, one.after) for one in looked] == [
        (one.case.pk, one.before, one.after) for one in done
    ]
    return len(done)


@pytest.fixture
def walker(world: World, file_case: FileCase) -> Walker:
    with time_machine.travel(MONDAY, tick=False):
        return Walker(world, file_case())


def test_a_preview_says_what_would_move_and_saves_nothing(world: World, walker: Walker) -> None:
    [one] = preview(office=office(), change=CLOSURE, by=world.officer("kepala-uki"), at=MONDAY)
    assert (one.case.register, one.before, one.after) == (walker.complaint.case.register, THURSDAY, FRIDAY)
    assert not CalendarRow.objects.exists()
    assert walker.complaint.now().due == THURSDAY


def test_saving_moves_the_deadline_and_the_timeline_says_why(world: World, walker: Walker) -> None:
    assert change(world) == 1
    case = walker.complaint.now()
    assert (case.due, case.counted_from) == (FRIDAY, MONDAY)
    entry = case.entries.get(kind=MOVED)
    opened = Reader([case], world.officer("verifikator").private).open(entry)
    assert opened.payload is not None
    for words in ("Hari jadi kota", "SK Wali Kota 1", "5 Februari 2026", "6 Februari 2026"):
        assert words in str(opened.payload["text"])
    assert entry.audience == Audience.HANDLERS


def test_taking_it_back_moves_the_deadline_back(world: World, walker: Walker) -> None:
    change(world)
    assert change(world, Change("removal", "Batal", removes=CalendarRow.objects.get().pk)) == 1
    assert walker.complaint.now().due == THURSDAY


def test_new_cases_are_counted_by_the_new_calendar(world: World, file_case: FileCase) -> None:
    change(world)
    with time_machine.travel(MONDAY, tick=False):
        assert file_case().now().due == FRIDAY
        assert file_case(MALILI).now().due == THURSDAY - timedelta(hours=1)


@pytest.mark.parametrize(
    ("wanted", "moves"),
    [
        (replace(CLOSURE, first=date(2026, 2, 9)), False),  # after the deadline
        (replace(CLOSURE, first=date(2026, 2, 5)), True),  # the last day
        (Change("week", "x", date(2026, 2, 5), hours=("08:00-15:00",) * 5 + ("", "")), True),
        (Change("week", "x", date(2026, 2, 6), hours=("08:00-15:00",) * 5 + ("", "")), False),
    ],
)
def test_only_what_the_change_touches_moves(
    world: World, walker: Walker, wanted: Change, *, moves: bool
) -> None:
    assert change(world, wanted) == int(moves)
    assert walker.complaint.case.entries.filter(kind=MOVED).exists() is moves


def test_what_waits_for_the_complainant_is_closed_or_elsewhere_stays(
    world: World, file_case: FileCase
) -> None:
    with time_machine.travel(MONDAY, tick=False):
        waiting, closed = (Walker(world, file_case()).to(state) for state in (S.WAITING, S.NOT_ACTIONABLE))
        Walker(world, file_case()).pyb()
        file_case(MALILI)
    before = [waiting.complaint.now().due, closed.complaint.now().due]
    assert change(world) == 0
    assert [waiting.complaint.now().due, closed.complaint.now().due] == before


def test_a_resumed_stage_keeps_the_days_that_were_left(world: World, walker: Walker) -> None:
    with time_machine.travel(MONDAY + DAY, tick=False):
        walker.waiting()
    with time_machine.travel(MONDAY + 7 * DAY, tick=False):
        write(holder_of(walker.complaint), "Senin.")
    before = walker.complaint.now().due
    assert change(world, replace(CLOSURE, first=date(2026, 2, 10)), at=MONDAY + 7 * DAY) == 1
    assert before == datetime(2026, 2, 11, 9, 0, tzinfo=UTC)
    assert walker.complaint.now().due == datetime(2026, 2, 12, 9, 0, tzinfo=UTC)


def test_a_transferred_case_moves_by_the_change_alone(world: World, walker: Walker) -> None:
    with time_machine.travel(MONDAY, tick=False):
        walker.verified()
        walker.step("transfer", "verifikator", target="120600")
    # Due at 16:00 WIB, which is 18:00 in Jayapura: the transfer left the moment as it was.
    assert walker.complaint.now().due == THURSDAY
    assert change(world, replace(CLOSURE, first=date(2026, 2, 9)), code="120600") == 0
    assert change(world, code="120600") == 1
    assert walker.complaint.now().due == datetime(2026, 2, 6, 7, 30, tzinfo=UTC)


def test_days_since_receipt_give_way_to_a_closure_on_the_last_day(world: World, walker: Walker) -> None:
    with time_machine.travel(MONDAY, tick=False):
        walker.pyb()
        walker.step("dispose", "pyb", KI)
    assert walker.complaint.now().due == datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
    assert change(world, replace(CLOSURE, first=date(2026, 2, 27)), code=ACEH) == 0
    assert change(world, replace(CLOSURE, first=date(2026, 3, 4)), code=ACEH) == 1
    assert walker.complaint.now().due == datetime(2026, 3, 5, 8, 0, tzinfo=UTC)


def test_a_unit_reads_why_the_deadline_of_its_referral_moved(world: World, walker: Walker) -> None:
    with time_machine.travel(MONDAY, tick=False):
        walker.verified("T2a")
        walker.step("route_unit", "verifikator")
    assert change(world) == 1
    case = walker.complaint.now()
    entry = case.entries.get(kind=MOVED)
    assert entry.audience == Audience.UNIT
    for role in ("pengkaji-unit", "verifikator"):
        assert Reader([case], world.officer(role).private).open(entry).payload


def test_a_case_that_moves_in_this_very_moment_is_left_to_its_own_count(
    world: World, walker: Walker, monkeypatch: pytest.MonkeyPatch
) -> None:
    genuine: Callable[..., list[calendar_moves.Moved]] = calendar_moves._moves

    def raced(*arguments: object) -> list[calendar_moves.Moved]:
        found = genuine(*arguments)
        Case.objects.filter(pk=walker.complaint.case.pk).update(due=THURSDAY + 9 * DAY)
        return found

    monkeypatch.setattr(calendar_moves, "_moves", raced)
    done = change_calendar(office=office(), change=CLOSURE, by=world.officer("kepala-uki"), at=MONDAY)
    assert done == []
    assert walker.complaint.now().due == THURSDAY + 9 * DAY
    assert not Entry.objects.filter(kind=MOVED).exists()


def test_queries_do_not_grow_with_cases_that_stay(
    world: World, file_case: FileCase, django_assert_max_num_queries: object
) -> None:
    by = world.officer("kepala-uki")
    with time_machine.travel(MONDAY, tick=False):
        for _number in range(3):
            file_case()
    with override("id"), django_assert_max_num_queries(12):  # type: ignore[operator]  # pytest-django's
        assert len(preview(office=office(), change=CLOSURE, by=by, at=MONDAY)) == 3


def test_the_moved_entry_is_sealed_to_those_who_have_the_case(walker: Walker) -> None:
    case = walker.complaint.now()
    assert readers_of(case, Audience.HANDLERS) == [case.public_key]
