"""`sipuma init`: founds an installation, or brings an existing one up to date."""

import argparse
from pathlib import Path


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--kits", type=Path, metavar="FOLDER", help="write the sheets there")
    parser.add_argument(
        "--offices", type=Path, metavar="CSV", help="bring offices up to date with this file (needs the kit)"
    )


def run(options: argparse.Namespace) -> int:
    """Make database, secrets, offices, team keys and sheets; never overwrites anything."""
    import django

    django.setup()
    from sipuma.config import founding

    if options.offices:
        return founding.update_offices(options.offices)
    return founding.found_here(options.kits)
