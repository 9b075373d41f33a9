"""Which cases a member can see: exactly those that one of the member's team keys can read something of."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from sipuma.cases.exclusions import barred
from sipuma.cases.models import Case, ReadLog, Seal
from sipuma.offices.models import Member, TeamKey, TeamKind
from sipuma.offices.officer import Officer
from sipuma.offices.places import Reach

# For so long after a page was last asked for, its reader counts as having it open.
OPEN_FOR = timedelta(minutes=5)


def visible(officer: Officer) -> QuerySet[Case]:
    """Return the cases with a seal that a key of the officer's places opens, and those that joined one.

    Whoever holds the key of a case reads those that joined it; a proposal to join opens nothing. None of them
    is about the officer.
    """
    return Case.objects.filter(_readable(officer), *unbarred(officer))


def within_reach(officer: Officer) -> QuerySet[Case]:
    """Return the cases that the officer reads something of, and those that the officer's desk recorded.

    What a desk recorded it can add to for good; when reception is completed it reads nothing of it any more.
    """
    desks = [team.pk for team in officer.reach.teams(TeamKind.RECEPTION)]
    # Of a case that was moved one level up only its number is left, in the register book.
    near = _readable(officer) | Q(reception__in=desks)
    return Case.objects.filter(near, *unbarred(officer), moved_at=None)


def _readable(officer: Officer) -> Q:
    keys = reading_keys(officer)
    seals = Seal.objects.filter(case=OuterRef("pk"), reader__in=keys)
    main = Seal.objects.filter(case=OuterRef("joins"), object=OuterRef("joins__uid"), reader__in=keys)
    return Q(Exists(seals)) | Q(Exists(main), closed_at__isnull=False)


def unbarred(officer: Officer) -> tuple[Q, Q]:
    """Return the conditions that the officer is reported neither in a case nor in the one that it joined."""
    return Q(~barred(officer.member)), Q(~barred(officer.member, "joins"))


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
    """Note that the member opened this case today, and that it was just now."""
    ReadLog.objects.bulk_create(
        [ReadLog(case=case, member=officer.member, day=timezone.localdate(), last_at=timezone.now())],
        update_conflicts=True,
        unique_fields=("member", "case", "day"),
        update_fields=("last_at",),
    )


def readers_now(case: Case, officer: Officer) -> list[str]:
    """Return the names of the others who have opened this case in the last few minutes."""
    recent = ReadLog.objects.filter(case=case, last_at__gte=timezone.now() - OPEN_FOR)
    names = recent.exclude(member=officer.member).order_by("member__name")
    return list(names.values_list("member__name", flat=True).distinct())
