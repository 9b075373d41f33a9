"""The profile per13: nobody complains without a name, T1 goes to WISE alone, and no page says otherwise."""

import pytest
from django.conf import settings as django_settings
from django.test import Client

from sipuma.cases import flow
from sipuma.cases.models import Case
from sipuma.complaints.states import S
from sipuma.complaints.workflow import WORKFLOW
from sipuma.offices.refusal import Refused
from tests.flow.limits import limited
from tests.flow.pages import Page
from tests.flow.staff import browser_of, text_of
from tests.flow.test_public_filing import Visitor
from tests.flow.test_staff_recording import GIVEN, PAGE, recorded, sent
from tests.ways import Walker
from tests.world import ACEH, KI, FileCase, World, move

IDENTITY = {
    "name": "Warga Contoh",
    "address": "Jalan Contoh 1",
    "phone": "0812 3456 7890",
    "email": "warga@surat.example",
}


@pytest.fixture
def per13(monkeypatch: pytest.MonkeyPatch) -> None:
    limited(monkeypatch, profile="per13")


@pytest.fixture
def at_the_pyb(world: World, file_case: FileCase) -> Walker:
    return Walker(world, file_case()).to(S.PYB)


def obstacle(walker: Walker, name: str) -> str:
    options = flow.available(WORKFLOW, walker.complaint.now(), walker.world.officer("pyb", KI))
    return str(next(option.obstacle for option in options if option.move.name == name) or "")


@pytest.mark.usefixtures("per13")
@pytest.mark.parametrize("missing", IDENTITY)
def test_each_of_the_four_is_asked_for_by_name(world: World, client: Client, missing: str) -> None:
    visitor = Visitor(client, "id").to_review(**{**IDENTITY, missing: "   "})
    assert "Tanpa itu pengaduan ini tidak dapat diterima." in visitor.page.text
    assert missing in visitor.page.form("draft").names
    assert "ticket" not in visitor.page.by_id


@pytest.mark.usefixtures("per13")
def test_with_all_four_the_complaint_is_taken(world: World, client: Client) -> None:
    visitor = Visitor(client, "id").to_review(**IDENTITY).send()
    assert visitor.ticket
    assert Case.objects.get().entries.filter(kind="identity").exists()


def test_the_usual_profile_asks_for_nobodys_name(world: World, client: Client) -> None:
    assert Visitor(client, "id").to_review().send().ticket


@pytest.mark.usefixtures("per13")
def test_no_page_promises_that_a_name_is_not_needed(world: World, client: Client) -> None:
    visitor = Visitor(client, "id").begin()
    pages = [Page(client.get(path).content.decode()).text for path in ("/", "/privasi/", "/cara-kerja/")]
    for text in (*pages, visitor.page.text):
        for promise in ("tanpa nama", "Tidak perlu nama", "tidak tahu nama Anda", "jika Anda memberikannya"):
            assert promise not in text, promise


def test_the_usual_profile_promises_it(world: World, client: Client) -> None:
    assert "tanpa nama" in Page(client.get("/").content.decode()).text


@pytest.mark.usefixtures("per13")
def test_the_desk_asks_for_the_four_as_well(world: World) -> None:
    receiver = browser_of(world, "penerima")
    answer = receiver.post(PAGE, sent(receiver))
    assert answer.status_code == 422
    assert Page(answer.content.decode()).text.count("Without it this complaint can’t be taken.") >= len(
        IDENTITY
    )
    assert "other gaps are accepted" in Page(answer.content.decode()).text
    assert recorded(receiver, **IDENTITY).channel == GIVEN["channel"]


@pytest.mark.usefixtures("per13")
def test_t1_goes_to_wise_alone_and_the_others_say_why(at_the_pyb: Walker) -> None:
    for name in ("dispose", "pyb_not_actionable"):
        assert "WISE" in obstacle(at_the_pyb, name)
        with pytest.raises(Refused, match="PER-13"):
            at_the_pyb.step(name, "pyb", KI)
    assert obstacle(at_the_pyb, "return_verifier") == ""
    assert at_the_pyb.step("forward_wise", "pyb", KI, ground="PER13_T1").state == S.WISE


@pytest.mark.usefixtures("per13")
def test_what_is_unrelated_keeps_its_ground(at_the_pyb: Walker) -> None:
    assert at_the_pyb.step("forward_wise", "pyb", KI, ground="UNRELATED").state == S.WISE


@pytest.mark.usefixtures("per13")
def test_the_new_ground_is_for_type_t1(at_the_pyb: Walker) -> None:
    Case.objects.update(type="T2a")
    with pytest.raises(Refused) as refusal:
        at_the_pyb.step("forward_wise", "pyb", KI, ground="PER13_T1")
    assert refusal.value.field == "ground"
    assert obstacle(at_the_pyb, "dispose") == ""  # other types don't come here, but are not held up either


def test_the_usual_profile_does_not_know_the_new_ground(at_the_pyb: Walker) -> None:
    with pytest.raises(Refused) as refusal:
        at_the_pyb.step("forward_wise", "pyb", KI, ground="PER13_T1")
    assert refusal.value.field == "ground"
    assert obstacle(at_the_pyb, "dispose") == ""


def test_a_case_under_assessment_goes_on_when_the_profile_is_changed(
    at_the_pyb: Walker, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_the_pyb.step("dispose", "pyb", KI)
    limited(monkeypatch, profile="per13")
    at_the_pyb.step("submit_study", "pengkaji", ACEH)
    head = at_the_pyb.world.officer("kepala-uki", ACEH)
    assert move(at_the_pyb.complaint, "approve_study", by=head, note="").state == S.FOLLOW_UP


@pytest.mark.django_db
def test_the_public_procedure_shows_the_stages_of_the_profile(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stages() -> str:
        return text_of(client.get("/en/prosedur/"))

    assert "30 days since receipt" in stages()
    limited(monkeypatch, profile="per13")
    assert "30 days since receipt" not in stages()
    assert django_settings.SIPUMA.profile == "per13"
