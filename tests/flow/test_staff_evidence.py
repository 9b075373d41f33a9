"""Evidence on the staff pages: who reaches it, how it is shown, what is never given to a browser."""

import hashlib
import io
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import StreamingHttpResponse
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.test.utils import CaptureQueriesContext

from sipuma.cases.models import Case, Entry, Evidence, ReadLog
from sipuma.complaints import evidence as complaints_evidence
from sipuma.files.scanning import Finding, Scan
from sipuma.files.store import Unavailable, store
from sipuma.files.verdict import Verdict
from sipuma.vault import chunked
from sipuma.workspace.byte_ranges import Span
from sipuma.workspace.evidence_cards import evidence_context
from sipuma.workspace.handing_out import Part
from tests.flow.handed_in import SOUND, TEXT, Answer, Places, hand_in, list_of, open_here, stored, upload
from tests.flow.pages import Page
from tests.flow.staff import browser_of, text_of
from tests.flow.test_staff_cases import UNIT_STEPS, walk
from tests.unit.files.samples import jpeg, pdf
from tests.world import ACEH, MALILI, SABANG, RecordCase, World, move

Verdicts = Callable[[Verdict], list[int]]


@pytest.fixture
def case(record_case: RecordCase) -> Case:
    return record_case().now()


@pytest.fixture
def desk(world: World) -> Client:
    return browser_of(world, "penerima")


@pytest.fixture
def scanner(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> Verdicts:
    """Put a scanner in place that says one thing of everything; returns how many bytes it was fed."""

    def say(verdict: Verdict) -> list[int]:
        fed: list[int] = []

        class Scan:
            takes_more = True

            def feed(self, data: bytes) -> None:
                fed.append(len(data))

            def finish(self) -> Finding:
                return Finding(verdict, "Eicar" if verdict == Verdict.INFECTED else "")

        monkeypatch.setattr(complaints_evidence, "Scan", Scan)
        settings.SIPUMA = settings.SIPUMA.model_copy(update={"clamav": "unix:/nowhere"})
        return fed

    return say


def body_of(answer: Answer) -> bytes:
    return b"".join(answer.streaming_content)


def ask(client: Client, places: Places, header: str, **more: str) -> Answer:
    open_here(client, places)
    return client.get(places.shown, headers={"Range": header, **more})


def test_the_list_says_what_each_piece_is_and_who_brought_it(world: World, case: Case, desk: Client) -> None:
    hand_in(world, case, TEXT, "bukti.txt")
    hand_in(world, case, SOUND, "foto.jpg")
    text = text_of(desk.get(list_of(case)))
    assert "bukti.txt" in text
    assert "Text · 21" in text
    assert f"Petugas penerima {SABANG}" in text
    assert "not scanned yet" in text
    assert "not cleaned" in text
    assert "type differs from its name" in text


def test_what_was_removed_from_a_picture_is_said(world: World, case: Case, desk: Client) -> None:
    places = hand_in(world, case, jpeg(), "foto.jpg")
    for page in (list_of(case), places.page):
        text = text_of(desk.get(page))
        assert "Removed from the copy: the place where it was made, camera or phone" in text
        assert "not cleaned" not in text


def test_the_list_asks_the_database_as_often_for_one_piece_as_for_three(world: World, case: Case) -> None:
    def queries() -> int:
        officer = world.officer("penerima")
        assert officer.fingerprints
        with CaptureQueriesContext(connection) as asked:
            context = evidence_context(case, officer)
            pieces = context["pieces"]
            assert isinstance(pieces, list)
            assert [card.added_by for card in pieces]
        return len(asked)

    hand_in(world, case, TEXT, "satu.txt")
    first = queries()
    hand_in(world, case, TEXT + b"2", "dua.txt")
    hand_in(world, case, TEXT + b"3", "tiga.txt")
    assert queries() == first


def test_exactly_those_who_can_open_a_piece_reach_it(world: World, case: Case) -> None:
    places = hand_in(world, case, SOUND, "rekaman.aac")
    for role, office, status in (
        ("penerima", SABANG, 200),
        ("verifikator", SABANG, 200),
        ("kepala-uki", SABANG, 200),
        ("penerima", MALILI, 404),
        ("verifikator", MALILI, 404),
        ("pengkaji-unit", SABANG, 404),
        ("kustodian", ACEH, 404),
        ("admin", SABANG, 404),
    ):
        client = browser_of(world, role, office)
        assert (role, client.get(places.page).status_code) == (role, status)
        assert (role, open_here(client, places).status_code) == (role, 302 if status == 200 else status)
        assert (role, client.get(places.shown).status_code) == (role, status)
        assert client.post(places.page, {"reason": "Mau lihat"}).status_code == status


def test_a_unit_that_got_a_referral_does_not_reach_the_evidence(
    world: World, record_case: RecordCase
) -> None:
    complaint = record_case()
    places = hand_in(world, complaint.now(), SOUND, "rekaman.aac")
    walk(world, complaint, UNIT_STEPS)
    unit = browser_of(world, "pengkaji-unit")
    assert unit.get(f"/petugas/kasus/{places.register}/").status_code == 200
    assert [unit.get(place).status_code for place in places.everywhere] == [404] * 4
    assert browser_of(world, "verifikator").get(places.page).status_code == 200


def test_after_reception_is_completed_the_desk_reaches_no_piece(
    world: World, record_case: RecordCase, desk: Client
) -> None:
    complaint = record_case()
    places = hand_in(world, complaint.now(), SOUND, "rekaman.aac")
    assert desk.get(places.page).status_code == 200
    receiver = world.officer("penerima")
    move(complaint, "tell_register", by=receiver, told="langsung")
    move(complaint, "complete_reception", by=receiver)
    assert [desk.get(place).status_code for place in places.everywhere] == [404] * 4
    assert "rekaman.aac" not in text_of(desk.get(list_of(complaint.case)))
    assert browser_of(world, "verifikator").get(places.page).status_code == 200


def test_a_piece_is_reached_through_its_own_case_alone(
    world: World, case: Case, desk: Client, record_case: RecordCase
) -> None:
    places = hand_in(world, case, SOUND, "rekaman.aac")
    other = Places(record_case().case.register, places.uid)
    assert other.register != places.register
    assert [desk.get(place).status_code for place in other.everywhere] == [404] * 4


@pytest.mark.parametrize("place", ["page", "shown", "copy"])
def test_without_signing_in_nothing_is_given(world: World, case: Case, client: Client, place: str) -> None:
    address = getattr(hand_in(world, case, SOUND, "rekaman.aac"), place)
    assert client.get(address).headers["Location"].startswith("/en/petugas/masuk/")


def test_sound_is_given_whole_with_headers_under_which_nothing_runs(
    world: World, case: Case, desk: Client
) -> None:
    places = hand_in(world, case, SOUND, "rekaman.aac")
    open_here(desk, places)
    answer = desk.get(places.shown)
    assert body_of(answer) == SOUND
    headers = answer.headers
    assert headers["Content-Type"] == "audio/aac"
    assert headers["Content-Length"] == str(len(SOUND))
    assert headers["Content-Disposition"] == "inline"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Accept-Ranges"] == "bytes"
    page = desk.get(places.page)
    assert f'<audio controls preload="metadata" src="{places.shown}">' in page.content.decode()
    assert "media-src 'self'" in page.headers["Content-Security-Policy"]


SIZE = len(SOUND)


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=0-", (0, SIZE)),
        ("bytes=70000-70009", (70000, 70010)),
        (f"bytes={SIZE - 1}-", (SIZE - 1, SIZE)),
        ("bytes=90000-99999999999999999", (90000, SIZE)),
        ("bytes=-5", (SIZE - 5, SIZE)),
        ("bytes=-99999999999", (0, SIZE)),
        ("BYTES=16383-16385", (16383, 16386)),
    ],
)
def test_a_range_gives_that_part(
    world: World, case: Case, desk: Client, header: str, span: tuple[int, int]
) -> None:
    start, stop = span
    answer = ask(desk, hand_in(world, case, SOUND, "rekaman.aac"), header)
    assert answer.status_code == 206
    assert answer.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{SIZE}"
    assert answer.headers["Content-Length"] == str(stop - start)
    assert body_of(answer) == SOUND[start:stop]


@pytest.mark.parametrize("header", [f"bytes={SIZE}-", "bytes=999999999-9999999999", "bytes=-0"])
def test_a_range_behind_the_end_is_refused(world: World, case: Case, desk: Client, header: str) -> None:
    answer = ask(desk, hand_in(world, case, SOUND, "rekaman.aac"), header)
    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{SIZE}"
    assert answer.content == b""


@pytest.mark.parametrize(
    "header",
    [
        "bytes=0-1,5-6",
        "bytes=0-1,0-1,0-1" + ",0-1" * 500,
        "bytes=-",
        "bytes=9-3",
        "bytes=a-b",
        "bytes=0x1-0x2",
        "bytes=１-２".encode().decode("latin-1"),
        "bytes=--5",
        "bytes=1" + "0" * 5000 + "-",
        "lines=0-5",
        "bytes",
        "",
    ],
)
def test_a_range_that_is_none_or_several_gives_the_whole(
    world: World, case: Case, desk: Client, header: str
) -> None:
    answer = ask(desk, hand_in(world, case, SOUND, "rekaman.aac"), header)
    assert answer.status_code == 200
    assert body_of(answer) == SOUND


def test_a_range_under_a_condition_gives_the_whole(world: World, case: Case, desk: Client) -> None:
    places = hand_in(world, case, SOUND, "rekaman.aac")
    answer = ask(desk, places, "bytes=0-1", **{"If-Range": '"abc"'})
    assert body_of(answer) == SOUND


def test_asking_for_the_headers_alone_opens_no_file(
    world: World, case: Case, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = hand_in(world, case, SOUND, "rekaman.aac")
    open_here(desk, places)
    monkeypatch.setattr(type(store()), "open", None)
    answer = desk.head(places.shown, headers={"Range": "bytes=0-5"})
    assert (answer.status_code, answer.headers["Content-Length"]) == (200, str(SIZE))
    assert answer.headers["Accept-Ranges"] == "bytes"


def test_a_small_range_reads_little_of_a_large_file(
    world: World, case: Case, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = hand_in(world, case, SOUND * 100, "rekaman.aac")
    open_here(desk, places)
    opened: list[int] = []
    open_chunk = chunked.Reader._opened

    def count(self: chunked.Reader, number: int) -> bytes:
        opened.append(number)
        return open_chunk(self, number)

    monkeypatch.setattr(chunked.Reader, "_opened", count)
    answer = desk.get(places.shown, headers={"Range": "bytes=5000000-5000009"})
    assert len(body_of(answer)) == 10
    assert len(opened) < 20  # of more than 600 chunks of 16 KiB


@pytest.mark.parametrize("pieces", [0, 1, 2])
def test_the_file_is_closed_however_far_the_browser_reads(pieces: int) -> None:
    file = io.BytesIO(b"a" * 400_000)
    part = Part(file, Span(10, 390_000))
    answer: Answer = StreamingHttpResponse(part)
    for _piece in zip(range(pieces), part, strict=False):
        assert not file.closed
    for close in answer._resource_closers:  # what answer.close() calls, and the database's end besides
        close()
    assert file.closed


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<!doctype html><html><script>alert(1)</script></html>", "surat.html"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "gambar.svg"),
        (b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>", "data.xml"),
        (b"<!doctype html><html><script>alert(1)</script></html>", "foto.jpg"),
        (TEXT, "bukti.txt"),
        (pdf(), "laporan.pdf"),
    ],
)
def test_nothing_but_pictures_sound_and_film_is_given_inline(
    world: World, case: Case, desk: Client, content: bytes, name: str
) -> None:
    places = hand_in(world, case, content, name)
    assert desk.get(places.shown).status_code == 404
    assert b"<script>alert" not in desk.get(places.page).content
    assert places.shown not in desk.get(places.page).content.decode()
    original = desk.post(places.page, {"reason": "Untuk uji"})
    assert original.headers["Content-Disposition"].startswith("attachment")
    assert not re.search("html|svg|xml|script", original.headers["Content-Type"])


def test_text_is_shown_escaped_and_cut_and_without_what_misleads(
    world: World, case: Case, desk: Client
) -> None:
    hostile = "</textarea><b>tebal</b>\u202egnp.exe\x1b[2J\r\nbaris".encode()
    page = desk.get(hand_in(world, case, hostile, "catatan.txt").page).content.decode()
    assert "&lt;/textarea&gt;&lt;b&gt;tebal&lt;/b&gt;" in page
    assert "\u202e" not in page
    assert "\x1b" not in page
    long = desk.get(hand_in(world, case, b"a" * 300_000, "panjang.txt").page).content.decode()
    assert 200_000 <= long.count("a") < 210_000
    assert "Only the beginning is shown." in long
    wide = desk.get(hand_in(world, case, "Rupiah ½".encode("utf-16"), "lebar.txt").page)
    assert "Rupiah ½" in text_of(wide)


def test_a_pdf_is_shown_as_pictures_of_its_pages(world: World, case: Case, desk: Client) -> None:
    places = hand_in(world, case, pdf(), "laporan.pdf")
    text = text_of(desk.get(places.page))
    assert "Page 1 of 1" in text
    picture = desk.get(places.content("halaman/1.png"))
    assert picture.headers["Content-Type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")
    assert picture.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    for number in ("0", "2", "99999999999"):
        assert desk.get(places.content(f"halaman/{number}.png")).status_code == 404
    for page in ("0", "2", "-1", "x", "９", "9" * 5000):
        assert desk.get(places.page, {"halaman": page}).status_code == 404


def test_a_damaged_pdf_can_only_be_saved(world: World, case: Case, desk: Client) -> None:
    places = hand_in(world, case, b"%PDF-1.7\n" + b"rusak" * 100, "rusak.pdf")
    answer = desk.get(places.page)
    assert answer.status_code == 200
    assert "can’t be shown here" in text_of(answer)
    assert desk.get(places.content("halaman/1.png")).status_code == 404


def test_the_cleaned_copy_is_saved_without_a_reason_and_leaves_no_entry(
    world: World, case: Case, desk: Client
) -> None:
    places = hand_in(world, case, jpeg(), "foto „rumah”.jpg")
    before = Entry.objects.count()
    copy = desk.get(places.copy)
    content = body_of(copy)
    assert content.startswith(b"\xff\xd8")
    assert b"SERI-12345" not in content
    assert copy.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''foto%20")
    assert copy.headers["Content-Length"] == str(len(content))
    assert Entry.objects.count() == before
    assert desk.get(hand_in(world, case, TEXT, "bukti.txt").copy).status_code == 404


def test_the_original_asks_for_a_reason_that_is_entered(world: World, case: Case, desk: Client) -> None:
    places = hand_in(world, case, jpeg(), "foto.jpg")
    refused = desk.post(places.page, {"reason": "  "})
    assert refused.status_code == 422
    assert "Write why you need the original." in text_of(refused)
    assert not Entry.objects.filter(kind="original-opened").exists()
    given = desk.post(places.page, {"reason": "Waktu pengambilan foto dipersoalkan."})
    assert body_of(given) == jpeg()
    assert given.headers["Content-Disposition"] == 'attachment; filename="foto.jpg"'
    assert given.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    entry = Entry.objects.get(kind="original-opened")
    assert entry.member == world.officer("penerima").member
    assert b"dipersoalkan" not in bytes(entry.ciphertext or b"")


def test_a_file_that_is_gone_leaves_no_entry_and_says_so(world: World, case: Case, desk: Client) -> None:
    places = hand_in(world, case, TEXT, "bukti.txt")
    store().delete(Evidence.objects.get().uid.hex)
    assert "can’t be read at the moment" in text_of(desk.get(places.page))
    answer = desk.post(places.page, {"reason": "Untuk uji"}, follow=True)
    assert "can’t be read at the moment" in text_of(answer)
    assert not Entry.objects.filter(kind="original-opened").exists()


@pytest.mark.parametrize(("content", "name"), [(jpeg(), "foto.jpg"), (TEXT, "a.txt"), (pdf(), "a.pdf")])
def test_a_storage_that_is_away_is_told_in_place_of_a_dead_picture(
    world: World, case: Case, desk: Client, monkeypatch: pytest.MonkeyPatch, content: bytes, name: str
) -> None:
    places = hand_in(world, case, content, name)

    def away(*_names: object) -> None:
        raise Unavailable

    monkeypatch.setattr(type(store()), "open", away)
    page = desk.get(places.page)
    assert "The storage that holds the files can’t be reached." in text_of(page)
    assert f'src="{places.shown}"' not in page.content.decode()
    assert desk.get(places.shown).status_code == 404


def test_a_file_with_a_virus_is_never_shown(world: World, case: Case, desk: Client) -> None:
    places = hand_in(world, case, jpeg(), "foto.jpg")
    Evidence.objects.update(scan=Verdict.INFECTED)
    for address in (places.shown, places.copy, places.content("halaman/1.png")):
        assert desk.get(address).status_code == 404
    answer = desk.get(places.page)
    page = Page(answer.content.decode())
    assert "A virus was found in this file." in page.text
    assert "quarantined: a virus was found" in page.text
    assert "<img" not in answer.content.decode()
    given = desk.post(places.page, {"reason": "Bahan pemeriksaan forensik"})
    assert given.headers["Content-Disposition"] == 'attachment; filename="foto.jpg.karantina"'
    assert given.headers["Content-Type"] == "application/octet-stream"
    assert body_of(given) == jpeg()
    assert Entry.objects.filter(kind="original-opened").count() == 1


def test_an_unscanned_file_is_scanned_when_it_is_first_looked_at(
    world: World, case: Case, desk: Client, scanner: Verdicts
) -> None:
    places = hand_in(world, case, SOUND, "rekaman.aac")
    fed = scanner(Verdict.CLEAN)
    assert "no virus found" in text_of(desk.get(places.page))
    assert sum(fed) == len(SOUND)
    assert Entry.objects.filter(kind="evidence-scanned").count() == 1
    desk.get(places.page)
    assert sum(fed) == len(SOUND)


@pytest.mark.parametrize("place", ["page", "shown", "copy"])
def test_a_virus_found_at_the_first_look_stops_that_very_look(
    world: World, case: Case, desk: Client, scanner: Verdicts, place: str
) -> None:
    places = hand_in(world, case, jpeg(), "foto.jpg")
    scanner(Verdict.INFECTED)
    answer = desk.get(getattr(places, place))
    assert "A virus was found" in text_of(answer) if place == "page" else answer.status_code == 404
    assert Evidence.objects.get().scan == Verdict.INFECTED


def test_the_timeline_names_each_file_and_what_was_found_in_it(
    world: World, case: Case, desk: Client, scanner: Verdicts
) -> None:
    places = hand_in(world, case, SOUND, "rekaman.aac")
    scanner(Verdict.INFECTED)
    verifier = browser_of(world, "verifikator")
    assert "Virus Eicar" in text_of(verifier.get(places.page))
    verifier.post(places.page, {"reason": "Bahan pemeriksaan forensik."})
    text = text_of(verifier.get(f"/en/petugas/kasus/{case.register}/"))
    assert "File: rekaman.aac Virus scan: quarantined: a virus was found Virus: Eicar" in text
    assert "File: rekaman.aac Bahan pemeriksaan forensik." in text
    assert text.count("rekaman.aac") >= 4  # the list, and what was added, scanned and opened
    for entry in Entry.objects.filter(kind__in=["evidence-scanned", "original-opened"]):
        assert b"rekaman" not in bytes(entry.ciphertext or b"rekaman")
    # Who can't read the entry sees the quarantine without the name.
    assert "Virus Eicar" not in text_of(desk.get(places.page))
    assert "A virus was found in this file." in text_of(desk.get(places.page))


def test_a_virus_found_on_arrival_is_named_too(
    world: World, case: Case, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Scan, "finish", lambda _self: Finding(Verdict.INFECTED, "Eicar-Test"))
    places = hand_in(world, case, TEXT, "bukti.txt")
    assert "Virus Eicar-Test" in text_of(desk.get(places.page))
    assert "Virus: Eicar-Test" in text_of(
        browser_of(world, "verifikator").get(f"/en/petugas/kasus/{case.register}/")
    )


def test_the_original_of_an_unscanned_file_is_scanned_before_it_is_given(
    world: World, case: Case, desk: Client, scanner: Verdicts
) -> None:
    places = hand_in(world, case, TEXT, "bukti.txt")
    scanner(Verdict.INFECTED)
    given = desk.post(places.page, {"reason": "Untuk uji"})
    assert given.headers["Content-Disposition"] == 'attachment; filename="bukti.txt.karantina"'


def test_a_file_longer_than_the_scanner_takes_is_scanned_once_as_far_as_it_goes(
    world: World, case: Case, desk: Client, scanner: Verdicts
) -> None:
    places = hand_in(world, case, SOUND, "rekaman.aac")
    fed = scanner(Verdict.PARTLY)
    assert "not scanned to the end" in text_of(desk.get(places.page))
    read = sum(fed)
    desk.get(places.shown)
    assert sum(fed) == read > 0


def test_looking_writes_nothing_but_that_the_case_was_read(world: World, case: Case, desk: Client) -> None:
    places = hand_in(world, case, SOUND, "rekaman.aac")
    entries = Entry.objects.count()
    for address in (places.page, places.shown, list_of(case)):
        desk.get(address)
    assert Entry.objects.count() == entries
    assert ReadLog.objects.filter(case=case, member=world.officer("penerima").member).count() == 1


def test_files_sent_by_the_form_become_evidence(world: World, case: Case, desk: Client) -> None:
    answer = upload(desk, case, ("bukti.txt", TEXT), ("rekaman.aac", SOUND))
    assert answer.headers["Location"] == f"/en/petugas/kasus/{case.register}/"
    assert Evidence.objects.filter(case=case).count() == 2
    assert "bukti.txt" not in str(desk.cookies)
    text = text_of(desk.get(list_of(case)))
    assert "bukti.txt" in text
    assert "rekaman.aac" in text


def test_files_that_are_fine_are_kept_when_another_is_refused(world: World, case: Case, desk: Client) -> None:
    answer = upload(desk, case, ("bukti.txt", TEXT), ("kosong.txt", b""))
    assert answer.status_code == 422
    text = text_of(answer)
    assert "Some files were not taken" in text
    assert "kosong.txt : The file is empty." in text
    assert Evidence.objects.filter(case=case).count() == 1
    assert len(stored() & {one.uid.hex for one in Evidence.objects.all()}) == 1


def test_the_same_bytes_are_kept_once_at_the_desk_and_it_says_so(case: Case, desk: Client) -> None:
    upload(desk, case, ("a.txt", TEXT))
    answer = upload(desk, case, ("b.txt", TEXT), ("c.txt", b"baru"), ("d.txt", b"baru"))
    text = text_of(answer)
    assert "b.txt is the same as a.txt, which is there already; only one is kept." in text
    assert "d.txt is the same as c.txt, which is there already; only one is kept." in text
    assert Evidence.objects.filter(case=case).count() == 2
    assert len(stored() & {one.uid.hex for one in Evidence.objects.all()}) == 2


def test_a_form_without_a_file_says_what_to_do(world: World, case: Case, desk: Client) -> None:
    answer = upload(desk, case)
    assert answer.status_code == 422
    assert "Choose at least one file." in text_of(answer)


def test_files_that_came_after_the_session_had_ended_are_said_to_be_lost(
    world: World, case: Case, desk: Client
) -> None:
    desk.cookies.pop("sipuma_session")
    back = upload(desk, case, ("bukti.txt", TEXT)).headers["Location"]
    assert back.startswith("/en/petugas/masuk/?next=")
    again = browser_of(world, "penerima").get(unquote(back.partition("next=")[2]))
    assert "The files have not come in: your session had ended. Choose them again." in text_of(again)
    assert (again.status_code, Evidence.objects.count()) == (200, 0)


def test_a_form_without_its_token_leaves_nothing_behind(world: World, case: Case, desk: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = desk.cookies
    before = stored()
    assert upload(strict, case, ("bukti.txt", TEXT)).status_code == 403
    assert (stored(), Evidence.objects.count()) == (before, 0)
    token = Page(strict.get(list_of(case)).content.decode()).form("evidence").values["csrfmiddlewaretoken"]
    sent = upload(strict, case, ("bukti.txt", TEXT), csrfmiddlewaretoken=token)
    assert sent.status_code == 302
    assert Evidence.objects.count() == 1


@pytest.mark.parametrize(
    ("role", "office", "status"),
    [("verifikator", SABANG, 403), ("penerima", MALILI, 404), ("verifikator", MALILI, 404)],
)
def test_only_the_desk_that_recorded_a_case_adds_to_it(
    world: World, case: Case, role: str, office: str, status: int
) -> None:
    before = stored()
    client = browser_of(world, role, office)
    answer = upload(client, case, ("bukti.txt", TEXT))
    assert answer.status_code == status
    assert (stored(), Evidence.objects.count()) == (before, 0)
    assert "evidence-form" not in client.get(list_of(case)).content.decode()


def test_the_desk_adds_after_completion_what_it_cannot_read_back(
    world: World, record_case: RecordCase, desk: Client
) -> None:
    complaint = record_case()
    receiver = world.officer("penerima")
    move(complaint, "tell_register", by=receiver, told="langsung")
    move(complaint, "complete_reception", by=receiver)
    upload(desk, complaint.case, ("susulan.txt", TEXT))
    assert Evidence.objects.filter(case=complaint.case).count() == 1
    assert "susulan.txt" not in text_of(desk.get(list_of(complaint.case)))
    assert "susulan.txt" in text_of(browser_of(world, "verifikator").get(list_of(complaint.case)))


def test_the_facts_name_the_hash_of_the_original(world: World, case: Case, desk: Client) -> None:
    text = text_of(desk.get(hand_in(world, case, jpeg(), "foto.jpg").page))
    assert hashlib.sha256(jpeg()).hexdigest() in text
    assert "image/jpeg" in text


UNCLEANED = [
    (jpeg()[: len(jpeg()) // 2], "foto.jpg", "<img"),
    (SOUND, "rekaman.aac", "<audio"),
    (b"\0\0\0\x18ftypmp42" + bytes(2000), "film.mp4", "<video"),
]


@pytest.mark.parametrize(("content", "name", "element"), UNCLEANED, ids=["picture", "sound", "film"])
def test_what_could_not_be_cleaned_is_shown_for_a_reason_that_is_entered(
    world: World, case: Case, desk: Client, content: bytes, name: str, element: str
) -> None:
    places = hand_in(world, case, content, name)
    assert Evidence.objects.get(case=case).copy is None
    page = desk.get(places.page)
    assert "could not be cleaned" in text_of(page)
    assert "Open it only when the copy" not in text_of(page)
    assert element not in page.content.decode()
    assert desk.get(places.shown).status_code == 404
    assert desk.post(places.page, {"reason": " ", "here": "1"}).status_code == 422
    assert desk.get(places.shown).status_code == 404
    shown = desk.get(open_here(desk, places).headers["Location"])
    assert element in shown.content.decode()
    assert "This is the original." in text_of(shown)
    assert body_of(desk.get(places.shown, headers={"Range": "bytes=1-9"})) == content[1:10]
    assert Entry.objects.filter(kind="original-opened").count() == 1


def test_a_reason_opens_one_original_in_one_session(world: World, case: Case, desk: Client) -> None:
    places, other = (hand_in(world, case, SOUND + tail, "rekaman.aac") for tail in (b"", b"2"))
    colleague = browser_of(world, "verifikator")
    open_here(desk, places)
    assert [one.get(places.shown).status_code for one in (desk, colleague)] == [200, 404]
    assert desk.get(other.shown).status_code == 404


def test_a_virus_is_not_shown_for_any_reason(world: World, case: Case, desk: Client) -> None:
    places = hand_in(world, case, SOUND, "rekaman.aac")
    Evidence.objects.update(scan=Verdict.INFECTED)
    assert "Open it here" not in text_of(desk.get(places.page))
    open_here(desk, places)
    assert desk.get(places.shown).status_code == 404
    assert not Entry.objects.filter(kind="original-opened").exists()


def test_a_copy_needs_no_opening(world: World, case: Case, desk: Client) -> None:
    places = hand_in(world, case, jpeg(), "foto.jpg")
    assert "Open it only when the copy is not enough." in text_of(desk.get(places.page))
    assert open_here(desk, places).headers["Content-Disposition"].startswith("attachment")


def test_an_original_that_is_gone_is_not_opened(world: World, case: Case, desk: Client) -> None:
    places = hand_in(world, case, SOUND, "rekaman.aac")
    store().delete(Evidence.objects.get().uid.hex)
    assert "can’t be read at the moment" in text_of(desk.get(open_here(desk, places).headers["Location"]))
    assert not Entry.objects.filter(kind="original-opened").exists()


@pytest.mark.parametrize("kept", [0.5, 0.9, 0.999])
def test_a_form_that_was_cut_off_gives_no_file(case: Case, desk: Client, kept: float) -> None:
    whole = encode_multipart(BOUNDARY, {"evidence": SimpleUploadedFile("a.txt", b"x" * 9000)})
    # Any: the client's own types know texts only
    line: dict[str, Any] = {"wsgi.input": io.BytesIO(whole[: int(len(whole) * kept)])}
    before = stored()
    answer = desk.generic("POST", list_of(case), whole, MULTIPART_CONTENT, **line)
    assert answer.status_code == 400
    assert not Evidence.objects.filter(case=case).exists()
    assert stored() == before
