"""The clocks of a complaint: the 14 days to the second in each zone, and working days that pause."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings

from sipuma.cases.models import Case
from sipuma.complaints import deadlines
from sipuma.complaints.lapsing import lapse_due
from sipuma.complaints.rules import CLOCKS, DEFAULTS
from sipuma.complaints.states import STATES, S
from sipuma.complaints.tracking import Tracked, write
from sipuma.outbox.models import Message
from tests.ways import VALUES, Walker, holder_of
from tests.world import ACEH, KI, MALILI, SABANG, FileCase, World

JAYAPURA = "120600"
# The example of DOMAIN section 8: asked on 2026-03-10 09:00, last moment 2026-03-24 23:59:59.
ASKED = datetime(2026, 3, 10, 9, 0)  # noqa: DTZ001 - in the zone of each office
LAPSES = datetime(2026, 3, 25, 0, 0)  # noqa: DTZ001
ZONES = [(SABANG, "Asia/Jakarta"), (MALILI, "Asia/Makassar"), (JAYAPURA, "Asia/Jayapura")]


@pytest.fixture(params=ZONES, ids=["WIB", "WITA", "WIT"])
def asked(request: pytest.FixtureRequest, world: World, file_case: FileCase) -> tuple[Walker, datetime]:
    """Return a case that was asked for data at 09:00 of its office, and the moment at which it lapses."""
    office, zone = request.param
    with time_machine.travel(ASKED.replace(tzinfo=ZoneInfo(zone)), tick=False):
        walker = Walker(world, file_case(office))
        for name in ("take", "assess", "request_data"):
            walker.step(name, "verifikator", office)
    return walker, LAPSES.replace(tzinfo=ZoneInfo(zone))


def test_an_answer_in_the_last_second_counts(asked: tuple[Walker, datetime]) -> None:
    walker, lapses = asked
    with time_machine.travel(lapses - timedelta(seconds=1), tick=False):
        assert Tracked(holder_of(walker.complaint)).answer_by == lapses - timedelta(seconds=1)
        assert lapse_due() == 0
        write(holder_of(walker.complaint), "Senin pagi.")
    assert walker.complaint.now().state == S.VERIFICATION
    with time_machine.travel(lapses + timedelta(days=1), tick=False):
        assert lapse_due() == 0


def test_at_midnight_the_system_closes_the_case_and_tells_both_sides(
    asked: tuple[Walker, datetime],
) -> None:
    walker, lapses = asked
    Message.objects.all().delete()
    with time_machine.travel(lapses, tick=False):
        assert lapse_due() == 1
        assert lapse_due() == 0
    case = walker.complaint.now()
    assert (case.state, case.reason, case.closed_at, case.due) == (S.NOT_ACTIONABLE, "B", lapses, None)
    assert not case.late_answer
    tracked = Tracked(holder_of(walker.complaint))
    assert tracked.reason
    [question, decision] = tracked.conversation
    assert question.text == VALUES["request_data"]["question"]
    assert "14" in decision.text
    assert set(Message.objects.values_list("template", flat=True)) == {"staff-case"}


@pytest.mark.parametrize("swept_first", [True, False])
def test_an_answer_at_midnight_is_too_late_is_kept_and_flagged(
    asked: tuple[Walker, datetime],
    swept_first: bool,  # noqa: FBT001
) -> None:
    walker, lapses = asked
    with time_machine.travel(lapses, tick=False):
        if swept_first:
            lapse_due()
        write(holder_of(walker.complaint), "Maaf, terlambat.")
        lapse_due()
    case = walker.complaint.now()
    assert (case.state, case.late_answer) == (S.NOT_ACTIONABLE, True)
    assert "Maaf, terlambat." in [x.text for x in Tracked(holder_of(walker.complaint)).conversation]


def test_with_confirm_the_verifier_closes_and_the_system_does_not(
    asked: tuple[Walker, datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    walker, lapses = asked
    monkeypatch.setattr(settings, "SIPUMA", settings.SIPUMA.model_copy(update={"lapse": "confirm"}))
    with time_machine.travel(lapses, tick=False):
        assert lapse_due() == 0
        walker.step("lapse", "verifikator", walker.complaint.case.office_id)
    assert walker.complaint.now().reason == "B"


def test_a_case_answered_while_the_sweep_runs_is_left_alone(
    asked: tuple[Walker, datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    walker, lapses = asked

    def raced(case: Case, register: str) -> list[Message]:
        Case.objects.filter(pk=walker.complaint.case.pk).update(state=S.VERIFICATION)
        return []

    monkeypatch.setattr("sipuma.complaints.notices.to_team", raced)
    with time_machine.travel(lapses, tick=False):
        assert lapse_due() == 0
    assert walker.complaint.now().reason == ""


def test_a_new_request_starts_a_new_clock(asked: tuple[Walker, datetime]) -> None:
    walker, lapses = asked
    office = walker.complaint.case.office_id
    with time_machine.travel(lapses - timedelta(hours=1), tick=False):
        write(holder_of(walker.complaint), "Senin.")
        walker.step("request_data", "verifikator", office, question="Jam berapa?")
        assert Tracked(holder_of(walker.complaint)).question == "Jam berapa?"
    assert walker.complaint.now().due == lapses + timedelta(days=14)


# Filed on Monday 2026-02-02 at 10:00 WIB: due at closing time of the third working day, Thursday the 5th.
MONDAY = datetime(2026, 2, 2, 3, 0, tzinfo=UTC)
THURSDAY = datetime(2026, 2, 5, 9, 0, tzinfo=UTC)


def test_the_clock_stops_while_the_complainant_is_asked(world: World, file_case: FileCase) -> None:
    with time_machine.travel(MONDAY, tick=False) as clock:
        walker = Walker(world, file_case())
        assert walker.complaint.now().due == THURSDAY
        clock.shift(timedelta(days=1))
        walker.verified()
        assert walker.complaint.now().due == THURSDAY  # taking and assessing keep the clock
        walker.step("request_data", "verifikator")
        assert walker.complaint.now().days_left == 2
        clock.move_to(datetime(2026, 2, 10, 3, 0, tzinfo=UTC))
        write(holder_of(walker.complaint), "Senin.")
    # Two working days from Tuesday the 10th.
    assert walker.complaint.now().due == datetime(2026, 2, 12, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "left"),
    [
        (MONDAY, 3),
        (datetime(2026, 2, 4, 16, 59, tzinfo=UTC), 1),  # 23:59 in Sabang
        (datetime(2026, 2, 4, 17, 0, tzinfo=UTC), 1),  # the last day itself
        (THURSDAY - timedelta(seconds=1), 1),
        (THURSDAY, 1),
        (THURSDAY + timedelta(days=30), 1),
    ],
)
def test_at_least_one_working_day_is_left(
    world: World, file_case: FileCase, moment: datetime, left: int
) -> None:
    with time_machine.travel(MONDAY, tick=False):
        case = file_case().now()
    assert deadlines.days_left(case, moment) == left


def test_weekends_and_holidays_are_not_counted_as_days_left(world: World, file_case: FileCase) -> None:
    friday = datetime(2026, 2, 13, 3, 0, tzinfo=UTC)  # then weekend, 16 and 17 February off (Imlek)
    with time_machine.travel(friday, tick=False):
        case = file_case().now()
    assert case.due == datetime(2026, 2, 20, 8, 30, tzinfo=UTC)  # Ramadan: closing at 15:30 on Friday
    assert deadlines.days_left(case, friday) == 3
    case.due = None
    assert deadlines.days_left(case, friday) == 1


def test_each_stage_runs_on_the_clock_of_the_office_that_handles_it(
    world: World, file_case: FileCase
) -> None:
    with time_machine.travel(MONDAY, tick=False):
        walker = Walker(world, file_case(JAYAPURA))
        assert walker.complaint.now().due == datetime(2026, 2, 5, 7, 0, tzinfo=UTC)  # 16:00 WIT
        for name in ("take", "assess", "route_pyb"):
            walker.step(name, "verifikator", JAYAPURA)
        assert walker.complaint.now().due == datetime(2026, 2, 9, 9, 0, tzinfo=UTC)  # 16:00 WIB
        walker.step("return_verifier", "pyb", KI)
        assert walker.complaint.now().due == datetime(2026, 2, 5, 7, 0, tzinfo=UTC)
        walker.step("route_pyb", "verifikator", JAYAPURA)
        walker.step("dispose", "pyb", KI, target=ACEH)
        assert walker.complaint.now().due == datetime(2026, 3, 4, 8, 0, tzinfo=UTC)  # 15:00, Ramadan
        walker.step("submit_study", "pengkaji", ACEH)
        walker.step("approve_study", "kepala-uki", ACEH)
        assert walker.complaint.now().due == datetime(2026, 4, 6, 9, 0, tzinfo=UTC)  # after Easter


def test_a_referral_gives_the_unit_14_working_days(world: World, file_case: FileCase) -> None:
    with time_machine.travel(MONDAY, tick=False):
        walker = Walker(world, file_case())
        walker.verified("T2a")
        walker.step("route_unit", "verifikator")
    # 14 working days from 2 February, without 16 and 17 February.
    assert walker.complaint.now().due == datetime(2026, 2, 24, 8, 0, tzinfo=UTC)


def test_every_open_state_has_a_norm_and_no_final_state_has_one() -> None:
    states = {s.name: s.final for s in STATES}
    assert {r.state for r in DEFAULTS} - CLOCKS.keys() == {
        name for name, final in states.items() if not final
    }
    assert all(rule.norm and rule.rule for rule in DEFAULTS)
