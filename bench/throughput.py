"""Filings and trackings a second, against bare views that are served the same way in the same minute."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.forms import ANSWERS, OFFICE, asking, sending
from bench.load import Load, Target
from bench.report import Line, Say, against
from tests.faults.installation import Installation, ended, founded, fresh_database

WORKERS = {"SIPUMA_WEB_WORKERS": "2"}
ROUNDS = 5
FILING, TRACKING = 0.6, 0.5  # of what the bare views do
SECONDS = 0.8
CLIENTS = (1, 4, 16)
# More forms than any machine sends within all rounds.
FORMS = 9_000


@dataclass(frozen=True)
class Ports:
    """Where SIPUMA and its rival are served."""

    ours: int
    bare: int


def measure(folder: Path, database_url: str, load: Load, say: Say) -> None:
    """Measure both, in interleaved rounds."""
    with founded(folder / "throughput", database_url) as ours:
        ours.inside("enrol", people=[["verifikator", OFFICE]])
        forms = ours.inside("drafts", answers=[ANSWERS] * FORMS)
        with ours.serving(**WORKERS) as web, bare_beside(ours, database_url) as bare:
            ports = Ports(web.port, bare)
            bodies = iter([sending(one["draft"]) for one in forms])
            load.drive(Target(web.port, "/lapor/", b'id="ticket"'), [next(bodies)], clients=1, seconds=30)
            for clients in CLIENTS:
                _filing(ports, bodies, load, clients, say)
            _tracking(ports, forms[0]["ticket"], load, say)


@contextmanager
def bare_beside(ours: Installation, database_url: str) -> Iterator[int]:
    """Serve the rival from the same folder, on a database of its own of the same kind."""
    with fresh_database(database_url) as address:
        own = address or f"sqlite:///{(ours.data / 'bare.sqlite3').absolute()}"
        rival = Installation(ours.folder, own, WORKERS)
        running = rival.launch("bench.bare.serve")
        with ended(running):
            running.wait_until_ready()
            yield running.port


def _filing(ports: Ports, bodies: Iterator[bytes], load: Load, clients: int, say: Say) -> None:
    ours, same, single = [], [], []
    failed = 0
    repeated = [next(bodies)] * 4_000
    targets = (Target(ports.ours, "/lapor/", b'id="ticket"'), Target(ports.bare, "/bare/file", b"filed"))
    row = Target(ports.bare, "/bare/insert", b"filed")
    for _ in range(ROUNDS):
        share = [body for body, _n in zip(bodies, range(FORMS // ROUNDS // len(CLIENTS)), strict=False)]
        filed = load.drive(targets[0], share, clients=clients, seconds=SECONDS)
        failed += filed.failed
        ours.append(filed.rate)
        same.append(load.drive(targets[1], repeated, clients=clients, seconds=SECONDS).rate)
        single.append(load.drive(row, repeated, clients=clients, seconds=SECONDS).rate)
    name = f"filings, {clients} client{'s' * (clients > 1)}"
    ratio = median(against(ours, same))
    say(
        Line(
            f"{name}, to bare view with the same seals",
            f"{median(ours):.0f}/s to {median(same):.0f}/s = {ratio:.0%}",
            ">= 60 %",
            ratio >= FILING,
            "6 SELECTs, 3 forms, a page, 9 indexes",
        )
    )
    say(
        Line(
            f"{name}, to one durable row",
            f"{median(ours):.0f}/s to {median(single):.0f}/s = {median(against(ours, single)):.0%}",
        )
    )
    say(Line(f"{name}, failures", str(failed), "0", failed == 0))


def _tracking(ports: Ports, ticket: str, load: Load, say: Say) -> None:
    bodies = [asking(ticket)] * 4_000
    ours, bare = [], []
    failed = 0
    for _ in range(ROUNDS):
        tracked = load.drive(
            Target(ports.ours, "/lacak/", b'id="status"'), bodies, clients=4, seconds=SECONDS
        )
        failed += tracked.failed
        ours.append(tracked.rate)
        rival = Target(ports.bare, "/bare/track", b'id="status"')
        bare.append(load.drive(rival, bodies, clients=4, seconds=SECONDS).rate)
    ratio = median(against(ours, bare))
    say(
        Line(
            "trackings, 4 clients, to bare template",
            f"{median(ours):.0f}/s to {median(bare):.0f}/s = {ratio:.0%}",
            ">= 50 %",
            ratio >= TRACKING,
            "4 queries through the ORM",
        )
    )
    say(Line("trackings, failures", str(failed), "0", failed == 0))
