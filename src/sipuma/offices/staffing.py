"""Which seats a role means, and putting people into them at once with keys in memory."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from sipuma import vault
from sipuma.offices.joining import Seat, invite, join, let_in_by_kit
from sipuma.offices.models import Member, Office, Rank, TeamKind
from sipuma.offices.refusal import Refused
from sipuma.offices.ring import KeyPair

# Which teams a role sits in, and as what; a team that the office does not have is left out.
# fmt: off
SEATS: dict[str, tuple[tuple[TeamKind, Rank], ...]] = {
    "penerima":      ((TeamKind.RECEPTION, Rank.MEMBER),),
    "verifikator":   ((TeamKind.VERIFICATION, Rank.MEMBER),),
    "kepala-uki":    ((TeamKind.VERIFICATION, Rank.HEAD), (TeamKind.ASSESSMENT, Rank.HEAD)),
    "pengkaji":      ((TeamKind.ASSESSMENT, Rank.MEMBER),),
    "pengkaji-unit": ((TeamKind.UNIT, Rank.MEMBER),),
    "pyb":           ((TeamKind.PYB, Rank.MEMBER),),
    "kustodian":     ((TeamKind.CUSTODIAN, Rank.MEMBER),),
    "none":          (),
}
# fmt: on


def seats_of(roles: Sequence[str], office: Office) -> list[Seat]:
    """Return the seats that roles mean at an office.

    Raises:
        Refused: the office has no team for one of the roles.
    """
    teams = {team.kind: team for team in office.teams.all()}
    seats = []
    for role in roles:
        found = [Seat(teams[kind], rank) for kind, rank in SEATS[role] if kind in teams]
        if SEATS[role] and not found:
            why = _("%(office)s has no team for the role %(role)s.")
            raise Refused(why % {"office": office, "role": role})
        seats += found
    return seats


@transaction.atomic
def enrol(
    *,
    username: str,
    name: str,
    office: Office,
    seats: Sequence[tuple[Seat, KeyPair]],
    password: str,
    email: str = "",
    nip: str = "",
) -> tuple[Member, vault.RecoveryKit]:
    """Invite, join and let in one member; each seat comes with the opened kit that reaches its team.

    Raises:
        Refused: the name is taken, the password is weak, or a kit does not open its team.
    """
    member, _link = invite(
        username=username,
        name=name,
        email=email,
        office=office,
        seats=[seat for seat, _kit in seats],
        nip=nip,
    )
    kit = join(member=member, password=password)
    for seat, opened in seats:
        let_in_by_kit(place=member.memberships.get(team=seat.team), kit=opened)
    return member, kit
