"""A real clamd for tests, with a signature of its own for the harmless EICAR test file."""

import getpass
import hashlib
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# In two parts, so that no scanner takes this file for it (eicar.org).
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
NAME = "SIPUMA.Test.Eicar"


@dataclass(frozen=True)
class Clamd:
    """A running scanner: its address for `SIPUMA_CLAMAV`, and the folder for its files in clear."""

    address: str
    temporary: Path
    process: "subprocess.Popen[bytes]"


def program() -> str | None:
    """Return where clamd is, None when it is not on this machine."""
    return shutil.which("clamd", path="/usr/sbin:/usr/local/sbin:/usr/bin")


@contextmanager
def running(*, stream_max_length: str = "100M") -> Iterator[Clamd]:
    """Run clamd until the end of the block, with all it writes in memory."""
    found = program()
    assert found, "clamd is missing"
    with tempfile.TemporaryDirectory(prefix="sipuma-clamd-", dir="/dev/shm") as name:
        folder = Path(name)
        configuration = _configure(folder, stream_max_length=stream_max_length)
        process = subprocess.Popen(
            [found, "--foreground", f"--config-file={configuration}"], stdout=subprocess.DEVNULL
        )
        try:
            _wait_for(folder / "clamd.ctl", process)
            yield Clamd(f"unix:{folder}/clamd.ctl", folder / "temporary", process)
        finally:
            process.kill()
            process.wait()


def _configure(folder: Path, *, stream_max_length: str) -> Path:
    database, temporary = folder / "database", folder / "temporary"
    database.mkdir()
    temporary.mkdir()
    (database / "test.ndb").write_text(f"{NAME}:0:*:{EICAR.hex()}\n")
    (database / "test.hdb").write_text(f"{hashlib.md5(EICAR).hexdigest()}:{len(EICAR)}:{NAME}\n")  # noqa: S324
    configuration = folder / "clamd.conf"
    configuration.write_text(
        f"LocalSocket {folder}/clamd.ctl\nDatabaseDirectory {database}\nTemporaryDirectory {temporary}\n"
        f"StreamMaxLength {stream_max_length}\nUser {getpass.getuser()}\nForeground yes\n"
        f"LogFile {folder}/log\nAlertExceedsMax yes\nSelfCheck 0\n"
    )
    return configuration


def _wait_for(path: Path, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(300):
        assert process.poll() is None, "clamd did not start"
        with socket.socket(socket.AF_UNIX) as probe:
            if probe.connect_ex(str(path)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("clamd took too long")
