"""Files of every fate through real processes, and a search for their words and names everywhere."""

import base64
import io
import re
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest
from django.conf import settings
from PIL import Image

from tests.faults.browser import Answer, Browser, File, multipart
from tests.faults.installation import Installation, Running, founded
from tests.faults.sending import Sending
from tests.machine import needs_sandbox
from tests.peers import clamd
from tests.peers.clamd import EICAR, Clamd
from tests.secrets.canaries import Needles, canary, columns, files, leaks, unnamed_files, words_of
from tests.unit.files.samples import WORD, archive

pytestmark = [
    pytest.mark.faults,
    needs_sandbox,
]

SABANG = "130300"
MIB = 1024**2
LIMITS = {"SIPUMA_MAX_FILE_BYTES": str(2 * MIB), "SIPUMA_UPLOADS_PER_HOUR": "0"}
WAIT_SECONDS = 30
DRAFTS = 5
TUS = {"Tus-Resumable": "1.0.0"}
PART = {"Content-Type": "application/offset+octet-stream"}
ARTIST = 0x013B
# What a key looks like where a word is meant to be.
KEY = re.compile(rb"[0-9a-f]{32}|[A-Za-z0-9+/=_-]{40}", re.IGNORECASE)


@dataclass
class Story:
    """What became of the files, and what was found at the moments that were looked at."""

    installation: Installation
    scanner: Clamd
    web: Running
    began: float
    needles: Needles
    drafts: list[str]
    pages: dict[str, Answer] = field(default_factory=dict)
    found: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    searched: dict[str, set[str]] = field(default_factory=dict)
    sandbox: list[tuple[str, bytes]] = field(default_factory=list)
    mounts: list[str] = field(default_factory=list)

    @property
    def processes(self) -> list[psutil.Process]:
        parent = psutil.Process(self.web.process.pid)
        return [parent, *parent.children(recursive=True)]

    def look(self, moment: str) -> None:
        """Search every place, and keep what was found under the moment's name."""
        places = list(everywhere(self))
        self.searched[moment] = {name for name, _content in places}
        self.found[moment] = leaks(self.needles, places)

    def file(self, kind: str, content: bytes) -> File:
        """Return a file whose name and content hold the words that are searched for."""
        words = self.needles.secrets
        return File(f"{words['name']} {kind}", content.replace(b"ISI", words["content"].encode()))


def everywhere(story: Story) -> Iterator[tuple[str, bytes]]:
    """Yield files, logs and mails of the installation, what others' folders got since, and tables.

    Left out are style sheets, and the scanner's own files, which lie in memory.
    """
    folder = story.installation.folder
    yield from own_files(story)
    pids = [one.pid for one in story.processes]
    yield from unnamed_files(pids)
    yield from words_of(pids)
    for system in shared_folders():
        own = [path for path in system.iterdir() if path in folder.parents or is_anothers(path)]
        yield from files(system, newer_than=story.began, but=[*own, story.scanner.temporary.parent])
    if story.installation.database_url:
        yield from columns(story.installation.database_url)


def shared_folders() -> set[Path]:
    root = Path("/")
    return {Path(tempfile.gettempdir()), root / "tmp", root / "var" / "tmp", root / "dev" / "shm"}


def own_files(story: Story) -> Iterator[tuple[str, bytes]]:
    yield from files(story.installation.folder, but=[story.installation.data / "static"])


def is_anothers(path: Path) -> bool:
    return path.name.startswith("pytest-of-")


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """Tell the story once; everything is looked at while it is still being served."""
    folder = tmp_path_factory.mktemp("secrets")
    temporary = folder / "tmp"
    temporary.mkdir()
    words = Needles({name: canary(name) for name in ("name", "content")})
    with (
        clamd.running() as scanner,
        founded(folder, settings.SIPUMA.database_url, TMPDIR=str(temporary), **LIMITS) as installation,
    ):
        made = installation.inside(
            "drafts", answers=[{"what": "Apa", "how": "Begini", "office": SABANG}] * DRAFTS
        )
        drafts = [one["draft"] for one in made]
        with installation.serving("up", SIPUMA_CLAMAV=scanner.address) as up:
            told = Story(installation, scanner, up, time.time(), words, drafts)
            live(told)
            told.look("afterwards")
            yield told


def live(story: Story) -> None:
    with Browser(story.web.port) as citizen, Browser(story.web.port) as officer:
        take_in(story, citizen)
        refuse(story, citizen)
        break_off(story)
        clean_slowly(story)
        hand_in(story, officer)
        wait_for_mail(story.installation)


def wait_for_mail(installation: Installation) -> None:
    """Wait until the verifier was told of a file that came later."""
    end = time.monotonic() + WAIT_SECONDS
    while not list(installation.data.rglob("*.eml")):
        assert time.monotonic() < end
        time.sleep(0.1)


def take_in(story: Story, citizen: Browser) -> None:
    """Send a note, a photograph and a virus; then a second note by the ticket."""
    sent = (
        story.file("catatan.txt", b"Catatan: ISI\n"),
        story.file("foto.jpg", photograph(story.needles.secrets["content"])),
        story.file("virus.txt", EICAR + b"\nISI\n"),
    )
    story.pages["taken"] = page = citizen.upload("/en/lapor/", fields(story.drafts.pop()), sent)
    page = citizen.post("/en/lacak/", {"ticket": page.by_id("ticket")})
    form, more = page.form(act="message"), [story.file("susulan.txt", b"Susulan: ISI\n")]
    story.pages["added"] = citizen.upload(form.action, form.fields, more)


def refuse(story: Story, citizen: Browser) -> None:
    """Send a file that is too large, and one that is empty."""
    sent = [story.file("besar.txt", b"ISI " * (MIB // 10 * 4)), story.file("kosong.txt", b"")]
    story.pages["refused"] = citizen.upload("/en/lapor/", fields(story.drafts.pop()), sent)


def break_off(story: Story) -> None:
    """Halt in the middle of a file, look, and pull the cable."""
    body = multipart(fields(story.drafts.pop()), [story.file("rekaman.dat", b"ISI " * 40_000)])
    with Sending(story.web.port, "/en/lapor/", len(body)) as sending:
        sending.send(body[:-1000])
        wait_for_part(story.installation)
        story.look("halted")
        sending.break_off()


def wait_for_part(installation: Installation) -> None:
    end, incoming = time.monotonic() + WAIT_SECONDS, installation.data / "files" / "incoming"
    while not any(part.stat().st_size > MIB for part in incoming.glob("*.part")):
        assert time.monotonic() < end
        time.sleep(0.02)


def clean_slowly(story: Story) -> None:
    """Send a letter, stop its cleaning in the middle, look, and let it go on."""
    text = WORD["word/document.xml"].replace("Isi surat", story.needles.secrets["content"])
    letter = story.file("surat.docx", archive(WORD | {"word/document.xml": text}))
    with ThreadPoolExecutor(1) as pool, Browser(story.web.port) as citizen:
        sent = pool.submit(citizen.upload, "/en/lapor/", fields(story.drafts.pop()), [letter])
        with halted_sandbox(story) as sandbox:
            story.look("cleaning")
            story.sandbox = list(words_of(one.pid for one in sandbox))
            story.mounts = [Path(f"/proc/{one.pid}/mountinfo").read_text() for one in sandbox[-1:]]
        story.pages["cleaned"] = sent.result()


@contextmanager
def halted_sandbox(story: Story) -> Iterator[list[psutil.Process]]:
    """Stop the next sandbox, outermost process first, for the time of a `with` block."""
    end = time.monotonic() + WAIT_SECONDS
    while not (inner := [one for one in story.processes if is_in_sandbox(one)]):
        assert time.monotonic() < end
        time.sleep(0.002)
    inner[-1].suspend()
    processes = [one for one in story.processes if "bwrap" in "".join(one.cmdline())]
    try:
        yield [*processes, inner[-1]]
    finally:
        inner[-1].resume()


def is_in_sandbox(process: psutil.Process) -> bool:
    try:
        words: list[str] = process.cmdline()
        return words[1:3] == ["-I", "/run/script.py"]
    except psutil.Error:
        return False


def hand_in(story: Story, officer: Browser) -> None:
    """Have a desk send a file in two parts, and look in between."""
    password = story.installation.inside("enrol", people=[["penerima", SABANG], ["verifikator", SABANG]])
    register = story.installation.inside("recorded", office=SABANG)
    officer.sign_in(f"penerima.{SABANG}", password)
    listed = officer.get(f"/petugas/kasus/{register}/bukti/")
    token = next(
        form.fields["csrfmiddlewaretoken"] for form in listed.forms if "csrfmiddlewaretoken" in form.fields
    )
    content = story.file("kuitansi.txt", b"ISI " * 40_000)
    name = base64.b64encode(content.name.encode()).decode()
    secure = TUS | {"X-CSRFToken": token}
    told = secure | {"Upload-Length": str(len(content.content)), "Upload-Metadata": f"filename {name}"}
    begun = officer.request("POST", f"/petugas/unggah/{register}/", b"", told)
    place, half = begun.header("Location"), len(content.content) // 2
    officer.request("PATCH", place, content.content[:half], secure | PART | {"Upload-Offset": "0"})
    story.look("between two parts")
    officer.hang_up()  # looking everywhere may take longer than an idle line stays open
    rest = secure | PART | {"Upload-Offset": str(half)}
    story.pages["handed in"] = officer.request("PATCH", place, content.content[half:], rest)
    story.pages["listed"] = officer.get(f"/en/petugas/kasus/{register}/bukti/")


def fields(draft: str) -> dict[str, str]:
    return {"draft": draft, "step": "4"}


def photograph(author: str) -> bytes:
    exif, file = Image.Exif(), io.BytesIO()
    exif[ARTIST] = author
    Image.new("RGB", (64, 32), "blue").save(file, "JPEG", exif=exif)
    return file.getvalue()


def test_every_file_met_its_fate(story: Story) -> None:
    """Else the search would find nothing because nothing happened."""
    said = {name: page.text for name, page in story.pages.items()}
    assert "names of the author and others" in said["taken"]
    assert "Quarantined" in said["taken"]
    assert "susulan.txt" in said["added"]
    assert "The file is too large" in said["refused"]
    assert "The file is empty" in said["refused"]
    assert "Removed from the copy that officers look at" in said["cleaned"]
    assert story.pages["handed in"].status == 204
    assert story.needles.secrets["name"] in said["listed"]


MOMENTS = ("halted", "cleaning", "between two parts", "afterwards")


@pytest.mark.parametrize("moment", MOMENTS)
def test_no_word_of_a_file_lies_anywhere(story: Story, moment: str) -> None:
    assert story.found[moment] == {}


@pytest.mark.parametrize("moment", MOMENTS)
def test_the_search_looked_where_things_lay(story: Story, moment: str) -> None:
    searched = " ".join(story.searched[moment])
    assert f"{story.web.port}.log" in searched
    assert "/data/files/" in searched
    assert ("incoming/" in searched) == (moment == "halted")
    assert "run/script.py" in searched or "environ" in searched


def test_nothing_was_left_in_the_folder_for_temporary_files(story: Story) -> None:
    assert list((story.installation.folder / "tmp").rglob("*")) == []


def test_a_sandbox_is_told_no_name_and_no_key(story: Story) -> None:
    words = [one for _name, content in story.sandbox for one in content.split(b"\0")]
    assert b"/run/script.py" in words
    assert [one for one in words if KEY.search(one) and b"/" not in one] == []
    inner = dict(story.sandbox)
    environment = [content for name, content in inner.items() if name.endswith("environ")]
    names = {pair.partition(b"=")[0] for content in environment for pair in content.split(b"\0") if pair}
    assert names <= {b"PATH", b"HOME", b"LANG", b"PWD"}


def test_a_sandbox_writes_to_memory_alone(story: Story) -> None:
    [mounts] = story.mounts
    writable = [line for line in mounts.splitlines() if re.search(r" rw,", line.partition(" - ")[0])]
    assert writable
    assert {line.partition(" - ")[2].split()[0] for line in writable} <= {"tmpfs", "devpts", "devtmpfs"}


def test_a_file_that_did_lie_about_would_be_found(story: Story) -> None:
    planted = story.installation.folder / "tmp" / "upload.tmp"
    planted.write_bytes(story.file("x", b"..ISI..").content)
    try:
        assert leaks(story.needles, own_files(story)) == {str(planted): {"content"}}
    finally:
        planted.unlink()
