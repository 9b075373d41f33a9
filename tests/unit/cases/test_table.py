"""Every move of the table, in every state, by everybody: allowed exactly where the table says so."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.db import models, transaction
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from sipuma.cases import flow
from sipuma.cases.entries import Signature
from sipuma.cases.models import Case, Entry, FollowUp, ReportedEmployee, Seal
from sipuma.cases.workflow import Attempt, Move
from sipuma.complaints.states import STATES, S
from sipuma.complaints.workflow import WORKFLOW
from sipuma.offices.places import ROLES, Role
from sipuma.offices.refusal import Refused
from sipuma.offices.staffing import SEATS
from sipuma.outbox.models import Message
from tests.ways import VALUES, Walker, values_of
from tests.world import (
    ACEH,
    KI,
    MALILI,
    SABANG,
    Complaint,
    FileCase,
    RecordCase,
    World,
    world_for_a_module,
)

TABLES: tuple[type[models.Model], ...] = (Case, Entry, Seal, Message, ReportedEmployee, FollowUp)
STATE_NAMES = [state.name for state in STATES]
# Turns that a case can take inside a state, each with what it opens and what it blocks meanwhile.
PROPOSED, ASKED = "proposed", "asked"
TURNS = [(S.VERIFICATION, PROPOSED), (S.DONE, ASKED), (S.NOT_ACTIONABLE, ASKED)]
SITUATIONS = [*((state, "") for state in STATE_NAMES), *TURNS]
OUT_OF_TURN = {
    "": {"confirm_closing", "refuse_closing", "take_back_closing", "reopen", "decline_reopening"},
    PROPOSED: {
        "request_data",
        "not_actionable",
        "route_pyb",
        "transfer",
        "propose_closing",
        "escalate_conflict",
    },
    ASKED: {"ask_reopening"},
}
NOBODYS = {Role.COMPLAINANT, Role.SYSTEM}
PEOPLE = [
    *product(("penerima", "verifikator", "kepala-uki", "pengkaji-unit"), (SABANG, MALILI, ACEH)),
    *product(("pengkaji", "kustodian"), (ACEH, "110000", KI)),
    *product(("pyb", "kepala-uki", "verifikator", "pengkaji-unit"), (KI,)),
    ("admin", SABANG),
]
# Who holds the case key, besides the verifying team, in the situations that `tests.ways` builds.
HOLDERS = {
    S.PYB: {("pyb", KI)},
    S.WISE: {("pyb", KI)},
    S.ASSESSMENT: {("pyb", KI), ("assessment", ACEH)},
    S.FOLLOW_UP: {("pyb", KI), ("assessment", ACEH)},
    S.DONE: {("assessment", ACEH)},
}
HANDLING = {
    S.PYB: ("pyb", KI),
    S.WISE: ("pyb", KI),
    S.ASSESSMENT: ("assessment", ACEH),
    S.FOLLOW_UP: ("assessment", ACEH),
    S.DONE: ("assessment", ACEH),
    S.UNIT: ("unit", SABANG),
}
VERIFYING = ("verification", SABANG)
# The case is of type T1, its follow-up waits for a report, no unit handles it, and it is linked to none.
ELSEWHERE = {"route_unit", "close_follow_up", "unit_note", "unassign", "unlink_cases"}
DESK = {move.name for move in WORKFLOW.moves if move.where == "reception"}
# Online nobody has recorded an employee; at the desk the complainant got no ticket and left no address.
NOT_HERE = {
    "online": ELSEWHERE | DESK | {"retract_employee"},
    "desk": ELSEWHERE | {"message", "reissue_ticket"},
}
EXECUTORS = {S.FOLLOW_UP: {("unit", MALILI)}}


def situation() -> list[list[dict[str, Any]]]:
    return [list(table._default_manager.order_by("pk").values()) for table in TABLES]


Seats = set[tuple[str, str]]


def teams_that_count(move: Move, state: str, desk: Seats, handling: tuple[str, str]) -> Seats | None:
    """Return the teams that a move's `where` means in a state; None for all of the handling office."""
    return {
        "team": {handling},
        "held": {VERIFYING, *HOLDERS.get(state, ())},
        "executor": {handling, *EXECUTORS.get(state, ())},
        "office": None,
        "reception": desk,
        "not-theirs": {handling},
        "assigned": set(),  # nobody has it here
        "verification": {VERIFYING},
    }[move.where]


def may(move: Move, state: str, role: str, office: str, desk: Seats, handling: tuple[str, str]) -> bool:
    """Say from the table alone whether somebody in this role at this office may make the move."""
    if state not in move.sources:
        return False
    teams = teams_that_count(move, state, desk, handling)
    here = handling[1]
    held: set[Role] = set()
    for kind, rank in SEATS.get(role, ()):
        if (teams is None and office == here) or (teams is not None and (kind, office) in teams):
            held |= ROLES[kind, rank]
    return bool(held & set(move.by))


@pytest.fixture(scope="module")
def everybody(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Put everybody at their desks, so that no team is empty and nobody steps in for another."""
    with world_for_a_module(django_db_blocker) as world:
        for role, office in PEOPLE:
            world.officer(role, office)
        yield


@pytest.fixture
def staffed(everybody: None, world: World) -> World:
    """Return the world inside what the module has made."""
    return world


@pytest.mark.parametrize(("state", "turn"), SITUATIONS)
@pytest.mark.parametrize("way_in", ["online", "desk"])
def test_each_move_is_allowed_exactly_where_the_table_says(
    staffed: World, file_case: FileCase, record_case: RecordCase, state: str, turn: str, way_in: str
) -> None:
    file_case()  # another one, to be linked to
    complaint = file_case(email="pelapor@surat.example") if way_in == "online" else record_case()
    desk = {("reception", SABANG)} if way_in == "desk" else set()
    walker = Walker(staffed, complaint)
    if desk:
        walker.step("tell_register", "penerima")
        walker.step("desk_employee", "penerima")
    walker.to(state)
    take_turn(walker, turn)
    handling = VERIFYING if turn == ASKED else HANDLING.get(state, VERIFYING)
    if state == S.WAITING:
        Case.objects.update(due=timezone.now() - timedelta(seconds=1))
    before, made = situation(), set()
    for role, office in PEOPLE:
        officer, case = staffed.officer(role, office), complaint.now()
        options = {option.move.name: option for option in flow.available(WORKFLOW, case, officer)}
        allowed = {move.name for move in WORKFLOW.moves if may(move, state, role, office, desk, handling)}
        assert set(options) == allowed, (role, office)
        for move in WORKFLOW.moves:
            option = options.get(move.name)
            works = option is not None and option.obstacle is None
            assert _try(complaint, case, move.name, officer, hope=works) is works, (role, office, move.name)
            made |= {move.name} if works else set()
        assert situation() == before, (role, office)
    by_staff = {m.name for m in WORKFLOW.moves if state in m.sources and set(m.by) - NOBODYS}
    assert by_staff - made <= NOT_HERE[way_in] | OUT_OF_TURN[turn]


def take_turn(walker: Walker, turn: str) -> None:
    if turn == PROPOSED:
        walker.step("propose_closing", "verifikator")
    elif turn == ASKED:
        walker.asked_to_reopen()


def _try(complaint: Complaint, case: Case, name: str, officer: Any, *, hope: bool) -> bool:
    """Make a move and undo it; false when it is refused."""
    with transaction.atomic():
        if name == "answer":
            Case.objects.filter(state=S.WAITING).update(due=timezone.now() + timedelta(days=1))
        try:
            case = complaint.now() if hope else case
            flow.make(WORKFLOW, case, name, values_of(name, case), by=officer)
        except Refused:
            return False
        finally:
            transaction.set_rollback(True)
    return True


def test_no_way_leads_around_verification() -> None:
    ways = {(source, move.target) for move in WORKFLOW.moves for source in move.sources if move.target}
    assert {target for source, target in ways if source == WORKFLOW.start} == {
        S.VERIFICATION,
        S.WITHDRAWN,
        S.MOVED,
    }
    assert {source for source, target in ways if target == S.PYB} == {S.VERIFICATION, S.ASSESSMENT}
    assert {source for source, target in ways if target == S.ASSESSMENT} == {S.PYB}
    assert {source for source, target in ways if target == S.UNIT} == {S.VERIFICATION}


def test_nothing_but_reopening_and_a_mistake_leads_out_of_an_end() -> None:
    final = {state.name for state in STATES if state.final}
    assert final.isdisjoint(WORKFLOW.open_states)
    moving = {move.name for move in WORKFLOW.moves if move.target and final & set(move.sources)}
    assert moving == {"reopen", "undo_closing", "release"}


def test_each_name_is_one_move_and_the_values_of_the_tests_are_complete() -> None:
    names = [move.name for move in WORKFLOW.moves]
    assert len(names) == len(set(names))
    needing = {move.name for move in WORKFLOW.moves if any(field.required for field in move.fields)}
    assert needing <= set(VALUES)
    with pytest.raises(KeyError):
        WORKFLOW.move("no-such-move")


@pytest.mark.parametrize("name", ["", "no-such-move", "lapse", "answer", "withdraw"])
def test_a_move_that_is_not_theirs_is_refused_to_a_verifier(
    world: World, file_case: FileCase, name: str
) -> None:
    complaint = file_case()
    with pytest.raises(Refused):
        flow.make(WORKFLOW, complaint.now(), name, {}, by=world.officer("verifikator"))


def test_of_two_people_at_once_only_one_wins(world: World, file_case: FileCase) -> None:
    complaint = file_case()
    slow, verifier = complaint.now(), world.officer("verifikator")
    flow.make(WORKFLOW, complaint.now(), "take", {}, by=verifier)
    before = situation()
    with pytest.raises(Refused, match=r"[Ss]omebody else|lain"):
        flow.make(WORKFLOW, slow, "take", {}, by=verifier)
    assert situation() == before


def test_a_failure_inside_the_transaction_leaves_nothing(
    world: World, file_case: FileCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    walker = Walker(world, file_case())
    walker.to(S.VERIFICATION)
    before = situation()
    monkeypatch.setattr(ReportedEmployee.objects, "create", _fail)
    with pytest.raises(OSError, match="disk"), transaction.atomic():
        walker.step("record_employee", "verifikator")
    assert situation() == before


def _fail(**_values: object) -> None:
    raise OSError("disk full")


# What a face might send that its form should not have let through.
BAD = [
    ("not_actionable", {"reason": "F"}, "reason"),
    ("not_actionable", {"reason": "Z"}, "reason"),
    ("not_actionable", {"reason": ""}, "reason"),
    ("not_actionable", {"explanation": "  \n "}, "explanation"),
    ("not_actionable", {"explanation": "x" * 10_001}, "explanation"),
    ("assess", {"what_clarity": "entah"}, "what_clarity"),
    ("assess", {"type": None}, "type"),
    ("assess", {"category": "lainnya"}, "category"),
    ("record_employee", {"employee_state": "gone"}, "employee_state"),
    ("record_employee", {"employee_name": "x" * 151}, "employee_name"),
    ("request_data", {"question": ""}, "question"),
    ("transfer", {"target": "999999"}, "target"),
    ("transfer", {"target": SABANG}, "target"),
    ("transfer", {"reason": ""}, "reason"),
]


@pytest.mark.parametrize(("name", "values", "field"), BAD)
def test_incomplete_or_impossible_values_are_refused_with_the_fields_name(
    world: World, file_case: FileCase, name: str, values: dict[str, Any], field: str
) -> None:
    walker = Walker(world, file_case())
    walker.to(S.VERIFICATION)
    before = situation()
    with pytest.raises(Refused) as refusal:
        walker.step(name, "verifikator", **values)
    assert refusal.value.field == field
    assert str(refusal.value)
    assert situation() == before


@pytest.mark.parametrize("day", ["2030-01-01", None, 5])
def test_a_date_is_a_date(world: World, file_case: FileCase, day: object) -> None:
    walker = Walker(world, file_case())
    walker.to(S.FOLLOW_UP)
    with pytest.raises(Refused) as refusal:
        walker.step("add_follow_up", "pengkaji", ACEH, follow_up_due=day)
    assert refusal.value.field == "follow_up_due"


def test_a_handover_without_an_unlocked_officer_is_impossible(world: World, file_case: FileCase) -> None:
    walker = Walker(world, file_case())
    walker.to(S.VERIFICATION)
    case = walker.complaint.now()
    attempt = Attempt(case, WORKFLOW.move("route_pyb"), {}, Role.SYSTEM, Signature("system"), timezone.now())
    before = situation()
    with pytest.raises(PermissionError):
        flow.carry_out(WORKFLOW, attempt)
    assert situation() == before
