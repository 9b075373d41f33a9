"""`sipuma diagram`: the procedure as Mermaid, or as data."""

import argparse
from pathlib import Path


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="moves, roles, states and fields as JSON")
    parser.add_argument("--check", type=Path, metavar="FILE", help="fail unless FILE holds this diagram")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the page into FILE")


def run(options: argparse.Namespace) -> int:
    """Print, write or check the procedure; 1 when the checked page is stale."""
    import django

    django.setup()
    from sipuma.config.diagram import as_json, as_page, present_rules

    if options.json:
        print(as_json())
    elif options.write:
        options.write.write_text(as_page(), encoding="utf-8")
    elif options.check:
        if options.check.read_text(encoding="utf-8") != as_page():
            print(f"{options.check} is stale: run `sipuma diagram --write {options.check}`")
            return 1
    else:
        print(as_page(present_rules()))
    return 0
