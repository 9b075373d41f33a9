"""`sipuma member add|renew|nip|let-in|disable|list`: accounts; keys come from the people themselves."""

import argparse

ROLES = ("penerima", "verifikator", "kepala-uki", "pengkaji", "pengkaji-unit", "pyb", "kustodian", "none")


def add_options(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="act")
    add = acts.add_parser("add", help="invite a member; prints a one-time link")
    add.add_argument("username")
    add.add_argument("--name", required=True)
    add.add_argument("--office", required=True, help="office code")
    add.add_argument("--role", required=True, action="append", choices=ROLES)
    add.add_argument("--email", default="", help="for notices without content")
    add.add_argument("--nip", default="", help="employee number: who is reported under it is shut out")
    renew = acts.add_parser("renew", help="print a fresh one-time link; the old keys are replaced on joining")
    renew.add_argument("username")
    nip = acts.add_parser("nip", help="set a member's employee number; an empty one clears it")
    nip.add_argument("username")
    nip.add_argument("nip")
    let_in = acts.add_parser("let-in", help="let a joined member in with the printed sheet")
    let_in.add_argument("username")
    disable = acts.add_parser("disable", help="end a member's access at once")
    disable.add_argument("username")
    acts.add_parser("list", help="all members, their teams and states")


def run(options: argparse.Namespace) -> int:
    """Carry out one act; 1 and a sentence when it is refused."""
    from sipuma.config.verbs import web

    if (obstacle := web.not_founded()) is not None:
        print(obstacle)
        return 2
    import django

    django.setup()
    from sipuma.config import members
    from sipuma.offices.refusal import Refused

    try:
        return members.ACTS[options.act](options)
    except Refused as refusal:
        print(refusal)
        return 1
