"""Resumable uploads at the desk: the tus protocol, broken lines, races, and what is left behind."""

import base64
import hashlib
import io
import tracemalloc
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from sipuma.cases.models import Case, Entry, Evidence
from sipuma.complaints.evidence import pieces_for
from sipuma.files.folder import Folder
from sipuma.files.scanning import Finding, Scan
from sipuma.files.store import Unavailable, store
from sipuma.files.verdict import Verdict
from sipuma.workspace.models import Upload
from sipuma.workspace.uploads import finishing, keeping, sweeping, views
from tests.flow.handed_in import SOUND, Answer, hand_in, list_of, stored, taken
from tests.flow.pages import Page
from tests.flow.staff import browser_of, sign_in, text_of
from tests.unit.files.samples import jpeg
from tests.world import MALILI, SABANG, RecordCase, World

TUS = {"Tus-Resumable": "1.0.0"}
PART = "application/offset+octet-stream"
MIB = 1024**2


@pytest.fixture
def case(record_case: RecordCase) -> Case:
    return record_case().now()


@pytest.fixture
def client(world: World) -> Client:
    return browser_of(world, "penerima")


@pytest.fixture(autouse=True)
def _empty_store(world: World) -> None:
    for name in stored():
        store().delete(name)


@dataclass
class Sender:
    """A tus client that does what it is told."""

    client: Client
    case: Case
    url: str = ""

    def create(self, length: int, name: str = "rekaman.aac", **headers: str) -> Answer:
        told = base64.b64encode(name.encode()).decode()
        given = {**TUS, "Upload-Length": str(length), "Upload-Metadata": f"filename {told},filetype"}
        answer = self.client.post(f"/petugas/unggah/{self.case.register}/", headers={**given, **headers})
        self.url = answer.headers.get("Location", "")
        return answer

    def patch(
        self,
        content: bytes,
        offset: int,
        client: Client | None = None,
        *,
        told: Mapping[str, str] = MappingProxyType({}),
    ) -> Answer:
        given = {**TUS, "Upload-Offset": str(offset), **told}
        # The client leaves the type of an empty body out, which browsers don't.
        return (client or self.client).patch(self.url, content, headers=given, CONTENT_TYPE=PART)

    def patch_from(self, stream: object, length: int, offset: int) -> Answer:
        """Send a body that comes from `stream`, announced as so many bytes."""
        body: dict[str, Any] = {"wsgi.input": stream, "CONTENT_LENGTH": str(length), "CONTENT_TYPE": PART}
        return self.client.patch(self.url, headers={**TUS, "Upload-Offset": str(offset)}, **body)

    def head(self, client: Client | None = None) -> Answer:
        return (client or self.client).head(self.url, headers=TUS)

    def offset(self) -> int:
        return int(self.head().headers["Upload-Offset"])

    def delete(self) -> Answer:
        return self.client.delete(self.url, headers=TUS)


@pytest.fixture
def sender(client: Client, case: Case) -> Sender:
    return Sender(client, case)


def names_in(world: World, case: Case) -> list[tuple[str, str]]:
    return [(piece.name, piece.sha256) for piece in pieces_for(case, world.officer("penerima"))]


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_a_file_in_three_parts_becomes_one_piece_of_evidence(
    world: World, case: Case, sender: Sender
) -> None:
    created = sender.create(len(SOUND))
    assert created.status_code == 201
    assert created.headers["Tus-Resumable"] == "1.0.0"
    assert created.headers["Upload-Expires"].endswith("GMT")
    for start in (0, 40_000, 80_000):
        assert sender.offset() == start
        assert sender.head().headers["Upload-Length"] == str(len(SOUND))
        answer = sender.patch(SOUND[start : start + 40_000], start)
        assert answer.status_code == 204
        assert answer.headers["Upload-Offset"] == str(min(start + 40_000, len(SOUND)))
    assert names_in(world, case) == [("rekaman.aac", digest(SOUND))]
    assert stored() == {Evidence.objects.get().uid.hex}


def test_it_says_what_it_can_do(sender: Sender) -> None:
    sender.create(10)
    for url in (f"/petugas/unggah/{sender.case.register}/", sender.url):
        answer = sender.client.options(url)
        assert answer.status_code == 204
        assert answer.headers["Tus-Version"] == "1.0.0"
        assert answer.headers["Tus-Extension"] == "creation,termination,expiration"
        assert answer.headers["Tus-Max-Size"] == str(2 * 1024**3)


def test_another_version_of_the_protocol_is_refused(sender: Sender) -> None:
    sender.create(10)
    for version in ("0.2.2", ""):
        answer = sender.patch(b"a", 0, told={"Tus-Resumable": version})
        assert (answer.status_code, answer.headers["Tus-Version"]) == (412, "1.0.0")
    assert sender.offset() == 0


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Upload-Length": ""}, 400),
        ({"Upload-Length": "-1"}, 400),
        ({"Upload-Length": "1e9"}, 400),
        ({"Upload-Length": "９"}, 400),
        ({"Upload-Length": "9" * 5000}, 400),
        ({"Upload-Length": "", "Upload-Defer-Length": "1"}, 400),
        ({"Upload-Metadata": "filename ***"}, 400),
        ({"Upload-Metadata": "filename " + base64.b64encode(b"\xff\xfe").decode()}, 400),
        ({"Upload-Length": str(2 * 1024**3 + 1)}, 413),
        ({"Upload-Metadata": ""}, 201),
        ({"Upload-Metadata": "filename ,,filename"}, 201),
    ],
)
def test_what_begins_an_upload_is_checked(sender: Sender, headers: dict[str, str], status: int) -> None:
    encoded = {name: value.encode().decode("latin-1") for name, value in headers.items()}
    assert sender.create(100, **encoded).status_code == status
    assert Upload.objects.count() == (status == 201)


def test_a_hostile_name_is_made_harmless(world: World, case: Case, sender: Sender) -> None:
    sender.create(len(SOUND), name="../../etc/\u202efoto\x00<b>.aac" + "a" * 5000)
    sender.patch(SOUND, 0)
    [(name, _hash)] = names_in(world, case)
    assert name.startswith("fotob.aac")
    assert len(name) <= 120


def test_a_part_at_another_offset_is_refused_and_leaves_nothing(sender: Sender) -> None:
    sender.create(100)
    sender.patch(b"a" * 10, 0)
    kept = stored()
    for offset in (0, 9, 11, 100):
        assert sender.patch(b"b" * 10, offset).status_code == 409
    for header in ("", "-1", "x"):
        assert sender.patch(b"b", 10, told={"Upload-Offset": header}).status_code == 400
    assert (stored(), sender.offset()) == (kept, 10)


def test_more_than_was_announced_is_refused(sender: Sender) -> None:
    sender.create(10)
    assert sender.patch(b"a" * 11, 0).status_code == 413
    assert (stored(), sender.offset()) == (set(), 0)


def test_another_type_of_body_is_refused(sender: Sender) -> None:
    sender.create(10)
    answer = sender.client.patch(
        sender.url, b"a", content_type="text/plain", headers={**TUS, "Upload-Offset": "0"}
    )
    assert (answer.status_code, sender.offset()) == (415, 0)


class Breaking(io.RawIOBase):
    """A body of which the line lets this much through, and then ends or fails."""

    def __init__(self, content: bytes, error: type[Exception] | None = None) -> None:
        super().__init__()
        self._content, self._error = io.BytesIO(content), error

    def read(self, size: int = -1) -> bytes:
        data = self._content.read(size)
        if not data and self._error:
            raise self._error
        return data


@pytest.mark.parametrize("error", [None, OSError, ConnectionResetError])
def test_what_arrived_before_the_line_broke_is_kept(
    world: World, case: Case, sender: Sender, error: type[Exception] | None
) -> None:
    sender.create(len(SOUND))
    sender.patch_from(Breaking(SOUND[:33_333], error), len(SOUND), 0)
    assert sender.offset() == 33_333
    sender.patch_from(Breaking(b"", error), 1000, 33_333)
    assert (sender.offset(), len(stored())) == (33_333, 1)
    assert sender.patch(SOUND[33_333:], 33_333).status_code == 204
    assert names_in(world, case) == [("rekaman.aac", digest(SOUND))]


def test_after_a_crash_a_new_browser_goes_on(world: World, case: Case, sender: Sender) -> None:
    sender.create(len(SOUND))
    sender.patch(SOUND[:50_000], 0)
    later = sign_in(f"penerima.{SABANG}")
    page = later.get(list_of(case)).content.decode()
    assert f'data-name="rekaman.aac" data-size="{len(SOUND)}" data-url="/en{sender.url}"' in page
    assert "<bdi>rekaman.aac</bdi>, 49 %" in page
    assert sender.head(later).headers["Upload-Offset"] == "50000"
    assert sender.patch(SOUND[50_000:], 50_000, later).status_code == 204
    assert names_in(world, case) == [("rekaman.aac", digest(SOUND))]
    assert "data-unfinished" not in later.get(list_of(case)).content.decode()


def test_of_two_parts_for_the_same_place_one_wins(world: World, case: Case, sender: Sender) -> None:
    sender.create(len(SOUND))
    answers: list[int] = []

    class Slow(io.RawIOBase):
        """The first part; while it arrives the second comes whole."""

        def __init__(self) -> None:
            super().__init__()
            self._content = io.BytesIO(b"x" * 7000)

        def read(self, size: int = -1) -> bytes:
            if not answers:
                answers.append(sender.patch(SOUND[:5000], 0).status_code)
            return self._content.read(size)

    answers.append(sender.patch_from(Slow(), 7000, 0).status_code)
    assert answers == [204, 409]
    assert (sender.offset(), len(stored())) == (5000, 1)
    sender.patch(SOUND[5000:], 5000)
    assert names_in(world, case) == [("rekaman.aac", digest(SOUND))]


def test_an_upload_that_is_cancelled_while_a_part_arrives_leaves_nothing(sender: Sender) -> None:
    sender.create(100)

    class Late(io.RawIOBase):
        def __init__(self) -> None:
            super().__init__()
            self.left = b"a" * 50

        def read(self, _size: int = -1) -> bytes:
            if self.left:
                sender.delete()
            data, self.left = self.left, b""
            return data

    assert sender.patch_from(Late(), 50, 0).status_code == 409
    assert (Upload.objects.count(), stored()) == (0, set())


def test_a_cancelled_upload_is_forgotten(sender: Sender) -> None:
    sender.create(100)
    sender.patch(b"a" * 50, 0)
    assert sender.delete().status_code == 204
    assert (Upload.objects.count(), stored()) == (0, set())
    assert sender.head().status_code == 404
    assert sender.patch(b"a", 50).status_code == 404


def test_asking_twice_how_it_ended_adds_the_file_once(world: World, case: Case, sender: Sender) -> None:
    sender.create(len(SOUND))
    sender.patch(SOUND, 0)
    for _time in range(2):
        answer = sender.patch(b"", len(SOUND))
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, str(len(SOUND)))
    assert sender.offset() == len(SOUND)
    assert len(names_in(world, case)) == 1
    assert Entry.objects.filter(case=case, kind="evidence").count() == 1


@pytest.mark.parametrize("verdict", [Verdict.CLEAN, Verdict.INFECTED])
def test_the_end_of_an_upload_says_what_the_scanner_found_however_often_it_is_asked(
    sender: Sender, monkeypatch: pytest.MonkeyPatch, verdict: Verdict
) -> None:
    monkeypatch.setattr(Scan, "finish", lambda _self: Finding(verdict))
    sender.create(len(SOUND))
    answers = [sender.patch(SOUND[:9], 0), sender.patch(SOUND[9:], 9), sender.patch(b"", len(SOUND))]
    assert [one.headers["Sipuma-Scan"] for one in answers] == ["", verdict, verdict]


def test_a_waiting_upload_is_listed_by_a_name_that_does_not_mislead(case: Case, sender: Sender) -> None:
    sender.create(100, "foto\u202egpj.exe")
    sender.patch(b"a" * 50, 0)
    page = sender.client.get(list_of(case)).content.decode()
    assert "<bdi>fotogpj.exe</bdi>, 50 %" in page
    assert page.count("\u202e") == 1  # in what finds the file again


def test_a_file_that_is_there_already_is_not_added_twice(world: World, case: Case, sender: Sender) -> None:
    for name in ("a.aac", "b.aac"):
        sender.create(len(SOUND), name)
        answer = sender.patch(SOUND, 0)
    assert answer.status_code == 422
    assert "b.aac sama dengan a.aac yang sudah ada; satu saja yang disimpan." in answer.content.decode()
    assert names_in(world, case) == [("a.aac", digest(SOUND))]
    assert stored() == {Evidence.objects.get().uid.hex}


def test_a_process_that_died_at_the_end_is_followed_by_another(
    world: World, case: Case, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender.create(len(SOUND))
    with monkeypatch.context() as patch:
        patch.setattr(finishing, "add_by_desk", _die)
        with pytest.raises(KeyboardInterrupt):
            sender.patch(SOUND, 0)
    assert names_in(world, case) == []
    assert sender.offset() == len(SOUND)
    assert sender.patch(b"", len(SOUND)).status_code == 204
    assert names_in(world, case) == [("rekaman.aac", digest(SOUND))]
    assert stored() == {Evidence.objects.get().uid.hex}


def _die(*_arguments: object, **_named: object) -> None:
    raise KeyboardInterrupt


def test_one_request_at_a_time_puts_a_file_together(world: World, case: Case, sender: Sender) -> None:
    sender.create(len(SOUND))
    sender.patch(SOUND[:-1], 0)
    Upload.objects.update(claimed_at=timezone.now())
    assert sender.patch(SOUND[-1:], len(SOUND) - 1).status_code == 423
    assert names_in(world, case) == []
    # The other has died, and its claim is old.
    Upload.objects.update(claimed_at=timezone.now() - finishing.CLAIM - timedelta(seconds=1))
    assert sender.patch(b"", len(SOUND)).status_code == 204
    assert names_in(world, case) == [("rekaman.aac", digest(SOUND))]


def test_a_file_that_is_not_taken_says_why_whenever_asked(world: World, case: Case, sender: Sender) -> None:
    sender.create(0)
    for _time in range(2):
        answer = sender.patch(b"", 0)
        assert answer.status_code == 422
        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert answer.content.decode()
    assert (names_in(world, case), stored()) == ([], set())


def test_a_lost_part_is_told_and_nothing_is_added(world: World, case: Case, sender: Sender) -> None:
    sender.create(len(SOUND))
    sender.patch(SOUND[:5000], 0)
    for name in stored():
        store().delete(name)
    assert sender.patch(SOUND[5000:], 5000).status_code == 422
    assert (names_in(world, case), stored()) == ([], set())


def test_parts_that_were_exchanged_in_the_table_do_not_open(world: World, case: Case, sender: Sender) -> None:
    sender.create(len(SOUND))
    sender.patch(SOUND[:5000], 0)
    sender.patch(SOUND[5000:10_000], 5000)
    upload = Upload.objects.get()
    Upload.objects.update(segments=upload.segments[::-1])
    assert sender.patch(SOUND[10_000:], 10_000).status_code == 422
    assert (names_in(world, case), stored()) == ([], set())


@pytest.mark.folder
def test_a_storage_that_is_away_loses_nothing(
    world: World, case: Case, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender.create(len(SOUND))
    sender.patch(SOUND[:5000], 0)
    with monkeypatch.context() as patch:
        patch.setattr(Folder, "create", _away)
        assert sender.patch(SOUND[5000:], 5000).status_code == 503
        assert sender.offset() == 5000
    sender.patch(SOUND[5000:-1], 5000)
    with monkeypatch.context() as patch:
        patch.setattr(Folder, "open", _away)
        assert sender.patch(SOUND[-1:], len(SOUND) - 1).status_code == 503
    assert sender.patch(b"", len(SOUND)).status_code == 204
    assert names_in(world, case) == [("rekaman.aac", digest(SOUND))]


def _away(*_arguments: object) -> None:
    raise Unavailable("away")


def test_more_parts_at_once_than_there_are_places_wait(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender.create(100)
    for _place in range(views.MOST_AT_ONCE):
        assert views._places.acquire(blocking=False)
    try:
        assert sender.patch(b"a", 0).status_code == 503
    finally:
        views._places.release(views.MOST_AT_ONCE)
    assert sender.patch(b"a", 0).status_code == 204


def test_there_is_an_end_to_what_one_member_begins(
    sender: Sender, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "MOST_UNFINISHED", 2)
    assert [sender.create(10).status_code for _time in range(3)] == [201, 201, 422]
    monkeypatch.setattr(keeping, "MOST_SEGMENTS", 2)
    sender.url = f"/petugas/unggah/{case.register}/{Upload.objects.earliest('pk').uid}/"
    assert [sender.patch(b"a", offset).status_code for offset in range(3)] == [204, 204, 422]


@pytest.mark.folder
def test_there_is_no_room_for_more_than_the_storage_holds(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Folder, "free_bytes", lambda _self: 1024**3 + 150)
    assert sender.create(100).status_code == 422
    assert sender.create(70).status_code == 201


def test_a_case_with_a_hundred_files_takes_no_more(
    world: World, case: Case, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender.create(len(SOUND))
    hand_in(world, case, b"pertama", "pertama.txt")
    kept = stored()
    monkeypatch.setattr("sipuma.complaints.evidence.MOST_OF_A_CASE", 1)
    assert sender.patch(SOUND, 0).status_code == 422
    assert stored() == kept
    monkeypatch.setattr(keeping, "MOST_OF_A_CASE", 1)
    assert sender.create(10).status_code == 422


@pytest.mark.parametrize(
    ("role", "office"),
    [("verifikator", SABANG), ("penerima", MALILI), ("pengkaji-unit", SABANG), ("admin", SABANG)],
)
def test_only_the_desk_that_recorded_the_case_sends_into_it(
    world: World, sender: Sender, role: str, office: str
) -> None:
    sender.create(100)
    other = Sender(browser_of(world, role, office), sender.case, sender.url)
    assert other.head().status_code == 404
    assert other.patch(b"a", 0).status_code == 404
    assert other.delete().status_code == 404
    assert other.client.options(other.url).status_code == 404
    assert other.create(10).status_code == 404
    assert sender.offset() == 0


def test_an_upload_is_its_members_alone_and_its_cases(
    world: World, sender: Sender, record_case: RecordCase
) -> None:
    sender.create(100)
    member = world.officer("penerima").member
    colleague = world.officer("verifikator").member
    Upload.objects.update(member=colleague)
    assert [sender.head().status_code, sender.patch(b"a", 0).status_code] == [404, 404]
    assert sender.delete().status_code == 404
    Upload.objects.update(member=member, case=record_case().case)
    assert sender.head().status_code == 404
    assert Upload.objects.count() == 1


def test_a_session_that_has_ended_is_told_by_its_status(world: World, sender: Sender) -> None:
    sender.create(100)
    away = Client()
    for answer in (sender.head(away), sender.patch(b"a", 0, away), away.options(sender.url)):
        assert answer.status_code == 401
    assert Sender(away, sender.case).create(10).status_code == 401
    assert sender.offset() == 0


def test_a_part_without_the_forms_token_is_refused(client: Client, sender: Sender) -> None:
    sender.create(100)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert sender.patch(b"a", 0, strict).status_code == 403
    assert strict.delete(sender.url, headers=TUS).status_code == 403
    page = Page(strict.get(list_of(sender.case)).content.decode())
    token = page.form("evidence").values["csrfmiddlewaretoken"]
    assert sender.patch(b"a", 0, strict, told={"X-CSRFToken": token}).status_code == 204


def test_neither_name_nor_content_is_stored_in_clear(sender: Sender) -> None:
    sender.create(10_000, name="bukti-rahasia.txt")
    sender.patch(b"isi yang rahasia" * 100, 0)
    upload = Upload.objects.get()
    assert b"bukti-rahasia" not in bytes(upload.sealed)
    [name] = stored()
    with store().open(name) as file:
        assert b"rahasia" not in file.read()


def test_what_has_expired_is_swept_with_its_parts(sender: Sender) -> None:
    sender.create(100)
    sender.patch(b"a" * 10, 0)
    assert sweeping.sweep_uploads(at=timezone.now() + keeping.LIFE - timedelta(minutes=1)) == 0
    Upload.objects.update(expires_at=timezone.now())
    assert sender.head().status_code == 404
    assert sweeping.sweep_uploads() == 1
    assert (Upload.objects.count(), stored()) == (0, set())


def test_an_upload_lives_on_from_its_last_part(sender: Sender) -> None:
    sender.create(100)
    Upload.objects.update(expires_at=timezone.now() + timedelta(minutes=1))
    sender.patch(b"a", 0)
    assert Upload.objects.get().expires_at > timezone.now() + timedelta(hours=23)


@pytest.mark.folder
def test_only_what_belongs_to_nothing_is_swept(world: World, case: Case, sender: Sender) -> None:
    sender.create(100)
    sender.patch(b"a" * 10, 0)
    hand_in(world, case, jpeg(), "foto.jpg")
    kept = stored()
    lost = taken(b"Tidak pernah dikirim.", "lupa.txt")
    begun = store().create("0" * 32)
    begun.write(b"setengah")
    assert len(kept) == 3
    assert sweeping.sweep_orphans() == 0
    assert sweeping.sweep_orphans(at=timezone.now() + timedelta(hours=49)) == 2
    assert stored() == kept
    assert lost.uid not in stored()
    begun.abort()


class Long(io.RawIOBase):
    """A body of so many bytes that nobody holds in memory."""

    def __init__(self, length: int) -> None:
        super().__init__()
        self._left = length

    def read(self, size: int = -1) -> bytes:
        size = min(size, self._left)
        self._left -= size
        return b"\xff\xf1\x50\x80" + b"s" * (size - 4) if size else b""


@pytest.mark.folder
def test_memory_stays_flat_for_a_long_file(world: World, case: Case, sender: Sender) -> None:
    sender.create(64 * MIB)
    tracemalloc.start()
    try:
        for start in range(0, 64, 16):
            assert sender.patch_from(Long(16 * MIB), 16 * MIB, start * MIB).status_code == 204
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [size for (size,) in Evidence.objects.values_list("size")] == [64 * MIB]
    assert peak < 12 * MIB


def test_the_plain_form_carries_all_texts_that_the_script_shows(sender: Sender) -> None:
    page = sender.client.get(list_of(sender.case)).content.decode()
    for name in ("sending", "checking", "done", "broken", "ended", "failed", "large", "cancelled"):
        assert f'data-{name}="' in page
    assert 'name="evidence" multiple' in page
    assert "Add evidence that was handed in" in text_of(sender.client.get(list_of(sender.case)))
