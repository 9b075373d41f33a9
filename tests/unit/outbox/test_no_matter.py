"""Nothing of a complaint travels: every message of a case is opened and searched (R7, R64)."""

import pytest
from django.conf import settings

from sipuma import safe
from sipuma.cases.models import Case
from sipuma.outbox import delivery
from sipuma.outbox.models import Message
from sipuma.outbox.parcels import Parcel
from tests.world import SABANG, Complaint, FileCase, World, assessed, move

MARKED = {
    name: f"tanda-{name}" for name in ("what", "how", "who", "when", "where", "name", "address", "callback")
}
QUESTION, EXPLANATION = "tanda-pertanyaan", "tanda-penjelasan"
EMAIL, PHONE = "pengadu@surat.example", "0812 3456 7890"


@pytest.fixture
def complaint(world: World, file_case: FileCase) -> Complaint:
    """Return a complaint with a marked word in each field, asked about and closed."""
    verifier = world.officer("verifikator")
    complaint = file_case(SABANG, **MARKED, email=EMAIL, phone=PHONE)
    move(complaint, "take", by=verifier)
    move(complaint, "assess", by=verifier, **assessed())
    move(complaint, "route_pyb", by=verifier, finding=EXPLANATION)
    return complaint


@pytest.fixture
def asked(world: World, file_case: FileCase) -> Complaint:
    """Return a complaint whose complainant has been asked for more."""
    verifier = world.officer("verifikator")
    complaint = file_case(SABANG, **MARKED, email=EMAIL, phone=PHONE)
    move(complaint, "take", by=verifier)
    move(complaint, "request_data", by=verifier, question=QUESTION)
    return complaint


def opened() -> list[tuple[Message, Parcel]]:
    return [(row, delivery._open(row)) for row in Message.objects.all()]


@pytest.mark.usefixtures("complaint", "asked")
def test_no_message_carries_a_matter_a_name_or_an_identity() -> None:
    messages = opened()
    assert {row.template for row, _parcel in messages} >= {"ticket", "staff-case", "question"}
    for _row, parcel in messages:
        words = f"{parcel.subject} {parcel.body}"
        assert "tanda-" not in words
        assert EMAIL not in words
        assert "81234567890" not in words


def test_a_ticket_goes_to_its_complainant_alone(complaint: Complaint) -> None:
    for row, parcel in opened():
        carries = complaint.ticket.grouped in f"{parcel.subject} {parcel.body}"
        assert carries == (row.template == "ticket")
        if carries:
            assert parcel.to in {EMAIL, "+6281234567890"}


def test_staff_never_learn_a_ticket_and_complainants_no_name_of_staff(complaint: Complaint) -> None:
    staff = [parcel for row, parcel in opened() if row.template == "staff-case"]
    assert staff
    register = Case.objects.get(pk=complaint.case.pk).register
    assert any(register in parcel.subject for parcel in staff)
    assert all(parcel.to.endswith("@kantor.example") for parcel in staff)


def test_no_row_of_the_outbox_holds_a_ticket_or_an_address_in_clear(complaint: Complaint) -> None:
    secrets = (complaint.ticket.grouped, complaint.ticket.grouped.replace("-", ""), EMAIL, "81234567890")
    for row in Message.objects.values_list():
        stored = b"|".join(bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in row)
        assert not any(secret.encode() in stored for secret in secrets)


def test_without_the_workers_folder_no_message_can_be_read_back(
    complaint: Complaint,
) -> None:
    folder = settings.SIPUMA.secrets / "worker"
    hidden = folder.rename(folder.with_name("elsewhere"))
    safe.at.cache_clear()
    try:
        for row in Message.objects.all():
            with pytest.raises(safe.MissingSecret):
                delivery._open(row)
    finally:
        hidden.rename(folder)
