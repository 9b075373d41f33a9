"""Who must not see a case because they are among its reported: asked here by every list, page and notice.

A row holds no name: it holds a keyed hash of the member's, under the pepper, so that a copy of the database
does not tell who is reported.
"""

from collections.abc import Iterable

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from sipuma import safe, vault
from sipuma.cases.models import Case, Exclusion, ReportedEmployee
from sipuma.offices.models import Member, Team
from sipuma.offices.places import active_memberships

LABEL = "sipuma/exclusion"


def mark_of(member: Member) -> bytes:
    """Return what stands for this member in an exclusion."""
    return vault.lookup_id(safe.at(settings.SIPUMA.secrets).pepper, str(member.pk).encode(), label=LABEL)


def barred(member: Member, case: str = "pk") -> Exists:
    """Return the condition that the member is among a case's reported; `case` names the case in the query."""
    return Exists(counting().filter(case=OuterRef(case), mark=mark_of(member)))


def counting() -> QuerySet[Exclusion]:
    """Return the exclusions that hold: one by mistake ends when its reported employee is taken out."""
    return Exclusion.objects.filter(reported__retracted_at=None)


def is_barred(case: Case, member: Member) -> bool:
    return counting().filter(case=case, mark=mark_of(member)).exists()


def marks_on(register: str) -> set[bytes]:
    """Return the marks of everybody who must not hear of the case with this number."""
    return {bytes(mark) for mark in counting().filter(case__register=register).values_list("mark", flat=True)}


def exclude(reported: ReportedEmployee, members: Iterable[Member]) -> None:
    """Exclude members who are meant by a reported employee; who is excluded already stays so.

    Of a complaint that joined another one the main case says the same: it is closed to them too.
    """
    case = reported.case
    cases = [case, *([case.joins] if case.is_joined and case.joins else ())]
    marks = [mark_of(one) for one in members]
    rows = [Exclusion(case=one, reported=reported, mark=mark) for one in cases for mark in marks]
    Exclusion.objects.bulk_create(rows, ignore_conflicts=True)


def carry_exclusions(old: Case, new: Case) -> None:
    """Let the exclusions of a case hold in the one where the matter goes on as well."""
    before = Exclusion.objects.filter(case=old)
    rows = [Exclusion(case=new, reported_id=one.reported_id, mark=one.mark, at=one.at) for one in before]
    Exclusion.objects.bulk_create(rows, ignore_conflicts=True)


def release_exclusions(old: Case, new: Case) -> None:
    """Take back what a case brought along that goes on by itself again."""
    Exclusion.objects.filter(case=new, reported__case=old).delete()


def reported_in(case: Case, teams: Iterable[Team]) -> bool:
    """Return whether somebody who sits in one of these teams, and so holds its key, is among the reported."""
    marks = marks_on(case.register)
    if not marks:
        return False
    places = active_memberships().filter(team__in=list(teams)).select_related("member")
    return any(mark_of(place.member) in marks for place in places)
