"""Links between cases: both show the other, and neither is changed by it."""

from datetime import datetime

from django.db.models import Q

from sipuma.cases.models import Case, CaseLink


def link(case: Case, other: Case, *, at: datetime) -> None:
    """Link two cases; linked ones stay so."""
    first, second = sorted((case, other), key=lambda one: one.pk)
    CaseLink.objects.bulk_create([CaseLink(first=first, second=second, made_at=at)], ignore_conflicts=True)


def unlink(case: Case, other: Case) -> None:
    CaseLink.objects.filter(_between(case, other)).delete()


def linked(case: Case) -> list[int]:
    """Return the ids of the cases that this one is linked to."""
    pairs = CaseLink.objects.filter(Q(first=case) | Q(second=case)).values_list("first", "second")
    return [first + second - case.pk for first, second in pairs]


def _between(case: Case, other: Case) -> Q:
    return Q(first=case, second=other) | Q(first=other, second=case)
