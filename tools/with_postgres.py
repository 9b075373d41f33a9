"""Run a command against a PostgreSQL of its own: started in a temporary folder, gone afterwards."""

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from urllib.parse import quote

# A test that leaves a connection open must not keep the server from stopping.
STOP = ["-m", "immediate"]


@contextmanager
def private_cluster() -> Iterator[str]:
    """The address of a new, empty cluster that only this machine's socket reaches, durable as in production.

    PostgreSQL refuses to run as root, so root runs it as the user `postgres`. FileNotFoundError when
    PostgreSQL is not installed, subprocess.CalledProcessError when it does not start.
    """
    folder = Path(mkdtemp(prefix="sipuma-pg-"))
    try:
        _hand_over(folder)
        _run("initdb", "--pgdata", folder / "data", "--username", "sipuma", "--auth", "trust",
             "--encoding", "UTF8", "--locale", "C", "--no-sync")  # fmt: skip
        options = (
            f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=on -c max_connections=200"
        )
        _run("pg_ctl", "start", "--wait", "-D", folder / "data", "-l", folder / "log", "-o", options)
        try:
            yield f"postgresql://sipuma@{quote(str(folder), safe='')}/postgres"
        finally:
            _run("pg_ctl", "stop", "--wait", "-D", folder / "data", *STOP)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _hand_over(folder: Path) -> None:
    if os.geteuid() == 0:
        shutil.chown(folder, pwd.getpwnam("postgres").pw_uid, pwd.getpwnam("postgres").pw_gid)


def _run(program: str, *arguments: str | Path) -> None:
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    command = [*as_user, _find(program), *arguments]
    # pg_ctl's server inherits what it is given: with a pipe, waiting for its end would never end.
    subprocess.run(command, check=True, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def _find(program: str) -> Path:
    """The newest installed version; Debian keeps the server's programs out of PATH."""
    versions = Path("/usr/lib/postgresql").glob(f"*/bin/{program}")
    newest = max(versions, key=lambda path: int(path.parts[-3]), default=None)
    if found := newest or shutil.which(program):
        return Path(found)
    raise FileNotFoundError(f"PostgreSQL is not installed: {program} is missing")


def main(command: list[str]) -> int:
    with private_cluster() as address:
        return subprocess.run(
            command, check=False, env=os.environ | {"SIPUMA_DATABASE_URL": address}
        ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
