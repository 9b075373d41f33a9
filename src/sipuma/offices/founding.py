"""Founds an installation: the organisation's key, the secrets folder, every team's keys, printed kits."""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from sipuma import safe, vault
from sipuma.offices.loading import KI, load_offices, supervising_team
from sipuma.offices.models import Kit, Team, TeamKey, TeamKeySeal, TeamKind
from sipuma.offices.ring import KeyPair, seal_team_key
from sipuma.offices.trust import team_public

ORGANISATION = "organisation"
CUSTODY_REGIONS = "custody-regions"
CUSTODY_CENTRE = "custody-centre"
KITS = (ORGANISATION, CUSTODY_REGIONS, CUSTODY_CENTRE)


@dataclass(frozen=True)
class Sheet:
    """A kit to be printed and locked away, with its keys at hand while founding lasts."""

    kit: vault.RecoveryKit
    pair: KeyPair


def found() -> dict[str, Sheet]:
    """Found a new installation in the empty database and secrets folder; return the sheets to print.

    Three sheets for three keepers: the first lets in the first members and names new teams; the other
    two open the custodians' halves of identities, so that no single sheet opens an identity.

    Raises:
        FileExistsError: there is an installation already.
    """
    if Kit.objects.exists():
        raise FileExistsError("the database holds an installation already")
    home = safe.at(settings.SIPUMA.secrets)
    sheets = {name: Sheet(vault.RecoveryKit.draw(), KeyPair.generate()) for name in KITS}
    home.create(sheets[ORGANISATION].pair.signing.verify_key)
    with transaction.atomic():
        load_offices()
        for name, sheet in sheets.items():
            _keep(name, sheet)
        key_new_teams(sheets[ORGANISATION].pair)
    return sheets


def open_kit(name: str, kit: vault.RecoveryKit) -> KeyPair:
    """Open a printed kit's keys.

    Raises:
        vault.Unopenable: it is the kit of another installation, or of another name.
    """
    row = Kit.objects.get(pk=name)
    return KeyPair.from_bytes(vault.open_kit_slot(bytes(row.slot), kit, context=_context(name)))


@transaction.atomic
def key_new_teams(organisation: KeyPair) -> int:
    """Make the first key of every team that has none, supervising teams first; return how many."""
    kits = {row.name: vault.PublicKey(bytes(row.public)) for row in Kit.objects.all()}
    waiting = list(Team.objects.filter(keys=None).select_related("supervisor__supervisor__supervisor"))
    for team in sorted(waiting, key=_depth):
        pair = KeyPair.generate()
        certificate = vault.certify(
            organisation.signing,
            subject=team.subject,
            epoch=0,
            encryption=pair.private.public,
            verify=pair.signing.verify_key,
        )
        key = TeamKey.objects.create(
            team=team,
            epoch=0,
            fingerprint=pair.private.public.fingerprint,
            certificate=certificate.to_bytes(),
        )
        above = supervising_team(team)
        reader = team_public(above) if above else kits[kit_of(team)]
        TeamKeySeal.objects.create(
            key=key,
            reader=reader.fingerprint,
            sealed=seal_team_key(pair, reader, subject=team.subject, epoch=0),
        )
    return len(waiting)


def kit_of(team: Team) -> str:
    """Return the name of the printed kit that opens a team without a supervisor."""
    if team.kind != TeamKind.CUSTODIAN:
        return ORGANISATION
    return CUSTODY_CENTRE if team.office_id == KI else CUSTODY_REGIONS


def _depth(team: Team) -> int:
    depth, above = 0, team.supervisor
    while above is not None:
        depth, above = depth + 1, above.supervisor
    return depth


def _keep(name: str, sheet: Sheet) -> None:
    public = sheet.pair.private.public
    slot = vault.kit_slot(sheet.pair.to_bytes(), sheet.kit, context=_context(name))
    Kit.objects.create(name=name, fingerprint=public.fingerprint, public=public.raw, slot=slot)


def _context(name: str) -> bytes:
    return f"sipuma/kit/{name}".encode()
