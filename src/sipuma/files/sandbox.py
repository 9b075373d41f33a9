"""Runs one of this room's scripts on hostile content: no network, no files of ours, little time."""

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO

from django.conf import settings

MIB = 1024**2
CPU_SECONDS = 60
MEMORY_BYTES = 1536 * MIB
LONGEST_HEADER = 64 * 1024

# At most two at a time in a process, so that a pile of files does not take the machine's memory.
SLOTS = threading.BoundedSemaphore(2)
PATIENCE_SECONDS = 60.0

# What programs need to start, and nothing else: no /proc, /run, /var, and of /etc these alone. A socket
# in /run would be a way out that closing the network does not close.
SYSTEM = (
    "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/alternatives", "/etc/fonts",
    "/etc/ld.so.cache", "/etc/mime.types", "/etc/perl", "/var/cache/fontconfig",
)  # fmt: skip
SCRIPT = "/run/script.py"
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "HOME": "/tmp", "LANG": "C.UTF-8"}  # noqa: S108  # the sandbox's own


class Failed(Exception):
    """The script did not end well, or there is no sandbox; the text holds nothing of the content."""


@dataclass(frozen=True)
class Result:
    """What a script gave back. Nothing in it may be trusted: the content may have taken the script over.

    `file` is in memory, at its beginning, and the caller's to close; `size` in bytes.
    """

    header: dict[str, Any]  # Any: what JSON holds
    file: BinaryIO
    size: int


def run(script: str, *arguments: str, content: BinaryIO, size: int, seconds: float = 120.0) -> Result:
    """Run `script` of this folder, give it the content, and take a line of JSON and new content from it.

    The content, of `size` bytes, goes through a pipe into memory that ends with the sandbox, so that nothing
    is left even of a process that is killed.

    Raises:
        Failed: no sandbox, no free slot, over a limit, or no answer.
    """
    path = Path(__file__).with_name(script)
    if not SLOTS.acquire(timeout=PATIENCE_SECONDS):
        raise Failed("too much to do")
    try:
        with _process(command(path, *arguments, room=_room(size)), seconds=seconds) as process:
            _feed(process, content)
            return _answer(process, most=_room(size))
    finally:
        SLOTS.release()


def works() -> bool:
    """Say whether a sandbox can be made here: some machines and containers do not allow it."""
    try:
        words = [*_walls(room=MIB, script=Path(__file__)), sys.executable, "-I", "-c", "import PIL"]
        return subprocess.run(words, env={}, capture_output=True, timeout=10, check=False).returncode == 0  # noqa: S603
    except (OSError, Failed, subprocess.TimeoutExpired):
        return False


def command(script: Path, *arguments: str, room: int) -> list[str]:
    """Return the words that run a script in the sandbox with `room` bytes for its files.

    Raises:
        Failed: a program for it is missing.
    """
    return [*_walls(room=room, script=script), sys.executable, "-I", SCRIPT, *arguments]


def _walls(*, room: int, script: Path) -> list[str]:
    return [
        _found("prlimit"), f"--cpu={CPU_SECONDS}", f"--as={MEMORY_BYTES}", f"--fsize={room}", "--core=0",
        _found("bwrap"), "--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent",
        "--new-session", "--clearenv", *_environment(),
        "--dev", "/dev", "--size", str(room), "--tmpfs", "/tmp", "--chdir", "/tmp", *_visible(),  # noqa: S108
        "--ro-bind", str(script), SCRIPT,
        *_without_bwrap(),
        # Both are in memory without a limit of their own: only what has one can be written to.
        "--size", str(MIB), "--tmpfs", "/dev/shm", "--remount-ro", "/dev", "--remount-ro", "/",  # noqa: S108
    ]  # fmt: skip


def _without_bwrap() -> Iterator[str]:
    """Hide this program by each name that leads to it.

    mat2 makes a sandbox of its own where it finds it, which can't be done within this one. `/bin` is a link
    to `/usr/bin` outside, but a folder of its own inside.
    """
    for folder in ENVIRONMENT["PATH"].split(":"):
        if Path(folder, "bwrap").exists():
            yield from ("--ro-bind", "/dev/null", f"{folder}/bwrap")


def _environment() -> Iterator[str]:
    for name, value in ENVIRONMENT.items():
        yield from ("--setenv", name, value)


def _visible() -> Iterator[str]:
    """Give what the sandbox sees: the system's programs, and the interpreter with its libraries."""
    for name in SYSTEM:
        yield from ("--ro-bind-try", name, name)
    seen = [Path(name) for name in SYSTEM]
    for path in _interpreter():
        if not any(path.is_relative_to(known) for known in seen):
            seen.append(path)
            yield from ("--ro-bind", str(path), str(path))
    data = settings.SIPUMA.data.resolve()
    if any(data.is_relative_to(known) for known in seen) and data.is_dir():
        yield from ("--tmpfs", str(data))


def _interpreter() -> set[Path]:
    """Return the folders without which this interpreter does not start, by each name that leads there."""
    prefixes = {Path(sys.prefix), Path(sys.base_prefix), Path(sys.executable).resolve().parents[1]}
    return prefixes | {prefix.resolve() for prefix in prefixes}


def _found(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        raise Failed(f"{program} is missing")
    return found


def _room(size: int) -> int:
    """Return how many bytes of files the sandbox may hold: the content, its copy and something beside it."""
    return 4 * size + 64 * MIB


@contextmanager
def _process(words: list[str], *, seconds: float) -> Iterator[subprocess.Popen[bytes]]:
    """Start a process that is certainly over afterwards, and after so many seconds at the latest."""
    pipe = subprocess.PIPE
    with subprocess.Popen(words, env={}, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL) as process:  # noqa: S603
        clock = threading.Timer(seconds, process.kill)
        clock.daemon = True
        clock.start()
        try:
            yield process
        finally:
            clock.cancel()
            process.kill()


def _feed(process: subprocess.Popen[bytes], content: BinaryIO) -> None:
    into = _pipe(process.stdin)
    with suppress(BrokenPipeError), into:  # it may have given up; how it ended says so
        shutil.copyfileobj(content, into, MIB)


def _answer(process: subprocess.Popen[bytes], *, most: int) -> Result:
    out = _pipe(process.stdout)
    header = _header(out.readline(LONGEST_HEADER))
    file = os.fdopen(os.memfd_create("sipuma"), "w+b")
    try:
        _copy(out, file, most=most)
        _check_end(process)
        size = file.tell()
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return Result(header, file, size)


def _check_end(process: subprocess.Popen[bytes]) -> None:
    if process.wait() != 0:
        raise Failed("the script failed")


def _header(line: bytes) -> dict[str, Any]:
    try:
        header = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Failed("the script said nothing") from error
    if not isinstance(header, dict):
        raise Failed("the script said something else")
    return header


def _copy(source: IO[bytes], target: BinaryIO, *, most: int) -> None:
    while data := source.read(MIB):
        target.write(data)
        if target.tell() > most:
            raise Failed("the answer is too long")


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise Failed("no pipe")
    return pipe
