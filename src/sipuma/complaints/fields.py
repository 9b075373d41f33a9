"""What the moves ask for: their fields, and the choices that some of them draw from the database."""

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sipuma.cases.exclusions import mark_of, marks_on
from sipuma.cases.models import Case, FollowUp, ReportedEmployee, ReportedState
from sipuma.cases.workflow import Choices, Field, Text
from sipuma.complaints import excluding
from sipuma.complaints.models import Told
from sipuma.complaints.words import ELEMENTS, Clarity, Closing, FollowUpKind, Helped, Nature
from sipuma.offices.loading import KI, REGIONAL
from sipuma.offices.models import Office, TeamKind
from sipuma.offices.places import staffed_offices, workers_of


def every_office(_case: Case | None) -> Choices:
    """Return all listed offices."""
    return list(Office.objects.filter(listed=True).values_list("pk", "name"))


def assessing_offices(_case: Case | None) -> Choices:
    """Return where the PYB may dispose a case to (R44): Dit. KI, a KPU or a Kanwil."""
    assessing = Office.objects.filter(Q(pk=KI) | Q(kind__in=REGIONAL), listed=True)
    return list(assessing.values_list("pk", "name"))


def working_units(case: Case | None) -> Choices:
    """Return the offices for whose unit somebody works, the handling one first: a case waits for nobody."""
    here, staffed = case.team.office_id if case else "", staffed_offices(TeamKind.UNIT)
    choices = [choice for choice in every_office(case) if choice[0] in staffed]
    return sorted(choices, key=lambda choice: choice[0] != here)


def colleagues(case: Case | None) -> Choices:
    """Return who works for the team that has the case, by user name; nobody of the reported."""
    if case is None:
        return ()
    barred = marks_on(case.register)
    people = [one for one in workers_of(case.team) if mark_of(one) not in barred]
    return [(one.user.get_username(), one.name) for one in people]


def open_follow_ups(case: Case | None) -> Choices:
    """Return the case's follow-ups that have no result yet."""
    if case is None:
        return ()
    waiting = FollowUp.objects.filter(case=case, reported_at=None).select_related("executor__office")
    return [
        (str(one.pk), f"{FollowUpKind(one.kind).label}: {one.executor.office} ({date_format(one.due)})")
        for one in waiting
    ]


def recorded_employees(case: Case | None) -> Choices:
    """Return the reported employees that count; whose name stands where is shown beside the form."""
    if case is None:
        return ()
    counting = ReportedEmployee.objects.filter(case=case, retracted_at=None).order_by("pk")
    return [
        (str(one.pk), gettext("No. %(number)d: %(state)s") % {"number": n, "state": one.get_state_display()})
        for n, one in enumerate(counting, start=1)
    ]


def text(name: str, label: Text, *, hint: Text = "", required: bool = True) -> Field:
    """Return a field for a longer text, the kind that most moves ask for."""
    return Field(name, label, hint=hint, required=required)


ASSIGNEE = Field("assignee", _("Colleague"), "choice", choices=colleagues)
HANDOVER_NOTE = text(
    "note", _("Note"), required=False, hint=_("What has been done, and what comes next. Handlers read this.")
)
REASON = text("reason", _("Reason"))
ANSWER = text(
    "answer",
    _("Answer to the complainant"),
    hint=_("The complainant reads this. No details of sanctions, no names."),
)
TARGET_HINT = _("Dit. KI, a KPU or a Kanwil.")
TARGET_KI = Field("target", _("Assessing office"), "office", choices=assessing_offices, hint=TARGET_HINT)
STUDY_FIELDS = (
    text("facts", _("Facts")),
    text("conclusion", _("Conclusion (kesimpulan)")),
    text("recommendation", _("Recommendation (rekomendasi)")),
)
FIVE = tuple(Field(f"{name}_clarity", label, "choice", choices=Clarity.choices) for name, label in ELEMENTS)
EMPLOYEE_FIELDS = (
    Field("employee_name", _("Name"), "line", required=False, maximum=150),
    Field("nip", _("NIP"), "line", required=False, hint=_("18 digits, if known."), maximum=30),
    Field("post", _("Post"), "line", required=False, maximum=150),
    Field("employee_office", _("Office of the employee"), "line", required=False, maximum=200),
    Field("employee_state", _("What is known of the employee"), "choice", choices=ReportedState.choices),
    Field(
        "colleague",
        _("Is it somebody who works with SIPUMA?"),
        "choice",
        required=False,
        choices=excluding.colleagues,
        hint=_("Then this person can’t see the case any more, anywhere. Leave it empty if not."),
    ),
)
FOLLOW_UP_FIELDS = (
    Field("follow_up_kind", _("Kind of follow-up"), "choice", choices=FollowUpKind.choices),
    Field("executor", _("Executing unit"), "office", choices=working_units),
    Field("follow_up_due", _("To be done by"), "date"),
    text("instruction", _("What is to be done"), hint=_("The executing unit reads this, not the case.")),
)
TICKET_FIELDS = (
    Field("email", _("E-mail"), "line", required=False, maximum=254),
    Field(
        "phone",
        _("Mobile number"),
        "line",
        required=False,
        hint=_("Like 0812 3456 7890. Only mobile numbers get an SMS."),
        maximum=40,
    ),
)
ADDITION_FIELDS = (
    Field("nature", _("What is it?"), "choice", choices=Nature.choices),
    text("message", _("Text")),
    Field("reason", _("Why is it added or put right?"), "line", maximum=500),
)
TELLING_FIELDS = (
    Field("told", _("How was it told?"), "choice", choices=Told.choices),
    Field("note", _("Note"), "line", required=False, maximum=500, hint=_("When and to whom, no names.")),
)
CLOSING_FIELDS = (
    Field("closing_kind", _("What should it be closed as?"), "choice", choices=Closing.choices),
    Field(
        "joins",
        _("Register number of the complaint that it joins"),
        "line",
        required=False,
        hint=_("Needed for a duplicate, empty for spam. Your unit must be able to read that complaint."),
        maximum=30,
    ),
    REASON,
)
HELPED_FIELDS = (
    Field("helped", _("Did it help you?"), "choice", choices=Helped.choices),
    text("message", _("What could have been better?"), required=False),
)
