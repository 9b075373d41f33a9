"""Rules that refuse a move, each with the text that the officer reads."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sipuma.cases.models import Case, Entry, FollowUp, ReportedState
from sipuma.cases.workflow import Attempt, Ready, Text
from sipuma.complaints.contact_file import on_file, ticket_arrived
from sipuma.complaints.models import Reception, Told
from sipuma.complaints.states import S
from sipuma.complaints.words import EMPLOYEE_REASONS, SANCTION_WORDS, Ground, Reason, Type
from sipuma.offices.loading import KI, REGIONAL
from sipuma.offices.models import Office
from sipuma.offices.nip import nip_mark
from sipuma.offices.refusal import Refused

VERIFYING = (
    *("take", "assess", "record_employee", "request_data", "not_actionable", "route_pyb", "route_unit"),
    "propose_closing",
)
ASSESSING = ("submit_study", "close_assessment", "add_follow_up", "close_follow_up")


# What must be so before a move's form makes sense: shown beside the button.


def is_assessed(case: Case) -> Text | None:
    """R32: each of the five elements is assessed before a case leaves verification."""
    return None if case.assessed_at else gettext_lazy("Assess the five elements and set the type first.")


def is_type(*types: Type) -> Ready:
    """R33, R34, R35: the type decides which way a case may take."""

    def ready(case: Case) -> Text | None:
        if case.type in types:
            return None
        names = ", ".join(str(one.label).split(":", maxsplit=1)[0] for one in types)
        return _("This way is for type %(types)s. Assess the complaint and set its type.") % {"types": names}

    return ready


def can_be_asked(case: Case) -> Text | None:
    """Move 5: there is a path on which the complainant can be asked (DOMAIN section 8)."""
    if can_read(case) is None or has_path(case):
        return None
    return gettext_lazy("The complainant can’t be reached: decide by reason A if the matter is unclear.")


def can_read(case: Case) -> Text | None:
    """R10: the complainant has a ticket, with which a message can be read."""
    if case.has_ticket:
        return None
    return gettext_lazy("The complainant has no ticket to read it with. Call, or ask the desk to.")


def has_path(case: Case) -> bool:
    """Return whether the complainant left a way to be called, written to or notified."""
    return bool(on_file(case)) or case.entries.filter(kind="contact-path").exists()


def register_was_told(case: Case) -> Text | None:
    """R21, R22: reception ends only when it is recorded how the number was told, or why not."""
    if Reception.objects.filter(case=case).exclude(told="").exists():
        return None
    return gettext_lazy("Record first how the register number was told, or why it could not be.")


def reception_is_open(case: Case) -> Text | None:
    """Move 3: a reception is completed once."""
    if Reception.objects.filter(case=case, completed_at=None).exists():
        return None
    return gettext_lazy("Reception is completed.")


def contact_is_on_file(case: Case) -> Text | None:
    """R83: a new ticket goes to the contact that the complainant gave, and only there."""
    if on_file(case):
        return None
    return gettext_lazy("There is no e-mail address or mobile number on file to send it to.")


def address_may_change(case: Case) -> Text | None:
    """DOMAIN section 3: a ticket that arrived is replaced by way of the contact on file alone.

    While reception is open the desk reads what the ticket opens; afterwards it must not come to read more.
    """
    if not case.has_ticket or reception_is_open(case) is None or not ticket_arrived(case):
        return None
    return gettext_lazy(
        "A ticket has arrived already. The compliance unit sends a new one to the same contact."
    )


def employees_are_recorded(case: Case) -> Text | None:
    if case.reported.filter(retracted_at=None).exists():
        return None
    return gettext_lazy("No reported employee is recorded.")


def study_is(state: str, why: Text) -> Ready:
    """R49, R50: the written study (kajian) must have got this far."""
    return lambda case: None if case.study == state else why


def follow_ups_reported(case: Case) -> Text | None:
    """Move 18: there is at least one follow-up, and each has a result (R51)."""
    follow_ups = FollowUp.objects.filter(case=case)
    if case.reopened_at:
        # What was done before the case came back answered the first course of it, not this one.
        follow_ups = follow_ups.filter(entry__at__gt=case.reopened_at)
    if follow_ups.exists() and not follow_ups.filter(reported_at=None).exists():
        return None
    return gettext_lazy("Record at least one follow-up, and the result of each.")


def assessed_study_for_ki(case: Case) -> Text | None:
    """R49: in KI assessment nothing is answered without a written study."""
    if case.state != S.ASSESSMENT or case.study:
        return None
    return gettext_lazy("Write the study (kajian) first.")


# What is checked when somebody sends the form.


def not_both(moves: tuple[str, ...]) -> Callable[[Attempt], None]:
    """DESIGN section 4: nobody verifies and assesses the same case."""

    def guard(attempt: Attempt) -> None:
        done = Entry.objects.filter(case=attempt.case, member=attempt.by.member, move__in=moves)
        if attempt.by.member is not None and done.exists():
            raise Refused(_("Nobody verifies and assesses the same case. A colleague must take this step."))

    return guard


def period_is_over(attempt: Attempt) -> None:
    """R39, R40: a case lapses at D+15 00:00 at the office, not a second earlier."""
    if attempt.case.due is None or attempt.at < attempt.case.due:
        raise Refused(_("The 14 days for an answer are not over yet."))


def reason_b_is_a_lapse(attempt: Attempt) -> None:
    """R40: reason B is only for a request that stayed unanswered, which the move `lapse` closes."""
    if attempt.values.get("reason") == Reason.NO_DATA:
        raise Refused(
            _("Reason B needs a request for data that stayed unanswered for 14 days."), field="reason"
        )


def employee_reasons_hold(attempt: Attempt) -> None:
    """R42: reasons C to E need recorded reported employees, every one unclear, retired or deceased."""
    if attempt.values.get("reason") not in EMPLOYEE_REASONS:
        return
    counting = attempt.case.reported.filter(retracted_at=None)
    states = list(counting.values_list("state", flat=True))
    if not states or ReportedState.KNOWN in states:
        raise Refused(
            _("Reasons C, D and E need every reported employee recorded as unclear, retired or deceased."),
            field="reason",
        )


def no_path_is_true(attempt: Attempt) -> None:
    """R21, R22: «no path» can't be said of somebody who left one."""
    if attempt.text("told") == Told.NO_PATH and has_path(attempt.case):
        raise Refused(
            _("A way to reach the complainant is recorded. Tell the number, or say that nobody answered."),
            field="told",
        )


def answer_is_in_time(attempt: Attempt) -> None:
    """R38: an answer counts through the 14th day; a later one is additional data."""
    if attempt.case.due is not None and attempt.at >= attempt.case.due:
        raise Refused(_("The 14 days are over. Record it as additional data: it is kept and noticed."))


def target_assesses(attempt: Attempt) -> None:
    """R44: the PYB disposes to Dit. KI, a KPU or a Kanwil, never elsewhere."""
    office = Office.objects.filter(pk=attempt.text("target")).first()
    if office is None or not (office.pk == KI or office.kind in REGIONAL):
        raise Refused(_("Choose Dit. KI, a KPU or a Kanwil."), field="target")


# What a ground for forwarding to the Inspectorate General asks of a case, besides being the profile's.
GROUNDS: dict[str, Callable[[Case], Text | None]] = {
    Ground.PER13_T1: lambda case: (
        None if case.type == Type.T1 else gettext_lazy("This ground is for complaints of type T1.")
    ),
}


def ground_holds(attempt: Attempt) -> None:
    """R13, R45: each ground is for the cases that it speaks of."""
    asked = GROUNDS.get(attempt.text("ground"))
    if asked is not None and (why := asked(attempt.case)) is not None:
        raise Refused(why, field="ground")


def target_is_other(attempt: Attempt) -> None:
    """Move 21: a transfer goes to another office's compliance unit."""
    if attempt.text("target") == attempt.case.team.office_id:
        raise Refused(_("The case is with this office already. Choose another one."), field="target")


def no_sanction_details(attempt: Attempt) -> None:
    """R52: the answer to the complainant never holds details of a sanction."""
    answer = " ".join(attempt.text("answer").casefold().split())
    if found := next((word for word in SANCTION_WORDS if word in answer), None):
        raise Refused(
            _("The answer may not name a sanction: leave out «%(word)s».") % {"word": found}, field="answer"
        )


def due_in_future(attempt: Attempt) -> None:
    """R51: a follow-up's due date is not in the past."""
    day = attempt.day("follow_up_due")
    today = attempt.at.astimezone(ZoneInfo(attempt.case.team.office.timezone)).date()
    if day is not None and day < today:
        raise Refused(_("This date is past. Choose today or a later day."), field="follow_up_due")


def follow_up_is_theirs(attempt: Attempt) -> None:
    """R51: a unit reports on its own follow-ups; whoever handles the case may report on each."""
    waiting = FollowUp.objects.filter(case=attempt.case, reported_at=None)
    found = waiting.filter(pk=attempt.text("follow_up")).select_related("executor").first()
    teams = {team.pk for team in attempt.officer.reach.teams()} if attempt.officer else set()
    if found is None or not teams & {found.executor_id, attempt.case.team_id}:
        raise Refused(_("Choose a follow-up that your unit carries out."), field="follow_up")


def assignee_is_new(attempt: Attempt) -> None:
    """A case is not assigned to the one who has it: that would only send another notice."""
    has = attempt.case.assignee
    if has is not None and has.user.get_username() == attempt.text("assignee"):
        raise Refused(_("%(name)s has this case already.") % {"name": has.name}, field="assignee")


def employee_is_named(attempt: Attempt) -> None:
    """A reported employee has a name, a NIP or a post, unless it is unclear who it is (R18, R42)."""
    named = any(attempt.text(name).strip() for name in ("employee_name", "nip", "post"))
    if not named and attempt.text("employee_state") != ReportedState.UNCLEAR:
        raise Refused(_("Give a name, a NIP or a post, or choose «unclear»."), field="employee_name")


def nip_has_18_digits(attempt: Attempt) -> None:
    """An employee number (NIP), when given, has 18 digits."""
    nip_mark(attempt.text("nip"))
