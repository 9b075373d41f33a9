"""Mentions in notes: who is told, who is pointed out as unable to read, and what is kept."""

import pytest

from sipuma.cases.access import log_read
from sipuma.complaints.mentions import names_in, open_mentions
from sipuma.complaints.models import Mention
from sipuma.offices.joining import disable
from sipuma.offices.refusal import Refused
from sipuma.outbox.models import Message
from tests.ways import Walker
from tests.world import ACEH, KI, MALILI, SABANG, Complaint, FileCase, World, move

HEAD = f"kepala-uki.{SABANG}"


@pytest.fixture
def complaint(world: World, file_case: FileCase) -> Complaint:
    """Return a case of a team in which a verifier and a head of UKI work."""
    for role, office in (
        ("kepala-uki", SABANG),
        ("verifikator", MALILI),
        ("kustodian", ACEH),
        ("admin", SABANG),
    ):
        world.officer(role, office)
    return file_case()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@kepala-uki.130300 mohon dilihat", ["kepala-uki.130300"]),
        ("Mohon @kepala-uki.130300.", ["kepala-uki.130300"]),
        ("(@KEPALA-UKI.130300), @a.b dan @a.b!", ["kepala-uki.130300", "a.b"]),
        ("tulis ke nama@kantor.go.id", []),
        ("nama+x@kantor.go.id dan @ saja, @-", []),
        ("baris\n@satu\n@dua", ["satu", "dua"]),
        ("", []),
    ],
)
def test_a_user_name_after_an_at_sign_is_a_mention_and_an_address_is_none(
    text: str, names: list[str]
) -> None:
    assert names_in(text) == names


def test_who_is_mentioned_is_told_and_sees_it_until_they_look(world: World, complaint: Complaint) -> None:
    move(complaint, "note", by=world.officer("verifikator"), note=f"@{HEAD} mohon arahan.")
    assert Message.objects.filter(template="staff-mention").count() == 1
    head = world.officer("kepala-uki")
    assert list(open_mentions(head).values()) == [complaint.case.register]
    assert open_mentions(world.officer("verifikator")) == {}
    log_read(complaint.now(), head)
    assert open_mentions(head) == {}
    move(complaint, "note", by=world.officer("verifikator"), note=f"Sekali lagi @{HEAD}")
    assert list(open_mentions(head)) == [complaint.case.pk]


def test_who_mentions_themselves_is_told_nothing(world: World, complaint: Complaint) -> None:
    move(complaint, "note", by=world.officer("verifikator"), note=f"Tugas @verifikator.{SABANG}")
    assert not Mention.objects.exists()
    assert not Message.objects.filter(template="staff-mention").exists()


@pytest.mark.parametrize(
    "name", ["nobody", f"verifikator.{MALILI}", f"kustodian.{ACEH}", f"admin.{SABANG}", "kepala-uki.999999"]
)
def test_unknown_names_and_people_who_cannot_read_the_case_are_pointed_out_alike(
    world: World, complaint: Complaint, name: str
) -> None:
    with pytest.raises(Refused) as refusal:
        move(complaint, "note", by=world.officer("verifikator"), note=f"@{HEAD} dan @{name}")
    assert refusal.value.field == "note"
    assert str(refusal.value).replace(f"@{name}", "@x").count("@") == str(refusal.value).count("@")
    assert f"@{name}" in str(refusal.value)
    assert HEAD not in str(refusal.value)
    assert not Mention.objects.exists()


def test_a_disabled_colleague_is_pointed_out_too(world: World, complaint: Complaint) -> None:
    disable(world.officer("kepala-uki").member)
    with pytest.raises(Refused):
        move(complaint, "note", by=world.officer("verifikator"), note=f"@{HEAD}")


def test_a_note_mentions_a_few_at_most(world: World, complaint: Complaint) -> None:
    crowd = " ".join(f"@orang{number}" for number in range(11))
    with pytest.raises(Refused, match="10"):
        move(complaint, "note", by=world.officer("verifikator"), note=crowd)


def test_a_unit_and_its_verifier_mention_each_other_and_the_pyb_is_out_of_reach(
    world: World, complaint: Complaint
) -> None:
    world.officer("pyb", KI)
    Walker(world, complaint).unit()
    unit = world.officer("pengkaji-unit")
    move(complaint, "unit_note", by=unit, note=f"@{HEAD} @pengkaji-unit.{SABANG} mohon dilihat.")
    assert list(open_mentions(world.officer("kepala-uki"))) == [complaint.case.pk]
    with pytest.raises(Refused):
        move(complaint, "unit_note", by=unit, note=f"@pyb.{KI}")


def test_who_can_read_the_case_no_more_sees_nothing_of_the_mention(
    world: World, complaint: Complaint
) -> None:
    move(complaint, "note", by=world.officer("verifikator"), note=f"@{HEAD}")
    move(complaint, "take", by=world.officer("verifikator"))
    move(complaint, "transfer", by=world.officer("verifikator"), target=MALILI, reason="Salah kantor.")
    assert open_mentions(world.officer("kepala-uki")) == {}
