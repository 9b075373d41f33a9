"""The package for WISE at the browser: who reaches it, the password shown once, the file, the delivery."""

import html
import io
import json
import re
import urllib.parse
from pathlib import Path

import jsonschema
import pytest
import pyzipper
from django.conf import settings
from django.test import Client

from sipuma.cases.models import Entry
from sipuma.complaints.models import Dispatch
from sipuma.complaints.wise.sending import send_waiting
from sipuma.offices.refusal import Refused
from sipuma.workspace.views import wise
from tests.flow.staff import Answer, browser_of, field_of, page_of, text_of
from tests.unit.workspace.pdf import read
from tests.ways import Walker
from tests.world import ACEH, KI, MALILI, SABANG, Complaint, FileCase, World


@pytest.fixture
def complaint(world: World, file_case: FileCase) -> Complaint:
    made = file_case(what="Diminta uang tunai.", name="Nama Pengadu", address="Jalan 1")
    walker = Walker(world, made)
    walker.verified()
    walker.step("route_pyb", "verifikator")
    walker.step("forward_wise", "pyb", KI)
    return made


def address(complaint: Complaint) -> str:
    return f"/en{page_of(complaint.case.register)}wise/"


def password_of(answer: Answer) -> str:
    found = re.search(r'id="password">([^<]+)<', answer.content.decode())
    assert found
    return html.unescape(found.group(1))


def drawn(client: Client, complaint: Complaint) -> tuple[str, str]:
    """Return the password that the page shows, and what its form carries."""
    answer = client.post(address(complaint))
    return password_of(answer), field_of(answer, "sealed")


def test_the_package_opens_with_the_password_that_was_shown_once(world: World, complaint: Complaint) -> None:
    client = browser_of(world, "pyb", KI)
    assert "by your hand" in text_of(client.get(page_of_english(complaint)))
    password, sealed = drawn(client, complaint)
    assert password not in urllib.parse.unquote(sealed)
    answer = client.post(address(complaint), {"sealed": sealed})
    name = f"sipuma-{complaint.case.register}.zip"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Cache-Control"] == "no-store"
    with pyzipper.AESZipFile(io.BytesIO(answer.content)) as archive:
        archive.setpassword(password.encode())
        files = {Path(one).suffix: archive.read(one) for one in archive.namelist() if "pengaduan" in one}
    data, pdf = json.loads(files[".json"]), files[".pdf"]
    jsonschema.validate(data, client.get(urllib.parse.urlsplit(data["schema"]["address"]).path).json())
    paper = read(pdf)
    assert (paper.archived, paper.tagged, paper.language) == ("2A", True, "id")
    assert paper.says("Diminta uang tunai.")
    assert not paper.says("Nama Pengadu")
    assert password not in client.get(address(complaint)).content.decode()


def page_of_english(complaint: Complaint) -> str:
    return f"/en{page_of(complaint.case.register)}"


def test_every_making_stands_on_the_page_and_in_the_timeline(world: World, complaint: Complaint) -> None:
    client = browser_of(world, "pyb", KI)
    for _time in range(2):
        client.post(address(complaint), {"sealed": drawn(client, complaint)[1]})
    assert Entry.objects.filter(case=complaint.case, kind="wise-package").count() == 2
    assert text_of(client.get(address(complaint))).count("SHA-256 ") == 2
    assert text_of(client.get(page_of_english(complaint))).count("Package for WISE made") == 2


@pytest.mark.parametrize(
    ("role", "office", "status"),
    [
        ("pyb", KI, 200),
        ("verifikator", SABANG, 200),
        ("kepala-uki", SABANG, 200),
        ("verifikator", MALILI, 404),
        ("pengkaji", ACEH, 404),
        ("penerima", SABANG, 404),
        ("admin", SABANG, 404),
    ],
)
def test_only_who_holds_the_forwarded_case_reaches_it(
    world: World, complaint: Complaint, role: str, office: str, status: int
) -> None:
    client = browser_of(world, role, office)
    assert client.get(address(complaint)).status_code == status
    assert client.post(address(complaint)).status_code == status


def test_a_case_that_is_not_forwarded_has_no_such_page(world: World, file_case: FileCase) -> None:
    client = browser_of(world, "verifikator")
    other = file_case()
    assert client.get(address(other)).status_code == 404
    assert "Package for" not in text_of(client.get(page_of_english(other)))


@pytest.mark.parametrize("sealed", ["", "x", "AAAA", "ü", "A" * 5000])
def test_a_password_that_is_none_makes_nothing(world: World, complaint: Complaint, sealed: str) -> None:
    client = browser_of(world, "pyb", KI)
    answer = client.post(address(complaint), {"sealed": sealed})
    assert answer.status_code == 422
    assert "Draw a new one" in text_of(answer)
    assert not Entry.objects.filter(case=complaint.case, kind="wise-package").exists()


def test_a_colleagues_password_makes_nothing(world: World, complaint: Complaint) -> None:
    _password, sealed = drawn(browser_of(world, "pyb", KI), complaint)
    assert browser_of(world, "verifikator").post(address(complaint), {"sealed": sealed}).status_code == 422


@pytest.mark.parametrize("fault", [Refused("no Pango"), ImportError()])
def test_a_machine_that_makes_no_papers_says_so_and_enters_nothing(
    world: World, complaint: Complaint, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def broken(*_: object, **__: object) -> bytes:
        raise fault

    client = browser_of(world, "pyb", KI)
    sealed = drawn(client, complaint)[1]
    monkeypatch.setattr(wise, "wise_paper", broken)
    assert client.post(address(complaint), {"sealed": sealed}).status_code in {422, 503}
    assert not Entry.objects.filter(case=complaint.case, kind="wise-package").exists()


def test_with_a_folder_the_package_goes_there_and_the_page_shows_how_far_it_is(
    world: World, complaint: Complaint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "wise"
    changed = settings.SIPUMA.model_copy(update={"wise_url": folder.as_uri()})
    monkeypatch.setattr(settings, "SIPUMA", changed)
    client = browser_of(world, "pyb", KI)
    assert "No package has been sent yet." in text_of(client.get(address(complaint)))
    answer = client.post(address(complaint), {"sealed": drawn(client, complaint)[1]}, follow=True)
    assert "waits to be put into the WISE folder" in text_of(answer)
    send_waiting()
    assert "Not delivered after 1 try (FileNotFoundError)." in text_of(client.get(page_of_english(complaint)))
    folder.mkdir()
    Dispatch.objects.update(next_at=complaint.case.received_at)
    send_waiting()
    assert "has been in the WISE folder since" in text_of(client.get(page_of_english(complaint)))


def test_the_schema_is_public_sets_no_cookie_and_needs_no_account() -> None:
    answer = Client().get("/skema/wise-paket-1.json")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/schema+json"
    assert not answer.cookies
    assert json.loads(answer.content)["$id"] == "urn:sipuma:wise-package:1"


def test_the_number_is_recorded_on_the_page_of_the_case_and_a_second_one_asks_why(
    world: World, complaint: Complaint
) -> None:
    client, page = browser_of(world, "pyb", KI), page_of_english(complaint)
    sent = {"move": "record_wise", "external_register": "W-1", "external_date": "2026-01-02"}
    assert client.post(page, sent).status_code == 302
    assert "Recorded at WISE as W-1." in text_of(client.get(page))
    answer = client.post(page, sent | {"external_register": "W-2"})
    assert answer.status_code == 422
    assert "«W-1» is recorded already. Write why another number is right." in text_of(answer)
    late = client.post(page, sent | {"external_date": "2030-01-01"})
    assert "This date has not come yet." in text_of(late)
