"""An installation of its own with real processes: a data folder, a fresh database, `sipuma` commands."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from secrets import token_hex
from typing import Any

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 30
STOP_SECONDS = 15
# What every such installation has: quick passwords, and no limits that are about people.
COMMON = {
    "SIPUMA_ARGON_MEMORY_KIB": "1024",
    "SIPUMA_MINIMUM_SECONDS": "0",
    "SIPUMA_FILINGS_PER_HOUR": "0",
    "SIPUMA_TRACKINGS_PER_MINUTE": "0",
}


class NotStarted(Exception):
    """A process did not come up in time; the message holds what it printed."""


@dataclass
class Running:
    """One `sipuma` verb at work, in a process group of its own; `log` holds what it prints."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def wait_until_ready(self) -> None:
        """Wait for the first good answer of `/readyz`."""
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            if _answers(self.port):
                return
            time.sleep(0.01)
        raise NotStarted(self.log.read_text(encoding="utf-8"))

    def kill(self) -> None:
        """End the whole group as a power cut would: without a word."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """End the group in good order, and by force when that takes too long."""
        if self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()


@dataclass(frozen=True)
class Installation:
    """A founded installation in `folder`; `extra` are further `SIPUMA_…` variables of its processes."""

    folder: Path
    database_url: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def kits(self) -> Path:
        return self.folder / "kits"

    def environment(self, **more: str) -> dict[str, str]:
        """Return the variables for a child: none of this process's own settings reach it."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SIPUMA_")}
        own = {
            "DJANGO_SETTINGS_MODULE": "sipuma.config.settings",
            "SIPUMA_DATA": str(self.data),
            "SIPUMA_DATABASE_URL": self.database_url,
            "SIPUMA_EMAIL_URL": (self.data / "mail").as_uri(),
            "SIPUMA_SMS_URL": (self.data / "sms.jsonl").as_uri(),
        }
        return kept | COMMON | own | dict(self.extra) | more

    def sipuma(self, *arguments: str) -> None:
        """Run a `sipuma` command to its end."""
        command = [sys.executable, "-m", "sipuma.config.command", *arguments]
        subprocess.run(command, check=True, cwd=ROOT, env=self.environment(), stdout=subprocess.DEVNULL)

    def inside(self, act: str, **values: object) -> Any:  # Any: whatever JSON the act returns
        """Carry out an act of `tests.faults.acts` in a child that has Django pointed here."""
        return self.call("tests.faults.acts", act, kits=str(self.kits), **values)

    def call(self, module: str, act: str, **values: object) -> Any:  # Any: as above
        """Call a module's function in such a child; values and answer travel as JSON."""
        done = subprocess.run(
            [sys.executable, "-m", "tests.faults.inside", module, act],
            check=True,
            cwd=ROOT,
            env=self.environment(),
            input=json.dumps(values).encode(),
            stdout=subprocess.PIPE,
        )
        return json.loads(done.stdout)

    def start(self, verb: str, **more: str) -> Running:
        """Start `web`, `worker` or `up` on a free port, and return at once."""
        return self.launch("sipuma.config.command", verb, **more)

    def launch(self, module: str, *arguments: str, **more: str) -> Running:
        """Start any module that serves at `SIPUMA_PORT`, and return at once."""
        port = free_port()
        serving = {"SIPUMA_PORT": str(port), "SIPUMA_BASE_URL": f"http://127.0.0.1:{port}"}
        log = self.folder / f"{port}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                cwd=ROOT,
                env=self.environment(**serving | more),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return Running(process, port, log)

    @contextmanager
    def serving(self, verb: str = "web", **more: str) -> Iterator[Running]:
        """Run a verb for the time of a `with` block, pages ready before it begins."""
        with ended(self.start(verb, **more)) as running:
            if verb != "worker":
                running.wait_until_ready()
            yield running


@contextmanager
def ended(running: Running) -> Iterator[Running]:
    """Stop what runs at the end of a `with` block."""
    try:
        yield running
    finally:
        running.stop()


@contextmanager
def founded(folder: Path, database_url: str = "", **extra: str) -> Iterator[Installation]:
    """Found an installation by `sipuma init`; a PostgreSQL address gets a database that is dropped again."""
    with fresh_database(database_url) as address:
        installation = Installation(folder, address, extra)
        installation.sipuma("init", "--kits", str(installation.kits))
        yield installation


@contextmanager
def fresh_database(address: str) -> Iterator[str]:
    """Return the address of a new database in the same cluster; nothing for SQLite, whose file is new."""
    if not address.startswith("postgres"):
        yield ""
        return
    name = f"sipuma_{token_hex(6)}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield f"{address.rpartition('/')[0]}/{name}"
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
