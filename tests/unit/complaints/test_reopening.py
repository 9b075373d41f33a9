"""A closed case comes back once, on new data, in time; its complainant is asked whether it helped."""

from datetime import timedelta

import pytest
import time_machine

from sipuma.cases import flow
from sipuma.cases.access import within_reach
from sipuma.cases.models import Entry
from sipuma.complaints.afterwards import Afterwards, ask_reopening, say_helped
from sipuma.complaints.deadlines import reopening_until
from sipuma.complaints.states import S
from sipuma.complaints.tracking import Tracked, write
from sipuma.complaints.workflow import WORKFLOW
from sipuma.offices.refusal import Refused
from tests.ways import Walker, holder_of
from tests.world import ACEH, SABANG, FileCase, World

MOMENT = timedelta(seconds=1)


@pytest.fixture
def closed(world: World, file_case: FileCase) -> Walker:
    """Return a case that was closed by reason A."""
    return Walker(world, file_case()).to(S.NOT_ACTIONABLE)


@pytest.fixture
def answered(world: World, file_case: FileCase) -> Walker:
    """Return a case that went all the way to its answer."""
    return Walker(world, file_case()).to(S.DONE)


def obstacle(walker: Walker, name: str, role: str = "kepala-uki", office: str = SABANG) -> str:
    options = flow.available(WORKFLOW, walker.complaint.now(), walker.world.officer(role, office))
    return str(next(option.obstacle for option in options if option.move.name == name) or "")


def test_nothing_is_reopened_without_something_new(closed: Walker) -> None:
    assert "Belum ada hal baru" in obstacle(closed, "reopen")
    with pytest.raises(Refused):
        closed.step("reopen", "kepala-uki")
    write(holder_of(closed.complaint), "Ada saksi baru.")
    assert obstacle(closed, "reopen") == ""


def test_a_message_from_before_the_closing_is_nothing_new(world: World, file_case: FileCase) -> None:
    complaint = file_case()
    write(holder_of(complaint), "Sebelum ditutup.")
    assert obstacle(Walker(world, complaint).to(S.NOT_ACTIONABLE), "reopen") != ""


def test_a_reopened_case_begins_anew_with_its_verifiers(answered: Walker) -> None:
    write(holder_of(answered.complaint), "Ada saksi baru.")
    case = answered.step("reopen", "kepala-uki")
    assert (case.state, case.team, case.due is not None) == (S.VERIFICATION, case.verification, True)
    cleared = (case.type, case.study, case.reason, case.outcome, case.assessed_at, case.closed_at)
    assert cleared == ("", "", "", "", None, None)
    assert case.reopened_at is not None
    # The assessors' way into it has ended, the complainant reads that it goes on.
    assert not within_reach(answered.world.officer("pengkaji", ACEH)).filter(pk=case.pk).exists()
    tracked = Tracked(holder_of(answered.complaint))
    assert "dibuka kembali" in tracked.conversation[-1].text
    assert str(tracked.history[-1].label) == str(tracked.status)
    assert obstacle(answered, "route_pyb", "verifikator") != ""  # assessed anew first


def test_follow_ups_of_the_first_course_do_not_close_the_second(answered: Walker) -> None:
    write(holder_of(answered.complaint), "Ada saksi baru.")
    answered.step("reopen", "kepala-uki")
    answered.step("assess", "verifikator")
    answered.step("route_pyb", "verifikator")
    answered.step("dispose", "pyb", "001400")
    answered.step("submit_study", "pengkaji", ACEH)
    answered.step("approve_study", "kepala-uki", ACEH)
    assert obstacle(answered, "close_follow_up", "pengkaji", ACEH) != ""


def test_a_case_comes_back_only_once(closed: Walker) -> None:
    write(holder_of(closed.complaint), "Ada saksi baru.")
    closed.step("reopen", "kepala-uki")
    closed.step("assess", "verifikator")
    closed.step("not_actionable", "verifikator")
    write(holder_of(closed.complaint), "Ada lagi.")
    assert obstacle(closed, "reopen") != ""
    assert not Afterwards(closed.complaint.now()).may_ask
    with pytest.raises(Refused):
        ask_reopening(holder_of(closed.complaint), "Sekali lagi.")


def test_reopening_until_at_closing_time_of_the_tenth_working_day(closed: Walker) -> None:
    write(holder_of(closed.complaint), "Ada saksi baru.")
    ends = reopening_until(closed.complaint.now())
    assert ends is not None
    with time_machine.travel(ends - MOMENT, tick=False):
        assert obstacle(closed, "reopen") == ""
    with time_machine.travel(ends, tick=False):
        assert "WIB" in obstacle(closed, "reopen")  # the refusal says when it ended
        with pytest.raises(Refused):
            closed.step("reopen", "kepala-uki")


def test_a_case_that_was_never_closed_has_no_such_end(file_case: FileCase) -> None:
    assert reopening_until(file_case().now()) is None


def test_a_late_answer_counts_as_something_new(world: World, file_case: FileCase) -> None:
    walker = Walker(world, file_case()).to(S.WAITING)
    due = walker.complaint.now().due
    assert due is not None
    with time_machine.travel(due + MOMENT, tick=False):
        write(holder_of(walker.complaint), "Senin pagi.")
        walker.step("lapse", "verifikator")
        assert obstacle(walker, "reopen") == ""


def test_what_the_desk_hands_in_counts_as_something_new(world: World, record_case: FileCase) -> None:
    walker = Walker(world, record_case()).to(S.NOT_ACTIONABLE)
    assert obstacle(walker, "reopen") != ""
    walker.step("add_data", "penerima")
    assert obstacle(walker, "reopen") == ""


def test_the_complainant_asks_once_and_the_head_finds_it_in_the_queue(answered: Walker) -> None:
    holder = holder_of(answered.complaint)
    assert Afterwards(answered.complaint.now()).may_ask
    case = ask_reopening(holder, "Saksi kedua belum didengar.")
    assert (case.reopening, case.team, case.state) == ("asked", case.verification, S.DONE)
    assert case.due is not None
    state = Afterwards(case)
    assert (state.is_asked, state.may_ask, state.answer_by) == (True, False, case.due)
    with pytest.raises(Refused):
        ask_reopening(holder, "Sekali lagi.")
    assert Tracked(holder).conversation[-1].text == "Saksi kedua belum didengar."


def test_a_request_made_in_time_may_be_granted_after_the_ten_days(answered: Walker) -> None:
    ask_reopening(holder_of(answered.complaint), "Saksi kedua belum didengar.")
    ends = reopening_until(answered.complaint.now())
    assert ends is not None
    with time_machine.travel(ends + timedelta(days=3), tick=False):
        case = answered.step("reopen", "kepala-uki")
    assert (case.reopening, case.state) == ("granted", S.VERIFICATION)
    assert not within_reach(answered.world.officer("pengkaji", ACEH)).filter(pk=case.pk).exists()


def test_nobody_asks_after_the_ten_days(answered: Walker) -> None:
    ends = reopening_until(answered.complaint.now())
    assert ends is not None
    with time_machine.travel(ends, tick=False):
        assert not Afterwards(answered.complaint.now()).may_ask
        with pytest.raises(Refused):
            ask_reopening(holder_of(answered.complaint), "Terlambat.")


def test_a_declined_request_is_answered_and_the_case_stays_closed(answered: Walker) -> None:
    assert obstacle(answered, "decline_reopening") != ""
    ask_reopening(holder_of(answered.complaint), "Saksi kedua belum didengar.")
    case = answered.step("decline_reopening", "kepala-uki")
    assert (case.reopening, case.due, case.state) == ("declined", None, S.DONE)
    assert Tracked(holder_of(answered.complaint)).conversation[-1].text == "Saksi itu sudah didengar."
    assert not Afterwards(case).may_ask


def test_a_decline_that_names_a_sanction_is_refused(answered: Walker) -> None:
    ask_reopening(holder_of(answered.complaint), "Apa hukumannya?")
    with pytest.raises(Refused) as refusal:
        answered.step("decline_reopening", "kepala-uki", answer="Pegawai itu mendapat teguran lisan.")
    assert refusal.value.field == "answer"


def test_the_desk_asks_for_those_without_a_ticket(world: World, record_case: FileCase) -> None:
    walker = Walker(world, record_case()).to(S.NOT_ACTIONABLE)
    walker.asked_to_reopen()
    assert walker.complaint.now().reopening == "asked"


def test_it_is_said_once_whether_it_helped(answered: Walker) -> None:
    holder = holder_of(answered.complaint)
    assert Afterwards(answered.complaint.now()).may_say
    case = say_helped(holder, "partly", "Lama sekali.")
    assert case.helped == "partly"
    assert not Afterwards(case).may_say
    with pytest.raises(Refused):
        say_helped(holder, "yes")
    entry = Entry.objects.get(case=case, kind="feedback")
    assert b"Lama" not in bytes(entry.ciphertext or b"")
    # Words alone are no new data.
    assert obstacle(answered, "reopen") != ""


@pytest.mark.parametrize("word", ["", "maybe", "yes" * 100])
def test_only_the_three_words_are_taken(answered: Walker, word: str) -> None:
    with pytest.raises(Refused) as refusal:
        say_helped(holder_of(answered.complaint), word)
    assert refusal.value.field == "helped"


def test_an_open_case_is_neither_rated_nor_reopened(file_case: FileCase) -> None:
    complaint = file_case()
    with pytest.raises(Refused):
        say_helped(holder_of(complaint), "yes")
    with pytest.raises(Refused):
        ask_reopening(holder_of(complaint), "Ada saksi baru.")
    after = Afterwards(complaint.now())
    assert (after.may_say, after.may_ask, after.is_asked, after.until) == (False, False, False, None)
    assert after.answer_by is None
