"""Puts people into teams at once, with keys in memory: for founding, samples and tests."""

from collections.abc import Sequence

from django.db import transaction

from sipuma import vault
from sipuma.offices.joining import Seat, invite, join, let_in_by_kit
from sipuma.offices.models import Member, Office
from sipuma.offices.ring import KeyPair


@transaction.atomic
def enrol(
    *,
    username: str,
    name: str,
    office: Office,
    seats: Sequence[tuple[Seat, KeyPair]],
    password: str,
    email: str = "",
) -> tuple[Member, vault.RecoveryKit]:
    """Invite, join and let in one member; each seat comes with the opened kit that reaches its team.

    Raises:
        Refused: the name is taken, the password is weak, or a kit does not open its team.
    """
    member, _code = invite(
        username=username, name=name, email=email, office=office, seats=[seat for seat, _kit in seats]
    )
    kit = join(member=member, password=password)
    for seat, opened in seats:
        let_in_by_kit(place=member.memberships.get(team=seat.team), kit=opened)
    return member, kit
