"""Which cases a member can see: exactly those that one of the member's team keys can read something of."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from sipuma.cases.exclusions import barred
from sipuma.cases.models import Case, ReadLog, Seal
from sipuma.offices.models import Member, TeamKey, TeamKind
from sipuma.offices.officer import Officer
from sipuma.offices.places import Reach


def visible(officer: Officer) -> QuerySet[Case]:
    """Return the cases with a seal that a key of the officer's places opens; none about the officer."""
    readable = Seal.objects.filter(case=OuterRef("pk"), reader__in=reading_keys(officer))
    return Case.objects.filter(Exists(readable), ~barred(officer.member))


def within_reach(officer: Officer) -> QuerySet[Case]:
    """Return the cases that the officer reads something of, and those that the officer's desk recorded.

    What a desk recorded it can add to for good; when reception is completed it reads nothing of it any more.
    """
    readable = Seal.objects.filter(case=OuterRef("pk"), reader__in=reading_keys(officer))
    desks = [team.pk for team in officer.reach.teams(TeamKind.RECEPTION)]
    # Of a case that was moved one level up only its number is left, in the register book.
    near = Q(Exists(readable)) | Q(reception__in=desks)
    return Case.objects.filter(near, ~barred(officer.member), moved_at=None)


def reading_keys(officer: Officer) -> list[bytes]:
    """Return the fingerprints that a seal for the officer may name; custodians' halves read nothing alone."""
    return [officer.ring.pair.private.public.fingerprint, *_team_keys(officer.reach)]


def _team_keys(reach: Reach) -> list[bytes]:
    teams = [team.pk for team in reach.teams() if team.kind != TeamKind.CUSTODIAN]
    return [bytes(fp) for fp in TeamKey.objects.filter(team__in=teams).values_list("fingerprint", flat=True)]


def could_open(case: Case, member: Member) -> bool:
    """Return whether the member reads something of a case, or sits at the desk that recorded it."""
    reach = Reach(member)
    if case.reception_id in reach.places:
        return True
    keys = [bytes(member.fingerprint or b""), *_team_keys(reach)]
    return Seal.objects.filter(case=case, reader__in=keys).exists()


def log_read(case: Case, officer: Officer) -> None:
    """Note that the member opened this case today."""
    ReadLog.objects.bulk_create(
        [ReadLog(case=case, member=officer.member, day=timezone.localdate())], ignore_conflicts=True
    )
