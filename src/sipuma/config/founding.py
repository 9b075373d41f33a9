"""The steps behind `sipuma init`: database, static files, organisation, printed sheets."""

import csv
import getpass
import os
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from sipuma import vault
from sipuma.offices.epochs import CUSTODY_CENTRE, CUSTODY_REGIONS, ORGANISATION
from sipuma.offices.founding import Sheet, found, key_new_teams, open_kit
from sipuma.offices.loading import load_offices, trust_file
from sipuma.offices.models import Kit
from sipuma.offices.ring import KeyPair

TITLES = {
    ORGANISATION: "Organisation: lets in the first members and names new teams. Keeper: Director of KI.",
    CUSTODY_REGIONS: "Custody, regions: opens the regional halves of identities. Keeper: Sekretariat.",
    CUSTODY_CENTRE: "Custody, centre: opens the halves of Dit. KI. Keeper: somebody else again.",
}


def prepare_database() -> None:
    """Create or upgrade the tables, and lay the static files out; safe to repeat."""
    settings.SIPUMA.data.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    if not (settings.STATIC_ROOT / "staticfiles.json").exists():
        refresh_static_files()


def refresh_static_files() -> None:
    """Copy, name by content and compress the static files into the data folder."""
    call_command("collectstatic", verbosity=0, interactive=False, clear=settings.STATIC_ROOT.exists())


def found_here(kits: Path | None) -> int:
    """Found an installation in `SIPUMA_DATA`; on one that exists, upgrade tables and static files only."""
    prepare_database()
    refresh_static_files()
    if (settings.SIPUMA.secrets / "pepper").exists():
        print("There is an installation here already: tables and static files are up to date.")
        return 0
    if Kit.objects.exists():
        print("The database holds an installation, its secrets folder is missing: restore the folder.")
        return 1
    sheets = found()
    if kits:
        write_sheets(sheets, kits)
    else:
        for name, sheet in sheets.items():
            print(sheet_text(name, sheet))
    organisation = sheets[ORGANISATION].pair.signing.verify_key.raw.hex()
    print(f"Pin the organisation's key in the configuration: SIPUMA_ORGANISATION_KEY={organisation}")
    print("Next: sipuma member add, then sipuma up.")
    return 0


def sheet_text(name: str, sheet: Sheet) -> str:
    """Return one printed sheet; it is shown this once and stored nowhere."""
    return f"--- SIPUMA recovery sheet: {name} ---\n{TITLES[name]}\n\n    {sheet.kit.grouped}\n\n"


def write_sheets(sheets: dict[str, Sheet], folder: Path) -> None:
    """Write each sheet into a file that only its owner can read."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, sheet in sheets.items():
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        with os.fdopen(os.open(folder / f"{name}.txt", flags, 0o600), "w") as file:
            file.write(sheet_text(name, sheet))


def update_offices(path: Path) -> int:
    """Load a changed office file and make keys for new teams, which needs the organisation's sheet."""
    with path.open(encoding="utf-8", newline="") as file:
        loaded = load_offices(list(csv.DictReader(file)))
    trust_file(path)
    print(f"{loaded.added} added, {loaded.changed} changed, {loaded.unlisted} no longer listed")
    if loaded.added:
        pair = ask_kit(ORGANISATION)
        if pair is None:
            return 1
        print(f"{key_new_teams(pair)} new teams have keys")
    return 0


def ask_kit(name: str) -> KeyPair | None:
    """Ask for a sheet's words without showing them; None when they do not fit."""
    text = os.environ.get("SIPUMA_KIT") or getpass.getpass(f"Sheet «{name}»: ")
    try:
        return open_kit(name, vault.RecoveryKit.parse(text))
    except (vault.TicketMalformed, vault.Unopenable):
        print("This sheet doesn't belong to this installation.")
        return None
