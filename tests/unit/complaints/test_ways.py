"""Whole ways through the procedure: to every end, back, across to another office, and the ticket's view."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from sipuma import vault
from sipuma.cases.access import visible
from sipuma.cases.models import Entry, Seal
from sipuma.cases.opening import Reader
from sipuma.complaints.filing import Filing, file
from sipuma.complaints.notices import to_complainant
from sipuma.complaints.states import BY_NAME, S
from sipuma.complaints.tracking import Tracked, withdraw, write
from sipuma.offices.loading import SECRETARIAT
from sipuma.offices.models import Member, Office, Team, TeamKind
from sipuma.offices.officer import Officer
from sipuma.offices.refusal import Refused
from sipuma.outbox.models import Message
from tests.ways import VALUES, Walker, holder_of
from tests.world import ACEH, KI, MALILI, SABANG, Complaint, FileCase, World


@pytest.fixture
def walker(world: World, file_case: FileCase) -> Walker:
    return Walker(world, file_case(name="Nama Pelapor", callback="0651-1", disclose=True))


def kinds(officer: Officer, complaint: Complaint) -> set[str]:
    """Return the kinds of entries that somebody can open, on a fresh request."""
    officer = Officer(Member.objects.get(pk=officer.member.pk), officer.ring.pair)
    lines = Reader([complaint.now()], officer.private).timeline()
    return {line.entry.kind for line in lines if line.payload}


def holds_key(kind: str, office: str, complaint: Complaint) -> bool:
    keys = Team.objects.get(office_id=office, kind=kind).keys.values_list("fingerprint", flat=True)
    return Seal.objects.filter(object=complaint.case.uid, reader__in=list(keys)).exists()


def labels(complaint: Complaint) -> list[str]:
    return [str(event.label) for event in Tracked(holder_of(complaint)).history]


def public(*states: str) -> list[str]:
    return [str(BY_NAME[state].public) for state in states]


# To the end.


def test_t1_to_the_end(walker: Walker) -> None:
    walker.to(S.DONE)
    case, tracked = walker.complaint.now(), Tracked(holder_of(walker.complaint))
    assert (case.outcome, case.due, case.closed_at is not None) == ("terbukti", None, True)
    assert labels(walker.complaint) == public(S.RECEIVED, S.VERIFICATION, S.PYB, S.DONE)
    assert str(tracked.status) == public(S.DONE)[0]
    assert not tracked.is_open
    assert [letter.text for letter in tracked.conversation] == [VALUES["close_follow_up"]["answer"]]
    assert not holds_key("pyb", KI, walker.complaint)
    assert holds_key("verification", SABANG, walker.complaint)
    assert holds_key("assessment", ACEH, walker.complaint)


def test_t1_not_proven_ends_with_the_study(walker: Walker) -> None:
    walker.assessment()
    walker.step("close_assessment", "pengkaji", ACEH)
    assert (walker.complaint.now().state, walker.complaint.now().outcome) == (S.DONE, "tidak-terbukti")
    assert not holds_key("pyb", KI, walker.complaint)


@pytest.mark.parametrize("kind", ["T2a", "T2b", "T3"])
def test_t2_to_the_end_without_the_pyb(walker: Walker, kind: str) -> None:
    walker.verified(kind)
    walker.step("route_unit", "verifikator")
    walker.step("unit_note", "pengkaji-unit")
    walker.step("close_assessment", "pengkaji-unit", outcome="terjawab")
    assert labels(walker.complaint) == public(S.RECEIVED, S.VERIFICATION, S.UNIT, S.DONE)
    assert not holds_key("pyb", KI, walker.complaint)
    assert not holds_key("unit", SABANG, walker.complaint)
    assert "result" in kinds(walker.world.officer("pengkaji-unit"), walker.complaint)


def test_t2_with_study_and_follow_up_at_another_offices_unit(walker: Walker) -> None:
    walker.verified("T2a")
    walker.step("route_unit", "verifikator", unit=MALILI)
    walker.step("submit_study", "pengkaji-unit", MALILI)
    head = walker.world.officer("kepala-uki", MALILI)
    assert kinds(head, walker.complaint) == {"study"}
    walker.step("approve_study", "kepala-uki", MALILI)
    walker.step("add_follow_up", "pengkaji-unit", MALILI, executor=MALILI)
    walker.step("unit_note", "pengkaji-unit", MALILI)
    walker.step("report_follow_up", "pengkaji-unit", MALILI)
    walker.step("close_follow_up", "pengkaji-unit", MALILI, outcome="terbukti-sebagian")
    assert walker.complaint.now().outcome == "terbukti-sebagian"
    assert "filed" not in kinds(walker.world.officer("pengkaji-unit", MALILI), walker.complaint)
    assert "result" in kinds(walker.world.officer("verifikator"), walker.complaint)


def test_the_verifier_and_the_pyb_can_end_a_case(walker: Walker, file_case: FileCase) -> None:
    walker.to(S.NOT_ACTIONABLE)
    assert walker.complaint.now().reason == "A"
    assert Tracked(holder_of(walker.complaint)).reason
    other = Walker(walker.world, file_case())
    other.pyb()
    other.step("pyb_not_actionable", "pyb", KI)
    assert (other.complaint.now().state, other.complaint.now().reason) == (S.NOT_ACTIONABLE, "F")
    assert not holds_key("pyb", KI, other.complaint)
    letters = Tracked(holder_of(other.complaint)).conversation
    assert [letter.text for letter in letters] == ["Terima kasih."]  # the consideration stays inside


def test_wise_and_its_register(walker: Walker) -> None:
    walker.to(S.WISE)
    assert labels(walker.complaint)[-1:] == public(S.WISE)
    walker.step("record_wise", "pyb", KI)
    walker.step("record_wise", "kepala-uki", SABANG, external_register="WISE-2", correction="Salah ketik.")
    case = walker.complaint.now()
    assert (case.external_register, str(case.external_date), case.state) == ("WISE-2", "2026-01-02", S.WISE)
    with pytest.raises(Refused):
        walker.step("record_wise", "kepala-uki", ACEH)
    with pytest.raises(Refused):
        walker.step("record_wise", "pyb", KI, external_date=None)


# Back.


def test_return_14_the_pyb_loses_the_case_and_the_verifier_goes_on(walker: Walker) -> None:
    walker.pyb()
    pyb = walker.world.officer("pyb", KI)
    assert walker.complaint.case in visible(pyb)
    walker.step("return_verifier", "pyb", KI)
    assert walker.complaint.now().team == walker.complaint.now().verification
    assert walker.complaint.case not in visible(pyb)
    assert not holds_key("pyb", KI, walker.complaint)
    walker.step("assess", "verifikator", type="T2a")
    walker.step("route_unit", "verifikator")
    assert walker.complaint.now().state == S.UNIT


def test_return_15_the_unit_keeps_what_it_was_sent_and_gets_no_more(walker: Walker) -> None:
    walker.to(S.UNIT)
    walker.step("return_unit", "pengkaji-unit")
    assert (walker.complaint.now().state, walker.complaint.now().study) == (S.VERIFICATION, "")
    walker.step("note", "verifikator")
    assert kinds(walker.world.officer("pengkaji-unit"), walker.complaint) == {"referral", "study", "move"}
    walker.step("assess", "verifikator", type="T1")
    walker.step("route_pyb", "verifikator")
    assert walker.complaint.now().state == S.PYB


def test_return_22_the_assessors_lose_the_case_and_the_pyb_disposes_again(walker: Walker) -> None:
    walker.to(S.ASSESSMENT)
    assessor = walker.world.officer("pengkaji", ACEH)
    walker.step("return_pyb", "pengkaji", ACEH)
    assert walker.complaint.now().state == S.PYB
    assert walker.complaint.case not in visible(assessor)
    walker.step("dispose", "pyb", KI, target=KI)
    assert walker.complaint.now().study == ""
    assert "filed" in kinds(walker.world.officer("pengkaji", KI), walker.complaint)


# Across.


def test_a_transfer_moves_everything_and_leaves_the_number_and_the_clock(walker: Walker) -> None:
    walker.verified()
    old, before = walker.world.officer("verifikator"), walker.complaint.now()
    assert {"filed", "identity", "contact-path"} <= kinds(old, walker.complaint)
    walker.step("transfer", "verifikator", target=MALILI)
    after, new = walker.complaint.now(), walker.world.officer("verifikator", MALILI)
    assert (after.register, after.due, after.office) == (before.register, before.due, before.office)
    assert after.team == after.verification == Team.objects.get(office_id=MALILI, kind="verification")
    assert {"filed", "identity", "contact-path", "assessment", "move"} <= kinds(new, walker.complaint)
    assert walker.complaint.case not in visible(old)
    assert kinds(old, walker.complaint) == set()
    old_keys = before.team.keys.values_list("fingerprint", flat=True)
    assert not Seal.objects.filter(reader__in=list(old_keys)).exists()
    with pytest.raises(Refused):
        walker.step("note", "verifikator")
    walker.step("assess", "verifikator", MALILI)
    walker.step("route_pyb", "verifikator", MALILI)
    assert walker.complaint.now().state == S.PYB


def test_a_case_goes_across_and_back(walker: Walker) -> None:
    walker.verified()
    walker.step("transfer", "verifikator", target=ACEH)
    walker.step("transfer", "verifikator", ACEH, target=SABANG)
    assert "identity" in kinds(walker.world.officer("verifikator"), walker.complaint)
    assert walker.complaint.case not in visible(walker.world.officer("verifikator", ACEH))


def test_an_identity_that_was_not_disclosed_stays_shut_after_a_transfer(
    world: World, file_case: FileCase
) -> None:
    walker = Walker(world, file_case(name="Nama Pelapor"))
    walker.verified()
    walker.step("transfer", "verifikator", target=MALILI)
    assert "identity" not in kinds(world.officer("verifikator", MALILI), walker.complaint)


def test_an_empty_office_is_verified_by_its_kanwil(world: World, file_case: FileCase) -> None:
    complaint = file_case()
    for name, values in (("take", {}), ("assess", VALUES["assess"]), ("transfer", VALUES["transfer"])):
        Walker(world, complaint).step(name, "kepala-uki", ACEH, **values)
    assert "filed" in kinds(world.officer("verifikator", MALILI), complaint)


# Where a filing goes.


@pytest.mark.parametrize(
    ("office", "conflict", "goes_to"),
    [
        (None, False, KI),
        (None, True, KI),
        (SABANG, False, SABANG),
        (SABANG, True, ACEH),
        (ACEH, True, KI),
        ("040300", True, KI),
        ("040500", True, KI),
        ("021800", True, "020400"),
    ],
)
def test_a_filing_goes_to_the_office_or_above_it_and_is_numbered_there(
    file_case: FileCase,
    office: str | None,
    conflict: bool,  # noqa: FBT001
    goes_to: str,
) -> None:
    case = file_case(office, conflict=conflict).case
    assert case.team.office_id == case.office_id == goes_to
    assert case.register.startswith(f"{goes_to}-")
    assert case.team.kind == TeamKind.VERIFICATION


def test_a_filing_about_dit_ki_itself_goes_to_the_substitute_outside_it(file_case: FileCase) -> None:
    case = file_case(KI, conflict=True).case
    assert (case.team.office_id, case.team.kind) == (SECRETARIAT, TeamKind.PYB)
    assert case.register.startswith(f"{SECRETARIAT}-")
    assert case.state == S.PYB


def test_the_workers_of_the_receiving_office_are_told_at_once(world: World, file_case: FileCase) -> None:
    world.officer("verifikator", ACEH)
    file_case()
    assert Message.objects.filter(template="staff-case").count() == 1
    Member.objects.update(email="")
    file_case()
    assert Message.objects.filter(template="staff-case").count() == 1


# What the ticket shows and takes.


def test_the_ticket_shows_the_matter_as_filed_and_where_it_is(walker: Walker) -> None:
    tracked = Tracked(holder_of(walker.complaint))
    assert tracked.matter["what"] == "Petugas meminta uang."
    assert (tracked.register, tracked.zone) == (walker.complaint.case.register, "Asia/Jakarta")
    assert (tracked.state, tracked.is_open, tracked.answer_by) == (S.RECEIVED, True, None)
    assert (tracked.question, str(tracked.reason), tracked.conversation) == ("", "", [])


def test_the_ticket_shows_what_is_asked_until_it_is_answered(walker: Walker) -> None:
    walker.waiting()
    tracked = Tracked(holder_of(walker.complaint))
    assert tracked.question == VALUES["request_data"]["question"]
    assert tracked.answer_by is not None
    write(holder_of(walker.complaint), "Senin pagi.")
    tracked = Tracked(holder_of(walker.complaint))
    assert (tracked.question, tracked.answer_by) == ("", None)
    assert [(x.text, x.mine) for x in tracked.conversation] == [
        (VALUES["request_data"]["question"], False),
        ("Senin pagi.", True),
    ]
    assert labels(walker.complaint) == public(S.RECEIVED, S.VERIFICATION, S.WAITING, S.VERIFICATION)


def test_a_transfer_and_notes_do_not_show_in_the_public_history(walker: Walker) -> None:
    walker.verified()
    walker.step("transfer", "verifikator")
    walker.step("note", "verifikator", MALILI)
    assert labels(walker.complaint) == public(S.RECEIVED, S.VERIFICATION)


@pytest.mark.parametrize("state", [S.RECEIVED, S.PYB, S.UNIT, S.DONE, S.WITHDRAWN, S.NOT_ACTIONABLE])
def test_a_message_is_taken_in_every_state_and_moves_nothing(walker: Walker, state: str) -> None:
    walker.to(state)
    write(holder_of(walker.complaint), "Tambahan.")
    assert walker.complaint.now().state == state
    assert not walker.complaint.now().late_answer
    assert "message" in kinds(walker.world.officer("verifikator"), walker.complaint)
    assert Tracked(holder_of(walker.complaint)).conversation[-1].text == "Tambahan."


def test_the_same_message_sent_twice_is_entered_once(walker: Walker) -> None:
    for _time in range(2):
        write(holder_of(walker.complaint), "Tambahan.")
    assert Entry.objects.filter(kind="message").count() == 1
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        write(holder_of(walker.complaint), "Tambahan.")
    assert Entry.objects.filter(kind="message").count() == 2


def test_an_answer_in_the_words_of_an_earlier_message_is_still_an_answer(walker: Walker) -> None:
    write(holder_of(walker.complaint), "Senin pagi.")
    walker.waiting()
    write(holder_of(walker.complaint), "Senin pagi.")
    assert walker.complaint.now().state == S.VERIFICATION


@pytest.mark.parametrize("state", [S.RECEIVED, S.VERIFICATION, S.WAITING, S.PYB, S.UNIT, S.FOLLOW_UP])
def test_an_open_case_can_be_withdrawn_once(walker: Walker, state: str) -> None:
    walker.to(state)
    withdraw(holder_of(walker.complaint), "")
    case = walker.complaint.now()
    assert (case.state, case.due, case.closed_at is not None) == (S.WITHDRAWN, None, True)
    assert labels(walker.complaint)[-1:] == public(S.WITHDRAWN)
    with pytest.raises(Refused):
        withdraw(holder_of(walker.complaint), "")


@pytest.mark.parametrize("state", [S.DONE, S.WISE, S.NOT_ACTIONABLE])
def test_a_closed_case_is_not_withdrawn(walker: Walker, state: str) -> None:
    walker.to(state)
    with pytest.raises(Refused):
        withdraw(holder_of(walker.complaint), "Tidak jadi.")
    assert walker.complaint.now().state == state


def test_whoever_holds_the_case_can_write_to_the_complainant(walker: Walker) -> None:
    walker.to(S.FOLLOW_UP)
    for role, office in (("verifikator", SABANG), ("pyb", KI), ("pengkaji", ACEH), ("kepala-uki", ACEH)):
        walker.step("message", role, office, message=f"Dari {role}")
    texts = [letter.text for letter in Tracked(holder_of(walker.complaint)).conversation]
    assert texts == ["Dari verifikator", "Dari pyb", "Dari pengkaji", "Dari kepala-uki"]
    assert {entry.capacity.kind for entry in Entry.objects.filter(kind="message") if entry.capacity} == {
        "verification",
        "pyb",
        "assessment",
    }


@pytest.mark.usefixtures("world")
def test_the_complainant_is_told_on_every_path_and_only_there() -> None:
    mail, mobile = "a@b.example", "081234567890"
    for email, phone in (("", ""), (mail, ""), ("", mobile), (mail, mobile)):
        form = Filing(what="a", how="b", office=Office.objects.get(pk=SABANG), email=email, phone=phone)
        told = to_complainant(file(form, vault.Ticket.draw()).case)
        assert len(told) == bool(email) + bool(phone)
        assert {one.recipient_key_id for one in told} <= {"contact"}


def test_names_and_texts_stay_out_of_representations(walker: Walker) -> None:
    form = Filing(what="a", how="b", name="Nama", address="Jalan", email="a@b.example", callback="0651")
    assert not {"Nama", "Jalan", "a@b.example", "0651"} & set(repr(form).split("'"))
    assert "0651-1" not in repr(Reader([walker.complaint.case], lambda _fp: None).timeline())
