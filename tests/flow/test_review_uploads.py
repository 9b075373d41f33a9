"""Uploads that work against the server or against another case: what they are not given."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from sipuma.files import basket
from sipuma.files.acceptance import Acceptance
from sipuma.files.basket import Basket
from sipuma.files.folder import Folder
from sipuma.workspace.models import Upload
from sipuma.workspace.uploads import keeping
from tests.flow.handed_in import SOUND, list_of, stored
from tests.flow.limits import limited
from tests.flow.staff import browser_of
from tests.flow.test_staff_uploads import Sender
from tests.world import RecordCase, World

GIB = 1024**3


def test_an_upload_whose_row_was_pointed_to_another_case_brings_no_file_there(
    world: World, record_case: RecordCase
) -> None:
    own, other = record_case().now(), record_case().now()
    client = browser_of(world, "penerima")
    sender = Sender(client, own)
    sender.create(len(SOUND))
    sender.patch(SOUND[:40_000], 0)
    Upload.objects.update(case=other)
    strange = Sender(client, other, sender.url.replace(own.register, other.register))
    assert strange.patch(SOUND[40_000:], 40_000).status_code == 404
    assert keeping.unfinished(other, world.officer("penerima")) == []
    assert not other.evidence.exists()


def test_an_upload_whose_row_was_shortened_becomes_no_evidence(world: World, record_case: RecordCase) -> None:
    case = record_case().now()
    sender = Sender(browser_of(world, "penerima"), case)
    sender.create(len(SOUND))
    sender.patch(SOUND[:40_000], 0)
    Upload.objects.update(length=40_000)
    assert sender.patch(b"", 40_000).status_code == 404
    assert not case.evidence.exists()


def test_files_beyond_the_limit_of_a_source_are_neither_stored_nor_cleaned(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited(monkeypatch, uploads_per_hour=1)
    begun: list[str] = []

    class Watched(Acceptance):
        def __init__(self, given_name: str, *, limit: int) -> None:
            begun.append(given_name)
            super().__init__(given_name, limit=limit)

    monkeypatch.setattr(basket, "Acceptance", Watched)
    for name in ("satu.txt", "dua.txt"):
        client.post("/en/lacak/", {"ticket": "", "evidence": SimpleUploadedFile(name, b"isi\n")})
    assert begun == ["satu.txt"]


@pytest.mark.usefixtures("world")
def test_a_file_stops_when_others_have_filled_the_disk_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    before = stored()
    with Basket() as taking:
        assert taking.begin("film.mp4", announced=1000)
        assert taking.write(b"a" * 1000)
        monkeypatch.setattr(Folder, "free_bytes", lambda _self: GIB)
        assert not taking.write(b"a" * 1000)
        assert [one.name for one in taking.refused] == ["film.mp4"]
    assert stored() == before


def test_a_page_of_another_site_puts_no_file_into_a_case(world: World, record_case: RecordCase) -> None:
    case = record_case().now()
    strange = Client(enforce_csrf_checks=True)
    strange.cookies = browser_of(world, "penerima").cookies
    before = stored()
    sent = {"evidence": SimpleUploadedFile("a.txt", b"isi\n")}
    assert strange.post(list_of(case), sent).status_code == 403
    begun = {"Tus-Resumable": "1.0.0", "Upload-Length": "4", "Upload-Metadata": "filename YQ=="}
    assert strange.post(f"/petugas/unggah/{case.register}/", headers=begun).status_code == 403
    assert stored() == before
    assert not Upload.objects.exists()
    assert not case.evidence.exists()
