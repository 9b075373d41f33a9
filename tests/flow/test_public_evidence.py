"""Evidence on the citizen's pages: files of every kind of trouble, kept whole or not at all."""

import io
import time
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from sipuma.cases.models import Case, Entry, Evidence
from sipuma.cases.tickets import find_by_text
from sipuma.complaints import evidence
from sipuma.complaints.states import S
from sipuma.files import uploads
from sipuma.files.folder import Folder
from sipuma.files.scanning import Finding, Scan
from sipuma.files.store import Unavailable, store
from sipuma.files.verdict import Verdict
from sipuma.public import filing_pages
from tests.flow.limits import limited
from tests.flow.pages import Form, Page
from tests.machine import needs_sandbox
from tests.unit.files.samples import jpeg, pdf
from tests.world import Complaint, FileCase, World, move

LODGE, TRACK = "/en/lapor/", "/en/lacak/"
MATTER = {"what": "Petugas meminta uang di loket.", "how": "Lisan, di depan dua orang."}
MINUTE = 60


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Give each test a storage of its own."""
    limited(monkeypatch, storage_url=(tmp_path / "store").as_uri())
    return tmp_path / "store"


def stored(folder: Path) -> list[Path]:
    """Return everything that lies in the storage, finished or not."""
    return [path for path in folder.rglob("*") if path.is_file()]


def named(name: str, content: bytes = b"isi catatan\n") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


class Citizen:
    """Somebody with a browser that runs no script."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.page = Page("")

    def post(self, address: str, data: dict[str, Any], status: int = 200) -> Page:  # Any: texts and files
        response = self.client.post(address, data)
        assert response.status_code == status
        assert not response.cookies
        self.page = Page(response.content.decode())
        return self.page

    def to_review(self, **answers: str) -> "Citizen":
        self.page = Page(self.client.get(LODGE).content.decode())
        given = MATTER | answers
        for _page in range(3):
            form = self.page.form("draft")
            self.post(
                LODGE, form.filled(**{name: text for name, text in given.items() if name in form.names})
            )
        return self

    def send(self, *files: SimpleUploadedFile, status: int = 200, **data: str) -> Page:
        """Press the primary button of the form that has a place for files; `go` presses another."""
        form = self.page.form("evidence")
        return self.post(form.action, _sent(form, files, data), status)

    def upload(self, *files: SimpleUploadedFile, status: int = 200) -> Page:
        return self.send(*files, status=status, go="4")

    def change(self, **data: str) -> Page:
        """Press a button that belongs to the form for changes."""
        form = next(form for form in self.page.forms if form.id == "change")
        return self.post(form.action, form.values | data)

    def track(self, complaint: Complaint) -> "Citizen":
        self.post(TRACK, {"ticket": complaint.ticket.grouped})
        return self


def _sent(form: Form, files: tuple[SimpleUploadedFile, ...], data: dict[str, str]) -> dict[str, Any]:
    values = {name: value for name, value in form.values.items() if name != "evidence"}
    return values | data | ({"evidence": list(files)} if files else {})


@pytest.fixture
def citizen(world: World, client: Client) -> Citizen:
    return Citizen(client)


@pytest.fixture
def complaint(file_case: FileCase) -> Complaint:
    return file_case()


@pytest.fixture
def holder(citizen: Citizen, complaint: Complaint) -> Citizen:
    return citizen.track(complaint)


def names_of(ticket: str) -> list[str]:
    found = find_by_text(ticket)
    assert found is not None
    return [piece.name for piece in evidence.pieces_of(found)]


def uid_of_first() -> str:
    return Evidence.objects.earliest("pk").uid.hex


def asked(world: World, complaint: Complaint) -> Complaint:
    officer = world.officer("verifikator")
    move(complaint, "take", by=officer)
    move(complaint, "request_data", by=officer, question="Kapan?")
    return complaint


def small_bomb() -> bytes:
    """Return an archive that says it unpacks to more than four gigabytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for number in range(3):
            made.writestr(f"{number}.txt", b"0" * 2**21)
    made_bytes, size = bytearray(file.getvalue()), (2**31).to_bytes(4, "little")
    place = made_bytes.find(b"PK\x01\x02")
    while place >= 0:
        made_bytes[place + 24 : place + 28] = size
        place = made_bytes.find(b"PK\x01\x02", place + 1)
    return bytes(made_bytes)


class TestFiling:
    """Evidence in the very form that sends the complaint."""

    def test_files_go_with_the_complaint_and_are_listed_on_the_ticket_page(self, citizen: Citizen) -> None:
        page = citizen.to_review().send(named("catatan.txt"), named("lain.txt", b"lain"))
        assert names_of(page.by_id["ticket"]) == ["catatan.txt", "lain.txt"]
        assert "Evidence received" in page.text
        assert "catatan.txt" in page.text
        assert "lain.txt" in page.text
        assert Case.objects.count() == 1

    def test_a_complaint_without_files_keeps_none_and_says_nothing_of_them(
        self, citizen: Citizen, folder: Path
    ) -> None:
        assert "Evidence received" not in citizen.to_review().send().text
        assert stored(folder) == []

    def test_an_urlencoded_form_files_as_before(self, citizen: Citizen) -> None:
        citizen.to_review()
        form = citizen.page.form("evidence").values
        body = "&".join(f"{name}={value}" for name, value in form.items() if name in {"draft", "step"})
        answer = citizen.client.post(LODGE, body, content_type="application/x-www-form-urlencoded")
        assert Page(answer.content.decode()).by_id["ticket"]

    def test_the_file_input_stands_behind_the_draft_and_before_the_button(self, citizen: Citizen) -> None:
        citizen.to_review()
        first = citizen.page.forms[0]
        assert list(first.values) == ["draft", "step", "evidence"]
        assert first.buttons == [("", ""), ("go", "4")]

    def test_uploading_first_shows_the_files_and_sends_nothing(self, citizen: Citizen) -> None:
        page = citizen.to_review().upload(named("catatan.txt"))
        assert not Case.objects.exists()
        assert "Evidence that goes along" in page.text
        assert "catatan.txt" in page.text
        assert "12\xa0bytes" in page.text
        assert "It has not been checked for viruses yet." in page.text
        assert names_of(citizen.send().by_id["ticket"]) == ["catatan.txt"]

    def test_files_uploaded_at_different_times_all_go_along(self, citizen: Citizen) -> None:
        citizen.to_review().upload(named("satu.txt", b"1"))
        citizen.upload(named("dua.txt", b"2"))
        page = citizen.send(named("tiga.txt", b"3"))
        assert names_of(page.by_id["ticket"]) == ["satu.txt", "dua.txt", "tiga.txt"]

    def test_the_same_bytes_twice_are_kept_once(self, citizen: Citizen, folder: Path) -> None:
        page = citizen.to_review().upload(named("satu.txt"), named("salinan.txt"))
        assert "salinan.txt is the same as satu.txt, which is there already; only one is kept." in page.text
        citizen.upload(named("satu.txt"))
        assert len(stored(folder)) == 1

    def test_a_file_can_be_taken_out_again(self, citizen: Citizen, folder: Path) -> None:
        citizen.to_review().upload(named("satu.txt", b"1"), named("dua.txt", b"2"))
        first = next(one for one in store().names())
        page = citizen.change(remove_file=first.name)
        assert "Check and send" in page.text
        assert not Case.objects.exists()
        assert len(stored(folder)) == 1
        assert len(names_of(citizen.send().by_id["ticket"])) == 1

    def test_an_older_page_does_not_bring_a_removed_file_back(self, citizen: Citizen) -> None:
        older = citizen.to_review().upload(named("satu.txt"))
        citizen.change(remove_file=next(store().names()).name)
        citizen.page = older
        assert "Some files that you uploaded before are no longer here." in citizen.send().text
        assert not Case.objects.exists()
        assert names_of(citizen.send().by_id["ticket"]) == []

    def test_changing_answers_carries_the_files_along(self, citizen: Citizen) -> None:
        citizen.to_review().upload(named("catatan.txt"))
        citizen.change(go="1")
        citizen.post(LODGE, citizen.page.form("draft").filled(what="Lain.", go="2"))
        citizen.post(LODGE, citizen.page.form("draft").filled(who="Petugas"))
        assert "catatan.txt" in citizen.page.text
        assert names_of(citizen.send().by_id["ticket"]) == ["catatan.txt"]

    def test_a_wrong_answer_on_the_way_loses_no_file(self, citizen: Citizen) -> None:
        citizen.to_review().upload(named("catatan.txt"))
        citizen.change(go="1")
        citizen.post(LODGE, citizen.page.form("draft").filled(what=""))
        citizen.post(LODGE, citizen.page.form("draft").filled(what="Ada."))
        assert "catatan.txt" in citizen.page.text

    def test_a_form_held_back_keeps_its_files(
        self, citizen: Citizen, monkeypatch: pytest.MonkeyPatch, folder: Path
    ) -> None:
        monkeypatch.setattr(settings, "SIPUMA", settings.SIPUMA.model_copy(update={"minimum_seconds": 3}))
        citizen.to_review().send(named("catatan.txt"), status=429)
        assert "catatan.txt" in citizen.page.text
        with time_machine.travel(time.time() + 4):
            assert names_of(citizen.send().by_id["ticket"]) == ["catatan.txt"]
        assert len(stored(folder)) == 1

    def test_a_draft_a_day_old_sends_nothing_and_keeps_the_files_that_come(self, citizen: Citizen) -> None:
        citizen.to_review()
        with time_machine.travel(time.time() + 25 * 3600):
            page = citizen.send(named("catatan.txt"))
            assert "This form was open for more than a day" in page.text
            assert "catatan.txt" in page.text
            assert names_of(citizen.send().by_id["ticket"]) == ["catatan.txt"]

    def test_files_a_day_old_are_said_to_be_gone(self, citizen: Citizen) -> None:
        citizen.to_review().upload(named("catatan.txt"))
        with time_machine.travel(time.time() + 25 * 3600):
            page = citizen.send()
        assert "Some files that you uploaded before are no longer here. Choose them again." in page.text
        assert not Case.objects.exists()

    @pytest.mark.parametrize("kept", ["x", "«»" * 40, "A" * 5000])
    def test_altered_kept_files_are_said_to_be_gone(self, citizen: Citizen, kept: str) -> None:
        citizen.to_review().upload(named("catatan.txt"))
        page = citizen.send(files=kept)
        assert "Some files that you uploaded before are no longer here." in page.text
        assert not Case.objects.exists()

    def test_a_draft_that_cannot_be_read_keeps_the_files(self, citizen: Citizen) -> None:
        citizen.to_review()
        page = citizen.send(named("catatan.txt"), draft="x")
        assert "Step 1 of 4" in page.text
        assert page.form("draft").values["files"]


class TestSentTwice:
    """The same form once more, with files or without."""

    def test_the_same_files_are_not_added_again(self, citizen: Citizen, folder: Path) -> None:
        review = citizen.to_review().page
        ticket = citizen.send(named("catatan.txt")).by_id["ticket"]
        citizen.page = review
        page = citizen.send(named("catatan.txt"))
        assert page.by_id["ticket"] == ticket
        assert names_of(ticket) == ["catatan.txt"]
        assert len(stored(folder)) == 1

    def test_files_that_come_later_are_added_to_the_case(self, citizen: Citizen) -> None:
        review = citizen.to_review().page
        ticket = citizen.send(named("satu.txt", b"1")).by_id["ticket"]
        citizen.page = review
        assert "dua.txt" in citizen.send(named("dua.txt", b"2")).text
        assert names_of(ticket) == ["satu.txt", "dua.txt"]
        assert Case.objects.count() == 1

    def test_a_copy_that_comes_a_moment_later_adds_its_files(
        self, citizen: Citizen, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        review = citizen.to_review().page
        ticket = citizen.send(named("satu.txt", b"1")).by_id["ticket"]
        citizen.page = review
        # As if the first copy had been filed just after this one looked for it.
        monkeypatch.setattr(filing_pages, "find_holder", lambda _keys: None)
        citizen.send(named("satu.txt", b"1"), named("dua.txt", b"2"))
        assert names_of(ticket) == ["satu.txt", "dua.txt"]

    def test_an_old_page_cannot_remove_what_was_sent(self, citizen: Citizen, folder: Path) -> None:
        review = citizen.to_review().upload(named("catatan.txt"))
        citizen.send()
        citizen.page = review
        citizen.change(remove_file=uid_of_first())
        assert len(stored(folder)) == 1

    def test_the_same_kept_files_in_another_complaint_stay_in_the_first(self, citizen: Citizen) -> None:
        kept = citizen.to_review().upload(named("catatan.txt")).form("evidence").values["files"]
        first = citizen.send().by_id["ticket"]
        second = citizen.to_review().send(files=kept).by_id["ticket"]
        assert (names_of(first), names_of(second)) == (["catatan.txt"], [])


TROUBLE = {
    "empty": (named("kosong.txt", b""), "kosong.txt: The file is empty."),
    "bomb": (named("bom.zip", small_bomb()), "bom.zip: This archive unpacks to far more than it seems."),
    "too large": (named("besar.bin", b"x" * 4000), "besar.bin: The file is too large"),
}


class TestRefusal:
    """Files that are not taken, and why; the rest stays."""

    def _limit_for(self, trouble: str, monkeypatch: pytest.MonkeyPatch) -> None:
        if trouble == "too large":
            limit = settings.SIPUMA.model_copy(update={"max_file_bytes": 3000})
            monkeypatch.setattr(settings, "SIPUMA", limit)

    @pytest.mark.parametrize("trouble", TROUBLE)
    def test_nothing_is_sent_and_the_good_file_stays(
        self, citizen: Citizen, folder: Path, monkeypatch: pytest.MonkeyPatch, trouble: str
    ) -> None:
        self._limit_for(trouble, monkeypatch)
        file, words = TROUBLE[trouble]
        file.seek(0)
        page = citizen.to_review().send(named("catatan.txt"), file)
        assert words in page.text
        assert page.text.count(words) == 2, "in the summary and beside the field"
        assert "Something needs your attention" in page.text
        assert not Case.objects.exists()
        assert len(stored(folder)) == 1
        assert names_of(citizen.send().by_id["ticket"]) == ["catatan.txt"]

    @pytest.mark.parametrize("trouble", TROUBLE)
    def test_a_message_stays_typed_until_its_files_are_right(
        self, holder: Citizen, folder: Path, monkeypatch: pytest.MonkeyPatch, trouble: str
    ) -> None:
        self._limit_for(trouble, monkeypatch)
        file, words = TROUBLE[trouble]
        file.seek(0)
        page = holder.send(named("catatan.txt"), file, message="Lihat lampiran.")
        assert words in page.text
        assert page.form("message").values["message"] == "Lihat lampiran."
        assert not Evidence.objects.exists()
        assert not Entry.objects.filter(kind="message").exists()
        assert "catatan.txt" in holder.send().text
        assert Evidence.objects.count() == 1
        assert len(stored(folder)) == 1

    def test_the_eleventh_file_is_named_and_ten_stay(self, citizen: Citizen, folder: Path) -> None:
        files = [named(f"{number}.txt", b"isi %d" % number) for number in range(11)]
        page = citizen.to_review().send(*files)
        assert "10.txt: At most 10 files at a time." in page.text
        assert not Case.objects.exists()
        assert len(stored(folder)) == 10

    def test_more_than_a_hundred_files_in_one_form_get_a_page_and_leave_nothing(
        self, citizen: Citizen, folder: Path
    ) -> None:
        files = [named(f"{number}.txt") for number in range(101)]
        citizen.to_review()
        page = citizen.post(LODGE, _sent(citizen.page.form("evidence"), tuple(files), {}), 413)
        assert "That was too much at once" in page.text
        assert stored(folder) == []

    def test_the_hundredth_and_first_file_of_a_draft_is_refused(
        self, citizen: Citizen, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("sipuma.public.uploads.MOST_OF_A_CASE", 2)
        page = citizen.to_review().upload(*(named(f"{one}.txt", one.encode()) for one in "abc"))
        assert "c.txt: A complaint takes a hundred files." in page.text
        assert len(stored(folder)) == 2

    def test_files_are_refused_on_a_step_page_too(self, citizen: Citizen) -> None:
        page = citizen.to_review().send(named("kosong.txt", b""), go="1")
        assert "Step 1 of 4" in page.text
        assert "kosong.txt: The file is empty." in page.text

    def test_a_case_with_a_hundred_files_takes_no_more(
        self, holder: Citizen, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(evidence, "MOST_OF_A_CASE", 1)
        holder.send(named("satu.txt", b"1"))
        page = holder.send(named("dua.txt", b"2"), message="Dan ini.")
        assert "The files were not taken. This complaint has very many files already." in page.text
        assert Evidence.objects.count() == 1
        assert "Your message has been added to the complaint" in page.text
        assert Entry.objects.filter(kind="message").count() == 1
        # Nothing is left on the page that would be refused each time again.
        assert "files" not in page.form("message").values
        page = holder.send(named("tiga.txt", b"3"))
        assert "The files were not taken." in page.text
        assert len(stored(folder)) == 1

    def test_a_repeat_of_a_full_case_shows_its_ticket_and_says_so(
        self, citizen: Citizen, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(evidence, "MOST_OF_A_CASE", 1)
        review = citizen.to_review().page
        citizen.send(named("satu.txt", b"1"))
        citizen.page = review
        page = citizen.send(named("dua.txt", b"2"))
        assert page.by_id["ticket"]
        assert "This complaint has very many files already." in page.text
        assert len(stored(folder)) == 1


class TestKinds:
    """What a citizen reads about particular files."""

    @needs_sandbox
    def test_the_place_of_a_photo_is_said_to_be_removed(self, citizen: Citizen) -> None:
        page = citizen.to_review().upload(named("foto.jpg", jpeg()))
        assert "Removed from the copy that officers look at: the place where it was made" in page.text

    @needs_sandbox
    def test_scripts_of_a_pdf_are_said_to_be_removed(self, citizen: Citizen) -> None:
        page = citizen.to_review().send(named("surat.pdf", pdf()))
        assert "scripts and actions" in page.text

    def test_a_name_that_lies_about_its_content_is_said_to(self, citizen: Citizen) -> None:
        page = citizen.to_review().upload(named("foto.jpg", b"%PDF-1.7\nrusak"))
        assert "Its name says another type of file than what is in it." in page.text

    def test_what_cannot_be_cleaned_is_said_to_stay_as_it_is(self, citizen: Citizen) -> None:
        page = citizen.to_review().upload(named("data.bin", bytes(range(256)) * 4))
        assert "It stays as you sent it: hidden details, if it has any, could not be removed." in page.text

    @pytest.mark.parametrize(
        ("given", "shown"),
        [
            ("../../etc/passwd", "passwd"),
            ("..\\..\\x.txt", "x.txt"),
            ("foto\u202egpj.exe", "fotogpj.exe"),
            ("<img src=x>.txt", "img src=x.txt"),
            ("شاهد.txt", "شاهد.txt"),
            ("nama\u200b panjang " + "x" * 300 + ".txt", None),
        ],
    )
    def test_names_are_shown_without_what_misleads(
        self, citizen: Citizen, given: str, shown: str | None
    ) -> None:
        # Written by hand: the test client's own upload would clean the name first.
        citizen.to_review()
        form = {name: value for name, value in citizen.page.form("evidence").values.items() if value}
        body = encode_multipart(BOUNDARY, form).removesuffix(f"--{BOUNDARY}--\r\n".encode())
        body += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="evidence"; filename="'.encode()
        body += given.encode() + f'"\r\n\r\nisi\r\n--{BOUNDARY}--\r\n'.encode()
        answer = citizen.client.generic("POST", LODGE, body, MULTIPART_CONTENT)
        (name,) = names_of(Page(answer.content.decode()).by_id["ticket"])
        assert len(name) <= 120
        assert "<img" not in answer.content.decode()
        assert shown is None or name == shown

    def test_a_virus_is_said_plainly_and_the_file_can_not_be_saved(
        self, holder: Citizen, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Scan, "finish", lambda _self: Finding(Verdict.INFECTED, "Eicar-Test"))
        page = holder.send(named("program.txt"))
        assert "Quarantined: a virus was found in it." in page.text
        saving = next(form for form in page.forms if form.values.get("act") == "evidence")
        assert saving.buttons == []
        page = holder.post(TRACK, saving.values | {"piece": uid_of_first()})
        assert "This file is locked away" in page.text


BROKEN_BASE64 = (
    b'--x\r\nContent-Disposition: form-data; name="evidence"; filename="a"\r\n'
    b"Content-Transfer-Encoding: base64\r\n\r\n\xff\xff!\r\n--x--\r\n"
)


class Breaking(io.BytesIO):
    """A line that breaks after some bytes."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell() > 2000:
            raise OSError
        return super().read(min(size or 0, 2500))


class TestBrokenRequests:
    """What arrives in pieces, or is no form at all, leaves nothing."""

    def body(self, citizen: Citizen) -> bytes:
        form = citizen.to_review().page.form("evidence").values
        data = {name: value for name, value in form.items() if value} | {
            "evidence": named("a.txt", b"x" * 9000)
        }
        return encode_multipart(BOUNDARY, data)

    def send_over(self, citizen: Citizen, line: io.BytesIO, whole: bytes) -> int:
        """Post what announces itself as `whole` over a line; return the status."""
        extra: dict[str, Any] = {"wsgi.input": line}  # Any: the client's own types know texts only
        return citizen.client.generic("POST", LODGE, whole, MULTIPART_CONTENT, **extra).status_code

    @pytest.mark.parametrize("kept", [0.5, 0.9, 0.999])
    def test_a_body_that_was_cut_off_is_not_taken_for_the_whole(
        self, citizen: Citizen, folder: Path, kept: float
    ) -> None:
        whole = self.body(citizen)
        line = io.BytesIO(whole[: int(len(whole) * kept)])
        assert self.send_over(citizen, line, whole) == 400
        assert stored(folder) == []
        assert not Case.objects.exists()

    def test_a_line_that_breaks_leaves_nothing(self, citizen: Citizen, folder: Path) -> None:
        whole = self.body(citizen)
        citizen.client.raise_request_exception = False
        assert self.send_over(citizen, Breaking(whole), whole) >= 400
        assert stored(folder) == []
        assert not Case.objects.exists()

    @pytest.mark.parametrize("address", [LODGE, TRACK])
    @pytest.mark.parametrize(
        ("body", "kind"),
        [
            (b"sampah", "multipart/form-data"),
            (b"sampah", "multipart/form-data; boundary=x y\x01"),
            (b"--x\r\nsampah", "multipart/form-data; boundary=x"),
            (BROKEN_BASE64, "multipart/form-data; boundary=x"),
        ],
    )
    def test_garbage_gets_a_page_and_leaves_nothing(
        self, citizen: Citizen, folder: Path, address: str, body: bytes, kind: str
    ) -> None:
        assert citizen.client.post(address, body, content_type=kind).status_code in {200, 400}
        assert stored(folder) == []

    def test_half_of_a_form_without_files_is_not_sent_either(self, holder: Citizen) -> None:
        whole = urlencode(holder.page.form("token").values | {"message": "Jangan " * 500}).encode()
        extra: dict[str, Any] = {"wsgi.input": io.BytesIO(whole[:2000])}  # Any: as above
        kind = "application/x-www-form-urlencoded"
        assert holder.client.generic("POST", TRACK, whole, kind, **extra).status_code == 400
        assert not Entry.objects.filter(kind="message").exists()

    def test_files_of_other_fields_are_not_kept(self, citizen: Citizen, folder: Path) -> None:
        form = citizen.to_review().page.form("evidence")
        citizen.post(LODGE, _sent(form, (), {}) | {"lampiran": named("a.txt"), "what": named("b.txt")})
        assert citizen.page.by_id["ticket"]
        assert stored(folder) == []

    def test_a_storage_that_is_full_is_said_and_loses_nothing(
        self, citizen: Citizen, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        citizen.to_review(who="Petugas loket").upload(named("satu.txt", b"1"))

        def refuse(_self: Folder, _name: str) -> None:
            raise Unavailable("full")

        with monkeypatch.context() as patch:
            patch.setattr(Folder, "create", refuse)
            page = citizen.send(named("dua.txt", b"2"))
        assert "dua.txt: The file can’t be stored at the moment." in page.text
        assert "satu.txt" in page.text
        assert "Petugas loket" in page.text
        assert not Case.objects.exists()
        assert names_of(citizen.send().by_id["ticket"]) == ["satu.txt"]


class TestTracking:
    """Files added with the ticket, and saved again by their owner."""

    def test_files_without_words_are_added_and_named(self, holder: Citizen, complaint: Complaint) -> None:
        page = holder.send(named("catatan.txt"))
        assert "Your files have been added to the complaint" in page.text
        assert "catatan.txt: It stays as you sent it" in page.text
        assert names_of(complaint.ticket.text) == ["catatan.txt"]
        assert not Entry.objects.filter(kind="message").exists()

    def test_words_and_files_are_entered_together(self, holder: Citizen) -> None:
        page = holder.send(named("catatan.txt"), message="Lihat lampiran.")
        assert "Your message has been added to the complaint" in page.text
        assert "Lihat lampiran." in page.text
        assert Evidence.objects.count() == 1

    def test_the_same_bytes_under_another_name_are_said_to_be_there(self, holder: Citizen) -> None:
        holder.send(named("a.txt"))
        page = holder.send(named("b.txt"))
        assert "b.txt is the same as a.txt, which is there already; only one is kept." in page.text
        page = holder.send(named("c.txt", b"baru"), named("d.txt", b"baru"), message="Lihat.")
        assert "d.txt is the same as c.txt, which is there already; only one is kept." in page.text
        assert "c.txt: It stays as you sent it" in page.text
        assert Evidence.objects.count() == 2

    def test_neither_words_nor_files_is_nothing(self, holder: Citizen) -> None:
        assert "Write your message, then send it." in holder.send().text

    def test_the_same_files_again_are_said_to_be_there(self, holder: Citizen, folder: Path) -> None:
        holder.send(named("catatan.txt"))
        page = holder.send(named("catatan.txt"))
        assert "These files are part of the complaint already" in page.text
        assert (Evidence.objects.count(), len(stored(folder))) == (1, 1)

    def test_files_alone_do_not_answer_and_are_kept(
        self, citizen: Citizen, world: World, complaint: Complaint
    ) -> None:
        citizen.track(asked(world, complaint))
        page = citizen.send(named("catatan.txt"))
        assert "Your files are kept, but alone are no answer." in page.text
        assert "catatan.txt" in page.text
        assert complaint.now().state == S.WAITING
        assert "Your answer has been added" in citizen.send(message="Senin.").text
        assert complaint.now().state == S.VERIFICATION
        assert names_of(complaint.ticket.text) == ["catatan.txt"]

    def test_a_kept_file_with_a_virus_can_be_taken_out(
        self, citizen: Citizen, world: World, complaint: Complaint, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Scan, "finish", lambda _self: Finding(Verdict.INFECTED, "Eicar-Test"))
        page = citizen.track(asked(world, complaint)).send(named("program.txt"))
        names = [name for name, _value in page.form("message").buttons]
        # Sending comes first; what goes along stands above it, and is taken out below.
        assert names == ["", "remove_file"]
        assert page.text.index("these go along") < page.text.index("Send the answer")
        (kept,) = store().names()
        assert "files" not in citizen.send(remove_file=kept.name).form("message").values

    def test_the_page_says_how_many_files_it_takes_at_a_time_and_in_all(self, holder: Citizen) -> None:
        assert "Up to 10 files at a time and 100 in all" in holder.page.text

    def test_a_kept_file_can_be_taken_out_and_the_words_stay(
        self, citizen: Citizen, world: World, complaint: Complaint, folder: Path
    ) -> None:
        citizen.track(asked(world, complaint)).send(named("catatan.txt"))
        (kept,) = store().names()
        page = citizen.send(message="Senin\nsekali.", remove_file=kept.name)
        assert page.form("message").values["message"] == "Senin\nsekali."
        assert "files" not in page.form("message").values
        assert stored(folder) == []
        assert complaint.now().state == S.WAITING

    def test_a_file_is_given_back_as_it_was_sent(self, holder: Citizen) -> None:
        content = bytes(range(256)) * 3000
        saving = self.saving(holder.send(named("data شاهد.bin", content)))
        response = holder.client.post(TRACK, saving)
        assert response.getvalue() == content
        assert response.headers["Content-Length"] == str(len(content))
        assert response.headers["Content-Type"] == "application/octet-stream"
        assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        disposition = response.headers["Content-Disposition"]
        assert disposition.startswith("attachment; filename*=utf-8''data%20")

    def saving(self, page: Page) -> dict[str, str]:
        form = next(form for form in page.forms if form.values.get("act") == "evidence")
        assert form.buttons[0][0] == "piece"
        return form.filled()

    @needs_sandbox
    def test_the_owner_gets_the_original_not_the_copy(self, holder: Citizen) -> None:
        photo = jpeg()
        response = holder.client.post(TRACK, self.saving(holder.send(named("foto.jpg", photo))))
        assert response.getvalue() == photo

    @pytest.mark.parametrize("piece", ["", "x", "0" * 32, "../x"])
    def test_an_unknown_file_gets_a_page(self, holder: Citizen, piece: str) -> None:
        data = self.saving(holder.send(named("catatan.txt"))) | {"piece": piece}
        assert "There is no such file in this complaint" in holder.post(TRACK, data, 404).text

    def test_a_file_of_another_complaint_is_unknown(
        self, holder: Citizen, file_case: FileCase, client: Client
    ) -> None:
        holder.send(named("catatan.txt"))
        other = Citizen(client).track(file_case())
        data = self.saving(other.send(named("lain.txt", b"lain"))) | {"piece": uid_of_first()}
        assert "There is no such file in this complaint" in other.post(TRACK, data, 404).text

    def test_a_file_that_is_gone_or_damaged_gets_a_page(self, holder: Citizen, folder: Path) -> None:
        data = self.saving(holder.send(named("catatan.txt")))
        (path,) = stored(folder)
        path.chmod(0o600)
        path.write_bytes(path.read_bytes()[:-1] + b"?")
        assert "This file can’t be opened" in holder.post(TRACK, data, 404).text
        path.unlink()
        assert "This file can’t be opened" in holder.post(TRACK, data, 404).text

    def test_a_storage_that_is_away_is_said(self, holder: Citizen, monkeypatch: pytest.MonkeyPatch) -> None:
        data = self.saving(holder.send(named("catatan.txt")))

        def away(_self: Folder, _name: str) -> None:
            raise Unavailable("away")

        monkeypatch.setattr(Folder, "open", away)
        assert "This file can’t be fetched at the moment" in holder.post(TRACK, data, 503).text

    def test_earlier_texts_are_said_to_come_later(self, citizen: Citizen, complaint: Complaint) -> None:
        words = "appears here after the office has next opened the complaint"
        assert words not in citizen.track(complaint).page.text
        Case.objects.filter(pk=complaint.case.pk).update(resealing=True)
        assert words in citizen.track(complaint).page.text


class TestWithoutATicket:
    """Files of somebody who shows no ticket."""

    @pytest.mark.parametrize("data", [{"ticket": "SALAH"}, {"token": "x"}, {"token": ""}, {}])
    def test_nothing_is_kept(self, citizen: Citizen, folder: Path, data: dict[str, str]) -> None:
        citizen.post(TRACK, data | {"act": "message", "message": "Halo.", "evidence": [named("a.txt")]})
        assert "ticket" in citizen.page.form("ticket").names
        assert "files" not in citizen.page.form("ticket").values
        assert citizen.page.form("ticket").values["message"] == "Halo."
        assert stored(folder) == []

    def test_nothing_is_kept_of_a_source_that_tries_too_often(
        self, citizen: Citizen, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        limited(monkeypatch, storage_url=settings.SIPUMA.storage_url, trackings_per_minute=1)
        citizen.post(TRACK, {"ticket": "x"})
        citizen.post(TRACK, {"ticket": "x", "evidence": [named("a.txt")]}, 429)
        assert stored(folder) == []

    def test_a_pass_that_ran_out_before_keeps_the_files_for_the_ticket(
        self, holder: Citizen, complaint: Complaint
    ) -> None:
        with time_machine.travel(time.time() + 31 * MINUTE):
            page = holder.send(named("catatan.txt"))
            assert "Your files have arrived and are kept." in page.text
            assert "catatan.txt" in page.text
            again = page.form("ticket").filled(ticket="SALAH")
            page = holder.post(TRACK, again)
            assert "catatan.txt" in page.text
            page = holder.post(TRACK, page.form("ticket").filled(ticket=complaint.ticket.text))
        assert "Your files have been added to the complaint" in page.text
        assert names_of(complaint.ticket.text) == ["catatan.txt"]

    def test_a_pass_that_runs_out_while_the_files_arrive_still_counts(
        self, holder: Citizen, complaint: Complaint, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        original = uploads.EvidenceHandler.file_complete
        with time_machine.travel(time.time()) as clock:

            def slow(self: uploads.EvidenceHandler, file_size: int) -> None:
                clock.shift(40 * MINUTE)
                original(self, file_size)

            monkeypatch.setattr(uploads.EvidenceHandler, "file_complete", slow)
            page = holder.send(named("catatan.txt"), message="Sudah lama.")
        assert "Your message has been added to the complaint" in page.text
        assert names_of(complaint.ticket.text) == ["catatan.txt"]


class TestLimits:
    """Many files from one source."""

    @pytest.fixture(autouse=True)
    def folder(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        limited(monkeypatch, storage_url=folder.as_uri(), uploads_per_hour=1)
        return folder

    def test_files_beyond_the_limit_are_not_kept_and_nothing_is_sent(
        self, citizen: Citizen, folder: Path
    ) -> None:
        citizen.to_review().upload(named("satu.txt", b"1"))
        page = citizen.send(named("dua.txt", b"2"), status=429)
        assert "Many files have just come from your connection" in page.text
        assert "satu.txt" in page.text
        assert not Case.objects.exists()
        assert len(stored(folder)) == 1
        assert names_of(citizen.send().by_id["ticket"]) == ["satu.txt"]

    def test_a_form_without_files_costs_nothing(self, citizen: Citizen) -> None:
        for _time in range(2):
            assert citizen.to_review().send().by_id["ticket"]

    def test_a_message_stays_typed(self, holder: Citizen, folder: Path) -> None:
        holder.send(named("satu.txt", b"1"))
        page = holder.send(named("dua.txt", b"2"), message="Lihat ini.", status=429)
        assert page.form("message").values["message"] == "Lihat ini."
        assert len(stored(folder)) == 1

    def test_a_repeat_shows_its_ticket_and_says_what_was_not_kept(
        self, citizen: Citizen, folder: Path
    ) -> None:
        review = citizen.to_review().page
        citizen.send(named("satu.txt", b"1"))
        citizen.page = review
        page = citizen.send(named("dua.txt", b"2"))
        assert page.by_id["ticket"]
        assert "the files of this time were not kept" in page.text
        assert len(stored(folder)) == 1


def test_a_failing_page_leaves_nothing(
    citizen: Citizen, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object, **_named: object) -> None:
        raise RuntimeError

    citizen.client.raise_request_exception = False
    citizen.to_review()
    monkeypatch.setattr(filing_pages, "file", fail)
    citizen.send(named("catatan.txt"), status=500)
    assert stored(folder) == []


def test_what_is_stored_can_not_be_read(citizen: Citizen, folder: Path) -> None:
    citizen.to_review().send(named("catatan.txt", b"Rahasia sekali, jangan dibaca"))
    assert not any(b"Rahasia" in path.read_bytes() for path in stored(folder))
