"""Reported employees who work with SIPUMA: recognised, shut out everywhere, and their head is told (R60)."""

import pytest

from sipuma.cases import flow
from sipuma.cases.access import visible, within_reach
from sipuma.cases.entries import SYSTEM
from sipuma.cases.exclusions import mark_of
from sipuma.cases.models import Case, Exclusion, ReportedEmployee
from sipuma.cases.opening import Reader
from sipuma.complaints.conflict import next_level, somebody_is_above
from sipuma.complaints.excluding import STOPPED, catch_up, colleagues, heads_for
from sipuma.complaints.notices import to_team
from sipuma.complaints.states import S
from sipuma.complaints.workflow import WORKFLOW
from sipuma.offices.joining import Seat, give_seat
from sipuma.offices.loading import SUBSTITUTE
from sipuma.offices.models import Member, Team, TeamKind
from sipuma.offices.nip import members_with, nip_mark
from sipuma.offices.officer import Officer
from sipuma.offices.refusal import Refused
from sipuma.outbox.models import Message
from sipuma.workspace.queue import Wanted, everything, to_do
from tests.ways import Walker, values_of
from tests.world import ACEH, KI, MALILI, SABANG, Complaint, FileCase, RecordCase, World, move

NIP = "198507172010121003"


@pytest.fixture
def walker(world: World, file_case: FileCase) -> Walker:
    walker = Walker(world, file_case())
    walker.verified()
    return walker


def report(walker: Walker, officer: Officer, by: str = "kepala-uki") -> Case:
    """Record an officer as reported, recognised by the recorder."""
    return walker.step("record_employee", by, colleague=str(officer.member.pk), nip="")


def with_nip(officer: Officer) -> Officer:
    Member.objects.filter(pk=officer.member.pk).update(nip=nip_mark(NIP))
    return officer


def conflicts() -> list[Message]:
    return list(Message.objects.filter(template="staff-conflict"))


def obstacles(case: Case, officer: Officer) -> dict[str, str]:
    options = flow.available(WORKFLOW, case, officer)
    return {option.move.name: str(option.obstacle or "") for option in options}


# Recognised.


def test_a_nip_is_kept_as_a_keyed_hash_and_recognised_however_it_is_spaced(world: World) -> None:
    officer = with_nip(world.officer("verifikator"))
    kept = Member.objects.get(pk=officer.member.pk).nip
    assert kept is not None
    assert NIP.encode() not in bytes(kept)
    assert list(members_with("19850717 201012 1 003")) == [officer.member]
    assert list(members_with("")) == list(members_with("12")) == list(members_with("１" * 18)) == []


@pytest.mark.parametrize("typed", ["1", "x" * 18, "1" * 19, "１" * 18])
def test_a_nip_of_a_member_has_18_digits(world: World, typed: str) -> None:
    with pytest.raises(Refused) as refusal:
        nip_mark(typed)
    assert refusal.value.field == "nip"


@pytest.mark.parametrize("office", [SABANG, MALILI])
def test_a_recorded_nip_shuts_its_member_out_wherever_they_work(
    world: World, walker: Walker, office: str
) -> None:
    officer = with_nip(world.officer("verifikator", office))
    walker.step("record_employee", "kepala-uki", nip="19850717 201012 1 003")
    assert bytes(Exclusion.objects.get().mark) == mark_of(officer.member)
    assert not within_reach(officer).exists()


def test_who_is_chosen_and_has_the_nip_is_shut_out_once(world: World, walker: Walker) -> None:
    officer = with_nip(world.officer("verifikator"))
    walker.step("record_employee", "kepala-uki", nip=NIP, colleague=str(officer.member.pk))
    assert Exclusion.objects.count() == 1


def test_a_name_that_nobody_chose_shuts_nobody_out(world: World, walker: Walker) -> None:
    walker.step("record_employee", "verifikator", employee_name=world.officer("verifikator").member.name)
    assert not Exclusion.objects.exists()
    assert conflicts() == []


def test_the_colleagues_to_choose_from_work_where_the_case_may_come(world: World, walker: Walker) -> None:
    near = [world.officer("verifikator"), world.officer("kepala-uki", ACEH), world.officer("pyb", KI)]
    far = world.officer("verifikator", MALILI)
    offered = {value for value, _label in colleagues(walker.complaint.now())}
    assert {str(one.member.pk) for one in near} <= offered
    assert str(far.member.pk) not in offered
    assert colleagues(None) == ()


def test_a_colleague_from_elsewhere_can_not_be_sent_in_by_hand(world: World, walker: Walker) -> None:
    far = world.officer("verifikator", MALILI)
    with pytest.raises(Refused) as refusal:
        report(walker, far)
    assert refusal.value.field == "colleague"


def test_the_stored_mark_names_nobody(world: World, walker: Walker) -> None:
    officer = world.officer("verifikator")
    report(walker, officer)
    mark = bytes(Exclusion.objects.get().mark)
    assert mark not in {bytes(officer.member.fingerprint or b""), str(officer.member.pk).encode()}
    assert len(mark) == 32


# Shut out.


def test_a_reported_colleague_loses_the_case_from_every_list(world: World, walker: Walker) -> None:
    officer = world.officer("verifikator")
    assert visible(officer).exists()
    report(walker, officer)
    fresh = world.officer("verifikator")
    assert not visible(fresh).exists()
    assert not within_reach(fresh).exists()
    assert list(to_do(fresh, Wanted()).cases) == list(everything(fresh, Wanted()).cases) == []
    head = world.officer("kepala-uki")
    assert [case.pk for case in to_do(head, Wanted()).cases] == [walker.complaint.case.pk]
    assert [case.pk for case in everything(head, Wanted()).cases] == [walker.complaint.case.pk]


def test_a_page_that_was_open_before_makes_no_move_any_more(world: World, walker: Walker) -> None:
    officer = world.officer("verifikator")
    stale = walker.complaint.now()
    report(walker, officer)
    with pytest.raises(Refused):
        flow.make(WORKFLOW, stale, "note", values_of("note", stale), by=officer)


def test_a_reported_colleague_gets_no_notice_of_the_case(world: World, walker: Walker) -> None:
    officer = world.officer("verifikator")
    world.officer("kepala-uki")
    report(walker, officer)
    team, register = walker.complaint.case.verification, walker.complaint.case.register
    assert len(to_team(team, register)) == 1
    assert len(to_team(team, f"{SABANG}-2026-999999")) == 2


def test_taken_out_as_a_mistake_the_colleague_comes_back(world: World, walker: Walker) -> None:
    officer = world.officer("verifikator")
    report(walker, officer)
    walker.step("retract_employee", "kepala-uki")
    assert visible(world.officer("verifikator")).exists()


def test_at_the_desk_a_reported_colleague_is_shut_out_too(world: World, record_case: RecordCase) -> None:
    walker = Walker(world, record_case())
    unit = world.officer("verifikator")
    walker.step("desk_employee", "penerima", colleague=str(unit.member.pk), nip="")
    assert not visible(world.officer("verifikator")).exists()
    receiver = world.officer("penerima")
    walker.step("desk_employee", "penerima", colleague=str(receiver.member.pk), nip="")
    assert not within_reach(world.officer("penerima")).exists()


def test_who_became_a_member_later_is_shut_out_when_a_handler_opens_the_case(
    world: World, walker: Walker
) -> None:
    walker.step("record_employee", "kepala-uki", nip=NIP)
    late = with_nip(world.officer("verifikator"))
    case = walker.complaint.now()
    entry = Reader([case], world.officer("kepala-uki").private).timeline(kind="employee")[0]
    payloads = {ReportedEmployee.objects.get().pk: entry.payload or {}}
    catch_up(case, {}, by=SYSTEM)
    assert not Exclusion.objects.exists()
    for _again in range(2):
        catch_up(case, payloads, by=SYSTEM)
    assert Exclusion.objects.count() == 1
    assert not visible(late).exists()
    assert case.entries.filter(kind="exclusion").count() == 1
    assert len(conflicts()) == 1


# Who is told.


def test_the_head_of_uki_is_told_and_an_entry_says_who(world: World, walker: Walker) -> None:
    head = world.officer("kepala-uki")
    report(walker, world.officer("verifikator"))
    assert len(conflicts()) == 1
    entry = Reader([walker.complaint.now()], head.private).timeline(kind="exclusion")[0]
    assert "Petugas verifikator 130300" in str(entry.payload)
    assert heads_for(walker.complaint.now()) == [head.member]


def test_of_the_staff_of_another_office_no_name_is_given_away(world: World, walker: Walker) -> None:
    head = world.officer("kepala-uki")
    with_nip(world.officer("verifikator", MALILI))
    walker.step("record_employee", "kepala-uki", nip=NIP)
    entry = Reader([walker.complaint.now()], head.private).timeline(kind="exclusion")[0]
    assert "Petugas" not in str(entry.payload).replace("Petugas kepala", "")
    assert "Malili" in str(entry.payload)
    # Who could not open it anyway loses nothing, and nobody is alarmed.
    assert conflicts() == []


def test_of_a_reported_head_the_level_above_is_told(world: World, walker: Walker) -> None:
    head, above = world.officer("kepala-uki"), world.officer("kepala-uki", ACEH)
    report(walker, head, by="verifikator")
    assert heads_for(walker.complaint.now()) == [above.member]
    assert len(conflicts()) == 1


def test_where_everybody_above_is_reported_nobody_is_told(world: World, walker: Walker) -> None:
    for officer in (world.officer("kepala-uki", ACEH), world.officer("kepala-uki")):
        report(walker, officer, by="verifikator")
    assert heads_for(walker.complaint.now()) == []


# What may still be done.


def test_a_unit_with_a_reported_colleague_only_gives_the_case_away(world: World, walker: Walker) -> None:
    world.officer("verifikator", ACEH)
    report(walker, world.officer("verifikator"))
    found = obstacles(walker.complaint.now(), world.officer("kepala-uki"))
    stopped = {
        name for name, why in found.items() if "one level up first" in why or "naik satu tingkat" in why
    }
    assert {"assess", "request_data", "not_actionable", "route_pyb", "route_unit", "transfer"} <= stopped
    assert {"escalate_conflict", "record_employee", "note"} <= found.keys() - stopped
    with pytest.raises(Refused):
        walker.step("route_pyb", "kepala-uki")
    assert walker.step("escalate_conflict", "kepala-uki").state == S.MOVED


def test_the_exclusion_goes_with_the_case_and_stays_on_the_old_number(world: World, walker: Walker) -> None:
    above = world.officer("verifikator", ACEH)
    officer = world.officer("pengkaji-unit")
    report(walker, officer)
    walker.step("escalate_conflict", "verifikator")
    new = Case.objects.get(predecessor=walker.complaint.case)
    marks = {(one.case_id, bytes(one.mark)) for one in Exclusion.objects.all()}
    assert marks == {(pk, mark_of(officer.member)) for pk in (new.pk, walker.complaint.case.pk)}
    assert visible(above).filter(pk=new.pk).exists()


def test_it_goes_up_past_a_level_where_somebody_is_reported(world: World, walker: Walker) -> None:
    world.officer("kepala-uki", KI)
    report(walker, world.officer("kepala-uki", ACEH))
    assert next_level(walker.complaint.now()).office_id == KI
    walker.step("escalate_conflict", "verifikator")
    new = Complaint(Case.objects.get(predecessor=walker.complaint.case), walker.complaint.ticket)
    assert new.case.register.startswith(f"{KI}-")


def test_a_reported_substitute_gets_nothing(world: World, file_case: FileCase) -> None:
    substitute = world.officer("pyb", SUBSTITUTE)
    walker = Walker(world, file_case(KI))
    walker.step("take", "verifikator", KI)
    Member.objects.filter(pk=substitute.member.pk).update(nip=nip_mark(NIP))
    walker.step("record_employee", "verifikator", KI, nip=NIP)
    assert somebody_is_above(walker.complaint.now()) is not None


def test_what_is_about_a_pyb_does_not_go_to_the_pyb(world: World, walker: Walker) -> None:
    report(walker, world.officer("pyb", KI))
    with pytest.raises(Refused, match="PYB"):
        walker.step("route_pyb", "verifikator")


@pytest.mark.parametrize(("name", "field"), [("route_unit", "unit"), ("transfer", "target")])
def test_nothing_is_given_to_a_team_of_a_reported_employee(
    world: World, walker: Walker, name: str, field: str
) -> None:
    role = "pengkaji-unit" if name == "route_unit" else "verifikator"
    with_nip(world.officer(role, MALILI))
    walker.step("record_employee", "kepala-uki", nip=NIP)
    walker.step("assess", "verifikator", type="T2a")
    with pytest.raises(Refused) as refusal:
        walker.step(name, "verifikator", **{field: MALILI})
    assert refusal.value.field == field


# Complaints about Dit. KI itself.


def test_the_substitute_forwards_to_wise_and_does_nothing_else(world: World, file_case: FileCase) -> None:
    complaint = file_case(KI, conflict=True)
    pyb = world.officer("pyb", SUBSTITUTE)
    found = obstacles(complaint.now(), pyb)
    assert {name for name, why in found.items() if not why} == {
        *("forward_wise", "message", "note", "take_on", "assign"),
    }
    for office in (KI, MALILI):
        for role in ("pyb", "verifikator", "kepala-uki") if office == KI else ("verifikator",):
            assert not visible(world.officer(role, office)).exists()
    with pytest.raises(Refused) as refusal:
        move(complaint, "forward_wise", by=pyb, ground="UNRELATED", reason="Bukan tugas DJBC.")
    assert refusal.value.field == "ground"
    move(complaint, "forward_wise", by=pyb, ground="COI_DIT_KI", reason="Dit. KI diadukan.")
    assert complaint.now().state == S.WISE


def test_elsewhere_the_ground_of_the_substitute_is_not_offered(world: World, file_case: FileCase) -> None:
    walker = Walker(world, file_case())
    walker.pyb()
    with pytest.raises(Refused) as refusal:
        walker.step("forward_wise", "pyb", KI, ground="COI_DIT_KI")
    assert refusal.value.field == "ground"


def test_the_substitute_sits_in_no_team_of_dit_ki(world: World) -> None:
    substitute = Team.objects.get(office_id=SUBSTITUTE, kind=TeamKind.PYB)
    with pytest.raises(Refused) as refusal:
        give_seat(member=world.officer("verifikator", KI).member, seat=Seat(substitute))
    assert refusal.value.field == "team"
    team = Team.objects.get(office_id=KI, kind=TeamKind.VERIFICATION)
    with pytest.raises(Refused):
        give_seat(member=world.officer("pyb", SUBSTITUTE).member, seat=Seat(team))


@pytest.mark.parametrize("late", [False, True], ids=["reported before", "reported after joining"])
def test_who_is_reported_in_a_joined_complaint_does_not_see_the_main_case(
    world: World, file_case: FileCase, record_case: RecordCase, *, late: bool
) -> None:
    assessor = world.officer("pengkaji", ACEH)
    main = Walker(world, file_case()).to(S.ASSESSMENT)
    twin = Walker(world, record_case()).to(S.VERIFICATION)
    if not late:
        twin.step("desk_employee", "penerima", colleague=str(assessor.member.pk), nip="")
    assert main.complaint.case in visible(assessor)
    register = main.complaint.case.register
    twin.step("propose_closing", "verifikator", closing_kind="duplicate", joins=register)
    twin.step("confirm_closing", "kepala-uki")
    if late:
        twin.step("desk_employee", "penerima", colleague=str(assessor.member.pk), nip="")
    assert main.complaint.case not in visible(assessor)
    twin.step("undo_closing", "kepala-uki")
    assert main.complaint.case in visible(assessor)


# Who holds the case in a state, and who of the same team could act beside them.
HOLDING = [
    (S.RECEIVED, ("verifikator", SABANG), ("kepala-uki", SABANG)),
    (S.VERIFICATION, ("verifikator", SABANG), ("kepala-uki", SABANG)),
    (S.PYB, ("pyb", KI), ("verifikator", SABANG)),
    (S.ASSESSMENT, ("pengkaji", ACEH), ("kepala-uki", ACEH)),
    (S.UNIT, ("pengkaji-unit", SABANG), ("verifikator", SABANG)),
    (S.FOLLOW_UP, ("pengkaji", ACEH), ("kepala-uki", ACEH)),
]


@pytest.mark.parametrize(("state", "reported", "beside"), HOLDING, ids=[row[0] for row in HOLDING])
def test_in_every_state_a_reported_holder_makes_no_move_and_the_team_decides_nothing(
    world: World,
    record_case: RecordCase,
    state: str,
    reported: tuple[str, str],
    beside: tuple[str, str],
) -> None:
    walker = Walker(world, record_case()).to(state)
    member, colleague = world.officer(*reported), world.officer(*beside)
    walker.step("desk_employee", "penerima", colleague=str(member.member.pk), nip="")
    case = walker.complaint.now()
    assert case not in within_reach(world.officer(*reported))
    assert flow.available(WORKFLOW, case, world.officer(*reported)) == []
    for name in (one.name for one in WORKFLOW.moves):
        with pytest.raises(Refused):
            flow.make(WORKFLOW, case, name, values_of(name, case), by=world.officer(*reported))
    free = {name for name, why in obstacles(case, colleague).items() if not why}
    assert not free & set(STOPPED)
