"""Fail when an Indonesian translation is missing, doubtful or left over, or the compiled file is stale."""

import gettext
import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

PACKAGE = Path("src/sipuma")
CATALOGUE = Path("locale/id/LC_MESSAGES/django.po")
FAULTS = {
    "missing": ["--untranslated", "--no-obsolete"],
    "doubtful (fuzzy)": ["--only-fuzzy", "--no-obsolete"],
    "left over (obsolete)": ["--only-obsolete"],
}


def collect(package: Path) -> Path:
    """Merge the texts of a copied package into its catalogue and return the catalogue."""
    # Without a settings module Django writes to the copy's own locale folder.
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    command = [sys.executable, "-m", "django", "makemessages", "-l", "id", "--no-location"]
    subprocess.run(command, cwd=package, env=environment, check=True, stdout=subprocess.DEVNULL)
    return package / CATALOGUE


def messages(catalogue: Path, options: list[str]) -> str:
    """The entries that msgattrib picks, without the catalogue's head."""
    command = ["msgattrib", *options, "--no-wrap", str(catalogue)]
    picked = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    entries = (entry for entry in picked.split("\n\n") if 'msgid ""\nmsgstr ""\n"Project-Id' not in entry)
    return "\n\n".join(entries).strip()


def is_stale(folder: Path) -> bool:
    """Whether the committed .mo says something other than the committed .po."""
    fresh, committed = folder / "fresh.mo", (PACKAGE / CATALOGUE).with_suffix(".mo")
    subprocess.run(["msgfmt", "--check", "-o", fresh, PACKAGE / CATALOGUE], check=True)
    return not committed.exists() or texts(fresh) != texts(committed)


def texts(compiled: Path) -> dict[str, str]:
    with compiled.open("rb") as file:
        catalogue = vars(gettext.GNUTranslations(file))["_catalog"]
    # The head holds the date of collection, which says nothing about the texts.
    return {key: text for key, text in catalogue.items() if key}


def main() -> None:
    with TemporaryDirectory() as name:
        copy = Path(name) / "sipuma"
        shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__", "static"))
        merged = collect(copy)
        found = {fault: messages(merged, options) for fault, options in FAULTS.items()}
        faults = [f"Translations {fault}:\n{entries}" for fault, entries in found.items() if entries]
        if is_stale(Path(name)):
            faults.append("The compiled catalogue is stale: `make messages` compiles it anew.")
    sys.exit("\n\n".join(faults) or 0)


if __name__ == "__main__":
    main()
