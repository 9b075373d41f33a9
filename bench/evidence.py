"""Evidence: how fast files come in, beside a view that throws them away and a plain write; memory; ranges."""

import io
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from PIL import Image

from bench import listening
from bench.forms import ANSWERS, OFFICE
from bench.report import Line, Say, against
from bench.throughput import bare_beside
from bench.watching import Watch, megabytes, watched
from tests.faults.installation import Installation, Running, founded
from tests.faults.sending import Sending, around_a_file
from tests.peers import clamd
from tests.unit.files.samples import telling_exif

MIB, MB = 1024**2, 1_000_000
LARGE, LARGEST, SCANNED = 512 * MIB, 1024 * MIB, 64 * MIB
ROUNDS = 3
FORMS = 16
LIMIT_RATE = 100  # MB/s
LIMIT_MEMORY = 64  # MB above idle
NO_LIMIT = {"SIPUMA_UPLOADS_PER_HOUR": "0", "SIPUMA_CLAMAV_MAX_BYTES": str(SCANNED)}
BLOCK = os.urandom(MIB)
# As sound that nothing is cleaned out of: a header of ADTS, and then anything.
SOUND = b"\xff\xf1\x50\x80\x02\x1f\xfc" + BLOCK[7:]


@dataclass(frozen=True)
class Sent:
    """One upload: bytes, seconds to the last byte of the answer, and the number on the page."""

    size: int
    seconds: float
    register: str = ""

    @property
    def rate(self) -> float:
        """In MB/s."""
        return self.size / MB / self.seconds


def measure(folder: Path, database_url: str, say: Say) -> None:
    """Send files of 512 MiB in turns with the rival, then one of 1 GiB; then with scanner and cleaning."""
    with founded(folder / "evidence", database_url, **NO_LIMIT) as ours:
        password = ours.inside("enrol", people=[["verifikator", OFFICE]])
        forms = iter(ours.inside("drafts", answers=[ANSWERS] * FORMS))
        drafts = (one["draft"] for one in forms)
        with ours.serving() as web, bare_beside(ours, database_url) as bare:
            _upload(web.port, "/lapor/", next(drafts), size=MIB)  # whatever is loaded once
            _against_others(ours, web, bare, drafts, say)
            heard = _over_time(web, next(drafts), say)
            listening.measure(web.port, heard.register, password, size=heard.size, say=say)
            _cleaned(web, drafts, say)
        _scanned(ours, drafts, say)


def _against_others(ours: Installation, web: Running, bare: int, drafts: Iterator[str], say: Say) -> None:
    mine, plain, disk = [], [], []
    with _told("512 MiB three times", web, say):
        for _ in range(ROUNDS):
            mine.append(_upload(web.port, "/lapor/", next(drafts), size=LARGE).rate)
            plain.append(_upload(bare, "/bare/upload", "x", size=LARGE).rate)
            disk.append(_write(ours.data / "plain", LARGE).rate)
    rate = median(mine)
    figure = f"{rate:.0f} to {median(plain):.0f} MB/s = {median(against(mine, plain)):.0%}"
    bound = "SHA-256 and encryption beside the parser"
    say(
        Line(
            "512 MiB of evidence, to a view that keeps none", figure, ">= 100 MB/s", rate >= LIMIT_RATE, bound
        )
    )
    figure = f"{rate:.0f} to {median(disk):.0f} MB/s = {median(against(mine, disk)):.0%}"
    say(Line("512 MiB of evidence, to a plain durable write", figure))


def _over_time(web: Running, draft: str, say: Say) -> Sent:
    """Send the largest file, as sound that officers can listen to."""
    with _told("1 GiB", web, say) as watch:
        sent = _upload(web.port, "/lapor/", draft, size=LARGEST, begins=SOUND)
    say(Line("1 GiB of evidence", f"{sent.rate:.0f} MB/s", ">= 100 MB/s", sent.rate >= LIMIT_RATE))
    say(Line("its memory over time", watch.plot(), bound=f"{min(watch.seen):.0f} to {watch.peak:.0f} MB"))
    return sent


@contextmanager
def _told(what: str, web: Running, say: Say) -> Iterator[Watch]:
    """Say how much memory is taken meanwhile."""
    idle = megabytes(web)
    with watched(web) as watch:
        yield watch
    rise, after = watch.peak - idle, watch.seen[-1] - idle
    figure = f"PSS {idle:.0f}, then +{rise:.0f}, +{after:.0f} MB"
    say(Line(f"memory: idle, peak and after {what}", figure, "+ < 64 MB", rise < LIMIT_MEMORY))


def _scanned(ours: Installation, drafts: Iterator[str], say: Say) -> None:
    if clamd.program() is None:
        say(Line("with the scanner", "no clamd on this machine"))
        return
    with clamd.running() as scanner, ours.serving(SIPUMA_CLAMAV=scanner.address) as web:
        _upload(web.port, "/lapor/", next(drafts), size=MIB)
        rates = [_upload(web.port, "/lapor/", next(drafts), size=SCANNED).rate for _ in range(ROUNDS)]
    say(
        Line("64 MiB of evidence with the scanner", f"{median(rates):.0f} MB/s", bound="clamd, no signatures")
    )


def _cleaned(web: Running, drafts: Iterator[str], say: Say) -> None:
    """A photograph as a telephone makes it, cleaned; and as many bytes that can't be."""
    picture = _photograph()
    cleaned = _send(web.port, "/lapor/", next(drafts), "bukti.jpg", [picture])
    kept = _send(web.port, "/lapor/", next(drafts), "bukti.bin", [bytes(len(picture))])
    figure = f"{cleaned.seconds:.2f} s to {kept.seconds:.2f} s uncleaned"
    say(Line(f"a photograph of {len(picture) / MB:.1f} MB, cleaned", figure, bound="a sandbox, a new JPEG"))


def _photograph() -> bytes:
    """Draw 12 megapixels that are as hard to compress as a picture of something."""
    picture = Image.effect_noise((1_000, 750), 60).resize((4_000, 3_000)).convert("RGB")
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=90, exif=telling_exif())
    return file.getvalue()


def _upload(port: int, path: str, draft: str, *, size: int, begins: bytes = BLOCK) -> Sent:
    blocks = [begins, *[BLOCK] * (size // MIB - 1)]
    return _send(port, path, draft, "bukti.aac", blocks)


def _send(port: int, path: str, draft: str, name: str, blocks: list[bytes]) -> Sent:
    head, tail = around_a_file({"draft": draft, "step": "4"}, name)
    size, began = sum(map(len, blocks)), time.monotonic()
    with Sending(port, path, len(head) + size + len(tail)) as sending:
        for block in (head, *blocks, tail):
            sending.send(block)
        answer = sending.answer()
    sent = Sent(size, time.monotonic() - began, answer.by_id("register"))
    if not (sent.register or "filed" in answer.text):
        raise RuntimeError(f"{path} answered {answer.status} and took no file")
    return sent


def _write(path: Path, size: int) -> Sent:
    """Write as many bytes to the same disk, and make them durable."""
    began = time.monotonic()
    with path.open("wb", buffering=0) as file:
        for _ in range(size // MIB):
            file.write(BLOCK)
        os.fsync(file.fileno())
    written = Sent(size, time.monotonic() - began)
    path.unlink()
    return written
