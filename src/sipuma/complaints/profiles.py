"""Which rules an installation follows: `kep154` as the older documents have it, or `per13` (R12, R13).

Both stand here as data; what differs between them is read from nowhere else.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from sipuma.cases.models import Case
from sipuma.cases.workflow import Move, Ready, Text
from sipuma.complaints.words import Ground, Type


@dataclass(frozen=True)
class Profile:
    """One set of rules. `identity`: what a complainant has to give; `closed`: moves that no T1 case takes."""

    name: str
    rule: str
    identity: tuple[str, ...]
    closed: frozenset[str]
    grounds: tuple[Ground, ...]


# fmt: off
PROFILES: Final = {profile.name: profile for profile in (
    Profile("kep154", "KEP-154/BC/2012", (), frozenset(), (Ground.UNRELATED,)),
    Profile(
        "per13", "PER-13/BC/2025", ("name", "address", "phone", "email"),
        frozenset({"dispose", "pyb_not_actionable"}), (Ground.PER13_T1, Ground.UNRELATED),
    ),
)}
# fmt: on


def profile() -> Profile:
    """Return the profile that this installation follows."""
    return PROFILES[settings.SIPUMA.profile]


def identity_required() -> bool:
    """Return whether nobody can complain without saying who they are."""
    return bool(profile().identity)


def way_is_open(name: str) -> Ready:
    """Return what refuses a move that the profile does not know for type T1 (R13)."""

    def ready(case: Case) -> Text | None:
        if name not in profile().closed or case.type != Type.T1:
            return None
        return _("By PER-13/BC/2025 a complaint of type T1 can only be forwarded to WISE.")

    return ready


def offered(moves: Iterable[Move]) -> tuple[Move, ...]:
    """Return the moves that the procedure of this profile has, for whoever draws or explains it."""
    return tuple(move for move in moves if move.name not in profile().closed)
