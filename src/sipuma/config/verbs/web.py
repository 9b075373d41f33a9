"""`sipuma web`: the pages, served by granian."""

import argparse
import os
import socket
import sys
from urllib.parse import urlsplit

# More than may wait for a password check (`passwords.MOST_WAITING`), so that pages go on meanwhile.
THREADS = 24
HIGHEST_PORT = 65535
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", help="address to listen on (SIPUMA_HOST)")
    parser.add_argument("--port", type=int, help="port to listen on (SIPUMA_PORT)")


def run(options: argparse.Namespace) -> int:
    """Serve until stopped; 2 when the address would be unsafe or is taken, or nothing is founded here."""
    address = ready_address(options)
    if address is None:
        return 2
    serve(*address)
    return 0


def ready_address(options: argparse.Namespace) -> tuple[str, int, int] | None:
    """Return where to serve, or None after saying what stands in the way."""
    address = take_address(options)
    if address is None:
        return None
    if (obstacle := not_founded() or port_obstacle(*address[:2])) is not None:
        print(obstacle)
        return None
    return address


def not_founded() -> str | None:
    """Return what to do when the data folder holds no installation."""
    from sipuma.config.environment import read_environment

    secrets = read_environment().secrets
    if (secrets / "pepper").exists() or (secrets / "worker").exists():
        return None
    return f"{secrets.parent} holds no installation: run sipuma init, or name another folder with --data."


def take_address(options: argparse.Namespace) -> tuple[str, int, int] | None:
    """Fix host and port for this process and its children; None when plain http would leave the machine."""
    from sipuma.config.environment import read_environment

    for name in ("host", "port"):
        if getattr(options, name) is not None:
            os.environ[f"SIPUMA_{name.upper()}"] = str(getattr(options, name))
    environment = read_environment()
    if "SIPUMA_BASE_URL" not in os.environ and environment.host in LOOPBACK:
        host = f"[{environment.host}]" if ":" in environment.host else environment.host
        os.environ["SIPUMA_BASE_URL"] = f"http://{host}:{environment.port}"
        environment = read_environment()
    base = urlsplit(environment.base_url)
    if base.scheme != "https" and base.hostname not in LOOPBACK:
        print(f"SIPUMA_BASE_URL is {environment.base_url}: outside this machine only https is served.")
        return None
    if environment.host not in LOOPBACK and base.scheme != "https":
        print("Plain http is served on loopback only. Set SIPUMA_BASE_URL to the https address in front.")
        return None
    return environment.host, environment.port, environment.web_workers


def port_obstacle(host: str, port: int) -> str | None:
    """Return why this address can't be taken: granian itself would share a port with another server."""
    if not 0 <= port <= HIGHEST_PORT:
        return f"There is no port {port}: choose one up to {HIGHEST_PORT} with --port."
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.create_server((host, port), family=family):
            return None
    except OSError as error:
        why = os.strerror(error.errno or 0)
        return f"Port {port} of {host} can't be used ({why}): choose another with --port."


def serve(host: str, port: int, workers: int) -> None:
    """Run granian in this process; its workers import the WSGI application."""
    from granian.constants import Interfaces
    from granian.server import Server

    # Many threads that each keep a heap of their own would double the memory.
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")

    server = Server(
        "sipuma.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        backlog=1024,
        websockets=False,
        log_access=False,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
    )
    sys.stdout.flush()
    server.serve()
