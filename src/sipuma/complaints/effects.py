"""What each move does to a case: the fields it changes, the texts it seals, the seals it hands on."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from sipuma.cases.entries import Sealed, Step, mark, readers_of, seal_text
from sipuma.cases.models import Audience, FollowUp, ReportedEmployee
from sipuma.cases.workflow import Attempt, Effects, Handover
from sipuma.complaints import deadlines, notices
from sipuma.complaints.words import ELEMENTS, Reason
from sipuma.offices.loading import KI
from sipuma.offices.models import Team, TeamKind
from sipuma.offices.refusal import Refused
from sipuma.offices.trust import team_public

Effect = Callable[[Attempt], Effects]


def team_of(code: str, kind: str, *, field: str = "target") -> Team:
    """Return an office's team of this kind.

    Raises:
        Refused: the office has none.
    """
    found = Team.objects.select_related("office", "supervisor").filter(office_id=code, kind=kind).first()
    if found is None:
        raise Refused(_("This office has no team for that. Choose another office."), field=field)
    return found


def step_of(attempt: Attempt) -> Step:
    target = attempt.move.target
    return Step(attempt.move.name, attempt.case.state, target or "")


def text(attempt: Attempt, kind: str, audience: str, *names: str, unit: Team | None = None) -> Sealed:
    """Seal the named values of the form for an audience, as the entry that records the move."""
    payload = {name: str(attempt.values.get(name) or "") for name in names}
    readers = readers_of(attempt.case, audience, unit=team_public(unit) if unit else None)
    return seal_text(
        attempt.case.uid, kind, payload, audience=audience, readers=readers, step=step_of(attempt)
    )


def letter(attempt: Attempt, kind: str, name: str) -> Sealed:
    """Seal one value as a text to the complainant; a unit that wrote it keeps reading it."""
    capacity = attempt.by.capacity
    unit = capacity if capacity is not None and capacity.kind == TeamKind.UNIT else None
    readers = readers_of(attempt.case, Audience.COMPLAINANT, unit=team_public(unit) if unit else None)
    payload = {"text": attempt.text(name)}
    return seal_text(
        attempt.case.uid,
        kind,
        payload,
        audience=Audience.COMPLAINANT,
        readers=readers,
        step=step_of(attempt),
    )


def take(attempt: Attempt) -> Effects:
    return Effects(sealed=[mark("move", audience=Audience.COMPLAINANT, step=step_of(attempt))])


def assess(attempt: Attempt) -> Effects:
    names = [f"{element}_clarity" for element, _label in ELEMENTS]
    return Effects(
        changes={
            "type": attempt.text("type"),
            "category": attempt.text("category"),
            "assessed_at": attempt.at,
        },
        sealed=[text(attempt, "assessment", Audience.HANDLERS, *names, "assessment", "type", "category")],
    )


def record_employee(attempt: Attempt) -> Effects:
    names = ("employee_name", "nip", "post", "employee_office", "employee_state")
    entry = text(attempt, "employee", Audience.HANDLERS, *names)

    def save(saved: dict[str, Any]) -> None:
        state = attempt.text("employee_state")
        ReportedEmployee.objects.create(case=attempt.case, entry=saved["employee"], state=state)

    return Effects(sealed=[entry], after=[save])


def request_data(attempt: Attempt) -> Effects:
    return Effects(
        changes={"days_left": deadlines.days_left(attempt.case, attempt.at)},
        sealed=[letter(attempt, "request", "question")],
        messages=notices.to_complainant(attempt.case, "question"),
    )


def answer(attempt: Attempt) -> Effects:
    return Effects(
        sealed=[letter(attempt, "answer", "message")],
        messages=notices.to_team(attempt.case.verification, attempt.case.register),
    )


def lapse(attempt: Attempt) -> Effects:
    with override(attempt.case.language):
        words = _("No answer reached us within 14 days, so the complaint can’t be followed up.")
    readers = readers_of(attempt.case, Audience.COMPLAINANT)
    sealed = seal_text(
        attempt.case.uid,
        "decision",
        {"text": words},
        audience=Audience.COMPLAINANT,
        readers=readers,
        step=step_of(attempt),
    )
    return Effects(
        changes={"reason": Reason.NO_DATA},
        sealed=[sealed],
        messages=[
            *notices.to_complainant(attempt.case),
            *notices.to_team(attempt.case.verification, attempt.case.register),
        ],
    )


def not_actionable(attempt: Attempt) -> Effects:
    return Effects(
        changes={"reason": attempt.text("reason")},
        sealed=[letter(attempt, "decision", "explanation")],
        messages=notices.to_complainant(attempt.case),
    )


def hand_to(kind: str, *, code: str | None = None, entry: str, names: tuple[str, ...]) -> Effect:
    """Return the effect of passing the case on, with its key: to a fixed office or to the chosen target."""

    def effect(attempt: Attempt) -> Effects:
        team = team_of(code or attempt.text("target"), kind)
        return Effects(
            changes={"team": team},
            sealed=[text(attempt, entry, Audience.HANDLERS, *names)],
            handovers=[Handover(team)],
            messages=notices.to_team(team, attempt.case.register),
        )

    return effect


def refer_to_unit(attempt: Attempt) -> Effects:
    """R35: the unit gets the verifier's own text, never the case key."""
    unit = team_of(attempt.text("unit"), TeamKind.UNIT, field="unit")
    return Effects(
        changes={"team": unit, "study": ""},
        sealed=[text(attempt, "referral", Audience.UNIT, "referral", unit=unit)],
        messages=notices.to_team(unit, attempt.case.register),
    )


def transfer(attempt: Attempt) -> Effects:
    """Move 21: everything that is sealed to the old compliance unit goes to the new one."""
    team = team_of(attempt.text("target"), TeamKind.VERIFICATION)
    return Effects(
        changes={
            "team": team,
            "verification": team,
            "since": attempt.at,
            "type": "",
            "assessed_at": None,
        },
        sealed=[text(attempt, "move", Audience.HANDLERS, "reason")],
        handovers=[Handover(team, keep=False)],
        drop=[attempt.case.team],
        messages=notices.to_team(team, attempt.case.register),
    )


def give_back(*, to_pyb: bool = False) -> Effect:
    """Return the effect of sending a case back: the one who gives it back loses the way into it."""

    def effect(attempt: Attempt) -> Effects:
        case = attempt.case
        team = team_of(KI, TeamKind.PYB) if to_pyb else case.verification
        unit = case.team if case.team.kind == TeamKind.UNIT else None
        audience = Audience.UNIT if unit else Audience.HANDLERS
        return Effects(
            changes={"team": team, "study": ""},
            sealed=[text(attempt, "move", audience, "reason", unit=unit)],
            drop=[] if unit else [case.team],
            messages=notices.to_team(team, case.register),
        )

    return effect


return_to_verifier = give_back()
return_to_pyb = give_back(to_pyb=True)


def forward_wise(attempt: Attempt) -> Effects:
    return Effects(
        sealed=[
            text(attempt, "decision", Audience.HANDLERS, "ground", "reason"),
        ],
        messages=notices.to_complainant(attempt.case),
    )


def pyb_not_actionable(attempt: Attempt) -> Effects:
    return Effects(
        changes={"reason": Reason.CONSIDERED},
        sealed=[
            text(attempt, "consideration", Audience.HANDLERS, "consideration"),
            letter(attempt, "decision", "answer"),
        ],
        drop=[attempt.case.team],
        messages=notices.to_complainant(attempt.case),
    )


def submit_study(attempt: Attempt) -> Effects:
    """R49: the study goes to the handlers, or from a unit to the unit, its office's UKI and the handlers."""
    case = attempt.case
    office = team_of(case.team.office_id, TeamKind.VERIFICATION)
    names = ("facts", "conclusion", "recommendation")
    if case.team.kind != TeamKind.UNIT:
        sealed = text(attempt, "study", Audience.HANDLERS, *names)
    else:
        payload = {name: attempt.text(name) for name in names}
        readers = [*readers_of(case, Audience.UNIT, unit=team_public(case.team)), team_public(office)]
        sealed = seal_text(
            case.uid, "study", payload, audience=Audience.UNIT, readers=readers, step=step_of(attempt)
        )
    return Effects(
        changes={"study": "submitted"},
        sealed=[sealed],
        messages=notices.to_team(office, case.register),
    )


def decide_study(state: str, *names: str) -> Effect:
    """Return the effect of the head's decision on a study: approved or sent back."""

    def effect(attempt: Attempt) -> Effects:
        unit = attempt.case.team if attempt.case.team.kind == TeamKind.UNIT else None
        audience = Audience.UNIT if unit else Audience.HANDLERS
        return Effects(
            changes={"study": state},
            sealed=[text(attempt, "study-decision", audience, *names, unit=unit)],
            messages=notices.to_team(attempt.case.team, attempt.case.register),
        )

    return effect


def close(attempt: Attempt) -> Effects:
    """Moves 17 and 18: outcome and answer; the PYB's way into the case ends with the answer."""
    pyb = team_of(KI, TeamKind.PYB)
    return Effects(
        changes={"outcome": attempt.text("outcome")},
        sealed=[letter(attempt, "result", "answer")],
        drop=[pyb],
        messages=notices.to_complainant(attempt.case),
    )


def add_follow_up(attempt: Attempt) -> Effects:
    """R51: what is to be done is addressed to the executing unit, which never holds the case key."""
    executor = team_of(attempt.text("executor"), TeamKind.UNIT, field="executor")
    names = ("follow_up_kind", "follow_up_due", "instruction")

    def save(saved: dict[str, Any]) -> None:
        FollowUp.objects.create(
            case=attempt.case,
            entry=saved["follow-up"],
            kind=attempt.text("follow_up_kind"),
            executor=executor,
            due=attempt.values["follow_up_due"],
        )

    return Effects(
        sealed=[text(attempt, "follow-up", Audience.UNIT, *names, unit=executor)],
        messages=notices.to_team(executor, attempt.case.register),
        after=[save],
    )


def report_follow_up(attempt: Attempt) -> Effects:
    follow_up = FollowUp.objects.select_related("executor").get(
        pk=attempt.text("follow_up"), case=attempt.case
    )
    names = ("follow_up", "result")

    def save(_saved: dict[str, Any]) -> None:
        FollowUp.objects.filter(pk=follow_up.pk).update(reported_at=attempt.at)

    return Effects(
        sealed=[text(attempt, "follow-up-result", Audience.UNIT, *names, unit=follow_up.executor)],
        messages=notices.to_team(attempt.case.team, attempt.case.register),
        after=[save],
    )


def record_wise(attempt: Attempt) -> Effects:
    return Effects(
        changes={
            "external_register": attempt.text("external_register"),
            "external_date": attempt.day("external_date"),
        },
        sealed=[
            text(attempt, "wise", Audience.HANDLERS, "external_register", "external_date", "wise_result")
        ],
        messages=notices.to_complainant(attempt.case),
    )


def withdraw(attempt: Attempt) -> Effects:
    return Effects(
        sealed=[letter(attempt, "withdrawal", "message")],
        messages=notices.to_team(attempt.case.verification, attempt.case.register),
    )


def message(attempt: Attempt) -> Effects:
    return Effects(
        sealed=[letter(attempt, "message", "message")], messages=notices.to_complainant(attempt.case)
    )


def note(attempt: Attempt) -> Effects:
    return Effects(sealed=[text(attempt, "note", Audience.HANDLERS, "note")])


def unit_note(attempt: Attempt) -> Effects:
    """A text between verifier and unit about a referral; the complainant does not see it."""
    unit = attempt.case.team
    return Effects(
        sealed=[text(attempt, "unit-note", Audience.UNIT, "note", unit=unit)],
        messages=notices.to_team(attempt.case.verification, attempt.case.register),
    )
