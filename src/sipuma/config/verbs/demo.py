"""`sipuma demo`: serves SIPUMA with made-up staff and complaints, made on the first start."""

import argparse
import http.client
import tempfile
import time
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

from sipuma.config.demo.surroundings import set_surroundings
from sipuma.config.verbs import up, web

PATIENCE_SECONDS = 120
PAUSE_SECONDS = 0.1


def add_options(parser: argparse.ArgumentParser) -> None:
    web.add_options(parser)


def run(options: argparse.Namespace) -> int:
    """Make the demo if it isn't there, and serve it until stopped; 2 when it can't be served here."""
    data = set_surroundings()
    address = web.take_address(options)
    if address is None:
        return 2
    host, port, _workers = address
    if (obstacle := _folder_obstacle(data) or web.port_obstacle(host, port) or _prepare(data)) is not None:
        print(obstacle)
        return 2
    Thread(target=_announce, args=(_own(host), port), daemon=True).start()
    with up.start_worker():
        web.serve(*address)
    return 0


def _folder_obstacle(data: Path) -> str | None:
    try:
        data.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=data):
            return None
    except OSError as error:
        return f"{data} can't be written ({error.strerror}): choose another folder with --data."


def _prepare(data: Path) -> str | None:
    """Make the demo and say how to get in; return why it can't be made here, if so."""
    import django

    django.setup()
    from django.db import connections

    from sipuma.config.demo.making import NotADemo, prepare_demo

    print(f"Preparing the demo in {data}.", flush=True)
    try:
        prepare_demo(print)
    except NotADemo:
        return f"{data} holds an installation that isn't a demo: choose another folder with --data."
    _introduce()
    connections.close_all()  # the serving processes open their own
    return None


def _introduce() -> None:
    from django.conf import settings

    from sipuma.config.demo.making import TICKETS, sample_ticket
    from sipuma.config.demo.staff import PASSWORD, STAFF

    base = settings.SIPUMA.base_url.rstrip("/")
    print(f"Sign in at {base}/petugas/masuk/ with the password {PASSWORD} as:")
    for code, roles in STAFF:
        print("  ", "  ".join(f"{role}.{code}" for role in roles))
    print(f"Track a sample at {base}/lacak/ with the ticket {sample_ticket()}")
    print(f"More tickets: {settings.SIPUMA.data / TICKETS}", flush=True)


def _own(host: str) -> str:
    """Return the address at which this machine reaches its own pages."""
    return host if host in web.LOOPBACK else "127.0.0.1"


def _announce(host: str, port: int) -> None:
    """Print the ready line once the pages answer."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if _answers(host, port):
            shown = f"[{host}]" if ":" in host else host
            print(f"SIPUMA ready at http://{shown}:{port}", flush=True)
            return
        time.sleep(PAUSE_SECONDS)


def _answers(host: str, port: int) -> bool:
    from django.conf import settings

    connection = http.client.HTTPConnection(host, port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("GET", "/readyz", headers={"Host": urlsplit(settings.SIPUMA.base_url).netloc})
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
