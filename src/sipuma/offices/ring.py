"""A member's key ring: the unlocked private key, and through it the keys of the member's teams."""

from dataclasses import dataclass

from sipuma import vault
from sipuma.offices.models import Member, Team, TeamKey, TeamKeySeal
from sipuma.offices.trust import current_key

PRIVATE_BYTES = 96


@dataclass(frozen=True)
class KeyPair:
    """The private halves of a member or of a team's epoch: one for sealing, one for signing."""

    private: vault.PrivateKey
    signing: vault.SigningKey

    @classmethod
    def generate(cls) -> "KeyPair":
        return cls(vault.generate(), vault.SigningKey.generate())

    @classmethod
    def from_bytes(cls, raw: bytes) -> "KeyPair":
        return cls(vault.PrivateKey(raw[:PRIVATE_BYTES]), vault.SigningKey(raw[PRIVATE_BYTES:]))

    def to_bytes(self) -> bytes:
        return self.private.raw.reveal() + self.signing.raw.reveal()


def seal_team_key(pair: KeyPair, reader: vault.PublicKey, *, subject: str, epoch: int) -> bytes:
    """Seal a team's private halves to one reader."""
    return vault.seal(reader, pair.to_bytes(), info=_info(subject, epoch))


def _info(subject: str, epoch: int) -> bytes:
    return f"sipuma/team-key/{epoch}/{subject}".encode()


class Ring:
    """Private keys that one unlocked member can reach, opened when asked for and kept for the request."""

    def __init__(self, member: Member, pair: KeyPair) -> None:
        self.member = member
        self.pair = pair
        self._open: dict[bytes, KeyPair] = {pair.private.public.fingerprint: pair}
        self._out_of_reach: set[bytes] = set()

    def private(self, fingerprint: bytes) -> vault.PrivateKey | None:
        """Return the private key with this fingerprint, or None when it is out of the member's reach."""
        pair = self.pair_of(fingerprint)
        return pair.private if pair else None

    def pair_of(self, fingerprint: bytes) -> KeyPair | None:
        """Open the team key with this fingerprint, through supervising teams where need be."""
        if fingerprint in self._open:
            return self._open[fingerprint]
        if fingerprint in self._out_of_reach:
            return None
        self._out_of_reach.add(fingerprint)  # also ends a loop that a forger may have laid
        for seal in TeamKeySeal.objects.filter(key__fingerprint=fingerprint).select_related("key__team"):
            through = self.pair_of(bytes(seal.reader))
            pair = self._unseal(seal, through) if through else None
            # Anybody can seal a key of their own to a public key: what was asked for must come out.
            if pair is not None and pair.private.public.fingerprint == fingerprint:
                self._open[fingerprint] = pair
                self._out_of_reach.discard(fingerprint)
                return pair
        return None

    def team(self, team: Team) -> tuple[TeamKey, KeyPair]:
        """Return the team's current key and its private halves.

        Raises:
            PermissionError: the member does not hold it.
        """
        key = current_key(team)
        pair = self.pair_of(bytes(key.fingerprint))
        if pair is None:
            raise PermissionError(team.subject)
        return key, pair

    @staticmethod
    def _unseal(seal: TeamKeySeal, through: KeyPair) -> KeyPair | None:
        info = _info(seal.key.team.subject, seal.key.epoch)
        try:
            return KeyPair.from_bytes(vault.unseal(through.private, bytes(seal.sealed), info=info))
        except (vault.Unopenable, ValueError):
            return None
