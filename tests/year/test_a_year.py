"""A year of complaints in three zones, by genuine moves at their own times: all stay in the table and count.

The draws are always the same. Who should act is sometimes late, or forgets a case, and so is overdue.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from heapq import heappop, heappush
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

import pytest
import time_machine

from sipuma.cases import flow
from sipuma.cases.models import Case, Entry
from sipuma.cases.models import Counter as Numbers
from sipuma.complaints import afterwards, tracking
from sipuma.complaints.escalating import escalate_overdue
from sipuma.complaints.lapsing import lapse_due
from sipuma.complaints.reminding import remind_due
from sipuma.complaints.states import BY_NAME, OPEN, S
from sipuma.complaints.words import Reason
from sipuma.complaints.workflow import WORKFLOW
from sipuma.offices.models import Office
from sipuma.offices.officer import Officer
from sipuma.offices.refusal import Refused
from tests.ways import holder_of, values_of
from tests.world import ACEH, KI, MALILI, SABANG, Complaint, FileCase, World, assessed

CASES: Final = 2_000
SEED: Final = 2026
AMBON: Final = "120100"
WITHIN: Final = {SABANG: 0.5, MALILI: 0.3, AMBON: 0.2}
BEGIN, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
# A little after midnight in the west, the middle and the east, and after the reminders of the morning.
SWEEPS: Final = (15, 16, 17)
SWEEP: Final = timedelta(minutes=1)


@dataclass
class Year:
    """The course of the year: what is to happen when, who does it, and what was refused."""

    world: World
    draw: Random = field(default_factory=lambda: Random(SEED))  # noqa: S311  # the same year every time
    agenda: list[tuple[datetime, int, Callable[[datetime], None]]] = field(default_factory=list)
    filed: list[Complaint] = field(default_factory=list)
    made: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    planned: int = 0

    def plan(self, at: datetime, what: Callable[[datetime], None]) -> None:
        if at < END:
            self.planned += 1
            heappush(self.agenda, (at, self.planned, what))

    def later(self, now: datetime, what: Callable[[datetime], None], *, days: float = 4.0) -> None:
        """Plan something some days on; one time in thirty it is forgotten for two months."""
        wait = 60.0 if self.draw.random() < 1 / 30 else self.draw.uniform(0.1, days)
        self.plan(now + timedelta(days=wait), what)


@dataclass
class Course:
    """One complaint on its way: at each turn somebody does what its state asks for."""

    year: Year
    complaint: Complaint
    officer: Callable[[str, str], Officer]
    questions: int = 0

    def go_on(self, now: datetime) -> None:
        case = self.complaint.now()
        if case.closed_at is not None:
            self._after(case, now)
            return
        TURNS[case.state](self, case, now)
        if self.complaint.now().state != S.WAITING:
            self.year.later(now, self.go_on)

    def make(self, case: Case, name: str, role: str, office: str, **values: object) -> bool:
        """Make a move as it would be made on a page; a refusal leaves everything as it was."""
        officer = self.officer(role, office)
        complete = values_of(name, case) | values
        try:
            flow.make(WORKFLOW, case, name, complete, by=officer)
        except Refused:
            self.year.refused[name] += 1
            return False
        self.year.made[name] += 1
        return True

    def received(self, case: Case, now: datetime) -> None:
        if self.year.draw.random() < 1 / 40:
            self.withdraw(now)
            return
        self.make(case, "take", "verifikator", case.verification.office_id)

    def verified(self, case: Case, now: datetime) -> None:
        office, draw = case.verification.office_id, self.year.draw
        if case.closing:
            decide = draw.choice(("confirm_closing", "confirm_closing", "refuse_closing"))
            self.make(case, decide, "kepala-uki", office)
        elif case.assessed_at is None:
            kind = draw.choice(("T1", "T1", "T2a", "T2b"))
            self.make(case, "assess", "verifikator", office, **assessed(type=kind))
        else:
            self._route(case, office, now)

    def _route(self, case: Case, office: str, now: datetime) -> None:
        way = self.year.draw.random()
        if way < 0.25 and self.questions < 2:
            self.questions += 1
            if self.make(case, "request_data", "verifikator", office):
                self._answered(now)
        elif way < 0.33:
            self.make(case, "not_actionable", "verifikator", office)
        elif way < 0.38:
            joins = self.year.draw.choice(self.year.filed).case.register
            spam = self.year.draw.random() < 0.5
            kind, other = ("spam", "") if spam else ("duplicate", joins)
            self.make(case, "propose_closing", "verifikator", office, closing_kind=kind, joins=other)
        elif way < 0.40:
            target = self.year.draw.choice([code for code in WITHIN if code != office])
            self.make(case, "transfer", "verifikator", office, target=target)
        elif case.type == "T1":
            self.make(case, "route_pyb", "verifikator", office)
        else:
            self.make(case, "route_unit", "verifikator", office, unit=office)

    def _answered(self, now: datetime) -> None:
        """Most complainants answer in time, some too late, some never."""
        fate = self.year.draw.random()
        if fate < 0.6:
            self.year.plan(now + timedelta(days=self.year.draw.uniform(0.1, 13.5)), self.answer)
        elif fate < 0.7:
            self.year.plan(now + timedelta(days=self.year.draw.uniform(16, 40)), self.answer)
        self.year.plan(now + timedelta(days=17), self.go_on)

    def answer(self, now: datetime) -> None:
        waited = self.complaint.now().state == S.WAITING
        tracking.write(holder_of(self.complaint), f"Jawaban {now:%d %H:%M}.")
        if waited:
            self.year.later(now, self.go_on)

    def waiting(self, _case: Case, _now: datetime) -> None:
        """Nobody can do anything until the answer or the end of the period."""

    def with_pyb(self, case: Case, _now: datetime) -> None:
        draw = self.year.draw
        moves = ("dispose", "dispose", "dispose", "forward_wise", "pyb_not_actionable", "return_verifier")
        name = draw.choice(moves)
        target = {"target": draw.choice((ACEH, KI))} if name == "dispose" else {}
        self.make(case, name, "pyb", KI, **target)

    def assessed(self, case: Case, _now: datetime) -> None:
        self._study(case, "pengkaji", case.team.office_id)

    def at_unit(self, case: Case, _now: datetime) -> None:
        self._study(case, "pengkaji-unit", case.team.office_id)

    def _study(self, case: Case, role: str, office: str) -> None:
        draw = self.year.draw
        if case.study == "submitted":
            decide = draw.choice(("approve_study", "approve_study", "return_study"))
            self.make(case, decide, "kepala-uki", office)
        elif case.study and draw.random() < 0.5:
            self.make(case, "close_assessment", role, office)
        else:
            self.make(case, "submit_study", role, office)

    def followed_up(self, case: Case, now: datetime) -> None:
        role = "pengkaji-unit" if case.team.kind == "unit" else "pengkaji"
        waiting, done = case.follow_ups.filter(reported_at=None), case.follow_ups.count()
        if waiting.exists():
            self.make(case, "report_follow_up", "pengkaji-unit", MALILI)
        elif not done:
            day = (now + timedelta(days=9)).date()
            self.make(case, "add_follow_up", role, case.team.office_id, follow_up_due=day)
        else:
            self.make(case, "close_follow_up", role, case.team.office_id)

    def withdraw(self, _now: datetime) -> None:
        tracking.withdraw(holder_of(self.complaint), "Sudah selesai.")

    def _after(self, case: Case, now: datetime) -> None:
        """One in ten asks to reopen a closed case, and its head decides."""
        if case.reopening == "asked":
            decide = self.year.draw.choice(("reopen", "decline_reopening"))
            if self.make(case, decide, "kepala-uki", case.verification.office_id) and decide == "reopen":
                self.year.later(now, self.go_on)
        elif self.year.draw.random() < 0.1:
            try:
                afterwards.ask_reopening(holder_of(self.complaint), "Ada data baru.")
            except Refused:
                self.year.refused["ask_reopening"] += 1
                return
            self.year.made["ask_reopening"] += 1
            self.year.later(now, self.go_on)


TURNS: Final[dict[str, Callable[[Course, Case, datetime], None]]] = {
    S.RECEIVED: Course.received,
    S.VERIFICATION: Course.verified,
    S.WAITING: Course.waiting,
    S.PYB: Course.with_pyb,
    S.ASSESSMENT: Course.assessed,
    S.UNIT: Course.at_unit,
    S.FOLLOW_UP: Course.followed_up,
}


def sweep(_now: datetime) -> None:
    lapse_due()
    remind_due()
    escalate_overdue()


@pytest.fixture
def cast(world: World) -> Callable[[str, str], Officer]:
    """Return the officers, each unlocked once for the whole year."""
    return cache(world.officer)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(BEGIN, tick=False) as traveller:
        yield traveller


def lived(
    world: World, file_case: FileCase, cast: Callable[[str, str], Officer], clock: time_machine.Traveller
) -> Year:
    """Let the year pass."""
    year = Year(world)
    for day in range((END - BEGIN).days):
        for hour in SWEEPS:
            year.plan(BEGIN + timedelta(days=day, hours=hour) + SWEEP, sweep)
    for _number in range(CASES):
        moment = BEGIN + timedelta(seconds=year.draw.randrange(int((END - BEGIN).total_seconds())))
        office = year.draw.choices([*WITHIN], [*WITHIN.values()])[0]
        year.plan(moment, lambda now, office=office: enter(year, file_case(office), cast, now))  # type: ignore[misc]
    while year.agenda:
        moment, _order, what = heappop(year.agenda)
        clock.move_to(moment)
        what(moment)
    clock.move_to(END)
    sweep(END)
    return year


def enter(year: Year, complaint: Complaint, cast: Callable[[str, str], Officer], now: datetime) -> None:
    year.filed.append(complaint)
    year.later(now, Course(year, complaint, cast).go_on, days=3)


def test_a_year_ends_with_every_case_in_the_table_every_delay_flagged_and_all_counts_adding_up(
    world: World, file_case: FileCase, cast: Callable[[str, str], Officer], clock: time_machine.Traveller
) -> None:
    for code in WITHIN:
        for role in ("verifikator", "kepala-uki", "pengkaji-unit"):
            cast(role, code)
    year = lived(world, file_case, cast, clock)
    cases = list(Case.objects.select_related("team__office", "verification__office").order_by("pk"))
    assert len(cases) == len(year.filed) == CASES
    check_states(cases)
    check_delays(cases)
    check_requests()
    check_counts(cases)
    assert not year.made.keys() - {move.name for move in WORKFLOW.moves}
    # So many things happened that the checks above mean something.
    happened = Counter(Entry.objects.exclude(move="").values_list("move", flat=True))
    for name in (*year.made, "lapse", "remind", "withdraw", "answer"):
        assert happened[name] >= 5, (name, happened)


def check_states(cases: list[Case]) -> None:
    """Walk each timeline by the table, and end where the case is."""
    steps: dict[int, list[Entry]] = {case.pk: [] for case in cases}
    for entry in Entry.objects.exclude(move="").order_by("-pk"):
        steps[entry.case_id].append(entry)
    for case in cases:
        state = WORKFLOW.start
        # A move may leave two texts: they have its moment in common.
        for entry in {(one.at, one.move): one for one in reversed(steps[case.pk]) if one.source}.values():
            move = WORKFLOW.move(entry.move)
            assert entry.source in move.sources, (case.register, entry.move)
            assert entry.source == state, (case.register, entry.move)
            assert entry.target in {"", move.target}
            state = entry.target or state
        assert state == case.state, case.register
        assert (case.closed_at is not None) == BY_NAME[case.state].final, case.register


def check_delays(cases: list[Case]) -> None:
    """No deadline was missed without a flag, and nothing waits beyond its 14 days."""
    for case in cases:
        if case.state == S.WAITING:
            assert case.due is not None
            assert case.due > END
        elif case.state in OPEN:
            assert case.due is not None
            assert (case.due <= END) <= (case.escalated_at is not None), case.register
        elif case.reopening != "asked":
            assert case.due is None, case.register


def check_requests() -> None:
    """Each lapse came within the first sweep of the 15th day at the office; reminders are two at most."""
    asked = {}
    for entry in Entry.objects.filter(move__in=("request_data", "remind", "lapse", "answer")).select_related(
        "case__verification__office"
    ).order_by("pk"):  # fmt: skip
        case = entry.case_id
        if entry.move == "request_data":
            asked[case] = (entry.at, 0)
            continue
        since, reminders = asked[case]
        zone = ZoneInfo(entry.case.verification.office.timezone)
        days = (entry.at.astimezone(zone).date() - since.astimezone(zone).date()).days
        if entry.move == "remind":
            asked[case] = (since, reminders + 1)
            assert reminders < 2
            assert 7 <= days <= 14
        elif entry.move == "lapse":
            assert days == 15
            assert entry.at.astimezone(zone).hour == 0 or entry.at - since > timedelta(days=15)
        else:
            assert days <= 14


def check_counts(cases: list[Case]) -> None:
    """Numbers run without a gap, and whichever way the cases are counted there are as many."""
    by_state = Counter(case.state for case in cases)
    by_office = Counter(case.office_id for case in cases)
    assert sum(by_state.values()) == sum(by_office.values()) == CASES
    for office, count in by_office.items():
        [row] = Numbers.objects.filter(office=office)
        assert row.n == count
        expected = {f"{office}-2026-{number:06d}" for number in range(1, count + 1)}
        assert {case.register for case in cases if case.office_id == office} == expected
    lapsed = [case for case in cases if case.reason == Reason.NO_DATA and case.closed_at]
    assert all(case.state == S.NOT_ACTIONABLE for case in lapsed)
    assert by_state.keys() <= {state.name for state in WORKFLOW.states}
    assert by_state[S.DONE] > CASES / 10
    assert Office.objects.filter(pk__in=by_office).count() == len(WITHIN)
