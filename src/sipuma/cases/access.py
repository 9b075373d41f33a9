"""Which cases a member can see: exactly those that one of the member's team keys can read something of."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from sipuma.cases.models import Case, ReadLog, Seal
from sipuma.offices.models import TeamKey, TeamKind
from sipuma.offices.officer import Officer


def visible(officer: Officer) -> QuerySet[Case]:
    """Return the cases with a seal that a key of the officer's places opens, and those that joined one.

    Whoever holds the key of a case reads those that joined it; a proposal to join opens nothing.
    """
    return Case.objects.filter(_readable(officer))


def within_reach(officer: Officer) -> QuerySet[Case]:
    """Return the cases that the officer reads something of, and those that the officer's desk recorded.

    What a desk recorded it can add to for good; when reception is completed it reads nothing of it any more.
    """
    desks = [team.pk for team in officer.reach.teams(TeamKind.RECEPTION)]
    return Case.objects.filter(_readable(officer) | Q(reception__in=desks))


def _readable(officer: Officer) -> Q:
    keys = reading_keys(officer)
    seals = Seal.objects.filter(case=OuterRef("pk"), reader__in=keys)
    main = Seal.objects.filter(case=OuterRef("joins"), object=OuterRef("joins__uid"), reader__in=keys)
    return Q(Exists(seals)) | Q(Exists(main), closed_at__isnull=False)


def reading_keys(officer: Officer) -> list[bytes]:
    """Return the fingerprints that a seal for the officer may name; custodians' halves read nothing alone."""
    teams = [team.pk for team in officer.reach.teams() if team.kind != TeamKind.CUSTODIAN]
    keys = TeamKey.objects.filter(team__in=teams).values_list("fingerprint", flat=True)
    return [officer.ring.pair.private.public.fingerprint, *map(bytes, keys)]


def log_read(case: Case, officer: Officer) -> None:
    """Note that the member opened this case today."""
    ReadLog.objects.bulk_create(
        [ReadLog(case=case, member=officer.member, day=timezone.localdate())], ignore_conflicts=True
    )
