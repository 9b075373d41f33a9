"""Reported employees who work with SIPUMA: shut out of their case, and the head of UKI is told (R60)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sipuma.cases.access import could_open
from sipuma.cases.entries import Signature, append, readers_of, seal_text
from sipuma.cases.exclusions import counting, exclude, mark_of, marks_on, reported_in
from sipuma.cases.models import Audience, Case, ReportedEmployee
from sipuma.cases.workflow import Attempt, Choices, Move, Text
from sipuma.complaints.conflict import level_above
from sipuma.complaints.notices import conflict_found
from sipuma.offices.loading import KI, supervising_office
from sipuma.offices.models import Member, Rank, Team, TeamKind
from sipuma.offices.nip import members_with
from sipuma.offices.places import active_memberships, workers_of
from sipuma.offices.refusal import Refused
from sipuma.outbox.models import Message

EXCLUSION = "exclusion"
# What a team one of whose people is reported can't do any more; the case can still be given back and sent up.
STOPPED = (
    "take", "assess", "request_data", "not_actionable", "route_pyb", "route_unit", "transfer", "dispose",
    "forward_wise", "pyb_not_actionable", "submit_study", "approve_study", "close_assessment",
    "propose_closing", "confirm_closing",
)  # fmt: skip
# Which team a move gives the case, or a part of it, to: the field that names its office, and the kind.
GIVEN_TO = {
    "dispose": ("target", TeamKind.ASSESSMENT),
    "transfer": ("target", TeamKind.VERIFICATION),
    "route_unit": ("unit", TeamKind.UNIT),
    "add_follow_up": ("executor", TeamKind.UNIT),
}


def colleagues(case: Case | None) -> Choices:
    """Return who works in the offices that may come to see this case, for the recorder to recognise."""
    if case is None:
        return ()
    here = {team.office_id: team for team in (case.team, case.verification)}
    above = {supervising_office(team) or KI for team in here.values()}
    codes = {case.office_id, KI, *here, *above}
    members = Member.objects.filter(memberships__let_in_at__isnull=False, disabled_at=None)
    found = members.filter(Q(office__in=codes) | Q(memberships__team__office__in=codes))
    chosen = found.select_related("office").distinct().order_by("name", "pk")
    return [(str(one.pk), f"{one.name}, {one.office}") for one in chosen]


def meant(values: Mapping[str, object]) -> list[Member]:
    """Return the members whom a recorded employee is: by the recorder's choice, or by the NIP."""
    chosen = str(values.get("colleague") or "")
    by_choice = Member.objects.filter(pk=int(chosen)) if chosen.isdecimal() else Member.objects.none()
    by_number = members_with(str(values.get("nip") or ""))
    return list({one.pk: one for one in (*by_choice, *by_number)}.values())


def shut_out(
    reported: ReportedEmployee, members: Sequence[Member], *, by: Signature, at: datetime | None = None
) -> None:
    """Exclude members from the case, enter it, and tell the head of UKI of those who could open it.

    Who is told is never one of them. Inside a transaction.
    """
    if not members:
        return
    case = reported.case
    had = [one for one in members if could_open(case, one)]
    exclude(reported, members)
    words = _("Among the reported, and shut out of this case: %(names)s.")
    text = words % {"names": "; ".join(_name(case, one) for one in members)}
    readers = readers_of(case, Audience.HANDLERS)
    entry = seal_text(case.uid, EXCLUSION, {"text": text}, audience=Audience.HANDLERS, readers=readers)
    append(case, [entry], by=by, at=at)
    if had:
        Message.objects.bulk_create(conflict_found(heads_for(case), case.register))


def _name(case: Case, member: Member) -> str:
    """Return a colleague's name; of other offices' staff only where: a NIP typed in is not to give names."""
    here = {case.office_id, case.team.office_id, case.verification.office_id}
    if member.office_id in here:
        return member.name
    return _("a member of the staff of %(office)s") % {"office": member.office}


def heads_for(case: Case) -> list[Member]:
    """Return the heads of UKI who are to know of a conflict: of the level above when the head is reported."""
    marks, team = marks_on(case.register), case.verification
    for place in (team, level_above(team)):
        heads = active_memberships().filter(team=place, rank=Rank.HEAD).select_related("member")
        found = [one.member for one in heads] or workers_of(place)
        if free := [one for one in found if mark_of(one) not in marks]:
            return free
    return []


def catch_up(case: Case, payloads: Mapping[int, Mapping[str, object]], *, by: Signature) -> None:
    """Shut out who became a member, or got a NIP, after being recorded: seen when a handler opens the case.

    `payloads` are the recorded texts by the id of the reported employee, as far as the reader opens them.
    """
    found = {pk: members for pk, payload in payloads.items() if (members := meant(payload))}
    if not found:
        return
    known = {(pk, bytes(mark)) for pk, mark in counting().filter(case=case).values_list("reported", "mark")}
    for reported in ReportedEmployee.objects.filter(case=case, retracted_at=None, pk__in=found):
        new = [one for one in found[reported.pk] if (reported.pk, mark_of(one)) not in known]
        with transaction.atomic():
            shut_out(reported, new, by=by)


def nobody_here_is_reported(case: Case) -> Text | None:
    """R60: a team one of whose people is reported does nothing but give the case away."""
    if not reported_in(case, {case.team, case.verification}):
        return None
    return gettext_lazy(
        "Somebody with a key to this case is among the reported. It goes one level up first: the verifier "
        "sends it there."
    )


def heeding_conflicts(move: Move) -> Move:
    """Return the move with what the rules on conflicts add to it: the same for every row concerned."""
    stopped = (nobody_here_is_reported,) if move.name in STOPPED else ()
    given = (goes_to_nobody_reported,) if move.name in GIVEN_TO else ()
    return replace(move, ready=(*stopped, *move.ready), guards=(*move.guards, *given))


def goes_to_nobody_reported(attempt: Attempt) -> None:
    """R60: nothing of a case is given to a team in which a reported employee sits.

    Raises:
        Refused: names the field that chose it.
    """
    field, kind = GIVEN_TO[attempt.move.name]
    team = Team.objects.filter(office=attempt.text(field), kind=kind)
    if reported_in(attempt.case, team):
        raise Refused(_("Somebody there is among the reported. Choose another office."), field=field)


def pyb_is_not_reported(case: Case) -> Text | None:
    """R60: of the PYB nobody is reported; else the case goes up to the substitute."""
    if not reported_in(case, Team.objects.filter(office=KI, kind=TeamKind.PYB)):
        return None
    return gettext_lazy("Somebody of the PYB is among the reported. Send the case one level up.")
