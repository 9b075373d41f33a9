"""Evidence in a case: encrypted on its way in, opened by those it is meant for, each file once."""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation import override

from sipuma import vault
from sipuma.cases.evidence import EVIDENCE, piece_of, unclaimed
from sipuma.cases.models import Entry, Evidence
from sipuma.cases.opening import Opened, Reader
from sipuma.complaints import evidence as evidence_of
from sipuma.complaints.filing import Filing, file
from sipuma.complaints.reception import desks_of
from sipuma.complaints.tracking import Tracked
from sipuma.files import basket as baskets
from sipuma.files.acceptance import Acceptance, Accepted, Copy, Encrypted
from sipuma.files.basket import Basket
from sipuma.files.rejected import Rejected
from sipuma.files.store import Unavailable, store
from sipuma.offices.models import Office, TeamKind
from sipuma.offices.refusal import Refused
from tests.ways import holder_of
from tests.world import MALILI, SABANG, Complaint, FileCase, RecordCase, World, move

TEXT = b"Kuitansi nomor 12, dibayar tunai. " * 100


@pytest.fixture(autouse=True)
def empty_store() -> Iterator[None]:
    """Begin and end each test with nothing stored."""
    _empty()
    yield
    _empty()


def _empty() -> None:
    for one in list(store().names()):
        store().delete(one.name)


def accepted(data: bytes = TEXT, name: str = "kuitansi.txt") -> Accepted:
    acceptance = Acceptance(name, limit=10_000_000)
    acceptance.write(data)
    return acceptance.finish()


def with_copy(file: Accepted, data: bytes) -> Accepted:
    """Store a copy beside a file, as cleaning does."""
    stored = Encrypted()
    stored.write(data)
    stored.commit()
    copy = Copy(stored.uid.hex, stored.key.reveal().hex(), len(data), file.mime)
    return replace(file, copy=copy, removed=("author",))


def stored_names() -> set[str]:
    return {one.name for one in store().names()}


def on_disk() -> bytes:
    folder = Path(settings.SIPUMA.data)
    return b"".join(one.read_bytes() for one in folder.rglob("*") if one.is_file())


def with_evidence(*files: Accepted, office: str = SABANG) -> Complaint:
    ticket = vault.Ticket.draw()
    filing = Filing(what="a", how="b", office=Office.objects.get(pk=office))
    return Complaint(file(filing, ticket, files=files).case, ticket)


@pytest.mark.usefixtures("world")
def test_no_piece_of_a_file_lies_anywhere_in_clear() -> None:
    with_evidence(accepted(name="KenariKuning.txt"))
    raw = on_disk()
    assert b"Kuitansi" not in raw
    assert b"KenariKuning" not in raw


def test_both_sides_open_it_and_nobody_else(world: World) -> None:
    complaint = with_evidence(accepted())
    verifier, stranger = world.officer("verifikator"), world.officer("verifikator", MALILI)
    theirs = Tracked(holder_of(complaint)).pieces
    mine = evidence_of.pieces_for(complaint.now(), verifier)
    assert [one.name for one in (*theirs, *mine)] == ["kuitansi.txt"] * 2
    assert all(one.open_original().read() == TEXT for one in (*theirs, *mine))
    assert evidence_of.pieces_for(complaint.now(), stranger) == []


def test_staff_are_shown_the_copy_where_there_is_one_and_the_original_otherwise(world: World) -> None:
    plain = accepted(name="polos.txt")
    complaint = with_evidence(with_copy(accepted(), b"tanpa nama"), plain)
    cleaned, untouched = evidence_of.pieces_for(complaint.now(), world.officer("verifikator"))
    assert (cleaned.cleaned, cleaned.removed, cleaned.shown_size) == (True, ("author",), 10)
    assert cleaned.open_shown().read() == b"tanpa nama"
    assert cleaned.open_original().read() == TEXT
    assert (untouched.cleaned, untouched.removed, untouched.shown_size) == (False, (), plain.size)
    assert untouched.open_shown().read() == TEXT


def test_ranges_open_only_what_is_asked_for(world: World) -> None:
    data = bytes(range(256)) * 4096
    complaint = with_evidence(accepted(data, "suara.bin"))
    piece = evidence_of.pieces_for(complaint.now(), world.officer("verifikator"))[0]
    with piece.open_original() as plain:
        plain.seek(700_000)
        assert plain.read(10) == data[700_000:700_010]
        plain.seek(-3, 2)
        assert plain.read() == data[-3:]
        assert plain.tell() == len(data)


def test_a_file_that_was_exchanged_does_not_open(world: World) -> None:
    complaint = with_evidence(accepted(), accepted(b"lain" * 1000, "lain.txt"))
    first, second = Evidence.objects.order_by("pk")
    for one, other in ((first, second.uid), (first, uuid.uuid4())):
        Evidence.objects.exclude(pk=one.pk).update(uid=uuid.uuid4())
        Evidence.objects.filter(pk=one.pk).update(uid=other)
        piece = evidence_of.pieces_for(complaint.now(), world.officer("verifikator"))[0]
        with pytest.raises((vault.Unopenable, FileNotFoundError)):
            piece.open_original()


@pytest.mark.folder
def test_an_altered_file_does_not_open(world: World) -> None:
    complaint = with_evidence(accepted())
    name = Evidence.objects.get().uid.hex
    path = next(Path(settings.SIPUMA.data).rglob(name))
    raw = bytearray(path.read_bytes())
    raw[-1] ^= 1
    path.write_bytes(raw)
    piece = evidence_of.pieces_for(complaint.now(), world.officer("verifikator"))[0]
    with pytest.raises(vault.Unopenable):
        piece.open_original()


def test_what_the_complainant_sends_twice_is_kept_once(file_case: FileCase) -> None:
    complaint = file_case()
    holder = holder_of(complaint)
    first = accepted()
    assert evidence_of.add_by_complainant(holder, [first]).files == [first]
    assert evidence_of.add_by_complainant(holder, [first]) == evidence_of.Added([], [])
    with override("id"):
        again = evidence_of.add_by_complainant(holder, [accepted(name="salinan.txt")])
    assert again.files == []
    assert again.repeats == ["salinan.txt sama dengan kuitansi.txt yang sudah ada; satu saja yang disimpan."]
    assert Evidence.objects.count() == 1
    assert unclaimed([first]) == []


def test_a_case_takes_a_hundred_files_and_no_more(
    file_case: FileCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence_of, "MOST_OF_A_CASE", 2)
    holder = holder_of(file_case())
    evidence_of.add_by_complainant(holder, [accepted(b"1"), accepted(b"2")])
    with pytest.raises(Refused):
        evidence_of.add_by_complainant(holder, [accepted(b"3")])
    assert Evidence.objects.count() == 2


def test_the_desk_adds_evidence_and_reads_it_until_completion(world: World, record_case: RecordCase) -> None:
    complaint, receiver = record_case(), world.officer("penerima")
    desk = desks_of(receiver)[0]
    evidence_of.add_by_desk(complaint.now(), [accepted()], by=receiver, desk=desk)
    assert [one.name for one in evidence_of.pieces_for(complaint.now(), receiver)] == ["kuitansi.txt"]
    move(complaint, "tell_register", by=receiver, told="telepon", note="")
    move(complaint, "complete_reception", by=receiver)
    evidence_of.add_by_desk(complaint.now(), [accepted(b"baru", "baru.txt")], by=receiver, desk=desk)
    assert evidence_of.pieces_for(complaint.now(), receiver) == []
    names = [one.name for one in evidence_of.pieces_for(complaint.now(), world.officer("verifikator"))]
    assert names == ["kuitansi.txt", "baru.txt"]


@pytest.mark.parametrize("kind", [TeamKind.RECEPTION, TeamKind.VERIFICATION])
def test_only_the_desk_that_recorded_a_case_adds_to_it(
    world: World, record_case: RecordCase, kind: TeamKind
) -> None:
    complaint = record_case()
    other = world.officer("penerima", MALILI)
    desk = {"reception": desks_of(other)[0], "verification": complaint.case.verification}[kind]
    with pytest.raises(PermissionError):
        evidence_of.add_by_desk(complaint.now(), [accepted()], by=other, desk=desk)


def test_opening_the_original_leaves_an_entry_with_its_reason(world: World) -> None:
    complaint, verifier = with_evidence(accepted()), world.officer("verifikator")
    piece = evidence_of.pieces_for(complaint.now(), verifier)[0]
    evidence_of.note_original(piece, by=verifier, reason="Mencari waktu pengambilan")
    entry = Entry.objects.get(kind="original-opened")
    opened = Reader([complaint.now()], verifier.private).open(entry)
    assert entry.member == verifier.member
    assert opened.payload is not None
    assert opened.payload["text"] == "Mencari waktu pengambilan"
    assert "original-opened" not in [
        one.entry.kind for one in Tracked(holder_of(complaint))._opened if one.payload
    ]


def test_an_entry_that_is_no_evidence_or_is_sealed_is_no_piece(world: World) -> None:
    complaint = with_evidence(accepted())
    for one in complaint.now().entries.all():
        assert piece_of(Opened(one, None)) is None
    filed = complaint.now().entries.exclude(kind=EVIDENCE).get()
    assert piece_of(Opened(filed, {"text": "x"})) is None


def test_evidence_after_the_lapse_flags_the_case(file_case: FileCase) -> None:
    complaint = file_case()
    type(complaint.case).objects.update(reason="B")
    evidence_of.add_by_complainant(holder_of(complaint), [accepted()])
    assert complaint.now().late_answer


# Acceptance and the basket.


def test_a_file_of_no_bytes_and_one_too_large_leave_nothing() -> None:
    empty = Acceptance("kosong.txt", limit=10)
    with pytest.raises(Rejected):
        empty.finish()
    large = Acceptance("besar.txt", limit=10)
    with pytest.raises(Rejected):
        large.write(b"x" * 11)
    large.abort()
    assert stored_names() == set()


def test_storage_that_is_away_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_name: str) -> None:
        raise Unavailable

    monkeypatch.setattr(type(store()), "create", lambda _self, name: away(name))
    with pytest.raises(Rejected):
        Acceptance("x.txt", limit=10)


def test_leaving_the_basket_deletes_what_was_not_kept() -> None:
    with Basket() as basket:
        for name in ("a.txt", "b.txt"):
            assert basket.begin(name, announced=100)
            assert basket.write(name.encode())
            basket.finish()
        basket.keep(basket.files[:1])
        kept = basket.files[0].uid
    assert stored_names() == {kept}


def test_a_sealed_basket_comes_back_whole_and_a_forged_one_does_not() -> None:
    with Basket() as basket:
        basket.begin("a.txt", announced=10)
        basket.write(b"isi")
        basket.finish()
        sealed = basket.seal()
    with Basket() as again:
        again.take_kept(sealed)
        assert again.files == basket.files
    with Basket() as forged:
        forged.take_kept(sealed[:-4] + "AAAA")
        forged.take_kept("")
        assert forged.files == []
    assert stored_names() == {basket.files[0].uid}


def test_a_file_taken_out_is_gone() -> None:
    with Basket() as basket:
        basket.begin("a.txt", announced=10)
        basket.write(b"isi")
        basket.finish()
        sealed = basket.seal()
    with Basket() as again:
        again.take_kept(sealed)
        again.remove("unknown")
        again.remove(again.files[0].uid)
        assert again.files == []
        assert again.seal() == ""
    assert stored_names() == set()


def test_an_interrupted_file_leaves_nothing_and_frees_its_place() -> None:
    def interrupted() -> None:
        with Basket() as basket:
            assert basket.begin("a.txt", announced=10)
            basket.write(b"isi")
            raise OSError("the line broke")

    for _time in range(baskets.MOST_AT_ONCE + 2):
        with pytest.raises(OSError, match="line"):
            interrupted()
    assert stored_names() == set()


def test_more_files_at_once_than_there_are_places_have_to_wait() -> None:
    busy = [Basket() for _one in range(baskets.MOST_AT_ONCE)]
    assert all(one.begin("a.txt", announced=1) for one in busy)
    with Basket() as late:
        assert not late.begin("b.txt", announced=1)
        assert late.refused[0].name == "b.txt"
        assert not late.write(b"x")
        late.finish()
    for one in busy:
        one.__exit__()
    with Basket() as again:
        assert again.begin("c.txt", announced=1)


@pytest.mark.folder
def test_no_room_and_too_many_are_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "SIPUMA", settings.SIPUMA.model_copy(update={"max_files": 1}))
    with Basket() as basket:
        assert not basket.begin("gajah.mp4", announced=10**18)
        assert basket.begin("a.txt", announced=1)
        basket.write(b"x")
        basket.finish()
        assert not basket.begin("b.txt", announced=1)
        assert [one.name for one in basket.refused] == ["gajah.mp4", "b.txt"]
