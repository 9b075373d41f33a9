"""The `sipuma` command: one table of verbs. Django is loaded only by those that need it."""

import argparse
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path


@dataclass(frozen=True)
class Verb:
    """One word after `sipuma`, and the module of `config.verbs` that carries it out."""

    name: str
    help: str


VERBS = (
    Verb("init", "found an installation: database, secrets, team keys, printed kits"),
    Verb("demo", "serve SIPUMA with sample data"),
    Verb("up", "serve: web and worker together"),
    Verb("web", "serve the pages"),
    Verb("worker", "deliver messages and keep deadlines"),
    Verb("doctor", "check the installation and say what is wrong"),
    Verb("member", "add, renew, let in, disable or list members"),
    Verb("diagram", "print the procedure as Mermaid or JSON"),
)


def main(arguments: list[str] | None = None) -> int:
    """Run one verb; return its exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sipuma.config.settings")
    # Whatever the shell says, nobody outside the group reads what is written: database, mail, static files.
    os.umask(os.umask(0o077) | 0o007)
    options = parser().parse_args(arguments)
    if options.data is not None:
        os.environ["SIPUMA_DATA"] = str(options.data)
    run: Callable[[argparse.Namespace], int] = import_module(f"sipuma.config.verbs.{options.verb}").run
    try:
        return run(options)
    except KeyboardInterrupt:
        return 130


def parser() -> argparse.ArgumentParser:
    """Return the parser; each verb's module adds its own options, without importing Django."""
    top = argparse.ArgumentParser(prog="sipuma", description="Complaints of Indonesian Customs (DJBC).")
    verbs = top.add_subparsers(dest="verb", required=True, metavar="verb")
    for verb in VERBS:
        child = verbs.add_parser(verb.name, help=verb.help, description=verb.help)
        child.add_argument("--data", type=Path, help="data folder (SIPUMA_DATA)")
        import_module(f"sipuma.config.verbs.{verb.name}").add_options(child)
    return top


if __name__ == "__main__":
    sys.exit(main())
