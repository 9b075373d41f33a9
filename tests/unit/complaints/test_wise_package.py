"""The package for WISE: what it says, what it leaves out, who makes it, and that it keeps to its schema."""

import json
from datetime import timedelta
from hashlib import sha256
from typing import Any

import jsonschema
import pytest
from django.utils import timezone
from django.utils.translation import override

from sipuma import vault
from sipuma.cases.models import Case, Entry
from sipuma.complaints import tracking
from sipuma.complaints.evidence import add_by_complainant
from sipuma.complaints.wise import making
from sipuma.complaints.wise.content import SCHEMA_ID, Content, schema
from sipuma.complaints.wise.gathering import content_of
from sipuma.files.acceptance import Acceptance
from sipuma.offices.refusal import Refused
from tests.unit.vault.test_aes_zip import opened
from tests.ways import Walker, holder_of
from tests.world import KI, SABANG, Complaint, FileCase, RecordCase, World

ADDRESS = "https://sipuma.example/skema/wise-paket-1.json"
IDENTITY = {"name": "Nama Pengadu", "address": "Jalan Sabang 1", "email": "pengadu@surat.example"}


def forwarded(world: World, complaint: Complaint) -> Walker:
    walker = Walker(world, complaint)
    walker.verified()
    walker.step("record_employee", "verifikator", post="Petugas loket", employee_office="Sabang")
    walker.step("route_pyb", "verifikator", finding="Cukup jelas.")
    walker.step("note", "pyb", KI, note="Hanya untuk kami.")
    walker.step("forward_wise", "pyb", KI, reason="Bukan tugas DJBC.")
    return walker


def content(world: World, complaint: Complaint, role: str = "pyb", office: str = KI) -> Content:
    case = Case.objects.select_related("office", "team__office").get(pk=complaint.case.pk)
    return content_of(case, world.officer(role, office), at=timezone.now())


def as_json(said: Content) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(said.to_json(address=ADDRESS))
    jsonschema.validate(data, json.loads(schema()), format_checker=jsonschema.FormatChecker())
    return data


def test_the_schema_is_a_schema_and_names_itself() -> None:
    published = json.loads(schema())
    jsonschema.Draft202012Validator.check_schema(published)
    assert published["$id"] == SCHEMA_ID


def test_a_package_says_what_was_filed_found_decided_and_done(world: World, file_case: FileCase) -> None:
    complaint = file_case(what="Diminta uang.", how="Di loket.", where="Sabang", category="pungli")
    tracking.write(holder_of(complaint), "Tambahan: dua orang.")
    forwarded(world, complaint)
    data = as_json(content(world, complaint))
    assert data["schema"] == {"id": SCHEMA_ID, "version": 1, "address": ADDRESS}
    assert data["register"] == complaint.case.register
    assert [one["text"] for one in data["elements"]] == ["Diminta uang.", None, None, "Sabang", "Di loket."]
    assert {one["clarity"]["label"] for one in data["elements"]} == {"jelas"}
    assert data["category"]["code"] == "pungli"
    assert data["verification"]["finding"] == "Cukup jelas."
    assert data["decision"]["ground"]["code"] == "UNRELATED"
    assert data["decision"]["reason"] == "Bukan tugas DJBC."
    assert [one["post"] for one in data["reported"]] == ["Petugas loket"]
    assert [one["text"] for one in data["statements"]] == ["Tambahan: dua orang."]
    states = [one["state"]["code"] for one in data["timeline"]]
    assert states == ["DITERIMA", "VERIFIKASI", "DI_PYB", "DITERUSKAN_WISE"]


def test_evidence_is_listed_by_name_type_size_and_digest_and_stays_here(
    world: World, file_case: FileCase
) -> None:
    complaint, receipt = file_case(), b"Kuitansi: Rp 500.000"
    acceptance = Acceptance("kuitansi.txt", limit=10_000)
    acceptance.write(receipt)
    add_by_complainant(holder_of(complaint), [acceptance.finish()])
    forwarded(world, complaint)
    data = as_json(content(world, complaint))
    (listed,) = data["evidence"]
    assert (listed["name"], listed["type"], listed["size"]) == ("kuitansi.txt", "text/plain", len(receipt))
    assert listed["sha256"] == sha256(receipt).hexdigest()
    assert "Kuitansi:" not in json.dumps(data)


def test_a_package_names_no_officer_and_holds_no_note(world: World, file_case: FileCase) -> None:
    complaint = file_case()
    forwarded(world, complaint)
    text = content(world, complaint).to_json(address=ADDRESS).decode()
    assert "Petugas verifikator" not in text
    assert "Petugas pyb" not in text
    assert "Hanya untuk kami." not in text


def test_a_package_of_a_case_with_nothing_in_it_keeps_to_the_schema(
    world: World, file_case: FileCase
) -> None:
    data = as_json(content(world, file_case(), "verifikator", SABANG))
    assert data["verification"] is None
    assert data["decision"] is None
    assert data["complainant"]["identity"] == "none"


@pytest.mark.parametrize(
    ("disclose", "role", "office", "identity"),
    [
        (True, "verifikator", SABANG, "disclosed"),
        (True, "pyb", KI, "sealed"),
        (False, "verifikator", SABANG, "sealed"),
        (False, "pyb", KI, "sealed"),
    ],
)
def test_an_identity_is_in_it_only_at_the_complainants_wish_and_by_who_can_open_it(
    world: World, file_case: FileCase, *, disclose: bool, role: str, office: str, identity: str
) -> None:
    complaint = file_case(**IDENTITY, disclose=disclose)
    forwarded(world, complaint)
    said = content(world, complaint, role, office)
    assert said.complainant.identity == identity
    text = json.dumps(as_json(said))
    assert all((value in text) == (identity == "disclosed") for value in IDENTITY.values())


def test_who_can_not_open_the_complaint_makes_no_empty_package(world: World, file_case: FileCase) -> None:
    complaint = file_case()
    with override("en"), pytest.raises(Refused, match="can't open this complaint"):
        content(world, complaint, "pyb", KI)


def test_a_key_that_opens_an_identity_is_no_consent(world: World, record_case: RecordCase) -> None:
    """The desk opens what it typed itself; the wish is what counts."""
    complaint = record_case(name="Nama Pengadu", disclose=False)
    assert content(world, complaint, "penerima", SABANG).complainant.identity == "sealed"


@pytest.mark.parametrize(
    ("role", "office", "may"),
    [
        ("pyb", KI, True),
        ("verifikator", SABANG, True),
        ("kepala-uki", SABANG, True),
        ("penerima", SABANG, False),
        ("pengkaji-unit", SABANG, False),
        ("kepala-uki", KI, False),
        ("kustodian", KI, False),
    ],
)
def test_the_package_is_made_by_the_pyb_and_the_compliance_unit_alone(
    world: World, file_case: FileCase, role: str, office: str, *, may: bool
) -> None:
    complaint = file_case()
    officer = world.officer(role, office)
    assert making.acting_as(complaint.now(), officer) is None
    forwarded(world, complaint)
    assert (making.acting_as(complaint.now(), officer) is not None) is may


def test_one_file_holds_pdf_json_and_schema_and_each_making_leaves_an_entry(
    world: World, file_case: FileCase
) -> None:
    complaint = file_case()
    forwarded(world, complaint)
    officer, password = world.officer("pyb", KI), vault.ZipPassword.draw()
    made = making.make(
        complaint.now(),
        content(world, complaint),
        b"%PDF",
        password=password,
        schema_address=ADDRESS,
        by=officer,
    )
    assert not made.sent
    register = complaint.case.register
    files = opened(made.package.content, password.grouped)
    assert set(files) == {f"pengaduan-{register}.pdf", f"pengaduan-{register}.json", "wise-paket-1.json"}
    assert json.loads(files[f"pengaduan-{register}.json"])["register"] == register
    entry = Entry.objects.get(case=complaint.case, kind=making.PACKAGE_MADE)
    assert entry.member == officer.member
    assert entry.audience == "handlers"


def test_a_package_is_not_made_before_the_case_is_forwarded(world: World, file_case: FileCase) -> None:
    complaint = file_case()
    said, officer = content(world, complaint, "verifikator", SABANG), world.officer("verifikator")
    with pytest.raises(PermissionError):
        making.make(
            complaint.now(),
            said,
            b"",
            password=vault.ZipPassword.draw(),
            schema_address=ADDRESS,
            by=officer,
        )


def test_a_password_comes_back_to_its_maker_alone_for_its_case_alone_and_for_15_minutes(
    world: World, file_case: FileCase
) -> None:
    case, other, now = file_case().case, file_case().case, timezone.now()
    officer, colleague = world.officer("pyb", KI), world.officer("verifikator")
    password = vault.ZipPassword.draw()
    sealed = making.seal_password(password, case, officer, at=now)
    assert password.text.encode() not in sealed
    assert making.open_password(sealed, case, officer, at=now) == password
    late = now + timedelta(minutes=15, seconds=1)
    for blob, of, by, at in (
        (sealed, other, officer, now),
        (sealed, case, colleague, now),
        (sealed, case, officer, late),
        (b"", case, officer, now),
    ):
        with override("en"), pytest.raises(Refused, match="can’t be used any more"):
            making.open_password(blob, of, by, at=at)
