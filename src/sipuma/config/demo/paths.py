"""The ways that samples have gone: for each path name the moves in order, with the values they need."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sipuma.config.demo.samples import Age


@dataclass(frozen=True)
class Step:
    """One move of a path, so many working days after the one before, or at an age of its own.

    With `minutes` it follows within the hour. `by` is the role of who makes it, where several may;
    `values` are those that samples don't word.
    """

    move: str
    after: int = 0
    by: str = ""
    ago: Age | None = None
    minutes: int = 0
    values: Mapping[str, str] = field(default_factory=dict)


def step(move: str, after: int = 0, by: str = "", **values: str) -> Step:
    return Step(move, after, by, values=values)


def soon(move: str, minutes: int, **values: str) -> Step:
    return Step(move, minutes=minutes, values=values)


TAKE = step("take", 1)
ARCHIVED = soon("set_archive", 2, archive="Lemari 3, map 12")
COMPLETED = soon("complete_reception", 3)
TOLD = (soon("tell_register", 4, told="langsung"), COMPLETED)
ASSESS = step("assess")
ASK = step("request_data")
ANSWER = step("answer", 2)
VERIFIED = (TAKE, ASSESS)
TO_PYB = (*VERIFIED, step("route_pyb", 1))
TO_KI = (*TO_PYB, step("dispose", 2))
STUDIED = (*TO_KI, step("submit_study", 6))
FOLLOWED = (*STUDIED, step("approve_study", 2), step("add_follow_up", 1))
REPORTED = (*FOLLOWED, step("report_follow_up", 6))
TO_UNIT = (*VERIFIED, step("route_unit", 1))
UNIT_STUDIED = (*TO_UNIT, step("submit_study", 4))
PROPOSE_SPAM = step("propose_closing", by="verifikator", closing_kind="spam")
LAPSED = (TAKE, ASK, step("lapse"))

PATHS: dict[str, tuple[Step, ...]] = {
    "received": (),
    "desk-open": (soon("add_data", 5),),
    "desk-untold": (ARCHIVED, soon("tell_register", 2, told="tanpa-jalur"), COMPLETED, TAKE),
    "desk-taken": (*TOLD, TAKE),
    "desk-ticket": (soon("send_ticket", 3), *TOLD, TAKE, ASSESS, step("route_pyb", 1)),
    "taken": (TAKE,),
    "assessed": (*VERIFIED, step("note", by="verifikator")),
    "assessed-by-head": (*VERIFIED, step("note")),
    "asked": (step("take"), ASK),
    "asked-12-days-ago": (TAKE, Step("request_data", ago=Age(12, working=False))),
    "answered": (TAKE, ASK, ANSWER),
    "talked": (*VERIFIED, step("message", by="verifikator"), step("write", 1), step("note", by="kepala-uki")),
    "returned-by-pyb": (*TO_PYB, step("return_verifier", 2)),
    "transferred-assessed": (TAKE, step("transfer"), step("assess", 1, by="verifikator")),
    "pyb": TO_PYB,
    "answered-pyb": (TAKE, ASK, ANSWER, ASSESS, step("route_pyb", 1)),
    "ki": TO_KI,
    "ki-talked": (*TO_KI, step("message", 1, by="pengkaji"), step("write", 1)),
    "ki-studied": (*STUDIED, step("note", by="pengkaji")),
    "ki-study-returned": (*STUDIED, step("return_study", 1)),
    "unit": TO_UNIT,
    "unit-noted": (*TO_UNIT, step("unit_note", 2)),
    "unit-studied": UNIT_STUDIED,
    "following": FOLLOWED,
    "following-two": (
        *FOLLOWED,
        step("report_follow_up", 4),
        step("add_follow_up", 1, follow_up_kind="pemeriksaan", follow_up_due="21"),
    ),
    "reported": REPORTED,
    "unit-following": (
        *UNIT_STUDIED,
        step("approve_study", 1),
        step("add_follow_up", follow_up_kind="perbaikan"),
    ),
    "proven": (*REPORTED, step("close_follow_up", 3, outcome="terbukti")),
    "partly-proven": (*REPORTED, step("close_follow_up", 2, outcome="terbukti-sebagian")),
    "followed-not-proven": (*REPORTED, step("close_follow_up", 2, outcome="tidak-terbukti")),
    "ki-not-proven": (*STUDIED, step("close_assessment", 2, outcome="tidak-terbukti")),
    "unit-answered": (*TO_UNIT, step("close_assessment", 3, outcome="terjawab")),
    "unit-answered-thanked": (*TO_UNIT, step("close_assessment", 3, outcome="terjawab"), step("write", 1)),
    "unclear": (*VERIFIED, step("not_actionable", reason="A")),
    "employee-unclear": (
        *VERIFIED,
        step("record_employee", employee_state="unclear"),
        step("not_actionable", 1, reason="C"),
    ),
    "lapsed": LAPSED,
    "lapsed-late-answer": (*LAPSED, step("write", 2)),
    "considered": (*TO_PYB, step("pyb_not_actionable", 3)),
    "forwarded": (*TO_PYB, step("forward_wise", 3)),
    "forwarded-recorded": (*TO_PYB, step("forward_wise", 2), step("record_wise", 4, external_date="-1")),
    "withdrawn": (TAKE, step("withdraw", 1)),
    "moved-up": (TAKE, step("escalate_conflict", 1), step("take", 1)),
    "colleague-reported": (TAKE, step("record_employee", employee_state="known"), ASSESS),
    "about-dit-ki": (step("note", 1),),
    "reopened": (
        *VERIFIED,
        step("not_actionable", reason="A"),
        step("ask_reopening", 2),
        step("reopen", 1),
        step("assess", 1, by="verifikator"),
    ),
    "reopening-asked": (
        *TO_UNIT,
        step("close_assessment", 3, outcome="terjawab"),
        step("say_helped", 1, helped="no"),
        soon("ask_reopening", 9),
    ),
    "duplicate": (
        TAKE,
        step("propose_closing", by="verifikator", closing_kind="duplicate"),
        step("confirm_closing", 1),
        step("write", 1),
    ),
    "spam-proposed": (TAKE, PROPOSE_SPAM),
    "spam": (TAKE, PROPOSE_SPAM, step("confirm_closing", 1)),
}
