"""The case page: who reaches it, what stands on it, and what its forms do and refuse."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from sipuma.cases import flow
from sipuma.cases.models import Case, Entry
from sipuma.complaints.workflow import WORKFLOW
from sipuma.offices.officer import Officer
from tests.flow.staff import QUEUE, browser_of, field_of, page_of, text_of
from tests.world import ACEH, KI, MALILI, SABANG, Complaint, FileCase, World, assessed, move

STUDY = {"facts": "F", "conclusion": "K", "recommendation": "R"}
Steps = tuple[tuple[str, str, str, dict[str, str]], ...]
UNIT_STEPS: Steps = (
    ("verifikator", SABANG, "take", {}),
    ("verifikator", SABANG, "assess", assessed(type="T2a", category="waktu")),
    ("verifikator", SABANG, "route_unit", {"unit": SABANG, "referral": "Tolong periksa antrean."}),
)
KI_STEPS: Steps = (
    ("verifikator", SABANG, "take", {}),
    ("verifikator", SABANG, "assess", assessed()),
    ("verifikator", SABANG, "route_pyb", {"finding": "Temuan."}),
    ("pyb", KI, "dispose", {"target": ACEH, "instruction": "Mohon dikaji."}),
)


def walk(world: World, complaint: Complaint, steps: Steps) -> None:
    for role, office, name, values in steps:
        move(complaint, name, by=world.officer(role, office), **values)


STAFF = (
    ("verifikator", SABANG),
    ("kepala-uki", SABANG),
    ("penerima", SABANG),
    ("pengkaji-unit", SABANG),
    ("pengkaji-unit", MALILI),
    ("verifikator", MALILI),
    ("pengkaji", ACEH),
    ("kustodian", ACEH),
    ("kustodian", KI),
    ("pyb", KI),
    ("admin", "000000"),
)


@pytest.mark.parametrize(
    ("steps", "readers"),
    [
        ((), {("verifikator", SABANG), ("kepala-uki", SABANG)}),
        (UNIT_STEPS, {("verifikator", SABANG), ("kepala-uki", SABANG), ("pengkaji-unit", SABANG)}),
        (KI_STEPS, {("verifikator", SABANG), ("kepala-uki", SABANG), ("pyb", KI), ("pengkaji", ACEH)}),
    ],
)
def test_exactly_those_who_can_read_something_of_a_case_reach_its_page(
    world: World,
    file_case: FileCase,
    steps: Steps,
    readers: set[object],
) -> None:
    complaint = file_case(name="Pengadu Contoh", address="Jalan Contoh 1")
    walk(world, complaint, steps)
    answers = {who: browser_of(world, *who).get(page_of(complaint.case.register)) for who in STAFF}
    assert {who for who, answer in answers.items() if answer.status_code == 200} == readers
    absent = f"{SABANG}-2026-999999"
    missing = browser_of(world, "verifikator").get(page_of(absent)).content.decode()
    there = missing.replace(absent, complaint.case.register)
    for who, answer in answers.items():
        assert who in readers or answer.content.decode() == there


@pytest.mark.parametrize("path", ["", "tim/", "akun/", "kasus/130300-2026-000001/", "keluar/"])
def test_without_signing_in_no_staff_page_is_reached(db: None, path: str) -> None:
    client = Client()
    for answer in (client.get(f"/petugas/{path}"), client.post(f"/petugas/{path}")):
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/petugas/masuk/")


def test_the_matter_stands_on_the_page_and_the_identity_does_not(world: World, file_case: FileCase) -> None:
    complaint = file_case(
        what="Uang diminta.", where="Loket 3", name="Pengadu Contoh", email="a@contoh.example"
    )
    page = text_of(browser_of(world, "verifikator").get(page_of(complaint.case.register)))
    assert "Uang diminta." in page
    assert "Loket 3" in page
    assert "Pengadu Contoh" not in page
    assert "a@contoh.example" not in page


def test_the_complainants_wish_shows_the_identity_to_the_compliance_unit_alone(
    world: World, file_case: FileCase
) -> None:
    complaint = file_case(name="Pengadu Contoh", disclose=True, callback="Sore hari lewat telepon")
    walk(world, complaint, KI_STEPS)
    page = page_of(complaint.case.register)
    here = text_of(browser_of(world, "verifikator").get(page))
    assert "Pengadu Contoh" in here
    assert "Sore hari lewat telepon" in here
    for who in (("pyb", KI), ("pengkaji", ACEH)):
        there = text_of(browser_of(world, *who).get(page))
        assert "Pengadu Contoh" not in there
        assert "Sore hari" not in there


def test_a_unit_reads_what_was_addressed_to_it_and_nothing_else(world: World, file_case: FileCase) -> None:
    complaint = file_case(what="Rahasia pengadu.")
    move(complaint, "take", by=world.officer("verifikator"))
    move(complaint, "note", by=world.officer("verifikator"), note="Catatan internal.")
    walk(world, complaint, UNIT_STEPS[1:])
    page = text_of(browser_of(world, "pengkaji-unit").get(f"/en{page_of(complaint.case.register)}"))
    assert "Tolong periksa antrean." in page
    assert "sealed for others" in page
    assert "Rahasia pengadu." not in page
    assert "Catatan internal." not in page


def test_internal_entries_are_told_apart_from_what_the_complainant_sees(
    world: World, file_case: FileCase
) -> None:
    complaint = file_case()
    client, page = browser_of(world, "verifikator"), f"/en{page_of(complaint.case.register)}"
    client.post(page, {"move": "note", "note": "Hanya untuk rekan."})
    client.post(page, {"move": "message", "message": "Kami sudah mulai."})
    content = client.get(page).content.decode()
    entries = content.split('<li class="timeline__entry')[1:]
    note = next(entry for entry in entries if "Hanya untuk rekan." in entry)
    letter = next(entry for entry in entries if "Kami sudah mulai." in entry)
    assert note.startswith(" timeline__entry--internal")
    assert "Internal: handlers" in note
    assert letter.startswith('">')
    assert "The complainant sees this" in letter
    assert "Petugas verifikator 130300" in note


def test_choices_stand_in_words_on_the_timeline(world: World, file_case: FileCase) -> None:
    complaint = file_case()
    walk(world, complaint, KI_STEPS)
    page = text_of(browser_of(world, "pengkaji", ACEH).get(f"/en{page_of(complaint.case.register)}"))
    assert "T1: abuse of authority" in page
    assert "Kantor Wilayah DJBC Aceh" in page
    assert "suap" not in page


VALUES = {"text": "Teks contoh.", "line": "Baris contoh", "check": "on"}


def filled(officer: Officer, case: Case, name: str) -> dict[str, str]:
    """Return a form of the move with every field filled, as a person would."""
    special = {
        **assessed(),
        "reason": "A" if name == "not_actionable" else "Alasan contoh.",
        "unit": SABANG,
        "target": MALILI if name == "transfer" else ACEH,
        "executor": SABANG,
        "nip": "",
        "closing_kind": "spam",
        "joins": "",
        "follow_up_due": (timezone.localdate() + timedelta(days=2)).strftime("%d-%m-%Y"),
        "external_date": "24/03/2026",
        "other": Case.objects.exclude(pk=case.pk).values_list("register", flat=True).first() or "",
    }
    sent = {"move": name}
    for field in WORKFLOW.move(name).fields:
        options = [str(value) for value, _label in field.options(case)]
        sent[field.name] = special.get(field.name, VALUES.get(field.kind, options[0] if options else ""))
    return sent


STATES_OF = {
    "received": (("verifikator", SABANG), ()),
    "taken": (("verifikator", SABANG), UNIT_STEPS[:1]),
    "assessed T1": (("verifikator", SABANG), KI_STEPS[:2]),
    "assessed T2": (("verifikator", SABANG), UNIT_STEPS[:2]),
    "with the PYB": (("pyb", KI), KI_STEPS[:3]),
    "with KI": (("pengkaji", ACEH), KI_STEPS),
    "with the unit": (("pengkaji-unit", SABANG), UNIT_STEPS),
    "studied": (
        ("kepala-uki", SABANG),
        (*UNIT_STEPS, ("pengkaji-unit", SABANG, "submit_study", STUDY)),
    ),
    "at WISE": (
        ("pyb", KI),
        (*KI_STEPS[:3], ("pyb", KI, "forward_wise", {"ground": "UNRELATED", "reason": "Bukan tugas DJBC."})),
    ),
}  # fmt: skip


@pytest.mark.parametrize("stage", STATES_OF)
def test_every_move_that_is_offered_is_a_form_and_every_form_works(
    world: World, file_case: FileCase, stage: str
) -> None:
    who, steps = STATES_OF[stage]
    first = file_case()
    walk(world, first, steps)
    officer = world.officer(*who)
    options = [o.move.name for o in flow.available(WORKFLOW, first.now(), officer) if o.obstacle is None]
    assert options
    client = browser_of(world, *who)
    content = client.get(page_of(first.case.register)).content.decode()
    for name in options:
        assert f'name="move" value="{name}"' in content
        for field in WORKFLOW.move(name).fields:
            assert content.count(f'id="{name}-{field.name}"') == 1
        complaint = file_case()
        walk(world, complaint, steps)
        answer = client.post(page_of(complaint.case.register), filled(officer, complaint.now(), name))
        assert answer.status_code == 302, text_of(answer)
        assert Entry.objects.filter(case=complaint.case, move=name).exists()


def test_a_move_that_is_not_ready_says_why_instead_of_offering_a_form(
    world: World, file_case: FileCase
) -> None:
    complaint = file_case()
    move(complaint, "take", by=world.officer("verifikator"))
    answer = browser_of(world, "verifikator").get(f"/en{page_of(complaint.case.register)}")
    assert "Not yet: Assess the five elements and set the type first." in text_of(answer)
    assert 'value="route_pyb"' not in answer.content.decode()


def test_a_form_with_a_gap_comes_back_open_with_what_was_typed(world: World, file_case: FileCase) -> None:
    complaint = file_case()
    move(complaint, "take", by=world.officer("verifikator"))
    client, page = browser_of(world, "verifikator"), f"/en{page_of(complaint.case.register)}"
    answer = client.post(page, {"move": "assess", "assessment": "Sudah saya tulis panjang."})
    content = answer.content.decode()
    assert answer.status_code == 422
    assert "Sudah saya tulis panjang." in content
    assert content.count('<details class="govuk-details" open>') == 1
    assert 'href="#assess-type"' in content
    assert "Choose something for «Type»." in text_of(answer)


def test_a_refused_move_says_why_at_its_field_and_keeps_the_typing(world: World, file_case: FileCase) -> None:
    complaint = file_case()
    walk(world, complaint, KI_STEPS[:2])
    client, page = browser_of(world, "verifikator"), f"/en{page_of(complaint.case.register)}"
    answer = client.post(page, {"move": "not_actionable", "reason": "B", "explanation": "Penjelasan saya."})
    assert answer.status_code == 422
    assert "Penjelasan saya." in text_of(answer)
    assert 'href="#not_actionable-reason"' in answer.content.decode()
    assert complaint.now().state == "VERIFIKASI"


def test_a_step_sent_twice_is_made_once(world: World, file_case: FileCase) -> None:
    complaint = file_case()
    client, page = browser_of(world, "verifikator"), f"/en{page_of(complaint.case.register)}"
    assert client.post(page, {"move": "take"}).status_code == 302
    again = client.post(page, {"move": "take"})
    assert again.status_code == 422
    assert "This step isn't possible here" in text_of(again)
    assert Entry.objects.filter(case=complaint.case, move="take").count() == 1


def test_a_note_sent_twice_from_the_same_page_is_saved_once(world: World, file_case: FileCase) -> None:
    complaint = file_case()
    client, page = browser_of(world, "verifikator"), f"/en{page_of(complaint.case.register)}"
    sent = {"move": "note", "note": "Sekali saja.", "seen": field_of(client.get(page), "seen")}
    assert client.post(page, sent).status_code == 302
    again = client.post(page, sent)
    assert again.status_code == 422
    assert "You have just saved this step." in text_of(again)
    assert client.post(page, sent | {"seen": field_of(again, "seen")}).status_code == 302
    assert Entry.objects.filter(case=complaint.case, move="note").count() == 2


def test_a_form_for_a_step_that_has_passed_gives_the_text_back(world: World, file_case: FileCase) -> None:
    complaint = file_case()
    walk(world, complaint, KI_STEPS[:2])
    client, page = browser_of(world, "verifikator"), f"/en{page_of(complaint.case.register)}"
    move(complaint, "route_pyb", by=world.officer("verifikator"), finding="")
    answer = client.post(page, {"move": "request_data", "question": "Pertanyaan yang panjang?"})
    assert answer.status_code == 422
    assert "What you typed:" in text_of(answer)
    assert "Pertanyaan yang panjang?" in text_of(answer)


@pytest.mark.parametrize("name", ["", "no_such_move", "withdraw", "approve_study"])
def test_moves_of_others_are_refused(world: World, file_case: FileCase, name: str) -> None:
    complaint = file_case()
    answer = browser_of(world, "verifikator").post(page_of(complaint.case.register), {"move": name})
    assert answer.status_code == 422
    assert complaint.now().state == "DITERIMA"


def test_a_case_that_leaves_ones_hands_leads_back_to_the_queue(world: World, file_case: FileCase) -> None:
    complaint = file_case()
    walk(world, complaint, KI_STEPS[:1])
    client, page = browser_of(world, "verifikator"), f"/en{page_of(complaint.case.register)}"
    answer = client.post(page, {"move": "transfer", "target": MALILI, "reason": "Kantor lain."})
    assert answer.headers["Location"] == f"/en{QUEUE}"
    assert "is out of your hands now" in text_of(client.get(answer.headers["Location"]))
    assert client.get(page).status_code == 404


@pytest.mark.parametrize("day", ["2025-12-24", "24-12-2025", "24/12/2025"])
def test_dates_are_taken_in_three_forms(world: World, file_case: FileCase, day: str) -> None:
    complaint = file_case()
    walk(world, complaint, STATES_OF["at WISE"][1])
    sent = {"move": "record_wise", "external_register": "W-1", "external_date": day}
    assert browser_of(world, "pyb", KI).post(page_of(complaint.case.register), sent).status_code == 302
    assert complaint.now().external_date == date(2025, 12, 24)


def test_delivery_is_shown_without_content_or_address(world: World, file_case: FileCase) -> None:
    complaint = file_case(email="pengadu@contoh.example")
    answer = browser_of(world, "verifikator").get(f"/en{page_of(complaint.case.register)}")
    page = text_of(answer)
    assert "E-mail, the ticket, to the complainant: waiting" in page
    assert "contoh.example" not in page
    assert complaint.ticket.grouped not in page


@pytest.mark.parametrize(
    "path", ["", "tim/", "akun/", "keluar/", "masuk/", "pemulihan/", "gabung/x/", "case"]
)
def test_every_post_needs_its_csrf_token(world: World, file_case: FileCase, path: str) -> None:
    page = page_of(file_case().case.register) if path == "case" else f"/petugas/{path}"
    client = Client(enforce_csrf_checks=True)
    client.cookies = browser_of(world, "verifikator").cookies
    assert client.post(page, {"move": "take"}).status_code == 403


@pytest.mark.parametrize("path", ["", "tim/", "akun/", "masuk/", "case"])
def test_no_staff_page_is_stored_or_framed_or_scripted(world: World, file_case: FileCase, path: str) -> None:
    page = page_of(file_case().case.register) if path == "case" else f"/petugas/{path}"
    answer = browser_of(world, "verifikator").get(page)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "script" not in answer.content.decode()
    assert answer.headers["Content-Security-Policy"].count("'none'") >= 1


def test_public_pages_know_nothing_of_a_staff_session(world: World) -> None:
    client = browser_of(world, "verifikator")
    answer = client.get("/")
    assert answer.status_code == 200
    assert not answer.cookies
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert "Petugas verifikator" not in text_of(answer)


def test_a_unit_chooses_from_its_own_follow_ups_only(world: World, file_case: FileCase) -> None:
    complaint = file_case()
    walk(world, complaint, UNIT_STEPS)
    walk(world, complaint, (("pengkaji-unit", SABANG, "submit_study", STUDY),))
    walk(world, complaint, (("kepala-uki", SABANG, "approve_study", {"note": ""}),))
    due = timezone.localdate() + timedelta(days=3)
    for executor, kind in ((ACEH, "disiplin-berat"), (MALILI, "perbaikan")):
        values = {"follow_up_kind": kind, "executor": executor, "instruction": "Kerjakan."}
        move(complaint, "add_follow_up", by=world.officer("pengkaji-unit"), follow_up_due=due, **values)
    register = complaint.case.register
    page = browser_of(world, "pengkaji-unit", MALILI).get(f"/en{page_of(register)}").content.decode()
    assert "Improvement of a system" in page
    assert "Severe discipline" not in page
    holder = browser_of(world, "pengkaji-unit").get(f"/en{page_of(register)}").content.decode()
    assert "Severe discipline" in holder


def test_employees_follow_ups_and_results_are_shown_to_handlers_and_to_units_only_in_part(
    world: World, file_case: FileCase
) -> None:
    complaint = file_case()
    walk(world, complaint, UNIT_STEPS[:1])
    employee = {"employee_name": "Pegawai Contoh", "employee_state": "known", "nip": "", "post": ""}
    move(complaint, "record_employee", by=world.officer("verifikator"), **employee)
    walk(world, complaint, UNIT_STEPS[1:])
    walk(world, complaint, (("pengkaji-unit", SABANG, "submit_study", STUDY),))
    walk(world, complaint, (("kepala-uki", SABANG, "approve_study", {"note": ""}),))
    for executor, kind in ((SABANG, "perbaikan"), (MALILI, "disiplin-ringan")):
        values = {"follow_up_kind": kind, "executor": executor, "instruction": f"Untuk {executor}."}
        due = timezone.localdate() + timedelta(days=3)
        move(complaint, "add_follow_up", by=world.officer("pengkaji-unit"), follow_up_due=due, **values)
    own = str(complaint.case.follow_ups.get(executor__office=MALILI).pk)
    move(
        complaint,
        "report_follow_up",
        by=world.officer("pengkaji-unit", MALILI),
        follow_up=own,
        result="Beres.",
    )
    page = f"/en{page_of(complaint.case.register)}"
    handler = text_of(browser_of(world, "verifikator").get(page))
    for words in (
        "Pegawai Contoh",
        "Light discipline",
        "Improvement of a system",
        "Beres.",
        "Result reported on",
    ):
        assert words in handler
    malili = text_of(browser_of(world, "pengkaji-unit", MALILI).get(page))
    assert "Light discipline" in malili
    for words in ("Pegawai Contoh", "Improvement of a system", f"Untuk {SABANG}."):
        assert words not in malili
