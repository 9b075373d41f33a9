"""Who works on a case: taken on, handed over, given back; it ends with the team and with the membership."""

import pytest

from sipuma.cases import flow
from sipuma.cases.assignment import end_stale_assignments, release
from sipuma.cases.models import Case, Entry
from sipuma.complaints.states import S
from sipuma.complaints.workflow import WORKFLOW
from sipuma.offices.joining import disable
from sipuma.offices.models import Member, Membership, TeamKind
from sipuma.offices.refusal import Refused
from sipuma.outbox.models import Message
from tests.ways import Walker
from tests.world import ACEH, KI, MALILI, SABANG, Complaint, FileCase, World, move

HEAD = f"kepala-uki.{SABANG}"


def assignee_of(complaint: Complaint) -> str:
    member = complaint.now().assignee
    return member.user.get_username() if member else ""


def notices() -> int:
    return Message.objects.filter(template="staff-assigned").count()


@pytest.fixture
def complaint(world: World, file_case: FileCase) -> Complaint:
    """Return a case of a team in which a verifier and a head of UKI work."""
    world.officer("kepala-uki")
    world.officer("verifikator")
    return file_case()


def test_a_case_is_taken_on_handed_over_and_given_back(world: World, complaint: Complaint) -> None:
    verifier = world.officer("verifikator")
    move(complaint, "take_on", by=verifier)
    assert assignee_of(complaint) == f"verifikator.{SABANG}"
    assert notices() == 0
    move(complaint, "assign", by=verifier, assignee=HEAD, note="Tinggal menelepon pengadu.")
    assert assignee_of(complaint) == HEAD
    assert notices() == 1
    move(complaint, "unassign", by=world.officer("kepala-uki"), note="")
    assert assignee_of(complaint) == ""
    made = Entry.objects.filter(case=complaint.case, kind="assignment").values_list("move", flat=True)
    assert list(made) == ["take_on", "assign", "unassign"]


def test_who_assigns_to_themselves_gets_no_notice(world: World, complaint: Complaint) -> None:
    move(complaint, "assign", by=world.officer("kepala-uki"), assignee=HEAD, note="")
    assert assignee_of(complaint) == HEAD
    assert notices() == 0


def test_a_colleague_without_an_address_is_assigned_all_the_same(world: World, complaint: Complaint) -> None:
    Member.objects.filter(user__username=HEAD).update(email="")
    move(complaint, "assign", by=world.officer("verifikator"), assignee=HEAD, note="")
    assert assignee_of(complaint) == HEAD
    assert notices() == 0


@pytest.mark.parametrize(
    "name", ["", "nobody.130300", f"verifikator.{MALILI}", f"pengkaji.{ACEH}", f"pyb.{KI}"]
)
def test_a_case_goes_to_people_of_its_own_team_only(world: World, complaint: Complaint, name: str) -> None:
    for role, office in (("verifikator", MALILI), ("pengkaji", ACEH), ("pyb", KI)):
        world.officer(role, office)
    with pytest.raises(Refused) as refusal:
        move(complaint, "assign", by=world.officer("verifikator"), assignee=name, note="")
    assert refusal.value.field == "assignee"
    assert assignee_of(complaint) == ""


def test_who_has_the_case_is_not_assigned_once_more(world: World, complaint: Complaint) -> None:
    move(complaint, "assign", by=world.officer("verifikator"), assignee=HEAD, note="")
    with pytest.raises(Refused) as refusal:
        move(complaint, "assign", by=world.officer("verifikator"), assignee=HEAD, note="")
    assert refusal.value.field == "assignee"
    with pytest.raises(Refused):
        move(complaint, "take_on", by=world.officer("kepala-uki"))
    assert notices() == 1


def test_what_nobody_has_cannot_be_given_back(world: World, complaint: Complaint) -> None:
    with pytest.raises(Refused):
        move(complaint, "unassign", by=world.officer("verifikator"), note="")


def test_the_whole_team_may_still_act(world: World, complaint: Complaint) -> None:
    move(complaint, "take_on", by=world.officer("kepala-uki"))
    move(complaint, "take", by=world.officer("verifikator"))
    assert complaint.now().state == S.VERIFICATION
    assert assignee_of(complaint) == HEAD


def test_an_assignment_ends_when_another_team_gets_the_case(world: World, complaint: Complaint) -> None:
    walker = Walker(world, complaint)
    move(complaint, "take_on", by=world.officer("kepala-uki"))
    walker.pyb()
    assert assignee_of(complaint) == ""
    move(complaint, "take_on", by=world.officer("pyb", KI))
    walker.step("return_verifier", "pyb", KI)
    assert assignee_of(complaint) == ""


def test_an_assignment_ends_with_the_case(world: World, complaint: Complaint) -> None:
    walker = Walker(world, complaint)
    walker.verified()
    move(complaint, "take_on", by=world.officer("verifikator"))
    walker.step("not_actionable", "verifikator")
    assert complaint.now().assignee is None


def test_of_two_who_assign_at_once_one_wins(world: World, complaint: Complaint) -> None:
    row = complaint.now()
    move(complaint, "take_on", by=world.officer("kepala-uki"))
    with pytest.raises(Refused):
        flow.make(WORKFLOW, row, "take_on", {}, by=world.officer("verifikator"))
    assert assignee_of(complaint) == HEAD


def test_disabling_a_member_frees_their_cases_and_the_timeline_says_so(
    world: World, complaint: Complaint
) -> None:
    head = world.officer("kepala-uki")
    move(complaint, "take_on", by=head)
    disable(head.member)
    assert release(head.member) == 1
    assert assignee_of(complaint) == ""
    assert Entry.objects.filter(case=complaint.case, kind="assignment-ended", author="system").count() == 1


def test_the_sweep_frees_cases_of_people_who_left_the_team_and_no_others(
    world: World, file_case: FileCase, complaint: Complaint
) -> None:
    kept = file_case()
    move(complaint, "take_on", by=world.officer("kepala-uki"))
    move(kept, "take_on", by=world.officer("verifikator"))
    assert end_stale_assignments() == 0
    head = world.officer("kepala-uki").member
    Membership.objects.filter(member=head, team__kind=TeamKind.VERIFICATION).update(let_in_at=None)
    assert end_stale_assignments() == 1
    assert end_stale_assignments() == 0
    assert assignee_of(complaint) == ""
    assert assignee_of(kept) == f"verifikator.{SABANG}"


def test_an_assignment_that_changed_meanwhile_is_left_alone(
    world: World, complaint: Complaint, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = world.officer("kepala-uki")
    move(complaint, "take_on", by=head)
    row = complaint.now()
    move(complaint, "assign", by=head, assignee=f"verifikator.{SABANG}", note="")
    monkeypatch.setattr(Case.objects, "filter", _first_returns([row], Case.objects.filter))
    assert release(head.member) == 0
    assert assignee_of(complaint) == f"verifikator.{SABANG}"


def _first_returns(rows: list[Case], then: object) -> object:
    answers = iter([rows])
    return lambda *args, **kwargs: next(answers, None) or then(*args, **kwargs)  # type: ignore[operator]


def test_the_people_of_the_team_above_work_for_an_empty_team(world: World, file_case: FileCase) -> None:
    above = world.officer("kepala-uki", "110000")
    case = file_case(MALILI)
    move(case, "take_on", by=above)
    assert assignee_of(case) == "kepala-uki.110000"
    assert end_stale_assignments() == 0
    world.officer("verifikator", MALILI)
    assert end_stale_assignments() == 1


def test_a_unit_hands_over_with_a_note_that_it_can_read(world: World, file_case: FileCase) -> None:
    complaint = file_case()
    Walker(world, complaint).unit()
    unit = world.officer("pengkaji-unit")
    move(complaint, "take_on", by=unit)
    move(complaint, "unassign", by=unit, note="Menunggu hasil.")
    entries = Entry.objects.filter(case=complaint.case, kind="assignment")
    assert {entry.audience for entry in entries} == {"unit"}
