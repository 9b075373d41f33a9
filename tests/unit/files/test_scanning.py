"""The scanner's protocol, spoken with a socket that answers as it is told; tests/peers has the real one."""

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Protocol

import pytest
from django.conf import settings

from sipuma.config.environment import Environment
from sipuma.files.scanning import Finding, Scan, scanner_version
from sipuma.files.verdict import Verdict


class Set(Protocol):
    """Sets where the scanner is, and the most that it takes."""

    def __call__(self, address: str, most: int = ...) -> None: ...


@pytest.fixture
def scanner_at(monkeypatch: pytest.MonkeyPatch) -> Set:
    def set_to(address: str, most: int = 100 * 1024**2) -> None:
        changed: Environment = settings.SIPUMA.model_copy(
            update={"clamav": address, "clamav_max_bytes": most}
        )
        monkeypatch.setattr(settings, "SIPUMA", changed)

    return set_to


@contextmanager
def answering(answer: bytes, heard: list[bytes]) -> Iterator[str]:
    """Listen once, take a whole stream, answer and hang up; gives the address."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:

        def serve() -> None:
            peer, _address = listener.accept()
            with peer, peer.makefile("rb") as stream:
                heard.append(stream.read(10))
                while length := struct.unpack(">I", stream.read(4))[0]:
                    heard.append(stream.read(length))
                peer.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"tcp://127.0.0.1:{listener.getsockname()[1]}"
        thread.join(10)


@contextmanager
def hanging() -> Iterator[str]:
    """Listen and never say a word."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        yield f"tcp://127.0.0.1:{listener.getsockname()[1]}"


def scanned(*parts: bytes, seconds: float = 5) -> Finding:
    scan = Scan(seconds=seconds)
    for part in parts:
        scan.feed(part)
    return scan.finish()


def test_a_file_goes_out_in_its_parts_and_an_empty_part_does_not_end_it(scanner_at: Set) -> None:
    heard: list[bytes] = []
    with answering(b"stream: OK\0", heard) as address:
        scanner_at(address)
        assert scanned(b"satu", b"", b"dua") == Finding(Verdict.CLEAN)
    assert heard == [b"zINSTREAM\0", b"satu", b"dua"]


@pytest.mark.parametrize(
    ("answer", "verdict", "signature"),
    [
        (b"stream: Win.Test.EICAR_HDB-1 FOUND\0", Verdict.INFECTED, "Win.Test.EICAR_HDB-1"),
        (b"stream: OK\0", Verdict.CLEAN, ""),
        (b"stream: OK", Verdict.UNSCANNED, ""),
        (b"stream: OK \0", Verdict.UNSCANNED, ""),
        (b"OK\0", Verdict.UNSCANNED, ""),
        (b"stream: ok\0", Verdict.UNSCANNED, ""),
        (b"stream: OK\0stream: OK\0", Verdict.UNSCANNED, ""),
        (b"stream:  FOUND\0", Verdict.UNSCANNED, ""),
        (b"stream: a\x1b[2J FOUND\0", Verdict.UNSCANNED, ""),
        (b"stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\0", Verdict.UNSCANNED, ""),
        (b"stream: Heuristics.Encrypted.Zip FOUND\0", Verdict.UNSCANNED, ""),
        (b"INSTREAM size limit exceeded. ERROR\0", Verdict.UNSCANNED, ""),
        (b"", Verdict.UNSCANNED, ""),
        (b"x" * 10_000, Verdict.UNSCANNED, ""),
    ],
)
def test_only_an_explicit_answer_counts(
    scanner_at: Set, answer: bytes, verdict: Verdict, signature: str
) -> None:
    with answering(answer, []) as address:
        scanner_at(address)
        assert scanned(b"isi") == Finding(verdict, signature)


def test_a_scanner_that_hangs_costs_its_seconds_once_over_all(scanner_at: Set) -> None:
    began = time.monotonic()
    with hanging() as address:
        scanner_at(address)
        assert scanned(*[b"x" * 1024**2] * 20, seconds=0.5) == Finding(Verdict.UNSCANNED)
    assert 0.4 < time.monotonic() - began < 3


def test_time_that_the_sender_of_a_file_takes_does_not_count(scanner_at: Set) -> None:
    with answering(b"stream: OK\0", []) as address:
        scanner_at(address)
        scan = Scan(seconds=0.5)
        scan.feed(b"satu")
        time.sleep(0.7)
        scan.feed(b"dua")
        assert scan.finish().verdict == Verdict.CLEAN


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        (b"stream: OK\0", Verdict.PARTLY),
        (b"stream: Eicar FOUND\0", Verdict.INFECTED),
        (b"", Verdict.UNSCANNED),
    ],
)
def test_of_a_longer_file_the_beginning_is_scanned(scanner_at: Set, said: bytes, verdict: Verdict) -> None:
    heard: list[bytes] = []
    with answering(said, heard) as address:
        scanner_at(address, 10)
        assert scanned(b"x" * 6, b"x" * 5, b"y").verdict == verdict
    assert b"y" not in b"".join(heard)


def test_a_scanner_that_hung_is_not_waited_for_again(scanner_at: Set) -> None:
    with hanging() as address:
        scanner_at(address)
        assert scanned(b"isi", seconds=0.3) == Finding(Verdict.UNSCANNED)
        began = time.monotonic()
        assert scanned(b"isi", seconds=10) == Finding(Verdict.UNSCANNED)
        assert time.monotonic() - began < 1


def test_a_file_exactly_as_long_is_scanned(scanner_at: Set) -> None:
    with answering(b"stream: OK\0", []) as address:
        scanner_at(address, 10)
        assert scanned(b"x" * 10).verdict == Verdict.CLEAN


@pytest.mark.parametrize(
    "address",
    [
        "",
        "tcp://127.0.0.1:1",
        "unix:/nowhere/clamd.ctl",
        "unix:" + "x" * 200,
        "tcp://",
        "tcp://127.0.0.1:99999",
        "http://127.0.0.1",
        "clamd",
    ],
)
def test_without_a_scanner_a_file_is_not_scanned_and_nothing_is_raised(scanner_at: Set, address: str) -> None:
    scanner_at(address)
    assert scanned(b"isi") == Finding(Verdict.UNSCANNED)
    assert scanner_version() is None


def test_asked_again_a_scan_says_unscanned(scanner_at: Set) -> None:
    with answering(b"stream: OK\0", []) as address:
        scanner_at(address)
        scan = Scan(seconds=5)
        assert scan.finish().verdict == Verdict.CLEAN
        assert scan.finish().verdict == Verdict.UNSCANNED


def test_a_scanner_that_hangs_has_no_version(scanner_at: Set) -> None:
    with hanging() as address:
        scanner_at(address)
        assert scanner_version(seconds=0.2) is None
