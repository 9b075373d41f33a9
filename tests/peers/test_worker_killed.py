"""A worker killed with SIGKILL while it hands a mail over: the next one delivers it, never none."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings

from tests.peers.mail_server import MailServer, running

pytestmark = [pytest.mark.peers, pytest.mark.faults]

LEASE_SECONDS = 2
PATIENCE_SECONDS = 40

PREPARE = """
import django; django.setup()
from django.conf import settings
from django.core.management import call_command
from sipuma import safe, vault
from sipuma.outbox.models import Channel
from sipuma.outbox.posting import Address, message, seal_once
call_command("migrate", verbosity=0)
safe.at(settings.SIPUMA.secrets).create(vault.SigningKey.generate().verify_key)
ticket = {"ticket": "ABCD-EFGH-JKMN-PQRS-TVWX-YZ23"}
message(seal_once(Address(Channel.EMAIL, "pengadu@surat.example")), template="ticket", data=ticket).save()
"""
LOOK = "SELECT state, attempts, length(recipient) + length(data) FROM outbox_message"

Environment = Mapping[str, str]


@pytest.fixture
def database_url(tmp_path: Path) -> Iterator[str]:
    """Return an empty database of the kind that this run is on."""
    cluster: str = settings.SIPUMA.database_url
    if not cluster.startswith("postgres"):
        yield f"sqlite:///{tmp_path / 'killed.sqlite3'}"
        return
    name = f"killed_{uuid4().hex}"
    with psycopg.connect(cluster, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield urlsplit(cluster)._replace(path=f"/{name}").geturl()
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MailServer]:
    """Run a mail server that takes every mail."""
    with running(tmp_path / "mail") as server:
        yield server


@pytest.fixture
def surroundings(tmp_path: Path, database_url: str, server: MailServer) -> Environment:
    """Return the environment of an installation with one ticket mail waiting."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("SIPUMA_", "DJANGO_"))}
    environment = plain | {
        "DJANGO_SETTINGS_MODULE": "sipuma.config.settings",
        "SIPUMA_DATA": str(tmp_path / "data"),
        "SIPUMA_DATABASE_URL": database_url,
        "SIPUMA_EMAIL_URL": server.url(),
        "SIPUMA_DELIVERY_LEASE_SECONDS": str(LEASE_SECONDS),
    }
    (tmp_path / "data").mkdir()
    run(PREPARE, environment)
    return environment


def run(script: str, environment: Environment) -> None:
    subprocess.run([sys.executable, "-c", script], env=environment, check=True, timeout=120)


def message_at(url: str) -> tuple[str, int, int]:
    """Return state, attempts and sealed bytes of the one message, without Django's own connection."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(urlsplit(url).path.removeprefix("/"), timeout=30)) as connection:
            [found] = connection.execute(LOOK)
    else:
        with psycopg.connect(url) as connection:
            [found] = connection.execute(LOOK)
    state, attempts, sealed = found
    return state, attempts, sealed


StartWorker = Callable[[], "subprocess.Popen[bytes]"]


@pytest.fixture
def start_worker(surroundings: Environment, tmp_path: Path) -> Iterator[StartWorker]:
    """Return a function that starts `sipuma worker`; what still runs is killed in the end."""
    started = []

    def start() -> "subprocess.Popen[bytes]":
        with (tmp_path / "worker.log").open("ab") as log:
            command = [sys.executable, "-m", "sipuma.config.command", "worker"]
            worker = subprocess.Popen(command, env=surroundings, stderr=log, stdout=log)
        started.append(worker)
        return worker

    yield start
    for worker in started:
        worker.kill()
        worker.wait(timeout=PATIENCE_SECONDS)


def until(true: Callable[[], bool], why: str) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < end, why
        time.sleep(0.05)


@pytest.mark.parametrize(("stall", "times"), [("untaken", 1), ("taken", 2)])
def test_a_mail_in_a_killed_workers_hands_is_delivered_by_the_next(
    server: MailServer, start_worker: StartWorker, database_url: str, stall: str, times: int
) -> None:
    server.stall = stall
    first = start_worker()
    assert server.in_hand.wait(PATIENCE_SECONDS), "the worker never came"
    first.send_signal(signal.SIGKILL)
    assert first.wait(timeout=PATIENCE_SECONDS) == -signal.SIGKILL
    assert message_at(database_url)[:2] == ("waiting", 1)
    second = start_worker()
    until(lambda: message_at(database_url) == ("sent", 2, 0), "the mail was never delivered")
    second.terminate()
    assert second.wait(timeout=PATIENCE_SECONDS) == 0
    assert len(server.mails) == times
    assert len({mail["Message-ID"] for mail in server.mails}) == 1


def test_two_workers_at_once_send_a_mail_once(
    server: MailServer, start_worker: StartWorker, database_url: str
) -> None:
    server.accept_seconds = 0.5
    workers = [start_worker(), start_worker()]
    until(lambda: message_at(database_url) == ("sent", 1, 0), "the mail was never delivered")
    for worker in workers:
        worker.terminate()
        assert worker.wait(timeout=PATIENCE_SECONDS) == 0
    assert len(server.mails) == 1
