"""Team keys: a new epoch, signed for, and its private halves sealed to those who may open them."""

from collections.abc import Iterable

from sipuma import vault
from sipuma.offices.index_keys import draw_index_key
from sipuma.offices.loading import KI, supervising_office, supervising_team
from sipuma.offices.models import IndexKey, Team, TeamKey, TeamKeySeal, TeamKind
from sipuma.offices.ring import KeyPair, seal_team_key
from sipuma.offices.trust import kit_public, team_public

ORGANISATION = "organisation"
CUSTODY_REGIONS = "custody-regions"
CUSTODY_CENTRE = "custody-centre"


def begin_epoch(team: Team, epoch: int, *, signer: vault.SigningKey) -> tuple[TeamKey, KeyPair]:
    """Make a team's next key pairs, open to the team above or, at the top, to the printed kit.

    `signer` is the organisation's key for epoch 0, the team's own of the epoch before for later ones.
    """
    key, pair = _new_epoch(team, epoch, signer=signer)
    key.save()
    seal_epoch(key, pair, to=_reader_above(team))
    return key, pair


def begin_first_epochs(teams: Iterable[Team], *, organisation: vault.SigningKey) -> None:
    """Make the first key of many teams at once, and each team's index key.

    A supervising team comes before those below it.
    """
    keys, seals, index_keys = [], [], []
    publics: dict[tuple[str | None, str], vault.PublicKey] = {}
    for team in teams:
        key, pair = _new_epoch(team, 0, signer=organisation)
        above = publics.get((supervising_office(team), team.kind))
        reader = above or _reader_above(team)
        sealed = seal_team_key(pair, reader, subject=team.subject, epoch=0)
        publics[team.office_id, team.kind] = pair.private.public
        keys.append(key)
        seals.append(TeamKeySeal(key=key, reader=reader.fingerprint, sealed=sealed))
        index_keys.append(draw_index_key(team, pair))
    TeamKey.objects.bulk_create(keys)
    TeamKeySeal.objects.bulk_create(seals)
    # A team that lost all its keys can't open the index key that it had.
    IndexKey.objects.filter(team__in=[one.team for one in index_keys]).delete()
    IndexKey.objects.bulk_create(index_keys)


def _new_epoch(team: Team, epoch: int, *, signer: vault.SigningKey) -> tuple[TeamKey, KeyPair]:
    pair = KeyPair.generate()
    public, verify = pair.private.public, pair.signing.verify_key
    certificate = vault.certify(signer, subject=team.subject, epoch=epoch, encryption=public, verify=verify)
    raw = certificate.to_bytes()
    return TeamKey(team=team, epoch=epoch, fingerprint=public.fingerprint, certificate=raw), pair


def seal_epoch(key: TeamKey, pair: KeyPair, *, to: vault.PublicKey) -> None:
    """Seal an epoch's private halves to one reader; a seal that is there already is replaced."""
    sealed = seal_team_key(pair, to, subject=key.team.subject, epoch=key.epoch)
    TeamKeySeal.objects.update_or_create(key=key, reader=to.fingerprint, defaults={"sealed": sealed})


def kit_of(team: Team) -> str:
    """Return the name of the printed kit that opens a team's key, directly or through its supervisors."""
    if team.kind != TeamKind.CUSTODIAN:
        return ORGANISATION
    return CUSTODY_CENTRE if team.office_id == KI else CUSTODY_REGIONS


def _reader_above(team: Team) -> vault.PublicKey:
    above = supervising_team(team)
    return team_public(above) if above else kit_public(kit_of(team))
