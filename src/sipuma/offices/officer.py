"""An unlocked member at work: who, with which keys, in which places."""

from functools import cached_property

from sipuma import vault
from sipuma.offices.models import Member
from sipuma.offices.places import Reach
from sipuma.offices.ring import KeyPair, Ring


class Officer:
    """One signed-in member for the time of one request."""

    def __init__(self, member: Member, pair: KeyPair) -> None:
        self.member = member
        self.ring = Ring(member, pair)

    @cached_property
    def reach(self) -> Reach:
        return Reach(self.member)

    @cached_property
    def fingerprints(self) -> frozenset[bytes]:
        """Fingerprints of the member's own key and of every team key within reach."""
        return frozenset({self.ring.pair.private.public.fingerprint, *self.reach.fingerprints()})

    def private(self, fingerprint: bytes) -> vault.PrivateKey | None:
        """Return the private key with this fingerprint when it is within reach."""
        return self.ring.private(fingerprint) if fingerprint in self.fingerprints else None
