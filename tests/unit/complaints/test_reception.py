"""Manual reception (S1): what a desk records, reads, adds, tells and sends, and what it never sees."""

import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import override

from sipuma import vault
from sipuma.cases import flow
from sipuma.cases.access import visible, within_reach
from sipuma.cases.models import Case, Entry, Evidence, ReportedEmployee, Seal, Ticket
from sipuma.cases.opening import Reader
from sipuma.cases.resealing import reseal_for_complainant
from sipuma.cases.tickets import find_by_text
from sipuma.complaints.models import Reception, Told
from sipuma.complaints.reception import Recording, desks_of, record
from sipuma.complaints.states import S
from sipuma.complaints.tracking import Tracked, write
from sipuma.complaints.workflow import WORKFLOW
from sipuma.offices.models import TeamKind
from sipuma.offices.officer import Officer
from sipuma.offices.refusal import Refused
from sipuma.offices.trust import Untrusted
from sipuma.outbox import delivery
from sipuma.outbox.gateways import Parcel
from sipuma.outbox.models import Message
from tests.ways import Walker
from tests.world import ACEH, MALILI, SABANG, Complaint, RecordCase, World, move

RECORDING = Recording("LETTER", "Uang diminta", "", "", "", "Di loket", frozenset({"who", "when", "where"}))
Payloads = dict[str, dict[str, object] | None]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Read refusals in English, whatever their translation."""
    with override("en"):
        yield


def readable(case: Case, officer: Officer) -> Payloads:
    """Return the payloads of a case by the entry's kind, None for what the officer can't open."""
    return {one.entry.kind: one.payload for one in Reader([case], officer.private).timeline()}


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """Return what delivers the outbox and returns the bodies that went to complainants."""
    bodies: list[str] = []

    def take(parcel: Parcel) -> None:
        bodies.append(parcel.body)

    monkeypatch.setattr(delivery, "gateway_of", lambda _channel: take)

    def deliver() -> list[str]:
        delivery.deliver_waiting()
        return bodies

    return deliver


def ticket_in(bodies: list[str]) -> str:
    """Return the ticket in the newest message that holds one."""
    words = [word.strip(".,") for body in reversed(bodies) for word in body.split()]
    return next(word for word in words if word.count("-") == 5)


def test_a_recorded_complaint_gets_a_number_and_no_ticket(world: World, record_case: RecordCase) -> None:
    case = record_case().case
    assert case.register == f"{SABANG}-{timezone.localdate().year}-000001"
    assert (case.state, case.channel, case.has_ticket) == (S.RECEIVED, "HELPDESK", False)
    assert Ticket.objects.count() == 0
    assert case.reception is not None
    assert case.reception.kind == TeamKind.RECEPTION
    assert Reception.objects.get(case=case).member.user.username == f"penerima.{SABANG}"


def test_the_verifiers_are_told_and_read_it(world: World, record_case: RecordCase) -> None:
    verifier = world.officer("verifikator")
    case = record_case(name="Pelapor Contoh").case
    assert Message.objects.filter(template="staff-case", reference=case.register).exists()
    found = readable(case, verifier)
    assert found["filed"] is not None
    assert found["contact-path"] == {
        "schema": "contact-path",
        "version": 1,
        "audience": "verification",
        "text": "Telepon 0811 000 111",
    }
    assert found["identity"] is None


def test_the_desk_reads_what_it_recorded_while_reception_is_open(
    world: World, record_case: RecordCase
) -> None:
    case = record_case(name="Pelapor Contoh", incomplete="Alamat tidak jelas").case
    found = readable(case, world.officer("penerima"))
    assert all(found[kind] for kind in ("filed", "contact-path", "identity", "completeness"))
    assert visible(world.officer("penerima")).filter(pk=case.pk).exists()


def test_the_desk_reads_nothing_of_the_handling(world: World, record_case: RecordCase) -> None:
    complaint = record_case()
    Walker(world, complaint).verified()
    move(complaint, "note", by=world.officer("verifikator"), note="Rahasia penanganan")
    found = readable(complaint.now(), world.officer("penerima"))
    assert found["note"] is None
    assert found["assessment"] is None


def completed(world: World, complaint: Complaint) -> None:
    receiver = world.officer("penerima")
    move(complaint, "tell_register", by=receiver, told=Told.PHONE, note="")
    move(complaint, "complete_reception", by=receiver)


def test_completion_takes_the_desks_eyes_and_leaves_its_hands(world: World, record_case: RecordCase) -> None:
    complaint = record_case(name="Pelapor Contoh")
    completed(world, complaint)
    receiver = world.officer("penerima")
    assert not any(readable(complaint.now(), receiver).values())
    assert not visible(receiver).filter(pk=complaint.case.pk).exists()
    assert within_reach(receiver).filter(pk=complaint.case.pk).exists()
    move(complaint, "add_data", by=receiver, nature="tambahan", message="Bukti baru", reason="Datang lagi")
    assert readable(complaint.now(), receiver)["addition"] is None
    added = readable(complaint.now(), world.officer("verifikator"))["addition"]
    assert added is not None
    assert added["text"] == "Bukti baru"


def test_another_desk_can_neither_read_nor_add(world: World, record_case: RecordCase) -> None:
    complaint = record_case()
    other = world.officer("penerima", MALILI)
    assert not within_reach(other).filter(pk=complaint.case.pk).exists()
    with pytest.raises(Refused):
        move(complaint, "add_data", by=other, nature="tambahan", message="x", reason="x")
    with pytest.raises(PermissionError):
        record(
            RECORDING,
            by=other,
            desk=desks_of(world.officer("penerima"))[0],
            once=uuid.uuid4(),
            started=timezone.now(),
        )


@pytest.mark.parametrize("told", [Told.IN_PERSON, Told.UNREACHABLE])
def test_reception_ends_only_when_telling_is_recorded(
    world: World, record_case: RecordCase, told: Told
) -> None:
    complaint, receiver = record_case(), world.officer("penerima")
    with pytest.raises(Refused, match="register number"):
        move(complaint, "complete_reception", by=receiver)
    move(complaint, "tell_register", by=receiver, told=told, note="")
    move(complaint, "complete_reception", by=receiver)
    row = Reception.objects.get()
    assert (row.told, row.told_by, row.completed_by) == (told, receiver.member, receiver.member)
    assert row.completed_at is not None
    with pytest.raises(Refused, match="completed"):
        move(complaint, "complete_reception", by=receiver)


def test_no_path_is_not_believed_of_somebody_who_left_one(world: World, record_case: RecordCase) -> None:
    receiver = world.officer("penerima")
    with pytest.raises(Refused, match="recorded") as refused:
        move(record_case(), "tell_register", by=receiver, told=Told.NO_PATH, note="")
    assert refused.value.field == "told"
    move(record_case(callback=""), "tell_register", by=receiver, told=Told.NO_PATH, note="")


def test_the_same_form_twice_is_one_case(world: World) -> None:
    receiver, once = world.officer("penerima"), uuid.uuid4()
    desk = desks_of(receiver)[0]
    now = timezone.now()
    cases = [record(RECORDING, by=receiver, desk=desk, once=once, started=now) for _time in range(2)]
    assert cases[0] == cases[1]
    assert Case.objects.count() == 1
    assert record(RECORDING, by=receiver, desk=desk, once=uuid.uuid4(), started=now).register.endswith("02")


def test_a_colleague_cannot_learn_a_case_by_its_form(world: World) -> None:
    receiver, other, once = world.officer("penerima"), world.officer("penerima", MALILI), uuid.uuid4()
    record(RECORDING, by=receiver, desk=desks_of(receiver)[0], once=once, started=timezone.now())
    with pytest.raises(DatabaseError), transaction.atomic():
        record(RECORDING, by=other, desk=desks_of(other)[0], once=once, started=timezone.now())
    assert Case.objects.count() == 1


def test_a_conflict_of_interest_goes_one_level_up_at_once(world: World, record_case: RecordCase) -> None:
    case = record_case(conflict=True).case
    assert case.office_id == ACEH
    assert case.verification.office_id == ACEH
    assert case.reception is not None
    assert case.reception.office_id == SABANG


def test_the_first_text_stays_and_corrections_stand_beside_it(world: World, record_case: RecordCase) -> None:
    complaint, receiver = record_case(), world.officer("penerima")
    before = Entry.objects.get(kind="filed").ciphertext
    ralat = {"nature": "ralat", "message": "Selasa, bukan Senin", "reason": "Salah dengar"}
    move(complaint, "add_data", by=receiver, **ralat)
    assert Entry.objects.get(kind="filed").ciphertext == before
    entry = Entry.objects.get(kind="addition")
    found = readable(complaint.now(), receiver)["addition"]
    assert found is not None
    assert (found["nature"], found["reason"], entry.member) == ("ralat", "Salah dengar", receiver.member)


def test_an_employee_recorded_by_mistake_counts_no_more(world: World, record_case: RecordCase) -> None:
    complaint, verifier = record_case(), world.officer("verifikator")
    move(complaint, "desk_employee", by=world.officer("penerima"), employee_state="known", employee_name="A")
    Walker(world, complaint).verified()
    move(complaint, "record_employee", by=verifier, employee_state="retired", employee_name="B")
    reason_d = {"reason": "D", "explanation": "Sudah pensiun."}
    with pytest.raises(Refused, match="every reported employee"):
        move(complaint, "not_actionable", by=verifier, **reason_d)
    first = str(ReportedEmployee.objects.order_by("pk")[0].pk)
    move(complaint, "retract_employee", by=verifier, employee=first, reason="Salah orang")
    assert move(complaint, "not_actionable", by=verifier, **reason_d).state == S.NOT_ACTIONABLE


def test_the_desk_answers_and_withdraws_for_the_complainant(world: World, record_case: RecordCase) -> None:
    complaint, receiver = record_case(), world.officer("penerima")
    Walker(world, complaint).waiting()
    assert Message.objects.filter(template="staff-case").exists()
    assert move(complaint, "answer", by=receiver, message="Senin pagi").state == S.VERIFICATION
    assert move(complaint, "withdraw", by=receiver, message="").state == S.WITHDRAWN


def test_an_answer_at_the_desk_after_the_14th_day_is_additional_data(
    world: World, record_case: RecordCase
) -> None:
    complaint, receiver = record_case(), world.officer("penerima")
    Walker(world, complaint).waiting()
    Case.objects.update(due=timezone.now() - timedelta(seconds=1))
    with pytest.raises(Refused, match="additional data"):
        move(complaint, "answer", by=receiver, message="Terlambat")
    move(complaint, "lapse", by=world.officer("verifikator"))
    move(complaint, "add_data", by=receiver, nature="tambahan", message="Terlambat", reason="Baru sempat")
    assert complaint.now().late_answer


# The ticket on request (S1 7 to 9; R23), and again (R83).


def test_a_ticket_goes_straight_to_the_complainant_who_reads_the_filed_text(
    world: World, record_case: RecordCase, sent: Callable[[], list[str]]
) -> None:
    complaint, receiver = record_case(), world.officer("penerima")
    move(complaint, "send_ticket", by=receiver, email="pelapor@surat.example", phone="")
    ticket = ticket_in(sent())
    holder = find_by_text(ticket)
    assert holder is not None
    tracked = Tracked(holder)
    assert tracked.matter["what"] == "Petugas meminta uang."
    assert not tracked.reads_later
    found = readable(complaint.now(), receiver)
    assert found["ticket-issued"] is not None
    assert found["ticket-issued"]["to"] == "p…@…"
    assert ticket.replace("-", "") not in str(found)


@pytest.mark.parametrize(
    ("email", "phone", "field"),
    [
        ("", "", "email"),
        ("bukan alamat", "", "email"),
        ("", "0652 21105", "phone"),
        ("", "1500225", "phone"),
        ("", "+1 202 555 0143", "phone"),
        ("a@b", "081234567890", "email"),
    ],
)
def test_no_ticket_goes_where_it_can_not_arrive(
    world: World, record_case: RecordCase, email: str, phone: str, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        move(record_case(), "send_ticket", by=world.officer("penerima"), email=email, phone=phone)
    assert refused.value.field == field
    assert Ticket.objects.count() == 0


def test_after_completion_earlier_texts_wait_for_a_handlers_visit(
    world: World, record_case: RecordCase, sent: Callable[[], list[str]]
) -> None:
    complaint, verifier = record_case(), world.officer("verifikator")
    completed(world, complaint)
    move(complaint, "send_ticket", by=world.officer("penerima"), email="p@surat.example", phone="")
    Walker(world, complaint).verified()
    move(complaint, "message", by=verifier, message="Kami periksa.")
    holder = find_by_text(ticket_in(sent()))
    assert holder is not None
    tracked = Tracked(holder)
    assert tracked.reads_later
    assert tracked.matter == {}
    assert [letter.text for letter in tracked.conversation] == ["Kami periksa."]
    assert tracked.state == S.VERIFICATION
    reseal_for_complainant(complaint.now(), verifier)
    after = Tracked(find_by_text(ticket_in(sent())) or holder)
    assert not after.reads_later
    assert after.matter["how"] == "Di loket."


def test_a_new_ticket_revokes_the_old_one_and_messages_go_to_the_new_key(
    world: World, record_case: RecordCase, sent: Callable[[], list[str]]
) -> None:
    complaint, receiver = record_case(), world.officer("penerima")
    move(complaint, "send_ticket", by=receiver, email="p@surat.example", phone="")
    first = ticket_in(sent())
    move(complaint, "send_ticket", by=receiver, email="", phone="081234567890")
    second = ticket_in(sent())
    assert first != second
    assert find_by_text(first) is None
    holder = find_by_text(second)
    assert holder is not None
    write(holder, "Terima kasih")
    assert [letter.text for letter in Tracked(holder).conversation] == ["Terima kasih"]


def test_verifiers_send_a_new_ticket_only_to_the_contact_on_file(
    world: World, file_case: Callable[..., Complaint], sent: Callable[[], list[str]]
) -> None:
    verifier = world.officer("verifikator")
    unreachable = file_case()
    with pytest.raises(Refused, match="on file"):
        move(unreachable, "reissue_ticket", by=verifier)
    complaint = file_case(email="pelapor@surat.example")
    assert find_by_text(complaint.ticket.grouped) is not None
    move(complaint, "reissue_ticket", by=verifier)
    assert find_by_text(complaint.ticket.grouped) is None
    holder = find_by_text(ticket_in(sent()))
    assert holder is not None
    assert Tracked(holder).matter["what"] == "Petugas meminta uang."


def test_a_complainants_key_put_in_by_hand_is_refused(
    world: World, record_case: RecordCase, file_case: Callable[..., Complaint]
) -> None:
    complaint, other = record_case(), record_case(MALILI)
    move(complaint, "send_ticket", by=world.officer("penerima"), email="p@surat.example", phone="")
    move(other, "send_ticket", by=world.officer("penerima", MALILI), email="p@surat.example", phone="")
    stolen = other.now()
    team = world.officer("verifikator").reach.teams(TeamKind.VERIFICATION)[0]
    forged: list[dict[str, Any]] = [
        {"ticket_certificate": stolen.ticket_certificate},
        {"ticket_certificate": stolen.ticket_certificate, "ticket_team": stolen.ticket_team},
        {"ticket_team": team},
        {"ticket_certificate": b"\x00" * 100},
        {"ticket_certificate": _by_a_member(complaint.now(), world.officer("verifikator"))},
    ]
    for changes in forged:
        with transaction.atomic():
            Case.objects.filter(pk=complaint.case.pk).update(**changes)
            with pytest.raises(Untrusted):
                _key = complaint.now().complainant_key
            transaction.set_rollback(True)
    assert complaint.now().complainant_key is not None


def _by_a_member(case: Case, officer: Officer) -> bytes:
    signing, mine = officer.ring.pair.signing, vault.generate()
    verify = signing.verify_key
    made = vault.certify(signing, subject=case.ticket_subject, epoch=0, encryption=mine.public, verify=verify)
    return made.to_bytes()


def test_nothing_of_a_recording_stands_in_clear_in_any_table(world: World, record_case: RecordCase) -> None:
    names = ("name", "address", "callback", "incomplete", "who")
    canaries = {name: f"Kenari{name.title()}Kuning" for name in names}
    record_case(**canaries, unknown=frozenset({"when", "where"}), email="kenari@surat.example")
    tables = (Case, Entry, Seal, Reception, Message, Evidence)
    cells = [str(row).casefold() for table in tables for row in table._default_manager.values_list()]
    raw = [bytes(entry.ciphertext or b"") for entry in Entry.objects.all()]
    assert not any("kenari" in cell for cell in cells)
    assert not any(b"kenari" in one.lower() for one in raw)


def test_flow_offers_the_desk_only_what_it_may(world: World, record_case: RecordCase) -> None:
    case = record_case().now()
    names = {option.move.name for option in flow.available(WORKFLOW, case, world.officer("penerima"))}
    desk = {"tell_register", "add_data", "desk_employee", "set_archive", "send_ticket", "withdraw"}
    assert names == desk | {"complete_reception"}


def test_a_ticket_that_is_still_on_its_way_is_withdrawn_when_a_new_one_is_drawn(
    world: World, record_case: RecordCase, sent: Callable[[], list[str]]
) -> None:
    complaint, receiver = record_case(), world.officer("penerima")
    move(complaint, "send_ticket", by=receiver, email="lama@surat.example", phone="")
    first = Message.objects.get(template="ticket")
    move(complaint, "send_ticket", by=receiver, email="baru@surat.example", phone="")
    first.refresh_from_db()
    assert (first.state, bytes(first.recipient), bytes(first.data)) == ("failed", b"", b"")
    assert find_by_text(ticket_in(sent())) is not None
    assert Message.objects.filter(template="ticket", state="sent").count() == 1


def test_after_completion_a_ticket_that_arrived_is_not_sent_elsewhere(
    world: World, record_case: RecordCase, sent: Callable[[], list[str]]
) -> None:
    complaint, receiver = record_case(), world.officer("penerima")
    move(complaint, "send_ticket", by=receiver, email="pelapor@surat.example", phone="")
    completed(world, complaint)
    # It has not arrived yet: a mistyped address can still be put right.
    move(complaint, "send_ticket", by=receiver, email="benar@surat.example", phone="")
    ticket = ticket_in(sent())
    assert not Message.objects.filter(template="ticket-replaced").exists()
    with pytest.raises(Refused, match="compliance unit"):
        move(complaint, "send_ticket", by=receiver, email="penerima@kantor.example", phone="")
    assert find_by_text(ticket) is not None
    move(complaint, "reissue_ticket", by=world.officer("verifikator"))
    assert find_by_text(ticket) is None


def test_whoever_got_a_ticket_is_told_when_another_is_sent_elsewhere(
    world: World, record_case: RecordCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    parcels: list[Parcel] = []
    monkeypatch.setattr(delivery, "gateway_of", lambda _channel: parcels.append)
    complaint, receiver = record_case(), world.officer("penerima")
    move(complaint, "send_ticket", by=receiver, email="pelapor@surat.example", phone="")
    delivery.deliver_waiting()
    move(complaint, "send_ticket", by=receiver, email="penerima@kantor.example", phone="")
    delivery.deliver_waiting()
    told = [one for one in parcels if "/saluran/" in one.body]
    assert [one.to for one in told] == ["pelapor@surat.example"]
    assert ticket_in([one.body for one in parcels]) not in told[0].body
