"""A whole case through real processes, then a search for every word of it wherever anything is left."""

import email
import email.policy
import json
import secrets
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.conf import settings

from sipuma.vault import Ticket
from tests.faults.browser import Answer, Browser
from tests.faults.installation import Installation, founded
from tests.secrets.canaries import Needles, canary, columns, files, leaks

pytestmark = [pytest.mark.faults]

SABANG = "130300"
WAIT_SECONDS = 30
MATTER = ("what", "how", "who", "when", "where")
PERSON = ("name", "address", "callback")
HEADERS = (
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Referrer-Policy",
    "Cross-Origin-Opener-Policy",
    "Permissions-Policy",
)


@dataclass
class Story:
    """One case as it was lived: what was written, what came back, and where it all happened."""

    installation: Installation
    began: float
    secrets: dict[str, str]
    register: str = ""
    public: list[Answer] = field(default_factory=list)
    staff: list[Answer] = field(default_factory=list)

    @property
    def needles(self) -> Needles:
        return Needles(self.secrets)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """Tell the story once; the database and the files are looked at while it is still being served."""
    folder = tmp_path_factory.mktemp("secrets")
    temporary = folder / "tmp"
    temporary.mkdir()
    with founded(folder, settings.SIPUMA.database_url, TMPDIR=str(temporary)) as installation:
        installation.inside("enrol", people=[["verifikator", SABANG]])
        told = Story(installation, time.time(), words())
        with installation.serving("up", SIPUMA_WEB_WORKERS="2") as up:
            live(told, up.port)
            wait_for_mail(installation)
            yield told


def words() -> dict[str, str]:
    found = {name: canary(name) for name in (*MATTER, *PERSON, "message", "question", "answer", "note")}
    number = f"0812{secrets.randbelow(10**8):08d}"
    return found | {"email": f"kenari-{secrets.token_hex(6)}@contoh.id", "phone": number}


def live(story: Story, port: int) -> None:
    """File, track, write, be asked, answer; try wrong tickets and wrong addresses on the way."""
    with Browser(port) as citizen, Browser(port) as officer:
        story.public, story.staff = citizen.seen, officer.seen
        file_by_pages(story, citizen)
        page = citizen.post("/lacak/", {"ticket": story.secrets["ticket"]})
        page = citizen.send(page.form(act="message"), message=story.secrets["message"])
        citizen.send(page.form(act="print"))
        work_on_it(story, officer)
        page = citizen.post("/lacak/", {"ticket": story.secrets["ticket"].lower()})
        assert story.secrets["question"] in page.text
        citizen.send(page.form(act="message"), message=story.secrets["answer"])
        assert story.secrets["answer"] in officer.get(f"/petugas/kasus/{story.register}/").text
        go_astray(story, citizen, officer)


def file_by_pages(story: Story, citizen: Browser) -> None:
    page = citizen.get("/lapor/")
    filled = {name: story.secrets[name] for name in (*MATTER, *PERSON, "email", "phone")} | {"office": SABANG}
    for _ in range(3):
        form = page.form()
        page = citizen.send(form, **{name: text for name, text in filled.items() if name in form.fields})
    page = citizen.send(next(form for form in page.forms if form.buttons and not form.buttons[0][0]))
    story.secrets["ticket"] = Ticket.parse(page.by_id("ticket")).grouped
    story.register = page.by_id("register")
    assert story.register.startswith(SABANG)


def work_on_it(story: Story, officer: Browser) -> None:
    """Sign in, look the case up, take it, write a note, find it by the note's words, ask for data."""
    password = story.installation.inside("enrol", people=[])
    officer.sign_in(f"verifikator.{SABANG}", password)
    page = officer.get(f"/petugas/kasus/{story.register}/")
    assert story.secrets["what"] in page.text
    page = officer.send(page.form(move="take"))
    page = officer.send(page.form(move="note"), note=story.secrets["note"], text=story.secrets["note"])
    officer.send(page.form(move="request_data"), question=story.secrets["question"])
    found = officer.send(officer.get("/petugas/cari/").form(words=""), words=story.secrets["note"])
    assert f"/petugas/kasus/{story.register}/" in found.text
    kept = next(form for form in found.forms if form.action.endswith("/simpan/"))
    officer.send(kept, name=story.secrets["what"])


def go_astray(story: Story, citizen: Browser, officer: Browser) -> None:
    """Make every kind of error: unknown tickets, pages that are not there, forms without their token."""
    citizen.post("/lacak/", {"ticket": Ticket.draw().grouped})
    citizen.post("/lacak/", {"ticket": story.secrets["what"]})
    citizen.post("/lacak/", {"token": story.secrets["ticket"]})
    citizen.post("/lapor/", {"draft": story.secrets["what"], "step": "4", "what": story.secrets["what"]})
    citizen.post("/", {"what": story.secrets["what"]})
    for path in (
        "/tidak-ada/",
        "/petugas/",
        "/petugas/kasus/130300-2026-999999/",
        "/lapor/cetak/",
        "/en/lacak/",
    ):
        citizen.get(path)
    officer.post(f"/petugas/kasus/{story.register}/", {"move": "note", "text": story.secrets["note"]})
    officer.get("/petugas/kasus/130300-2026-999999/")


def wait_for_mail(installation: Installation) -> None:
    """Wait until the ticket went out both ways and the notice to the verifier as well."""
    end = time.monotonic() + WAIT_SECONDS
    while len(mails(installation.data)) < 4 or not (installation.data / "sms.jsonl").exists():
        assert time.monotonic() < end
        time.sleep(0.1)


def mails(data: Path) -> list[email.message.EmailMessage]:
    found = (
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        for path in data.rglob("*.eml")
    )
    return list(found)


def own_messages(story: Story) -> list[Path]:
    """Return the files that went to the complainant."""
    mine = [
        path
        for path in story.installation.data.rglob("*.eml")
        if story.secrets["email"].encode() in path.read_bytes()
    ]
    return [*mine, story.installation.data / "sms.jsonl"]


def test_nothing_lies_in_the_data_folder(story: Story) -> None:
    """Database with its log, secrets, static files; on PostgreSQL there is no database among them."""
    searched = dict(files(story.installation.data, but=own_messages(story)))
    assert len(searched) > 10
    assert leaks(story.needles, searched.items()) == {}


def test_nothing_lies_in_any_column_of_the_database(story: Story) -> None:
    address = story.installation.database_url
    if not address:
        assert any(name.endswith("sqlite3") for name, _content in files(story.installation.data))
        return
    assert leaks(story.needles, columns(address)) == {}


def test_nothing_stands_in_what_the_processes_print(story: Story) -> None:
    logs = [(path.name, path.read_bytes()) for path in story.installation.folder.glob("*.log")]
    assert sum(content.count(b"event=request") for _name, content in logs) > 10
    assert leaks(story.needles, logs) == {}


def test_nothing_lies_in_the_temporary_folders(story: Story) -> None:
    own = story.installation.folder
    assert leaks(story.needles, files(own / "tmp")) == {}
    system = Path(tempfile.gettempdir())
    mine = [path for path in system.iterdir() if path in own.parents or path.name.startswith("pytest-of-")]
    assert leaks(story.needles, files(system, newer_than=story.began, but=mine)) == {}


def test_mails_to_staff_hold_a_register_number_and_nothing_of_the_case(story: Story) -> None:
    staff = [mail for mail in mails(story.installation.data) if story.secrets["email"] not in str(mail["To"])]
    assert staff
    assert all(story.register in mail.get_content() for mail in staff)
    assert (
        leaks(
            story.needles,
            ((str(mail["To"]), mail.as_bytes() + mail.get_content().encode()) for mail in staff),
        )
        == {}
    )


def test_messages_to_the_complainant_hold_ticket_and_address_and_nothing_else(story: Story) -> None:
    needles = story.needles.but("ticket", "email", "phone")
    assert leaks(needles, ((path.name, path.read_bytes()) for path in own_messages(story))) == {}
    mine = [mail for mail in mails(story.installation.data) if story.secrets["email"] in str(mail["To"])]
    assert leaks(needles, ((str(mail["To"]), mail.get_content().encode()) for mail in mine)) == {}
    texts = [
        json.loads(line)["text"] for line in (story.installation.data / "sms.jsonl").read_text().splitlines()
    ]
    assert (
        sum(story.secrets["ticket"] in text for text in (*texts, *(mail.get_content() for mail in mine))) == 2
    )


def test_the_ticket_stands_in_no_address_no_header_and_no_staff_page(story: Story) -> None:
    needles = Needles({"ticket": story.secrets["ticket"]})
    asked = ((answer.path, answer.path.encode()) for answer in (*story.public, *story.staff))
    assert leaks(needles, asked) == {}
    answered = ((answer.path, repr(answer.headers).encode()) for answer in (*story.public, *story.staff))
    assert leaks(needles, answered) == {}
    linked = ((link, link.encode()) for answer in story.public for link in answer.links)
    assert leaks(needles, linked) == {}
    assert leaks(needles, ((answer.path, answer.body) for answer in story.staff)) == {}


def test_every_page_errors_included_has_the_security_headers_and_is_stored_nowhere(story: Story) -> None:
    statuses = {answer.status for answer in (*story.public, *story.staff)}
    assert {200, 302, 403, 404, 405} <= statuses
    for answer in (*story.public, *story.staff):
        assert answer.header("Cache-Control") == "no-store", answer.path
        missing = [name for name in HEADERS if not answer.header(name)]
        assert not missing, (answer.path, answer.status, missing)


def test_no_public_page_sets_a_cookie(story: Story) -> None:
    public = [answer for answer in story.public if not answer.path.startswith("/petugas/")]
    assert len(public) > 10
    assert [answer.path for answer in public if answer.header("Set-Cookie")] == []


def test_nobody_else_can_read_a_private_key(story: Story) -> None:
    private = [path for path in (story.installation.data / "secrets").rglob("*") if path.suffix != ".pub"]
    assert len(private) > 4
    assert [path for path in private if path.stat().st_mode & 0o077] == []
