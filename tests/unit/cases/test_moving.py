"""A case that goes one level up: a new one with other keys, and no way in for those whom it left."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from sipuma import vault
from sipuma.cases import flow
from sipuma.cases import moving as moving_of
from sipuma.cases.access import visible, within_reach
from sipuma.cases.entries import COMPLAINANT, Signature, append, mark
from sipuma.cases.models import Audience, Case, Entry, Evidence, ReportedEmployee, Seal, Ticket
from sipuma.cases.moving import Destination, Moving, prepare, save
from sipuma.cases.opening import Reader
from sipuma.cases.tickets import find_by_text, find_holder, keys_of
from sipuma.cases.workflow import Attempt
from sipuma.complaints import evidence as evidence_of
from sipuma.complaints.contact_file import on_file
from sipuma.complaints.custody import seal_identity_again
from sipuma.complaints.filing import Filing, file
from sipuma.complaints.models import Reception
from sipuma.complaints.states import S
from sipuma.complaints.tracking import Tracked, write
from sipuma.complaints.workflow import WORKFLOW
from sipuma.offices.loading import SUBSTITUTE
from sipuma.offices.models import Member, Office, Team, TeamKey, TeamKind
from sipuma.offices.officer import Officer
from sipuma.offices.places import Role
from sipuma.offices.refusal import Refused
from sipuma.outbox.models import Message
from tests.unit.cases.test_evidence import TEXT, accepted
from tests.ways import Walker, holder_of
from tests.world import ACEH, KI, SABANG, Complaint, FileCase, RecordCase, World

SECRET = "Kepala UKI meminta uang"
ABOVE = ("kepala-uki", ACEH)


def fresh(officer: Officer) -> Officer:
    return Officer(Member.objects.get(pk=officer.member.pk), officer.ring.pair)


def successor(complaint: Complaint) -> Case:
    related = ("team__office", "verification__office", "office", "reception", "ticket_team")
    return Case.objects.select_related(*related).get(predecessor=complaint.case)


def opened(officer: Officer, case: Case) -> dict[str, str]:
    """Return what the officer's keys open of a case by any way there is: payloads by kind of entry."""
    lines = Reader([case], fresh(officer).ring.private).timeline()
    return {line.entry.kind: str(line.payload) for line in lines if line.payload}


def moved(world: World, complaint: Complaint, office: str = SABANG, above: tuple[str, str] = ABOVE) -> Case:
    """Send the complaint one level up, as it is, and return the new case."""
    world.officer(*above)
    Walker(world, complaint).step("escalate_conflict", "verifikator", office)
    return successor(complaint)


@pytest.fixture
def complaint(file_case: FileCase) -> Complaint:
    return file_case(
        what=SECRET, name="Nama Pelapor", callback="0651-1", email="pelapor@surat.example", disclose=False
    )


def test_the_case_goes_on_one_level_up_under_a_number_of_the_office_there(
    world: World, complaint: Complaint
) -> None:
    received = complaint.case.received_at
    case = moved(world, complaint)
    assert case.register.startswith(f"{ACEH}-")
    assert (case.team.office_id, case.verification.office_id, case.state) == (ACEH, ACEH, S.RECEIVED)
    assert (case.received_at, case.due) == (received, complaint.case.due)
    assert complaint.now().state == S.MOVED
    assert complaint.now().due is None
    assert complaint.now().moved_at is not None
    found = opened(world.officer(*ABOVE), case)
    assert SECRET in found["filed"]
    assert "0651-1" in found["contact-path"]
    assert "UKI sendiri" in found["moved-up"]


def test_the_old_office_has_no_way_into_either_case(world: World, complaint: Complaint) -> None:
    officers = [world.officer(role) for role in ("verifikator", "kepala-uki", "penerima", "pengkaji-unit")]
    case = moved(world, complaint)
    old = complaint.now()
    for officer in map(fresh, officers):
        assert opened(officer, old) == opened(officer, case) == {}
        assert not visible(officer).exists()
        assert not within_reach(officer).exists()
    keys = TeamKey.objects.filter(team__office=SABANG).values("fingerprint")
    assert not Seal.objects.filter(reader__in=keys).exists()


def test_nobody_at_all_opens_what_stayed_behind(world: World, complaint: Complaint) -> None:
    Walker(world, complaint).verified()
    texts = Entry.objects.filter(case=complaint.case, ciphertext__isnull=False).count()
    moved(world, complaint)
    assert opened(world.officer(*ABOVE), complaint.now()) == {}
    # The ciphertexts stay as they were, without a reader.
    assert Entry.objects.filter(case=complaint.case, ciphertext__isnull=False).count() == texts


def test_entries_keep_their_times_authors_and_words(world: World, complaint: Complaint) -> None:
    walker = Walker(world, complaint)
    walker.verified()
    walker.step("note", "verifikator", note="Catatan dalam")
    before = [(e.kind, e.at, e.member, e.author, e.move, e.source, e.target) for e in _told(complaint.case)]
    case = moved(world, complaint)
    after = [(e.kind, e.at, e.member, e.author, e.move, e.source, e.target) for e in _told(case)]
    assert after[: len(before)] == before
    found = opened(world.officer(*ABOVE), case)
    assert "Catatan dalam" in found["note"]
    assert "suap" in found["assessment"]
    assert (case.type, case.assessed_at) == ("", None)


def _told(case: Case) -> list[Entry]:
    return list(Entry.objects.filter(case=case).exclude(audience=Audience.CUSTODIANS).order_by("pk"))


def test_the_ticket_works_on_and_shows_the_new_number(world: World, complaint: Complaint) -> None:
    case = moved(world, complaint)
    tracked = Tracked(holder_of(complaint))
    assert tracked.register == case.register
    assert tracked.matter["what"] == SECRET
    assert len(tracked.conversation) == 1
    write(holder_of(complaint), "Ada lagi.")
    assert "Ada lagi." in opened(world.officer(*ABOVE), case)["message"]


def test_a_page_of_the_ticket_from_before_is_told_to_open_it_again(
    world: World, complaint: Complaint
) -> None:
    before = holder_of(complaint)
    moved(world, complaint)
    with pytest.raises(Refused, match=r"moved|pindah"):
        write(before, "Ada lagi.")
    with pytest.raises(Refused, match=r"moved|pindah"):
        evidence_of.add_by_complainant(before, [accepted()])


def test_a_ticket_that_was_issued_later_reads_everything_there(world: World, complaint: Complaint) -> None:
    walker = Walker(world, complaint)
    walker.step("reissue_ticket", "verifikator")
    assert Case.objects.get(pk=complaint.case.pk).ticket_certificate is not None
    case = moved(world, complaint)
    assert case.complainant_key is not None
    assert case.ticket_certificate is None
    assert find_by_text(complaint.ticket.grouped) is None
    readable = Seal.objects.filter(case=case, reader=case.complainant_key.fingerprint)
    assert readable.filter(object__in=case.entries.filter(kind="filed").values("uid")).exists()


def test_a_ticket_led_to_another_case_by_changed_rows_opens_nothing(
    world: World, complaint: Complaint, file_case: FileCase
) -> None:
    other = file_case()
    moved(world, complaint)
    Ticket.objects.filter(case__predecessor=complaint.case).update(case=other.case)
    with pytest.raises(vault.Unopenable):
        find_holder(keys_of(complaint.ticket))


def test_contacts_go_with_the_case_and_count_there(world: World, complaint: Complaint) -> None:
    case = moved(world, complaint)
    assert [one.channel for one in on_file(case)] == ["email"]
    assert on_file(complaint.now()) == []
    told = Message.objects.filter(reference=case.register).values_list("template", flat=True)
    assert set(told) == {"news", "staff-case"}


def test_an_identity_stays_sealed_in_halves_with_its_custodians(world: World, complaint: Complaint) -> None:
    case = moved(world, complaint)
    identity = Entry.objects.get(kind="identity")
    assert identity.case_id == complaint.case.pk
    readers = {
        bytes(one) for one in Seal.objects.filter(object=identity.uid).values_list("reader", flat=True)
    }
    keys = TeamKey.objects.filter(fingerprint__in=readers).select_related("team")
    assert {(key.team.office_id, key.team.kind) for key in keys} == {
        (ACEH, TeamKind.CUSTODIAN),
        (KI, TeamKind.CUSTODIAN),
    }
    assert "identity" not in opened(world.officer(*ABOVE), case)


def test_an_identity_that_the_complainant_opened_is_sealed_anew_to_the_new_unit(
    world: World, file_case: FileCase
) -> None:
    complaint = file_case(name="Nama Pelapor", disclose=True)
    case = moved(world, complaint)
    assert "Nama Pelapor" in opened(world.officer(*ABOVE), case)["identity"]
    assert not Seal.objects.filter(case=complaint.case).exists()
    readers = Seal.objects.filter(object=case.entries.get(kind="identity").uid).values("reader")
    assert TeamKey.objects.filter(fingerprint__in=readers, team__kind=TeamKind.CUSTODIAN).count() == 2


def test_files_go_with_the_case_and_none_is_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = vault.Ticket.draw()
    filing = Filing(what="a", how="b", office=Office.objects.get(pk=SABANG))
    complaint = Complaint(file(filing, ticket, files=[accepted()]).case, ticket)
    with monkeypatch.context() as closed:
        closed.setattr("sipuma.files.plain.store", lambda: pytest.fail("a file was opened"))
        case = moved(world, complaint)
    (piece,) = evidence_of.pieces_for(case, world.officer(*ABOVE))
    assert piece.open_original().read() == TEXT
    assert not Evidence.objects.filter(case=complaint.case).exists()


def test_reported_employees_and_follow_ups_go_with_it(world: World, complaint: Complaint) -> None:
    walker = Walker(world, complaint)
    walker.verified()
    walker.step("record_employee", "verifikator", employee_state="retired")
    case = moved(world, complaint)
    assert ReportedEmployee.objects.get().case_id == case.pk
    assert ReportedEmployee.objects.get().entry.case_id == case.pk


def test_a_case_recorded_at_a_desk_goes_on_at_the_desk_above(world: World, record_case: RecordCase) -> None:
    complaint = record_case(name="Nama Pelapor")
    case = moved(world, complaint)
    assert case.reception is not None
    assert case.reception.office_id == ACEH
    assert case.complainant_public is None
    assert Reception.objects.get(case=complaint.case).completed_at is not None
    desk = fresh(world.officer("penerima"))
    assert opened(desk, complaint.now()) == opened(desk, case) == {}
    assert within_reach(world.officer("penerima", ACEH)).filter(pk=case.pk).exists()
    assert not within_reach(desk).exists()
    keys = TeamKey.objects.filter(team__office=SABANG).values("fingerprint")
    assert not Seal.objects.filter(reader__in=keys).exists()


def test_a_case_may_go_up_twice_and_ends_with_the_substitute(world: World, complaint: Complaint) -> None:
    first = moved(world, complaint)
    second = moved(world, Complaint(first, complaint.ticket), ACEH, ("kepala-uki", KI))
    third = moved(world, Complaint(second, complaint.ticket), KI, ("pyb", SUBSTITUTE))
    assert (third.team.office_id, third.team.kind, third.state) == (SUBSTITUTE, TeamKind.PYB, S.PYB)
    assert third.due != second.due
    assert Tracked(holder_of(complaint)).register == third.register
    assert Tracked(holder_of(complaint)).matter["what"] == SECRET
    assert SECRET in opened(world.officer("pyb", SUBSTITUTE), third)["filed"]
    for role in ("kepala-uki", "pyb", "pengkaji"):
        assert opened(world.officer(role, KI), third) == {}


def test_it_does_not_go_up_to_nobody(world: World, complaint: Complaint) -> None:
    with pytest.raises(Refused, match=r"[Nn]obody|[Bb]elum ada"):
        Walker(world, complaint).step("escalate_conflict", "verifikator")
    assert complaint.now().state == S.RECEIVED


# All or nothing.


def prepared(world: World, complaint: Complaint, officer: Officer | None = None) -> Moving:
    team = Team.objects.select_related("office").get(office_id=ACEH, kind=TeamKind.VERIFICATION)
    seal = seal_identity_again(team, complainant=None)
    officer = officer or world.officer("verifikator")
    return prepare(complaint.now(), to=Destination(team, S.RECEIVED), officer=officer, seal_identity=seal)


def test_who_does_not_hold_the_case_key_moves_nothing(world: World, complaint: Complaint) -> None:
    with pytest.raises(PermissionError):
        prepared(world, complaint, world.officer("penerima"))


def test_nobody_without_an_unlocked_key_moves_a_case(world: World, complaint: Complaint) -> None:
    world.officer(*ABOVE)
    move = WORKFLOW.move("escalate_conflict")
    attempt = Attempt(
        complaint.now(), move, {"reason": "UKI."}, Role.VERIFIER, Signature("system"), timezone.now()
    )
    with pytest.raises(PermissionError):
        flow.carry_out(WORKFLOW, attempt)
    assert complaint.now().moved_at is None


def test_a_text_that_does_not_open_stops_it_all(world: World, complaint: Complaint) -> None:
    filed = Entry.objects.get(case=complaint.case, kind="filed")
    Entry.objects.filter(pk=filed.pk).update(ciphertext=bytes(filed.ciphertext or b"")[:-1] + b"x")
    with pytest.raises(Refused, match=r"can’t be opened|tidak dapat dibuka"):
        moved(world, complaint)
    assert not Case.objects.filter(predecessor=complaint.case).exists()
    assert complaint.now().state == S.RECEIVED


def test_what_comes_in_meanwhile_is_not_lost(world: World, complaint: Complaint) -> None:
    ready = prepared(world, complaint)
    write(holder_of(complaint), "Baru saja.")
    with pytest.raises(Refused, match=r"just come|baru saja"):
        save(ready, at=timezone.now(), own=[])
    assert not Case.objects.filter(predecessor=complaint.case).exists()


def test_a_failure_in_the_midst_leaves_everything_as_it_was(
    world: World, complaint: Complaint, monkeypatch: pytest.MonkeyPatch
) -> None:
    seals = set(Seal.objects.values_list("object", "reader"))
    monkeypatch.setattr(moving_of, "_close_behind", _fail)
    with pytest.raises(OSError, match="disk"), transaction.atomic():
        moved(world, complaint)
    assert complaint.now().state == S.RECEIVED
    assert set(Seal.objects.values_list("object", "reader")) == seals
    assert SECRET in opened(world.officer("verifikator"), complaint.now())["filed"]
    assert Tracked(holder_of(complaint)).register == complaint.case.register


def _fail(_moving: Moving) -> None:
    raise OSError("disk full")


def test_a_row_that_calls_a_note_a_letter_hands_it_to_nobody(world: World, complaint: Complaint) -> None:
    walker = Walker(world, complaint)
    walker.verified()
    walker.step("note", "verifikator", note="Catatan dalam")
    Entry.objects.filter(kind="note").update(audience=Audience.COMPLAINANT)
    case = moved(world, complaint)
    assert case.entries.get(kind="note").audience == Audience.HANDLERS
    assert "Catatan dalam" not in str(Tracked(holder_of(complaint)).conversation)


def test_nothing_is_written_to_a_case_that_has_moved(world: World, complaint: Complaint) -> None:
    moved(world, complaint)
    entry = mark("note", audience=Audience.HANDLERS)
    with pytest.raises(Refused), transaction.atomic():
        append(complaint.now(), [entry], by=COMPLAINANT, at=timezone.now() + timedelta(days=1))
