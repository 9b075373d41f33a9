"""Team keys: a new epoch, signed for, and its private halves sealed to those who may open them."""

from sipuma import vault
from sipuma.offices.loading import KI, supervising_team
from sipuma.offices.models import Team, TeamKey, TeamKeySeal, TeamKind
from sipuma.offices.ring import KeyPair, seal_team_key
from sipuma.offices.trust import kit_public, team_public

ORGANISATION = "organisation"
CUSTODY_REGIONS = "custody-regions"
CUSTODY_CENTRE = "custody-centre"


def begin_epoch(team: Team, epoch: int, *, signer: vault.SigningKey) -> tuple[TeamKey, KeyPair]:
    """Make a team's next key pairs, open to the team above or, at the top, to the printed kit.

    `signer` is the organisation's key for epoch 0, the team's own of the epoch before for later ones.
    """
    pair = KeyPair.generate()
    certificate = vault.certify(
        signer,
        subject=team.subject,
        epoch=epoch,
        encryption=pair.private.public,
        verify=pair.signing.verify_key,
    )
    key = TeamKey.objects.create(
        team=team,
        epoch=epoch,
        fingerprint=pair.private.public.fingerprint,
        certificate=certificate.to_bytes(),
    )
    seal_epoch(key, pair, to=_reader_above(team))
    return key, pair


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
