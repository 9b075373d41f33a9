"""The rules of verification, disposition, assessment and closing (R31 to R54), each by its name."""

import itertools
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from sipuma import vault
from sipuma.cases import flow
from sipuma.cases.entries import Signature
from sipuma.cases.models import Case, FollowUp, ReportedEmployee, ReportedState
from sipuma.cases.workflow import Attempt
from sipuma.complaints.contact_file import keep
from sipuma.complaints.effects.sealing import team_of
from sipuma.complaints.fields import assessing_offices, every_office, open_follow_ups, working_units
from sipuma.complaints.filing import Filing, file
from sipuma.complaints.states import S
from sipuma.complaints.words import SANCTION_WORDS, VERIFIER_REASONS
from sipuma.complaints.workflow import WORKFLOW
from sipuma.offices.loading import REGIONAL, load_offices, office_rows
from sipuma.offices.models import Office
from sipuma.offices.places import Role
from sipuma.offices.refusal import Refused
from sipuma.outbox.models import Channel
from sipuma.outbox.posting import Address
from tests.ways import Walker
from tests.world import ACEH, KI, MALILI, SABANG, Complaint, FileCase, World, move

STATES = [state.value for state in ReportedState]


@pytest.fixture
def walker(world: World, file_case: FileCase) -> Walker:
    return Walker(world, file_case())


def refused(walker: Walker, name: str, role: str, office: str = SABANG, **values: object) -> str | None:
    """Return the field that a refusal names (empty: none), or None when the move was made."""
    before = walker.complaint.now().state
    try:
        walker.step(name, role, office, **values)
    except Refused as refusal:
        field = refusal.field or ""
    else:
        return None
    assert walker.complaint.now().state == before
    return field


def obstacle(walker: Walker, name: str, role: str = "verifikator", office: str = SABANG) -> str:
    options = flow.available(WORKFLOW, walker.complaint.now(), walker.world.officer(role, office))
    found = next(option for option in options if option.move.name == name)
    return str(found.obstacle or "")


# R31 to R35: verification comes first, and decides the way.


def test_r32_nothing_leaves_verification_before_the_five_elements_are_assessed(walker: Walker) -> None:
    walker.step("take", "verifikator")
    for name in ("route_pyb", "route_unit", "not_actionable"):
        assert obstacle(walker, name)
        assert refused(walker, name, "verifikator") == ""
    walker.step("assess", "verifikator")
    assert not obstacle(walker, "route_pyb")
    assert not obstacle(walker, "not_actionable")


@pytest.mark.parametrize("element", ["what", "who", "when", "where", "how"])
def test_r32_each_element_needs_its_own_judgement(walker: Walker, element: str) -> None:
    walker.step("take", "verifikator")
    name = f"{element}_clarity"
    assert refused(walker, "assess", "verifikator", **{name: ""}) == name


@pytest.mark.parametrize(
    ("kind", "open_way", "shut_way"),
    [
        ("T1", "route_pyb", "route_unit"),
        ("T2a", "route_unit", "route_pyb"),
        ("T2b", "route_unit", "route_pyb"),
        ("T3", "route_unit", "route_pyb"),
    ],
)
def test_r33_to_r35_the_type_decides_the_way(walker: Walker, kind: str, open_way: str, shut_way: str) -> None:
    walker.verified(kind)
    assert obstacle(walker, shut_way)
    assert refused(walker, shut_way, "verifikator") == ""
    assert not obstacle(walker, open_way)
    assert refused(walker, open_way, "verifikator") is None


def test_a_case_transferred_must_be_assessed_afresh(walker: Walker) -> None:
    walker.verified()
    walker.step("transfer", "verifikator")
    assert obstacle(walker, "route_pyb", "verifikator", MALILI)
    assert refused(walker, "route_pyb", "verifikator", MALILI) == ""


# R36 to R40: asking, and reason B.


def test_r36_nobody_is_asked_who_cannot_be_reached(walker: Walker) -> None:
    walker.verified()
    case = walker.complaint.now()
    case.complainant_public, case.email_contact, case.sms_contact = None, None, None
    move_ = WORKFLOW.move("request_data")
    assert flow.obstacle(move_, case)
    mail, mobile = Address(Channel.EMAIL, "warga@contoh.id"), Address(Channel.SMS, "+6281234567890")
    kept = keep([mail, mobile], bytes(case.public))
    for column, value in (
        ("email_contact", kept["email"]), ("sms_contact", kept["sms"]), ("complainant_public", b"x"),
    ):  # fmt: skip
        reachable = walker.complaint.now()
        reachable.complainant_public = reachable.email_contact = reachable.sms_contact = None
        setattr(reachable, column, value)
        assert flow.obstacle(move_, reachable) is None


def test_r40_reason_b_is_refused_in_verification_and_while_the_period_runs(walker: Walker) -> None:
    walker.verified()
    assert refused(walker, "not_actionable", "verifikator", reason="B") == "reason"
    walker.step("request_data", "verifikator")
    assert refused(walker, "lapse", "verifikator") == ""
    # Neither by passing another reason along.
    assert refused(walker, "lapse", "verifikator", reason="A") == ""


def test_r39_after_the_period_the_verifier_may_close_by_reason_b(walker: Walker) -> None:
    walker.waiting()
    due = walker.complaint.now().due
    assert due is not None
    with time_machine.travel(due - timedelta(seconds=1), tick=False):
        assert refused(walker, "lapse", "verifikator") == ""
    with time_machine.travel(due, tick=False):
        assert refused(walker, "lapse", "verifikator") is None
    case = walker.complaint.now()
    assert (case.state, case.reason) == (S.NOT_ACTIONABLE, "B")


def test_a_waiting_case_without_an_end_does_not_lapse(walker: Walker) -> None:
    walker.waiting()
    Case.objects.update(due=None)
    assert refused(walker, "lapse", "verifikator") == ""


# R41 and R42: the reasons.


def test_r41_the_verifiers_reasons_are_a_to_e_each_with_a_text(walker: Walker) -> None:
    assert [code for code, _label in VERIFIER_REASONS] == ["A", "B", "C", "D", "E"]
    walker.verified()
    for code, _label in VERIFIER_REASONS:
        assert refused(walker, "not_actionable", "verifikator", reason=code, explanation="") == "explanation"
    assert refused(walker, "not_actionable", "verifikator", reason="A") is None


COMBINATIONS = [
    combination for size in range(4) for combination in itertools.combinations_with_replacement(STATES, size)
]


@pytest.mark.parametrize("states", COMBINATIONS, ids="+".join)
def test_r42_reasons_c_to_e_hold_when_every_reported_employee_is_out_of_reach(
    walker: Walker, states: tuple[str, ...]
) -> None:
    walker.verified()
    for state in states:
        walker.step("record_employee", "verifikator", employee_state=state)
    assert ReportedEmployee.objects.count() == len(states)
    holds = bool(states) and "known" not in states
    guard = next(g for g in WORKFLOW.move("not_actionable").guards if g.__name__ == "employee_reasons_hold")
    for reason in "CDEA":
        attempt = Attempt(
            walker.complaint.now(),
            WORKFLOW.move("not_actionable"),
            {"reason": reason},
            Role.VERIFIER,
            Signature("member"),
            datetime(2026, 3, 2, tzinfo=UTC),
        )
        if holds or reason == "A":
            guard(attempt)
        else:
            with pytest.raises(Refused):
                guard(attempt)
    expected = None if holds else "reason"
    assert refused(walker, "not_actionable", "verifikator", reason="D") == expected


@pytest.mark.parametrize(
    ("nip", "fits"),
    [
        ("", True),
        ("198501012010011001", True),
        ("19850101 201001 1 001", True),
        ("19850101201001100", False),  # 17 digits
        ("1985010120100110011", False),
        ("19850101201001100x", False),
        ("١٩٨٥٠١٠١٢٠١٠٠١١٠٠١", False),
        ("abc", False),
    ],
)
def test_a_nip_has_18_digits(walker: Walker, nip: str, fits: bool) -> None:  # noqa: FBT001
    walker.verified()
    assert refused(walker, "record_employee", "verifikator", nip=nip) == (None if fits else "nip")
    assert ReportedEmployee.objects.exists() is fits


# R43 to R46: the PYB.


def test_r43_the_pyb_sees_only_what_a_verifier_sent(walker: Walker, file_case: FileCase) -> None:
    other = file_case()
    walker.pyb()
    pyb = walker.world.officer("pyb", KI)
    assert {option.move.name for option in flow.available(WORKFLOW, other.now(), pyb)} == set()
    assert "dispose" in {option.move.name for option in flow.available(WORKFLOW, walker.complaint.now(), pyb)}


def test_r44_the_pyb_disposes_to_dit_ki_a_kpu_or_a_kanwil_of_all_offices(walker: Walker) -> None:
    walker.pyb()
    guard = WORKFLOW.move("dispose").guards[0]
    accepted = set()
    for office in Office.objects.all():
        attempt = Attempt(
            walker.complaint.now(),
            WORKFLOW.move("dispose"),
            {"target": office.pk},
            Role.PYB,
            Signature("member"),
            datetime(2026, 3, 2, tzinfo=UTC),
        )
        with suppress(Refused):
            guard(attempt)
            accepted.add(office.pk)
    assert accepted == {o.pk for o in Office.objects.all() if o.kind in REGIONAL or o.pk == KI}
    assert accepted == {code for code, _name in assessing_offices(None)}
    assert len(accepted) == 24


@pytest.mark.parametrize("target", [SABANG, "021800", "040500", "001000", "000000", "999999", ""])
def test_r44_any_other_target_is_refused(walker: Walker, target: str) -> None:
    walker.pyb()
    assert refused(walker, "dispose", "pyb", KI, target=target) == "target"


@pytest.mark.parametrize("ground", ["", "PER13_T1", "COI_DIT_KI", "unrelated"])
def test_r45_wise_needs_the_ground_unrelated(walker: Walker, ground: str) -> None:
    walker.pyb()
    assert refused(walker, "forward_wise", "pyb", KI, ground=ground) == "ground"
    assert refused(walker, "forward_wise", "pyb", KI) is None


def test_r46_the_pyb_decides_with_a_written_consideration(walker: Walker) -> None:
    walker.pyb()
    assert refused(walker, "pyb_not_actionable", "pyb", KI, consideration=" ") == "consideration"
    assert refused(walker, "pyb_not_actionable", "pyb", KI, answer="") == "answer"
    assert refused(walker, "pyb_not_actionable", "pyb", KI) is None
    assert walker.complaint.now().reason == "F"


# R49 to R52: study, follow-ups, answer.


@pytest.mark.parametrize("part", ["facts", "conclusion", "recommendation"])
def test_r49_a_study_has_facts_conclusion_and_recommendation(walker: Walker, part: str) -> None:
    walker.pyb()
    walker.step("dispose", "pyb", KI)
    assert obstacle(walker, "close_assessment", "pengkaji", ACEH)
    assert refused(walker, "submit_study", "pengkaji", ACEH, **{part: ""}) == part
    walker.step("submit_study", "pengkaji", ACEH)
    assert not obstacle(walker, "close_assessment", "pengkaji", ACEH)


def test_r50_follow_ups_begin_only_after_an_approved_study(walker: Walker) -> None:
    walker.pyb()
    walker.step("dispose", "pyb", KI)
    assert refused(walker, "approve_study", "kepala-uki", ACEH) == ""
    assert refused(walker, "add_follow_up", "pengkaji", ACEH) == ""
    walker.step("submit_study", "pengkaji", ACEH)
    assert refused(walker, "approve_study", "pengkaji", ACEH) == ""
    walker.step("return_study", "kepala-uki", ACEH)
    assert refused(walker, "approve_study", "kepala-uki", ACEH) == ""
    walker.step("submit_study", "pengkaji", ACEH)
    walker.step("approve_study", "kepala-uki", ACEH)
    assert refused(walker, "add_follow_up", "pengkaji", ACEH) is None


def test_a_unit_may_answer_a_question_without_a_study(walker: Walker) -> None:
    walker.verified("T2a")
    walker.step("route_unit", "verifikator")
    assert not obstacle(walker, "close_assessment", "pengkaji-unit")
    assert refused(walker, "close_assessment", "pengkaji-unit", outcome="terjawab") is None


def test_r51_a_follow_up_needs_kind_unit_date_and_text(walker: Walker) -> None:
    walker.to(S.FOLLOW_UP)
    for field in ("follow_up_kind", "executor", "follow_up_due", "instruction"):
        assert refused(walker, "add_follow_up", "pengkaji", ACEH, **{field: None}) == field
    assert FollowUp.objects.count() == 1


@pytest.mark.parametrize(
    ("office", "now", "day", "fits"),
    [
        # 06:00 on the 3rd in Aceh is still the 2nd in UTC.
        (ACEH, datetime(2026, 3, 2, 23, 0, tzinfo=UTC), date(2026, 3, 3), True),
        (ACEH, datetime(2026, 3, 2, 23, 0, tzinfo=UTC), date(2026, 3, 2), False),
        (ACEH, datetime(2026, 3, 2, 16, 59, tzinfo=UTC), date(2026, 3, 2), True),
        ("120000", datetime(2026, 3, 2, 15, 0, tzinfo=UTC), date(2026, 3, 2), False),
    ],
)
def test_r51_a_follow_up_is_not_due_in_the_offices_past(
    walker: Walker,
    office: str,
    now: datetime,
    day: date,
    fits: bool,  # noqa: FBT001
) -> None:
    walker.pyb()
    walker.step("dispose", "pyb", KI, target=office)
    walker.step("submit_study", "pengkaji", office)
    walker.step("approve_study", "kepala-uki", office)
    with time_machine.travel(now, tick=False):
        found = refused(walker, "add_follow_up", "pengkaji", office, follow_up_due=day)
    assert found == (None if fits else "follow_up_due")


def test_r51_a_unit_reports_on_its_own_follow_ups_only_and_once(walker: Walker) -> None:
    walker.to(S.FOLLOW_UP)
    walker.step("add_follow_up", "pengkaji", ACEH, executor=SABANG)
    first, second = FollowUp.objects.order_by("pk")
    assert (
        refused(walker, "report_follow_up", "pengkaji-unit", SABANG, follow_up=str(first.pk)) == "follow_up"
    )
    assert refused(walker, "report_follow_up", "pengkaji-unit", SABANG, follow_up=str(second.pk)) is None
    for again in (second.pk, 0, "x"):
        found = refused(walker, "report_follow_up", "pengkaji", ACEH, follow_up=str(again))
        assert found == "follow_up"
    assert refused(walker, "report_follow_up", "pengkaji", ACEH, follow_up=str(first.pk)) is None
    assert open_follow_ups(walker.complaint.now()) == []
    assert open_follow_ups(None) == ()


def test_r51_a_case_is_not_closed_while_a_follow_up_waits(walker: Walker) -> None:
    walker.assessment()
    walker.step("approve_study", "kepala-uki", ACEH)
    assert obstacle(walker, "close_follow_up", "pengkaji", ACEH)
    walker.step("add_follow_up", "pengkaji", ACEH)
    assert refused(walker, "close_follow_up", "pengkaji", ACEH) == ""
    walker.step("report_follow_up", "pengkaji-unit", MALILI)
    assert refused(walker, "close_follow_up", "pengkaji", ACEH) is None


@pytest.mark.parametrize("word", SANCTION_WORDS)
def test_r52_an_answer_names_no_sanction_however_it_is_written(walker: Walker, word: str) -> None:
    walker.pyb()
    for answer in (f"Pegawai itu mendapat {word.upper()}.", "Ia kena " + word.replace(" ", "\n  ") + "."):
        assert refused(walker, "pyb_not_actionable", "pyb", KI, answer=answer) == "answer"


def test_r52_closing_needs_an_outcome_of_its_stage_and_an_answer(walker: Walker) -> None:
    walker.to(S.FOLLOW_UP)
    walker.step("report_follow_up", "pengkaji-unit", MALILI)
    for values in ({"outcome": ""}, {"outcome": "terjawab"}, {"outcome": "x"}):
        assert refused(walker, "close_follow_up", "pengkaji", ACEH, **values) == "outcome"
    assert refused(walker, "close_follow_up", "pengkaji", ACEH, answer="\t") == "answer"
    assert refused(walker, "close_follow_up", "pengkaji", ACEH, answer="Diberi teguran tertulis.") == "answer"
    assert refused(walker, "close_follow_up", "pengkaji", ACEH) is None
    case = walker.complaint.now()
    assert (case.outcome, case.closed_at is not None, case.due) == ("terbukti", True, None)


# DESIGN section 4: nobody verifies and assesses the same case.


def test_who_verified_a_case_does_not_assess_it(walker: Walker) -> None:
    """The head of Dit. KI sits in both teams, and may do either, never both."""
    world = walker.world
    walker = Walker(world, Complaint(_filed_at_ki(walker), walker.complaint.ticket))
    head = world.officer("kepala-uki", KI)
    move(walker.complaint, "take", by=head)
    walker.step("assess", "kepala-uki", KI)
    walker.step("route_pyb", "kepala-uki", KI)
    walker.step("dispose", "pyb", KI, target=KI)
    walker.step("submit_study", "pengkaji", KI)
    assert refused(walker, "close_assessment", "kepala-uki", KI) == ""
    walker.step("approve_study", "kepala-uki", KI)
    assert refused(walker, "add_follow_up", "kepala-uki", KI) == ""
    assert refused(walker, "close_assessment", "kepala-uki", KI) == ""
    assert refused(walker, "add_follow_up", "pengkaji", KI) is None


def test_who_assessed_a_case_does_not_verify_it(walker: Walker) -> None:
    world = walker.world
    walker = Walker(world, Complaint(_filed_at_ki(walker), walker.complaint.ticket))
    for name in ("take", "assess", "route_pyb"):
        walker.step(name, "verifikator", KI)
    walker.step("dispose", "pyb", KI, target=KI)
    walker.step("submit_study", "pengkaji", KI)
    walker.step("approve_study", "kepala-uki", KI)
    walker.step("add_follow_up", "kepala-uki", KI)
    Case.objects.filter(pk=walker.complaint.case.pk).update(
        state=S.VERIFICATION, team=walker.complaint.case.verification
    )
    for name in ("assess", "record_employee", "request_data", "not_actionable", "route_pyb", "transfer"):
        assert refused(walker, name, "kepala-uki", KI) == "", name
        assert walker.complaint.now().state == S.VERIFICATION


def _filed_at_ki(walker: Walker) -> Case:
    return file(Filing(what="a", how="b"), vault.Ticket.draw()).case


# The choices that the forms offer.


def test_the_choices_hold_listed_offices_with_the_handling_one_first(walker: Walker) -> None:
    case = walker.complaint.now()
    assert working_units(case)[0][0] == SABANG
    assert len(working_units(None)) == len(every_office(case)) == 153
    load_offices([row for row in office_rows() if row["code"] != MALILI])
    assert MALILI not in dict(every_office(case))
    walker.verified()
    assert refused(walker, "transfer", "verifikator", target=MALILI) == "target"


def test_an_office_without_the_team_is_refused(walker: Walker) -> None:
    with pytest.raises(Refused) as refusal:
        team_of(SABANG, "pyb")
    assert refusal.value.field == "target"
