"""What a real clamd says of files, and that nothing but its own word counts."""

import io
import time
import zipfile
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings

from sipuma.files.scanning import Finding, Scan, scanner_version
from sipuma.files.verdict import Verdict
from tests.peers import clamd
from tests.peers.clamd import EICAR, Clamd

pytestmark = [pytest.mark.peers]
UNSCANNED = Finding(Verdict.UNSCANNED)
Scanned = Callable[[bytes], Finding]


@pytest.fixture(scope="module")
def server() -> Iterator[Clamd]:
    with clamd.running() as found:
        yield found


def use(patch: pytest.MonkeyPatch, address: str) -> None:
    patch.setattr(settings, "SIPUMA", settings.SIPUMA.model_copy(update={"clamav": address}))


def scanned(content: bytes, *, part: int = 1024**2) -> Finding:
    scan = Scan(seconds=20)
    for start in range(0, len(content), part):
        scan.feed(content[start : start + part])
    return scan.finish()


def zipped(content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bukti.com", content)
    return file.getvalue()


@pytest.mark.parametrize(
    "content", [EICAR, zipped(EICAR), zipped(zipped(EICAR))], ids=["plain", "zip", "zip in zip"]
)
def test_a_virus_is_found_and_named(server: Clamd, monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    use(monkeypatch, server.address)
    finding = scanned(content, part=16)
    assert finding.verdict == Verdict.INFECTED
    assert finding.signature.startswith(clamd.NAME)


@pytest.mark.parametrize("content", [b"Kepada Yth.", b"\0" * 5_000_000, b""], ids=["text", "5 MB", "empty"])
def test_a_clean_file_is_clean_and_nothing_of_it_stays(
    server: Clamd, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    use(monkeypatch, server.address)
    assert scanned(content) == Finding(Verdict.CLEAN)
    # clamd answers first and tidies up then.
    ends = time.monotonic() + 10
    while list(server.temporary.iterdir()) and time.monotonic() < ends:
        time.sleep(0.05)
    assert list(server.temporary.iterdir()) == []


def test_its_version_is_told(server: Clamd, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, server.address)
    version = scanner_version()
    assert version is not None
    assert version.startswith("ClamAV ")


def test_a_stream_longer_than_clamd_takes_is_not_scanned(monkeypatch: pytest.MonkeyPatch) -> None:
    with clamd.running(stream_max_length="1M") as small:
        use(monkeypatch, small.address)
        assert scanned(b"\0" * 900_000) == Finding(Verdict.CLEAN)
        assert scanned(b"\0" * 30_000_000) == UNSCANNED
        assert scanned(b"\0" * 1_100_000) == UNSCANNED


def test_a_clamd_that_stops_leaves_files_unscanned(monkeypatch: pytest.MonkeyPatch) -> None:
    with clamd.running() as server:
        use(monkeypatch, server.address)
        scan = Scan(seconds=5)
        scan.feed(EICAR)
        server.process.kill()
        server.process.wait()
        assert scan.finish() == UNSCANNED
        assert scanned(b"isi") == UNSCANNED
        assert scanner_version() is None
