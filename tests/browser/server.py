"""A SIPUMA with the demo's staff and samples, served by real processes for the browser."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Final

from tests.faults.installation import ROOT, STOP_SECONDS, NotStarted, free_port, fresh_database

READY: Final = "SIPUMA ready at"
START_SECONDS: Final = 180
MAIL_SECONDS: Final = 30
MODULE: Final = "sipuma.config.command"


@dataclass(frozen=True)
class Receipt:
    """What a complainant keeps: the ticket, in groups, and the register number."""

    ticket: str
    register: str


@dataclass(frozen=True)
class Site:
    """A demo being served at `address`; `log` is what its processes print."""

    address: str
    data: Path
    log: Path
    environment: Mapping[str, str] = field(repr=False)

    @property
    def secrets(self) -> Path:
        return self.data / "secrets"

    def sample(self, name: str) -> Receipt:
        """Return the ticket and the register number of one of the demo's complaints."""
        lines = (self.data / "kits" / "tickets.txt").read_text(encoding="ascii").splitlines()
        known = {sample: Receipt(ticket, register) for ticket, register, sample in map(str.split, lines)}
        return known[name]

    def sipuma(self, *arguments: str) -> str:
        """Run another `sipuma` command on this installation; return what it prints."""
        done = subprocess.run(
            [sys.executable, "-m", MODULE, *arguments],
            check=True, cwd=ROOT, env=dict(self.environment), stdout=subprocess.PIPE,
        )  # fmt: skip
        return done.stdout.decode()

    def mail_to(self, address: str) -> EmailMessage:
        """Wait for the first mail to somebody, as the worker has put it into the folder."""
        end = time.monotonic() + MAIL_SECONDS
        while time.monotonic() < end:
            for path in (self.data / "mail").glob("*.eml"):
                mail = message_from_bytes(path.read_bytes(), policy=policy.default)
                if address in str(mail["To"]):
                    return mail
            time.sleep(0.2)
        raise TimeoutError(f"No mail to {address} in {MAIL_SECONDS} seconds")

    def failures(self) -> list[str]:
        """Return the log's lines about answers that should never be given."""
        lines = self.log.read_text(encoding="utf-8").splitlines()
        return [line for line in lines if "status=500" in line or "level=error" in line]


@contextmanager
def served(folder: Path, database_url: str) -> Iterator[Site]:
    """Serve a demo from a new folder; a PostgreSQL address gets a database that is dropped again."""
    with fresh_database(database_url) as database:
        site = _site(folder, free_port(), database)
        command = [sys.executable, "-m", MODULE, "demo", "--data", str(site.data), "--port", _port(site)]
        with site.log.open("wb") as output:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=dict(site.environment),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            _wait_until_ready(process, site.log)
            yield site
        finally:
            _stop(process)


def _site(folder: Path, port: int, database: str) -> Site:
    address = f"http://127.0.0.1:{port}"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SIPUMA_")}
    own = {
        "SIPUMA_DATA": str(folder / "data"),
        "SIPUMA_BASE_URL": address,
        "SIPUMA_ARGON_MEMORY_KIB": "1024",
        "DJANGO_SETTINGS_MODULE": "sipuma.config.settings",
    }
    if database:
        own["SIPUMA_DATABASE_URL"] = database
    return Site(address, folder / "data", folder / "log", kept | own)


def _port(site: Site) -> str:
    return site.address.rpartition(":")[2]


def _wait_until_ready(process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        if READY in log.read_text(encoding="utf-8"):
            return
        time.sleep(0.1)
    raise NotStarted(log.read_text(encoding="utf-8"))


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the demo in good order, and its whole group by force when that takes too long."""
    process.terminate()
    try:
        process.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
