"""Hands a file to clamd while it passes, by its INSTREAM protocol; only an explicit answer counts."""

import re
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from sipuma.files.verdict import Verdict

# Seconds that one scan may hold an upload up, over all: connecting, sending and waiting for the answer.
SECONDS = 30.0
PAUSE = 60.0
LONGEST_ANSWER = 4096
END = struct.pack(">I", 0)
DEFAULT_PORT = 3310
FOUND = re.compile(rb"stream: ([\x21-\x7e]{1,200}) FOUND")
# clamd says FOUND of these, but means that it could not look.
NOT_LOOKED = ("Heuristics.Limits.Exceeded", "Heuristics.Encrypted")


@dataclass(frozen=True)
class Finding:
    """What the scanner said; `signature` names the virus, else it is empty."""

    verdict: Verdict
    signature: str = ""


UNSCANNED = Finding(Verdict.UNSCANNED)


class Connection:
    """A connection to clamd that may cost so many seconds in all.

    Raises:
        OSError: here and later, for anything that goes wrong.
    """

    def __init__(self, address: str, *, seconds: float) -> None:
        self._left = seconds
        self._socket, target = _socket_for(address)
        try:
            with self._timed():
                self._socket.connect(target)
        except (OSError, ValueError):
            self.close()
            raise

    def send(self, data: bytes) -> None:
        with self._timed():
            self._socket.sendall(data)

    def answer(self) -> bytes:
        """Return what clamd says, without its closing zero byte."""
        said = b""
        while not said.endswith(b"\0"):
            with self._timed():
                more = self._socket.recv(LONGEST_ANSWER)
            said += more
            if not more or len(said) > LONGEST_ANSWER:
                raise OSError("no whole answer")
        return said[:-1]

    def close(self) -> None:
        self._socket.close()

    @contextmanager
    def _timed(self) -> Iterator[None]:
        if self._left <= 0:
            raise TimeoutError("the scanner took too long")
        self._socket.settimeout(self._left)
        began = time.monotonic()
        try:
            yield
        finally:
            self._left -= time.monotonic() - began


class Hung:
    """When the scanner last kept somebody waiting until the time was over."""

    def __init__(self) -> None:
        self._since = float("-inf")

    def note(self, error: OSError) -> None:
        if isinstance(error, TimeoutError):
            self._since = time.monotonic()

    def lately(self) -> bool:
        return time.monotonic() - self._since < PAUSE

    def forget(self) -> None:
        self._since = float("-inf")


hung = Hung()


class Scan:
    """Fed while a file passes; never raises: whatever goes wrong ends as unscanned.

    Of a file longer than `SIPUMA_CLAMAV_MAX_BYTES` the beginning is scanned; that no virus is there says
    nothing of the rest. A scanner that kept somebody waiting for nothing is not asked
    again for a minute.
    """

    def __init__(self, *, seconds: float = SECONDS) -> None:
        self._room = settings.SIPUMA.clamav_max_bytes
        self._whole = True
        self._clamd = None if hung.lately() else _reached(settings.SIPUMA.clamav, seconds=seconds)
        self._send(b"zINSTREAM\0")

    def feed(self, data: bytes) -> None:
        """Hand on the next bytes, as far as the scanner takes them."""
        fits = data[: self._room]
        self._room -= len(fits)
        if fits:  # a length of zero would end the stream
            self._send(struct.pack(">I", len(fits)) + fits)
        if len(fits) < len(data) and self._whole:
            self._whole = False
            self._send(END)  # clamd begins to look, and does not wait for what never comes

    @property
    def takes_more(self) -> bool:
        """Whether further bytes would be looked at."""
        return self._clamd is not None and self._whole

    def finish(self) -> Finding:
        """Say that the file is over and return what clamd found; asked again, unscanned."""
        if self._whole:
            self._send(END)
        if self._clamd is None:
            return UNSCANNED
        try:
            finding = _finding(self._clamd.answer())
        except OSError as error:
            hung.note(error)
            return UNSCANNED
        finally:
            self._give_up()
        cut = not self._whole and finding.verdict == Verdict.CLEAN
        return Finding(Verdict.PARTLY) if cut else finding

    def _send(self, data: bytes) -> None:
        if self._clamd is None:
            return
        try:
            self._clamd.send(data)
        except OSError as error:
            hung.note(error)
            self._give_up()

    def _give_up(self) -> None:
        if self._clamd is not None:
            self._clamd.close()
            self._clamd = None


def scanner_version(*, seconds: float = 5.0) -> str | None:
    """Return clamd's own line about its version and signatures; None when it can't be reached."""
    clamd = _reached(settings.SIPUMA.clamav, seconds=seconds)
    if clamd is None:
        return None
    try:
        clamd.send(b"zVERSION\0")
        return clamd.answer().decode("ascii", "replace")
    except OSError:
        return None
    finally:
        clamd.close()


def _reached(address: str, *, seconds: float) -> Connection | None:
    try:
        return Connection(address, seconds=seconds) if address else None
    except (OSError, ValueError):  # ValueError: an address that can't be
        return None


def _socket_for(address: str) -> tuple[socket.socket, str | tuple[str, int]]:
    parts = urlsplit(address)
    if parts.scheme == "unix":
        return socket.socket(socket.AF_UNIX), parts.path
    if parts.scheme != "tcp" or not parts.hostname:
        raise ValueError("unix:/path or tcp://host:port")
    target = parts.hostname, parts.port or DEFAULT_PORT
    return socket.socket(socket.AF_INET6 if ":" in parts.hostname else socket.AF_INET), target


def _finding(answer: bytes) -> Finding:
    if answer == b"stream: OK":
        return Finding(Verdict.CLEAN)
    found = FOUND.fullmatch(answer)
    signature = found[1].decode("ascii") if found else ""
    if not signature or signature.startswith(NOT_LOOKED):
        return UNSCANNED
    return Finding(Verdict.INFECTED, signature)
