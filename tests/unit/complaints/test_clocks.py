"""The clocks of 30 and 60 days, their pauses, and the reckoning day by day."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from sipuma.cases.models import Case
from sipuma.complaints.clocks import Clock, clocks_of
from sipuma.complaints.pauses import Span, spans_of
from sipuma.complaints.reckoning import NEXT_WORKED, PAUSED, Reckoning, reckonings
from sipuma.complaints.states import S
from sipuma.complaints.tracking import write
from sipuma.worktime import Reason
from tests.ways import Walker, holder_of
from tests.world import ACEH, KI, SABANG, FileCase, World

JAKARTA = ZoneInfo("Asia/Jakarta")
MONDAY = datetime(2026, 2, 2, 10, 0, tzinfo=JAKARTA)
DAY = timedelta(days=1)


@pytest.fixture
def walker(world: World, file_case: FileCase) -> Walker:
    """Return a complaint of Monday morning."""
    with time_machine.travel(MONDAY, tick=False):
        return Walker(world, file_case())


def do(
    moment: datetime, walker: Walker, name: str, role: str, office: str = SABANG, **values: object
) -> None:
    with time_machine.travel(moment, tick=False):
        walker.step(name, role, office, **values)


def asked_and_answered(walker: Walker, asked: datetime, answered: datetime) -> None:
    with time_machine.travel(asked, tick=False):
        walker.waiting()
    with time_machine.travel(answered, tick=False):
        write(holder_of(walker.complaint), "Senin.")


def clocks(walker: Walker, now: datetime) -> tuple[Clock, Clock]:
    first, completion = clocks_of(walker.complaint.now(), now)
    return first, completion


def at(day: int, month: int, hour: int = 16) -> datetime:
    return datetime(2026, month, day, hour, 0, tzinfo=JAKARTA)


def test_both_run_from_receipt_and_end_at_closing_time(walker: Walker) -> None:
    first, completion = clocks(walker, MONDAY)
    assert (first.due, completion.due) == (at(4, 3, 15), at(6, 4))  # the 3rd to 5th of April are Easter
    assert (first.done_at, first.paused) == (None, 0)


def test_days_of_waiting_for_the_complainant_do_not_count(walker: Walker) -> None:
    asked_and_answered(walker, MONDAY + DAY, MONDAY + 4 * DAY)
    first, completion = clocks(walker, MONDAY + 5 * DAY)
    assert (first.paused, completion.paused) == (3, 3)
    assert first.due == at(9, 3, 15)  # 33 days are Saturday the 7th


def test_a_question_answered_on_the_same_day_pauses_nothing(walker: Walker) -> None:
    asked_and_answered(walker, MONDAY, MONDAY + timedelta(hours=2))
    assert clocks(walker, MONDAY + DAY)[0].paused == 0


def test_a_pause_that_goes_on_moves_the_end_day_by_day(walker: Walker) -> None:
    with time_machine.travel(MONDAY, tick=False):
        walker.waiting()
    assert [clocks(walker, MONDAY + n * DAY)[1].paused for n in (0, 1, 13)] == [0, 1, 13]


def test_the_first_answer_is_what_an_officer_writes_after_verification_began(walker: Walker) -> None:
    do(MONDAY, walker, "message", "verifikator", message="Kami terima.")
    assert clocks(walker, MONDAY)[0].done_at is None
    asked_and_answered(walker, MONDAY + DAY, MONDAY + 2 * DAY)
    assert clocks(walker, MONDAY + 2 * DAY)[0].done_at is None  # a question is no answer
    do(MONDAY + 3 * DAY, walker, "message", "verifikator", message="Kami teliti.")
    first, completion = clocks(walker, MONDAY + 4 * DAY)
    assert (first.done_at, completion.done_at) == (MONDAY + 3 * DAY, None)


def test_closing_ends_both(walker: Walker) -> None:
    with time_machine.travel(MONDAY, tick=False):
        walker.withdrawn()
    assert [one.done_at for one in clocks(walker, MONDAY + DAY)] == [MONDAY, MONDAY]


def test_what_is_late_stays_late(walker: Walker) -> None:
    first, completion = clocks(walker, MONDAY)
    assert not first.overdue(first.due - timedelta(seconds=1))
    assert first.overdue(first.due)
    with time_machine.travel(completion.due + DAY, tick=False):
        walker.withdrawn()
    late = clocks(walker, completion.due + 5 * DAY)
    assert all(clock.overdue(MONDAY) for clock in late)
    assert late[1].paused == 0


def test_time_between_closing_and_reopening_does_not_count(walker: Walker) -> None:
    with time_machine.travel(MONDAY, tick=False):
        walker.not_actionable()
    entry = walker.complaint.case.entries.last()
    assert entry is not None
    walker.complaint.case.entries.create(
        kind="move",
        author="member",
        audience="handlers",
        at=MONDAY + 6 * DAY,
        move="reopen",
        source=S.NOT_ACTIONABLE,
        target=S.VERIFICATION,
    )
    Case.objects.filter(pk=walker.complaint.case.pk).update(state=S.VERIFICATION, closed_at=None)
    assert clocks(walker, MONDAY + 10 * DAY)[1].paused == 6


def test_pauses_of_many_cases_take_one_query(
    walker: Walker, file_case: FileCase, django_assert_num_queries: object
) -> None:
    asked_and_answered(walker, MONDAY, MONDAY + DAY)
    cases = list(Case.objects.all())
    with django_assert_num_queries(1):  # type: ignore[operator]  # pytest-django's own fixture
        found = spans_of(cases)
    assert found[walker.complaint.case.pk] == [Span(MONDAY, MONDAY + DAY)]


def of_stage(walker: Walker, now: datetime = MONDAY) -> Reckoning:
    return reckonings(walker.complaint.now(), now)[0]


def test_working_days_are_shown_one_by_one_with_what_was_skipped(world: World, file_case: FileCase) -> None:
    friday = datetime(2026, 2, 13, 17, 0, tzinfo=JAKARTA)
    with time_machine.travel(friday, tick=False):
        walker = Walker(world, file_case())
    part = of_stage(walker)
    assert part.days[-1].day == part.due.astimezone(JAKARTA).date()
    assert [(one.day.day, one.number, one.reason) for one in part.days] == [
        (13, None, Reason.AFTER_CLOSING),
        (14, None, Reason.REST),
        (15, None, Reason.REST),
        (16, None, Reason.JOINT_LEAVE),
        (17, None, Reason.NATIONAL),
        (18, 0, Reason.RECEIVED),
        (19, 1, Reason.COUNTED),
        (20, 2, Reason.COUNTED),
        (21, None, Reason.REST),
        (22, None, Reason.REST),
        (23, 3, Reason.COUNTED),
    ]
    assert part.days[4].name
    assert part.days[-1].period == "Ramadan 2026"
    assert (part.amount, part.resumed) == (3, False)


def test_a_resumed_stage_shows_the_days_that_were_left(walker: Walker) -> None:
    asked_and_answered(walker, MONDAY + DAY, MONDAY + 8 * DAY)
    part = of_stage(walker)
    assert (part.amount, part.resumed, part.start) == (2, True, MONDAY + 8 * DAY)
    assert [one.number for one in part.days] == [0, 1, 2]


def test_a_request_shows_its_14_days(walker: Walker) -> None:
    with time_machine.travel(MONDAY, tick=False):
        walker.waiting()
    part = of_stage(walker)
    assert [one.number for one in part.days] == list(range(15))
    assert part.due == datetime(2026, 2, 17, 0, 0, tzinfo=JAKARTA)


def test_days_since_receipt_show_pauses_and_the_day_that_gave_way(walker: Walker) -> None:
    asked_and_answered(walker, MONDAY + DAY, MONDAY + 4 * DAY)
    first = next(one for one in reckonings(walker.complaint.now(), MONDAY + 5 * DAY) if one.rule.amount == 30)
    shown = [(one.day.day, one.number, one.reason) for one in first.days]
    assert shown[:6] == [
        (2, 0, Reason.RECEIVED),
        (3, 1, Reason.COUNTED),
        (4, None, PAUSED),
        (5, None, PAUSED),
        (6, None, PAUSED),
        (7, 2, Reason.COUNTED),
    ]
    assert shown[-3:] == [(7, 30, Reason.REST), (8, None, Reason.REST), (9, None, NEXT_WORKED)]
    assert first.days[-1].day == first.due.astimezone(JAKARTA).date()


def test_the_last_day_may_be_a_holiday(world: World, file_case: FileCase) -> None:
    with time_machine.travel(datetime(2026, 2, 2, 10, tzinfo=JAKARTA), tick=False):
        walker = Walker(world, file_case())
    completion = reckonings(walker.complaint.now(), MONDAY)[-1]
    assert [(one.number, one.reason) for one in completion.days[-4:]] == [
        (60, Reason.NATIONAL),
        (None, Reason.REST),
        (None, Reason.REST),
        (None, NEXT_WORKED),
    ]


def test_assessment_and_follow_up_are_counted_from_receipt(walker: Walker) -> None:
    asked_and_answered(walker, MONDAY, MONDAY + 2 * DAY)
    for name, role, office in (("route_pyb", "verifikator", "130300"), ("dispose", "pyb", KI)):
        do(MONDAY + 3 * DAY, walker, name, role, office)
    part = of_stage(walker, MONDAY + 4 * DAY)
    assert part.rule.state == S.ASSESSMENT
    assert part.due == walker.complaint.now().due == at(6, 3, 15) + timedelta(minutes=30)  # Friday, Ramadan
    assert sum(one.reason == PAUSED for one in part.days) == 2
    do(MONDAY + 3 * DAY, walker, "submit_study", "pengkaji", ACEH)


def test_a_closed_case_shows_the_two_clocks_alone(walker: Walker) -> None:
    with time_machine.travel(MONDAY, tick=False):
        walker.withdrawn()
    assert len(reckonings(walker.complaint.now(), MONDAY)) == 2


def test_a_span_that_ends_before_it_begins_has_no_days() -> None:
    assert Span(MONDAY, None).days(JAKARTA, until=MONDAY - 3 * DAY) == 0
    assert Span(MONDAY, MONDAY + DAY).days(UTC, until=MONDAY + 9 * DAY) == 1
