"""No page of any role shows a reported employee the case about them, nor one that went one level up."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from sipuma import vault
from sipuma.cases.models import Case, Exclusion, ReadLog
from sipuma.complaints.filing import Filing, file
from sipuma.offices.models import Member, Office
from sipuma.offices.nip import nip_mark
from sipuma.offices.refusal import Refused
from sipuma.workspace.models import Upload
from tests.flow.staff import QUEUE, browser_of, page_of, text_of
from tests.unit.cases.test_evidence import accepted
from tests.ways import Walker
from tests.world import ACEH, KI, MALILI, SABANG, Complaint, RecordCase, World

BOOK = "/petugas/penerimaan/buku/"
DESK = "/petugas/penerimaan/"
NIP = "198507172010121003"
UID = "00000000-0000-4000-8000-000000000000"
# Every page of the staff that has a register number in its address.
PATHS = (
    "kasus/{}/",
    "kasus/{}/formulir.pdf",
    "kasus/{}/tanda-terima.pdf",
    "kasus/{}/wise/",
    "kasus/{}/tenggat/",
    "kasus/{}/banding/130300-2026-000999/",
    "kasus/{}/bukti/",
    f"kasus/{{}}/bukti/{UID}/",
    f"isi/{{}}/{UID}/tampil",
    f"isi/{{}}/{UID}/halaman/1.png",
    f"isi/{{}}/{UID}/salinan",
    "unggah/{}/",
    f"unggah/{{}}/{UID}/",
)
# In which situation of the case each role would see it.
ROLES: tuple[tuple[str, str, Callable[[Walker], object]], ...] = (
    ("penerima", SABANG, lambda _walker: None),
    ("verifikator", SABANG, Walker.verified),
    ("kepala-uki", SABANG, Walker.verified),
    ("pengkaji-unit", SABANG, Walker.unit),
    ("pyb", KI, Walker.pyb),
    ("pengkaji", ACEH, Walker.assessment),
    ("kepala-uki", ACEH, Walker.assessment),
    ("pengkaji-unit", MALILI, Walker.follow_up),
    ("kustodian", ACEH, Walker.verified),
)


def shut_out(world: World, walker: Walker, role: str, office: str) -> None:
    """Record the member by NIP after the case came to them, as the desk may at any time."""
    member = world.officer(role, office).member
    Member.objects.filter(pk=member.pk).update(nip=nip_mark(NIP))
    walker.step("desk_employee", "penerima", nip=NIP)
    assert Exclusion.objects.exists()


def compared(client: Client, path: str, register: str, method: str) -> None:
    """Check that a page answers exactly as for a number that nobody has."""
    absent = f"{SABANG}-2026-999999"
    answers = [getattr(client, method)(f"/petugas/{path.format(one)}") for one in (register, absent)]
    there, missing = answers
    # 405 and 412: not asked in the way that the page answers at all.
    assert there.status_code == missing.status_code, path
    assert there.status_code in {404, 405, 412}, path
    assert there.content == missing.content.replace(absent.encode(), register.encode()), path


@pytest.mark.parametrize(("role", "office", "way"), ROLES, ids=[f"{r}-{o}" for r, o, _w in ROLES])
def test_a_reported_employee_in_any_role_is_answered_as_if_there_were_no_such_case(
    world: World, record_case: RecordCase, role: str, office: str, way: Callable[[Walker], object]
) -> None:
    walker = Walker(world, record_case(name="Pengadu Contoh"))
    walker.step("tell_register", "penerima")
    way(walker)
    client, register = browser_of(world, role, office), walker.complaint.case.register
    seen = client.get(f"/petugas/{PATHS[0].format(register)}").status_code
    assert seen == (404 if role == "kustodian" else 200)
    shut_out(world, walker, role, office)
    for path in PATHS:
        for method in ("get", "head", "post"):
            compared(client, path, register, method)
    for page in (QUEUE, f"{QUEUE}?scope=all", DESK, BOOK, f"{DESK}?register={register}"):
        assert register not in text_of(client.get(page)).replace(f"register={register}", "")


def test_the_pages_of_evidence_close_as_well(world: World) -> None:
    ticket = vault.Ticket.draw()
    filing = Filing(what="a", how="b", office=Office.objects.get(pk=SABANG))
    case = file(filing, ticket, files=[accepted()]).case
    walker = Walker(world, Complaint(case, ticket))
    walker.verified()
    client = browser_of(world, "verifikator")
    uid = case.evidence.get().uid
    page = f"/petugas/kasus/{case.register}/bukti/{uid}/"
    assert client.get(page).status_code == 200
    member = world.officer("verifikator").member
    walker.step("record_employee", "kepala-uki", colleague=str(member.pk), nip="")
    for path in (
        page,
        f"/petugas/isi/{case.register}/{uid}/tampil",
        f"/petugas/isi/{case.register}/{uid}/salinan",
    ):
        assert client.get(path).status_code == 404


def test_who_turns_out_to_be_reported_on_opening_the_case_sees_nothing_of_it(
    world: World, record_case: RecordCase
) -> None:
    walker = Walker(world, record_case())
    walker.verified()
    walker.step("record_employee", "verifikator", nip=NIP)
    client = browser_of(world, "kepala-uki")
    member = world.officer("kepala-uki").member
    Member.objects.filter(pk=member.pk).update(nip=nip_mark(NIP))
    compared(client, PATHS[0], walker.complaint.case.register, "get")
    assert not ReadLog.objects.filter(member=member).exists()
    assert walker.complaint.case.register not in text_of(client.get(QUEUE))


def test_an_officer_sends_a_case_up_and_nobody_at_the_office_finds_it_again(
    world: World, record_case: RecordCase
) -> None:
    complaint = record_case()
    above = browser_of(world, "verifikator", ACEH)
    register = complaint.case.register
    clients = [browser_of(world, role) for role in ("verifikator", "kepala-uki", "penerima", "pengkaji-unit")]
    page = page_of(register)
    shown = text_of(clients[0].get(page))
    assert "Kirim satu tingkat ke atas" in shown
    sent = clients[0].post(page, {"move": "escalate_conflict", "reason": "Kepala UKI diadukan."}, follow=True)
    assert sent.redirect_chain == [(QUEUE, 302)]
    assert f"{register} tidak lagi pada Anda" in text_of(sent)
    new = Case.objects.get(predecessor=complaint.case)
    for client in clients:
        for one in (register, new.register):
            for path in PATHS:
                compared(client, path, one, "get")
        assert new.register not in text_of(client.get(f"{QUEUE}?scope=all"))
    book = text_of(clients[2].get(BOOK))
    assert register in book
    assert "Dialihkan" in book
    assert new.register not in book
    assert text_of(above.get(page_of(new.register))).count("Kepala UKI diadukan.") == 1
    assert new.register in text_of(above.get(QUEUE))


def test_a_case_is_not_sent_up_without_a_reason(world: World, record_case: RecordCase) -> None:
    complaint = record_case()
    world.officer("verifikator", ACEH)
    client = browser_of(world, "verifikator")
    answer = client.post(page_of(complaint.case.register), {"move": "escalate_conflict", "reason": " "})
    assert answer.status_code == 422
    assert "Isi “Alasan”." in text_of(answer)
    assert complaint.now().moved_at is None


def test_the_desk_above_can_add_to_what_another_desk_recorded(world: World, record_case: RecordCase) -> None:
    complaint = record_case()
    world.officer("verifikator", ACEH)
    Walker(world, complaint).step("escalate_conflict", "verifikator")
    new = Case.objects.get(predecessor=complaint.case)
    client = browser_of(world, "penerima", ACEH)
    shown = text_of(client.get(page_of(new.register)))
    assert "dicatat di kantor lain" in shown
    added = {"move": "add_data", "nature": "tambahan", "message": "Ada saksi.", "reason": "Menelepon lagi."}
    assert client.post(page_of(new.register), added).status_code == 302
    assert new.entries.filter(kind="addition").exists()


def test_a_file_on_its_way_into_a_case_that_went_up_stays_outside(
    world: World, record_case: RecordCase
) -> None:
    complaint = record_case()
    receiver = world.officer("penerima")
    upload = Upload.objects.create(
        member=receiver.member, case=complaint.case, sealed=b"", length=1, expires_at=timezone.now()
    )
    world.officer("verifikator", ACEH)
    Walker(world, complaint).step("escalate_conflict", "verifikator")
    client = browser_of(world, "penerima")
    compared(client, f"unggah/{{}}/{upload.uid}/", complaint.case.register, "head")


def test_no_search_finds_the_case_for_a_reported_colleague(world: World, record_case: RecordCase) -> None:
    walker = Walker(world, record_case(what="Perahu ketinting ditahan."))
    register = walker.complaint.case.register
    walker.verified()
    colleague = browser_of(world, "verifikator")
    colleague.get(page_of(register))  # its words go into the index
    asked = ({"words": "ketinting"}, {"register": register}, {"state": "VERIFIKASI"})
    for one in asked:
        assert register in text_of(colleague.post("/petugas/cari/", one, follow=True))
    shut_out(world, walker, "verifikator", SABANG)
    for one in asked:
        assert f"{register} " not in text_of(colleague.post("/petugas/cari/", one, follow=True))


def test_a_reported_colleague_is_neither_assigned_nor_mentioned(
    world: World, record_case: RecordCase
) -> None:
    walker = Walker(world, record_case())
    walker.verified()
    reported = world.officer("verifikator").member.user.get_username()
    shut_out(world, walker, "verifikator", SABANG)
    for name, values in (("assign", {"assignee": reported}), ("note", {"note": f"@{reported} lihat ini."})):
        with pytest.raises(Refused):
            walker.step(name, "kepala-uki", **values)
