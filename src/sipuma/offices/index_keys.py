"""Index keys: one secret a team, kept over its epochs, under which what is sealed can be looked up.

The key lies sealed to the team's newest key, so whoever opens that (a member, the supervising team) has it.
Inside the seal the same team key has signed it: anybody can seal a secret of their own to a public key, and
words that were looked up under it would lie open to whoever did.
"""

from contextlib import suppress
from typing import Final

from sipuma import vault
from sipuma.offices.models import IndexKey, Team
from sipuma.offices.officer import Officer
from sipuma.offices.ring import KeyPair
from sipuma.offices.trust import Untrusted

KEY_BYTES: Final = 32
LABEL: Final = "sipuma/index-key"


def index_key(team: Team, officer: Officer) -> vault.Secret:
    """Return the team's index key, opened in the officer's unlocked session; `reveal()` gives 32 bytes.

    Raises:
        PermissionError: the officer does not hold the team's key.
        Untrusted: there is none, or it is not the one that this team made.
    """
    _key, pair = officer.ring.team(team)
    return _opened(team, pair)


def draw_index_key(team: Team, pair: KeyPair) -> IndexKey:
    """Return the unsaved row of a team's new index key."""
    return IndexKey(team=team, sealed=_sealed(team, vault.new_key(), pair))


def reseal_index_key(team: Team, *, old: KeyPair, new: KeyPair) -> None:
    """Seal the same index key to the team's next epoch; one that can't be trusted stays behind."""
    with suppress(Untrusted):
        sealed = _sealed(team, _opened(team, old), new)
        IndexKey.objects.filter(team=team).update(sealed=sealed)


def _sealed(team: Team, key: vault.Secret, pair: KeyPair) -> bytes:
    signature = pair.signing.sign(_message(team, key.reveal()), label=LABEL)
    return vault.seal(pair.private.public, key.reveal() + signature, info=_info(team))


def _opened(team: Team, pair: KeyPair) -> vault.Secret:
    row = IndexKey.objects.filter(team=team).first()
    try:
        content = vault.unseal(pair.private, bytes(row.sealed if row else b""), info=_info(team))
        key, signature = content[:KEY_BYTES], content[KEY_BYTES:]
        pair.signing.verify_key.verify(signature, _message(team, key), label=LABEL)
    except (vault.Unopenable, vault.BadSignature) as error:
        raise Untrusted(team.subject) from error
    return vault.Secret(key)


def _message(team: Team, key: bytes) -> bytes:
    return _info(team) + key


def _info(team: Team) -> bytes:
    return f"{LABEL}/{team.subject}/".encode()
