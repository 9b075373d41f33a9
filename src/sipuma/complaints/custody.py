"""The complainant's identity: sealed in two halves, so that no one side and no handler opens it alone."""

import json
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sipuma import vault
from sipuma.cases.entries import HALF, VERSION, Sealed, context_of
from sipuma.cases.models import Audience
from sipuma.offices.loading import KI, custody_office
from sipuma.offices.models import Office, Team, TeamKey, TeamKind
from sipuma.offices.trust import public_key, trusted_keys

IDENTITY = "identity"
DISCLOSE = "disclose"  # inside the seal: the complainant wishes handlers to know who they are
FRAME = frozenset({"schema", "version", DISCLOSE})


@dataclass(frozen=True)
class Custodians:
    """Who keeps the halves for an office: its Kanwil or KPU (the Sekretariat for HQ), and Dit. KI."""

    region: Team
    centre: Team

    @property
    def teams(self) -> tuple[Team, Team]:
        return self.region, self.centre

    def public(self, trusted: Mapping[int, TeamKey]) -> tuple[vault.PublicKey, vault.PublicKey]:
        return public_key(trusted[self.region.pk]), public_key(trusted[self.centre.pk])


def custodians_of(office: Office) -> Custodians:
    """Return the two custodian teams for identities of an office's cases (DESIGN section 4)."""
    region = custody_office(office.pk)
    found = Team.objects.filter(kind=TeamKind.CUSTODIAN, office_id__in=(region, KI))
    teams = {team.office_id: team for team in found}
    return Custodians(teams[region], teams[KI])


def seal_identity(
    case_uid: uuid.UUID,
    identity: Mapping[str, str],
    *,
    disclose: bool,
    custodians: tuple[vault.PublicKey, vault.PublicKey],
    readers: Iterable[vault.PublicKey],
) -> Sealed:
    """Seal an identity: half a key to each side of the custodians, the whole key to `readers`.

    `disclose`, the complainant's own wish, is sealed with it: that a key opens an identity is no consent.
    """
    uid, key = uuid.uuid4(), vault.new_key()
    context = context_of(case_uid, uid, IDENTITY)
    half_context = context_of(case_uid, uid, IDENTITY + HALF)
    frame = {"schema": IDENTITY, "version": VERSION, DISCLOSE: disclose}
    plain = json.dumps({**identity, **frame}, ensure_ascii=False).encode()
    seals = {reader.fingerprint: vault.seal_key(key, reader, context=context) for reader in readers}
    for half, side in zip(vault.split(key), custodians, strict=True):
        seals[side.fingerprint] = vault.seal_key(half, side, context=half_context)
    ciphertext = vault.encrypt_with_key(plain, key, context=context)
    return Sealed(uid, IDENTITY, Audience.CUSTODIANS, ciphertext, seals)


def seal_identity_again(
    team: Team, *, complainant: vault.PublicKey | None
) -> Callable[[uuid.UUID, Mapping[str, object]], Sealed]:
    """Return what seals an identity that the complainant opened, for a case that went to another team."""

    def seal(case_uid: uuid.UUID, payload: Mapping[str, object]) -> Sealed:
        custodians = custodians_of(team.office)
        trusted = trusted_keys((team, *custodians.teams))
        given = {name: str(value) for name, value in payload.items() if name not in FRAME}
        own = [complainant] if complainant else []
        readers = [*own, public_key(trusted[team.pk])]
        sides, wish = custodians.public(trusted), bool(payload.get(DISCLOSE))
        return seal_identity(case_uid, given, disclose=wish, custodians=sides, readers=readers)

    return seal
