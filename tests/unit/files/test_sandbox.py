"""The sandbox, seen from inside by scripts of these tests and from outside by what it leaves."""

import io
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.conf import settings

from sipuma.files import sandbox
from tests.machine import needs_sandbox
from tests.unit.files.samples import cleaned, copy_of, jpeg

pytestmark = needs_sandbox

SAY = """import json, sys, os
def say(**header): print(json.dumps(header), flush=True)
sys.stdin.buffer.read()
"""


@pytest.fixture
def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Inside":
    monkeypatch.setattr(sandbox, "__file__", str(tmp_path / "sandbox.py"))
    (tmp_path / "sandbox.py").write_text("")
    return Inside(tmp_path)


class Inside:
    """Runs a probe in the sandbox and returns what it says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, probe: str, *, seconds: float = 20, size: int = 0) -> dict[str, Any]:  # Any: JSON
        (self.folder / "probe.py").write_text(SAY + probe)
        result = sandbox.run("probe.py", content=io.BytesIO(b""), size=size, seconds=seconds)
        with result.file:
            return result.header


def test_the_sandbox_has_no_network(inside: Inside) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        probe = (
            "import socket\n"
            "with socket.socket() as s:\n"
            f"    code = s.connect_ex(('127.0.0.1', {port}))\n"
            "say(network=code, names=[name for _, name in socket.if_nameindex()])\n"
        )
        said = inside.run(probe)
    assert said["network"] != 0
    assert said["names"] == ["lo"]


def test_the_sandbox_sees_neither_data_nor_secrets_nor_sockets_nor_processes(inside: Inside) -> None:
    secret = settings.SIPUMA.secrets / "probe.key"
    secret.parent.mkdir(exist_ok=True)
    secret.write_text("rahasia")
    hidden = [
        str(secret),
        str(settings.SIPUMA.data),
        "/etc/passwd",
        "/etc/shadow",
        "/etc/sipuma",
        "/home",
        "/var/lib",
    ]
    try:
        said = inside.run(
            f"say(seen=[path for path in {hidden!r} if os.path.exists(path)], run=os.listdir('/run'),"
            " proc=os.path.exists('/proc/1'), pid=os.getpid(), env=sorted(os.environ),"
            " tmp=os.listdir('/tmp'))"
        )
    finally:
        secret.unlink()
    assert said.pop("pid") < 10
    assert said.pop("env") == sorted({*sandbox.ENVIRONMENT, "PWD"})
    assert said == {"seen": [], "run": ["script.py"], "proc": False, "tmp": _way_to_the_interpreter()}


def _way_to_the_interpreter() -> list[str]:
    """Return what has to be in `/tmp` because the programs themselves lie there."""
    prefix = Path(sys.prefix)
    return [prefix.parts[2]] if prefix.is_relative_to("/tmp") else []  # noqa: S108


def test_the_sandbox_hides_data_that_lie_among_programs(
    inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    among = settings.SIPUMA.model_copy(update={"data": Path("/usr/lib/python3")})
    monkeypatch.setattr(settings, "SIPUMA", among)
    assert inside.run("say(seen=os.listdir('/usr/lib/python3'))") == {"seen": []}


def test_the_sandbox_can_write_nowhere_but_into_its_own_memory(inside: Inside) -> None:
    said = inside.run(
        "done = []\n"
        "for folder in ('/usr', '/etc', '/dev', '/run', sys.prefix, '/tmp'):\n"
        "    try:\n"
        "        open(folder + '/probe', 'w').close(); done.append(folder)\n"
        "    except OSError:\n"
        "        pass\n"
        "say(done=done)"
    )
    # What is not the system's own is memory that goes away with the sandbox.
    assert {"/tmp"} <= set(said["done"]) <= {"/tmp", "/dev", "/run", "/etc"}  # noqa: S108
    assert not any(Path(folder, "probe").exists() for folder in ("/tmp", "/dev", "/run", "/etc", sys.prefix))  # noqa: S108


@pytest.mark.parametrize(
    "probe",
    [
        "bytearray(2 * 1024**3)",
        "open('/tmp/much', 'wb').write(bytes(100 * 1024**2))",
        "say()\nwhile True: sys.stdout.buffer.write(bytes(1024**2))",
        "sys.exit(3)",
        "say()\nsys.exit(3)",
        "print('bukan JSON')",
        "print('[1]')",
        "print('[' * 60_000)",
        "pass",
    ],
)
def test_who_breaks_a_limit_or_says_nothing_right_has_failed(inside: Inside, probe: str) -> None:
    with pytest.raises(sandbox.Failed):
        inside.run(probe)


def test_who_takes_too_long_is_stopped_and_leaves_no_process(inside: Inside) -> None:
    # Browsers and servers of other tests may be running, and start children of their own meanwhile.
    before = set(psutil.Process().children())
    began = time.monotonic()
    with pytest.raises(sandbox.Failed):
        inside.run("import time\ntime.sleep(77)", seconds=1)
    assert time.monotonic() - began < 5
    assert set(psutil.Process().children()) <= before


def test_a_killed_process_takes_its_sandbox_along(tmp_path: Path) -> None:
    """Kill -9 in the midst of a cleaning: no process and no file is left."""
    (tmp_path / "probe.py").write_text(
        "import sys, time\nopen('/tmp/isi', 'wb').write(sys.stdin.buffer.read())\ntime.sleep(77)"
    )
    (tmp_path / "parent.py").write_text(
        "import io, django\ndjango.setup()\nfrom sipuma.files import sandbox\n"
        f"sandbox.__file__ = {str(tmp_path / 'sandbox.py')!r}\n"
        "sandbox.run('probe.py', content=io.BytesIO(b'rahasia'), size=7)\n"
    )
    before = _left_behind()
    surroundings = os.environ | {"DJANGO_SETTINGS_MODULE": "sipuma.config.settings"}
    parent = subprocess.Popen([sys.executable, str(tmp_path / "parent.py")], env=surroundings)
    try:
        sandboxed = _wait_for_sandbox(parent.pid)
    finally:
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    _gone, alive = psutil.wait_procs(sandboxed, timeout=5)
    assert alive == []
    assert _left_behind() <= before


def _left_behind() -> set[Path]:
    """Return what the probe writes, in the places where files of programs land."""
    return {path for folder in ("/dev/shm", "/tmp", "/var/tmp") for path in Path(folder).rglob("isi")}  # noqa: S108


def _wait_for_sandbox(pid: int) -> list[psutil.Process]:
    for _ in range(200):
        found = [child for child in psutil.Process(pid).children(recursive=True) if child.name() != "prlimit"]
        if any("script.py" in word for child in found for word in child.cmdline()[:4]):
            return found
        time.sleep(0.05)
    raise AssertionError("no sandbox started")


def test_when_all_slots_are_taken_for_long_nothing_is_cleaned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "PATIENCE_SECONDS", 0.1)
    with sandbox.SLOTS, sandbox.SLOTS:
        assert cleaned(jpeg()) is None
    assert copy_of(jpeg())


def test_a_sandbox_that_is_taken_over_can_not_give_another_kind_back(
    inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    for content, told in (("b'<html><script>'", None), ("b''", None)):
        (inside.folder / "recoding.py").write_text(
            SAY + f"say(removed=['location', 'baru', 3])\nsys.stdout.buffer.write({content})"
        )
        assert cleaned(jpeg()) is told
    (inside.folder / "recoding.py").write_text(
        SAY.replace("sys.stdin.buffer.read()", "content = sys.stdin.buffer.read()")
        + "say(removed=['location', 'baru', 3])\nsys.stdout.buffer.write(content)"
    )
    assert copy_of(jpeg()) == (jpeg(), ("location",))


def test_only_places_with_a_limit_can_be_written_to(inside: Inside) -> None:
    probe = (
        "def takes(place):\n"
        "    try:\n"
        "        open(place + '/isi', 'wb').close()\n"
        "    except OSError:\n"
        "        return 0\n"
        "    size = os.statvfs(place)\n"
        "    return size.f_blocks * size.f_frsize\n"
        "say(rooms={place: takes(place) for place in ('/', '/dev', '/dev/shm', '/tmp', '/run', '/etc')})\n"
    )
    rooms = inside.run(probe)["rooms"]
    assert {place for place, room in rooms.items() if room} == {"/dev/shm", "/tmp"}  # noqa: S108
    assert rooms["/dev/shm"] <= sandbox.MIB  # noqa: S108
