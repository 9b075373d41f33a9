"""Where a member may work and as what: own teams, and those below that have nobody."""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from sipuma.offices.models import Member, Membership, Rank, Team, TeamKey, TeamKind


class Role(StrEnum):
    """Who acts (DOMAIN section 2); a move names the roles that may make it."""

    COMPLAINANT = "pengadu"
    RECEIVER = "penerima"
    VERIFIER = "verifikator"
    HEAD = "kepala-uki"
    PYB = "pyb"
    ASSESSOR = "pengkaji"
    UNIT = "pengkaji-unit"
    CUSTODIAN = "kustodian"
    SYSTEM = "sistem"


ROLE_LABELS = {
    Role.COMPLAINANT: _("Complainant"),
    Role.RECEIVER: _("Receiver"),
    Role.VERIFIER: _("Verifier"),
    Role.HEAD: _("Head of the compliance unit"),
    Role.PYB: _("Competent official (PYB)"),
    Role.ASSESSOR: _("Assessor"),
    Role.UNIT: _("Assessor of the related unit"),
    Role.CUSTODIAN: _("Identity custodian"),
    Role.SYSTEM: _("System"),
}

# fmt: off
ROLES: dict[tuple[str, str], frozenset[Role]] = {
    (TeamKind.RECEPTION,    Rank.MEMBER): frozenset({Role.RECEIVER}),
    (TeamKind.RECEPTION,    Rank.HEAD):   frozenset({Role.RECEIVER}),
    (TeamKind.VERIFICATION, Rank.MEMBER): frozenset({Role.VERIFIER}),
    (TeamKind.VERIFICATION, Rank.HEAD):   frozenset({Role.VERIFIER, Role.HEAD}),
    (TeamKind.UNIT,         Rank.MEMBER): frozenset({Role.UNIT}),
    (TeamKind.UNIT,         Rank.HEAD):   frozenset({Role.UNIT}),
    (TeamKind.ASSESSMENT,   Rank.MEMBER): frozenset({Role.ASSESSOR}),
    (TeamKind.ASSESSMENT,   Rank.HEAD):   frozenset({Role.HEAD}),
    (TeamKind.PYB,          Rank.MEMBER): frozenset({Role.PYB}),
    (TeamKind.PYB,          Rank.HEAD):   frozenset({Role.PYB}),
    (TeamKind.CUSTODIAN,    Rank.MEMBER): frozenset({Role.CUSTODIAN}),
    (TeamKind.CUSTODIAN,    Rank.HEAD):   frozenset({Role.CUSTODIAN}),
}
# fmt: on


MOST_LEVELS = 8


@dataclass(frozen=True)
class Place:
    """A team the member works in, with the roles held there; `own` is false for an empty team below."""

    team: Team
    roles: frozenset[Role]
    own: bool


class Reach:
    """Every place of one member, worked out once a request (one query a level of the office tree)."""

    def __init__(self, member: Member) -> None:
        self.member = member
        self.places: dict[int, Place] = {}
        self._collect()

    def roles_in(self, team: Team) -> frozenset[Role]:
        """Return the roles that the member holds in this very team."""
        place = self.places.get(team.pk)
        return place.roles if place else frozenset()

    def roles_at(self, office_code: str) -> frozenset[Role]:
        """Return the roles that the member holds in any team of this office."""
        found = [p.roles for p in self.places.values() if p.team.office_id == office_code]
        return frozenset().union(*found)

    def teams(self, *kinds: str) -> list[Team]:
        """Return the teams of these kinds (of all kinds when none is named), own ones first."""
        places = sorted(self.places.values(), key=lambda place: not place.own)
        return [place.team for place in places if not kinds or place.team.kind in kinds]

    def fingerprints(self) -> list[bytes]:
        """Return the fingerprints of all keys, of every epoch, of all these teams."""
        keys = TeamKey.objects.filter(team__in=self.places).values_list("fingerprint", flat=True)
        return [bytes(fingerprint) for fingerprint in keys]

    def _collect(self) -> None:
        if self.member.disabled_at is not None:
            return
        mine = Membership.objects.filter(member=self.member, let_in_at__isnull=False)
        for place in mine.select_related("team__office"):
            roles = ROLES[place.team.kind, place.rank]
            self.places[place.team_id] = Place(place.team, roles, own=True)
        level = dict(self.places)
        while level:
            level = {
                team.pk: Place(team, level[team.supervisor_id or 0].roles, own=False)
                for team in empty_below(level)
                if team.pk not in self.places
            }
            self.places.update(level)


def empty_below(teams: dict[int, Place]) -> list[Team]:
    """Return the teams directly supervised by these that have no member to work there."""
    staffed = active_memberships().filter(team=OuterRef("pk"))
    below = Team.objects.filter(~Exists(staffed), supervisor__in=teams).exclude(kind=TeamKind.CUSTODIAN)
    return list(below.select_related("office"))


def active_memberships() -> QuerySet[Membership]:
    """Return the memberships of people who have been let in and not disabled."""
    return Membership.objects.filter(let_in_at__isnull=False, member__disabled_at__isnull=True)


def workers_of(team: Team) -> list[Member]:
    """Return who works for this team: its members, or the nearest supervisors' when it has none."""
    here: Team | None = team
    for _level in range(MOST_LEVELS):  # a loop laid into the rows must not hold anybody up
        if here is None:
            break
        found = active_memberships().filter(team=here).select_related("member__user")
        if members := [place.member for place in found]:
            return members
        here = here.supervisor
    return []


def heads_of(code: str) -> list[Member]:
    """Return who heads the compliance unit of an office, or the nearest one above that has a head."""
    unit = Team.objects.filter(office_id=code, kind=TeamKind.VERIFICATION).first()
    for _level in range(MOST_LEVELS):
        if unit is None:
            break
        found = active_memberships().filter(team=unit, rank=Rank.HEAD).select_related("member")
        if members := [place.member for place in found]:
            return members
        unit = unit.supervisor
    return []


def staffed_offices(kind: str) -> set[str]:
    """Return the codes of offices for whose team of this kind somebody works: its members, or above it."""
    teams = {team.pk: team for team in Team.objects.filter(kind=kind)}
    staffed = set(active_memberships().filter(team__in=teams).values_list("team", flat=True))
    for _level in range(MOST_LEVELS):
        staffed |= {pk for pk, team in teams.items() if team.supervisor_id in staffed}
    return {teams[pk].office_id for pk in staffed}
