"""Founds an installation: the organisation's key, the secrets folder, every team's keys, printed kits."""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from sipuma import safe, vault
from sipuma.offices.epochs import CUSTODY_CENTRE, CUSTODY_REGIONS, ORGANISATION, begin_first_epochs
from sipuma.offices.loading import load_offices
from sipuma.offices.models import Kit, Team
from sipuma.offices.ring import KeyPair

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
            _keep(name, sheet, by=sheets[ORGANISATION].pair.signing)
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
    waiting = list(Team.objects.filter(keys=None).select_related("supervisor__supervisor__supervisor"))
    begin_first_epochs(sorted(waiting, key=_depth), organisation=organisation.signing)
    return len(waiting)


def _depth(team: Team) -> int:
    depth, above = 0, team.supervisor
    while above is not None:
        depth, above = depth + 1, above.supervisor
    return depth


def _keep(name: str, sheet: Sheet, *, by: vault.SigningKey) -> None:
    public, verify = sheet.pair.private.public, sheet.pair.signing.verify_key
    certificate = vault.certify(by, subject=Kit.subject(name), epoch=0, encryption=public, verify=verify)
    Kit.objects.create(
        name=name,
        fingerprint=public.fingerprint,
        public=public.raw,
        certificate=certificate.to_bytes(),
        slot=vault.kit_slot(sheet.pair.to_bytes(), sheet.kit, context=_context(name)),
    )


def _context(name: str) -> bytes:
    return f"sipuma/kit/{name}".encode()
