"""Contacts kept with a case: what was put there by other hands leads nothing astray."""

import pytest
from django.utils.translation import override

from sipuma.cases.models import Case
from sipuma.complaints.contact_file import keep, on_file
from sipuma.complaints.notices import to_complainant
from sipuma.offices.refusal import Refused
from sipuma.outbox.models import Channel, Message
from sipuma.outbox.posting import Address, seal_contact
from tests.world import Complaint, FileCase, World, move

STRANGER = Address(Channel.EMAIL, "orang-lain@surat.example")


def plant(complaint: Complaint, blob: bytes | None) -> Case:
    Case.objects.filter(pk=complaint.case.pk).update(email_contact=blob)
    return complaint.now()


def test_contacts_given_when_filing_are_found_again_by_channel(file_case: FileCase) -> None:
    case = file_case(email="warga@contoh.id", phone="081234567890").now()
    assert [one.channel for one in on_file(case)] == [Channel.EMAIL, Channel.SMS]
    assert len(to_complainant(case)) == 2
    assert on_file(file_case().now()) == []


@pytest.mark.parametrize("kind", ["bare", "other-case", "other-channel", "changed", "short"])
def test_a_contact_planted_in_the_database_gets_no_notice_and_no_ticket(
    world: World, file_case: FileCase, kind: str
) -> None:
    complaint = file_case(email="warga@contoh.id", phone="081234567890")
    own = bytes(complaint.now().email_contact or b"")
    planted = {
        "bare": seal_contact(STRANGER).sealed,
        "other-case": keep([STRANGER], bytes(file_case().case.public))["email"],
        "other-channel": bytes(complaint.now().sms_contact or b""),
        "changed": own[:-1] + bytes([own[-1] ^ 1]),
        "short": own[:10],
    }
    case = plant(complaint, planted[kind])
    assert [one.channel for one in on_file(case)] == [Channel.SMS]
    Case.objects.filter(pk=case.pk).update(sms_contact=None)
    before = Message.objects.count()
    with override("en"), pytest.raises(Refused, match="on file"):
        move(complaint, "reissue_ticket", by=world.officer("verifikator"))
    assert Message.objects.count() == before
    assert to_complainant(complaint.now()) == []
