"""Duplicates and spam: two people close them, both tickets go on working, nothing is lost (move 23)."""

import pytest
import time_machine

from sipuma import vault
from sipuma.cases import flow
from sipuma.cases.access import visible, within_reach
from sipuma.cases.models import Case, Seal
from sipuma.cases.opening import Reader
from sipuma.complaints import tracking
from sipuma.complaints.states import S
from sipuma.complaints.tracking import Tracked, write
from sipuma.complaints.workflow import WORKFLOW
from sipuma.offices.refusal import Refused
from sipuma.offices.trust import Untrusted
from sipuma.outbox.models import Message
from tests.ways import Walker, holder_of
from tests.world import ACEH, KI, MALILI, SABANG, Complaint, FileCase, World


@pytest.fixture
def main(world: World, file_case: FileCase) -> Walker:
    return Walker(world, file_case(what="Pungli di dermaga."))


@pytest.fixture
def twin(world: World, file_case: FileCase) -> Walker:
    """Return a second complaint about the same matter, verified."""
    return Walker(world, file_case(what="Uang rokok di dermaga.", email="kedua@surat.example")).to(
        S.VERIFICATION
    )


def propose(walker: Walker, joins: str) -> Case:
    return walker.step("propose_closing", "verifikator", closing_kind="duplicate", joins=joins)


def join(twin: Walker, main: Walker) -> Case:
    propose(twin, main.complaint.case.register)
    return twin.step("confirm_closing", "kepala-uki")


def obstacle(walker: Walker, name: str, role: str) -> str:
    options = flow.available(WORKFLOW, walker.complaint.now(), walker.world.officer(role))
    return str(next(option.obstacle for option in options if option.move.name == name) or "")


def conversation(complaint: Complaint) -> list[str]:
    return [letter.text for letter in Tracked(holder_of(complaint)).conversation]


def notices_to(register: str) -> int:
    return Message.objects.filter(reference=register, template="staff-case").count()


# The proposal


@pytest.mark.parametrize("joins", ["", "   ", "130300-2026-999999", "x" * 30])
def test_a_duplicate_names_a_complaint_that_is_there(twin: Walker, joins: str) -> None:
    with pytest.raises(Refused) as refusal:
        propose(twin, joins)
    assert refusal.value.field == "joins"
    assert twin.complaint.now().closing == ""


def test_a_duplicate_does_not_join_itself(twin: Walker) -> None:
    with pytest.raises(Refused) as refusal:
        propose(twin, twin.complaint.case.register)
    assert refusal.value.field == "joins"


def test_a_complaint_of_another_office_reads_as_if_it_were_not_there(
    twin: Walker, file_case: FileCase
) -> None:
    there = file_case(office=MALILI)
    with pytest.raises(Refused) as other:
        propose(twin, there.case.register)
    with pytest.raises(Refused) as none:
        propose(twin, "110400-2026-999999")
    assert str(other.value) == str(none.value)


def test_spam_joins_nothing(twin: Walker, main: Walker) -> None:
    with pytest.raises(Refused) as refusal:
        twin.step("propose_closing", "verifikator", joins=main.complaint.case.register)
    assert refusal.value.field == "joins"


def test_nothing_joins_what_is_closed_itself_or_was_withdrawn(twin: Walker, main: Walker) -> None:
    main.to(S.WITHDRAWN)
    with pytest.raises(Refused):
        propose(twin, main.complaint.case.register)


def test_two_complaints_never_join_each_other(twin: Walker, main: Walker) -> None:
    main.to(S.VERIFICATION)
    propose(twin, main.complaint.case.register)
    with pytest.raises(Refused) as refusal:
        propose(main, twin.complaint.case.register)
    assert refusal.value.field == "joins"


def test_what_was_true_when_proposed_is_asked_again_when_confirmed(twin: Walker, main: Walker) -> None:
    main.to(S.VERIFICATION)
    propose(twin, main.complaint.case.register)
    tracking.withdraw(holder_of(main.complaint), "")
    with pytest.raises(Refused):
        twin.step("confirm_closing", "kepala-uki")
    assert twin.complaint.now().state == S.VERIFICATION


def test_two_people_decide(twin: Walker, main: Walker) -> None:
    register = main.complaint.case.register
    twin.step("propose_closing", "kepala-uki", closing_kind="duplicate", joins=register)
    assert obstacle(twin, "confirm_closing", "kepala-uki") != ""
    assert obstacle(twin, "refuse_closing", "kepala-uki") != ""
    with pytest.raises(Refused):
        twin.step("confirm_closing", "kepala-uki")
    with pytest.raises(Refused):
        twin.step("take_back_closing", "verifikator")
    assert twin.step("take_back_closing", "kepala-uki").closing == ""


def test_a_refused_proposal_leaves_the_case_as_it_was(twin: Walker, main: Walker) -> None:
    propose(twin, main.complaint.case.register)
    case = twin.step("refuse_closing", "kepala-uki")
    assert (case.closing, case.joins, case.state) == ("", None, S.VERIFICATION)
    assert obstacle(twin, "confirm_closing", "kepala-uki") != ""


def test_no_case_leaves_verification_while_a_proposal_stands(twin: Walker, main: Walker) -> None:
    propose(twin, main.complaint.case.register)
    for name in ("route_pyb", "route_unit", "not_actionable", "request_data", "transfer", "propose_closing"):
        assert obstacle(twin, name, "verifikator") != "", name


# A duplicate


def test_a_joined_ticket_shows_how_the_matter_goes_on_and_no_word_of_the_other(
    twin: Walker, main: Walker
) -> None:
    join(twin, main)
    main.to(S.VERIFICATION)
    tracked = Tracked(holder_of(twin.complaint))
    assert tracked.is_joined
    assert str(tracked.status) == str(Tracked(holder_of(main.complaint)).status)
    assert any(one in str(event.label) for event in tracked.history for one in ("Digabung", "Joined"))
    assert str(tracked.history[-1].label) == str(tracked.status)
    said = " ".join([*conversation(twin.complaint), *tracked.matter.values(), tracked.register])
    assert main.complaint.case.register not in said
    assert "Pungli" not in said
    assert not Tracked(holder_of(main.complaint)).is_joined


def test_who_holds_the_main_case_opens_those_that_joined_it_wherever_it_goes(
    twin: Walker, main: Walker
) -> None:
    join(twin, main)
    main.to(S.ASSESSMENT)
    case = twin.complaint.now()
    assessor = main.world.officer("pengkaji", ACEH)
    assert within_reach(assessor).filter(pk=case.pk).exists()
    opened = Reader([case], assessor.private).timeline(kind="filed")
    assert opened[0].payload is not None
    assert opened[0].payload["what"] == "Uang rokok di dermaga."
    names = {option.move.name for option in flow.available(WORKFLOW, case, assessor)}
    assert names == {"message", "note"}
    # Others don't, nor does a unit that reads only what was addressed to it.
    for role, office in (("pengkaji", KI), ("verifikator", MALILI), ("pengkaji-unit", SABANG)):
        assert not within_reach(main.world.officer(role, office)).filter(pk=case.pk).exists()


def test_evidence_of_a_joined_complaint_is_there_for_those_who_hold_the_main_case(
    twin: Walker, main: Walker
) -> None:
    join(twin, main)
    main.to(S.ASSESSMENT)
    case = twin.complaint.now()
    assert visible(main.world.officer("pengkaji", ACEH)).filter(pk=case.pk).exists()
    assert not visible(main.world.officer("pengkaji", KI)).filter(pk=case.pk).exists()
    assert not visible(main.world.officer("penerima")).filter(pk=case.pk).exists()


def test_an_answer_that_comes_second_is_kept_all_the_same(
    twin: Walker, main: Walker, monkeypatch: pytest.MonkeyPatch
) -> None:
    join(twin, main)
    main.to(S.WAITING)

    def overtaken(*_given: object) -> None:
        raise Refused("Somebody else was faster.")

    monkeypatch.setattr(flow, "carry_out", overtaken)
    write(holder_of(twin.complaint), "Hari Senin.")
    assert conversation(twin.complaint)[-1] == "Hari Senin."


def test_a_declined_request_of_the_main_case_is_no_answer_for_who_joins_later(
    twin: Walker, main: Walker
) -> None:
    main.to(S.DONE)
    main.asked_to_reopen()
    main.step("decline_reopening", "kepala-uki")
    join(twin, main)
    assert conversation(twin.complaint)[-1] == "Laporan Anda ditindaklanjuti."


def test_a_case_with_keys_that_were_exchanged_is_joined_by_nobody(twin: Walker, main: Walker) -> None:
    propose(twin, main.complaint.case.register)
    Case.objects.filter(pk=main.complaint.case.pk).update(public=vault.generate().public.raw)
    with pytest.raises(Untrusted):
        twin.step("confirm_closing", "kepala-uki")
    assert twin.complaint.now().state == S.VERIFICATION


def test_a_proposal_alone_opens_nothing(twin: Walker, main: Walker) -> None:
    main.to(S.ASSESSMENT)
    propose(twin, main.complaint.case.register)
    case = twin.complaint.now()
    assert not within_reach(main.world.officer("pengkaji", ACEH)).filter(pk=case.pk).exists()
    assert not Tracked(holder_of(twin.complaint)).is_joined


def test_the_answer_reaches_every_complainant(twin: Walker, main: Walker) -> None:
    join(twin, main)
    before = Message.objects.filter(reference=twin.complaint.case.register, template="news").count()
    main.to(S.DONE)
    assert (
        conversation(main.complaint)[-1]
        == conversation(twin.complaint)[-1]
        == "Laporan Anda ditindaklanjuti."
    )
    assert (
        Message.objects.filter(reference=twin.complaint.case.register, template="news").count() == before + 1
    )


def test_who_joins_an_answered_case_reads_its_answer(twin: Walker, main: Walker) -> None:
    main.to(S.DONE)
    join(twin, main)
    assert conversation(twin.complaint)[-1] == "Laporan Anda ditindaklanjuti."


def test_joining_a_closed_case_without_an_answer_tells_none(twin: Walker, main: Walker) -> None:
    main.to(S.WISE)
    join(twin, main)
    assert len(conversation(twin.complaint)) == 1


def test_a_question_is_not_quoted_to_the_others_but_each_may_answer_it(twin: Walker, main: Walker) -> None:
    join(twin, main)
    main.to(S.VERIFICATION)
    main.step("request_data", "verifikator", question="Anda menulis «pungli»: kapan?")
    told = conversation(twin.complaint)[-1]
    assert "pungli" not in told
    assert "WIB" in told
    write(holder_of(twin.complaint), "Hari Senin.")
    assert main.complaint.now().state == S.VERIFICATION
    assert "Hari Senin." not in conversation(main.complaint)


def test_an_answer_of_a_joined_complaint_after_the_period_answers_nothing(twin: Walker, main: Walker) -> None:
    join(twin, main)
    main.to(S.WAITING)
    due = main.complaint.now().due
    assert due is not None
    with time_machine.travel(due, tick=False):
        write(holder_of(twin.complaint), "Hari Senin.")
    assert main.complaint.now().state == S.WAITING


def test_a_lapse_is_told_to_all(twin: Walker, main: Walker) -> None:
    join(twin, main)
    main.to(S.WAITING)
    due = main.complaint.now().due
    assert due is not None
    with time_machine.travel(due, tick=False):
        main.step("lapse", "verifikator")
    assert conversation(twin.complaint)[-1] == conversation(main.complaint)[-1]
    assert Tracked(holder_of(twin.complaint)).reason == Tracked(holder_of(main.complaint)).reason


def test_what_a_joined_complainant_writes_reaches_the_handlers_of_the_main_case(
    twin: Walker, main: Walker
) -> None:
    join(twin, main)
    main.to(S.ASSESSMENT)
    before = notices_to(main.complaint.case.register)
    write(holder_of(twin.complaint), "Ada foto.")
    assert notices_to(main.complaint.case.register) > before


def test_new_data_of_a_joined_complaint_reopens_the_main_case(twin: Walker, main: Walker) -> None:
    join(twin, main)
    main.to(S.NOT_ACTIONABLE)
    assert obstacle(main, "reopen", "kepala-uki") != ""
    write(holder_of(twin.complaint), "Ada foto.")
    assert main.step("reopen", "kepala-uki").state == S.VERIFICATION
    assert str(Tracked(holder_of(twin.complaint)).status) == str(Tracked(holder_of(main.complaint)).status)


def test_a_withdrawal_of_the_main_case_ends_nobody_elses_complaint(twin: Walker, main: Walker) -> None:
    join(twin, main)
    main.to(S.WITHDRAWN)
    case = twin.complaint.now()
    assert (case.state, case.joins, case.closing) == (S.VERIFICATION, None, "")
    assert case.closed_at is None
    assert case.due is not None


def test_a_main_case_that_turns_out_to_be_spam_takes_nobody_with_it(twin: Walker, main: Walker) -> None:
    join(twin, main)
    main.to(S.CLOSED)
    assert twin.complaint.now().state == S.VERIFICATION
    assert not Tracked(holder_of(twin.complaint)).is_joined


def test_a_chain_of_duplicates_is_shortened_to_its_end(
    twin: Walker, main: Walker, file_case: FileCase
) -> None:
    join(twin, main)
    main.to(S.VERIFICATION)
    third = Walker(main.world, file_case(what="Yang pertama."))
    join(main, third)
    case = twin.complaint.now()
    assert case.joins == third.complaint.case
    third.to(S.ASSESSMENT)
    assessor = main.world.officer("pengkaji", ACEH)
    for one in (case, main.complaint.now()):
        assert within_reach(assessor).filter(pk=one.pk).exists()
        assert Reader([one], assessor.private).case_key(one) is not None
    assert not Seal.objects.filter(case=case, reader=main.complaint.now().public_key.fingerprint).exists()


def test_a_mistaken_duplicate_goes_on_by_itself_and_its_new_readers_lose_it(
    twin: Walker, main: Walker
) -> None:
    join(twin, main)
    main.to(S.ASSESSMENT)
    case = twin.step("undo_closing", "kepala-uki")
    assert (case.state, case.joins, case.closing, case.closed_at) == (S.VERIFICATION, None, "", None)
    assert not within_reach(main.world.officer("pengkaji", ACEH)).filter(pk=case.pk).exists()
    assert not Tracked(holder_of(twin.complaint)).is_joined


def test_a_handler_of_the_main_case_writes_to_the_joined_complainant(twin: Walker, main: Walker) -> None:
    join(twin, main)
    main.to(S.ASSESSMENT)
    twin.step("message", "pengkaji", ACEH, message="Apakah Anda masih menyimpan fotonya?")
    assert conversation(twin.complaint)[-1] == "Apakah Anda masih menyimpan fotonya?"
    assert "Apakah" not in " ".join(conversation(main.complaint))


# Spam


def test_spam_is_told_kept_and_can_be_taken_back(twin: Walker) -> None:
    twin.step("propose_closing", "verifikator")
    case = twin.step("confirm_closing", "kepala-uki")
    assert (case.state, case.closing, case.joins) == (S.CLOSED, "spam", None)
    tracked = Tracked(holder_of(twin.complaint))
    assert not tracked.is_joined
    assert tracked.matter["what"] == "Uang rokok di dermaga."
    write(holder_of(twin.complaint), "Ini pengaduan sungguhan.")
    assert twin.step("undo_closing", "kepala-uki").state == S.VERIFICATION


def test_when_the_main_case_goes_one_level_up_the_joined_ones_go_on_by_themselves(
    world: World, main: Walker, twin: Walker
) -> None:
    world.officer("kepala-uki", ACEH)
    main.verified()
    join(twin, main)
    main.step("escalate_conflict", "verifikator")
    assert main.complaint.now().state == S.MOVED
    assert twin.complaint.now().state == S.VERIFICATION
    assert twin.complaint.now().joins is None


def test_a_case_that_is_proposed_to_be_closed_is_decided_on_before_it_goes_up(
    world: World, main: Walker, twin: Walker
) -> None:
    world.officer("kepala-uki", ACEH)
    propose(twin, main.complaint.case.register)
    with pytest.raises(Refused):
        twin.step("escalate_conflict", "verifikator")
