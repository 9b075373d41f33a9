"""Colleagues on one case: who has it, who looks at it, and a page that comes too late."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from sipuma.cases.models import Entry
from tests.flow.staff import QUEUE, browser_of, field_of, page_of, text_of
from tests.ways import Walker
from tests.world import ACEH, KI, SABANG, Complaint, FileCase, RecordCase, World, move

HEAD = f"kepala-uki.{SABANG}"


def english(complaint: Complaint) -> str:
    return f"/en{page_of(complaint.case.register)}"


def test_a_case_is_assigned_from_its_page_and_the_queue_shows_who_has_it(
    world: World, file_case: FileCase
) -> None:
    complaint, client = file_case(), browser_of(world, "verifikator")
    head = browser_of(world, "kepala-uki")
    sent = {"move": "assign", "assignee": HEAD, "note": "Tolong dilanjutkan."}
    assert client.post(english(complaint), sent).status_code == 302
    page = text_of(client.get(english(complaint)))
    assert f"Petugas {HEAD.replace('.', ' ')} works on this case. You may still act" in page
    assert "Tolong dilanjutkan." in page
    assert f"Petugas kepala-uki {SABANG}" in text_of(client.get(QUEUE))
    own = text_of(head.get(english(complaint)))
    assert "works on this case" not in own
    assert "Take this case on yourself" not in own
    assert "Give the case back to the team" in own


@pytest.mark.parametrize(("query", "expected"), [("me", "mine"), ("nobody", "free"), ("", "all")])
def test_the_queue_shows_what_is_mine_and_what_is_nobodys(
    world: World, file_case: FileCase, query: str, expected: str
) -> None:
    mine, theirs, free = file_case(), file_case(), file_case()
    move(mine, "take_on", by=world.officer("verifikator"))
    move(theirs, "take_on", by=world.officer("kepala-uki"))
    named = {"mine": [mine], "free": [free], "all": [mine, theirs, free]}[expected]
    client = browser_of(world, "verifikator")
    for scope in ("todo", "all"):
        page = text_of(client.get(f"{QUEUE}?scope={scope}&assigned={query}"))
        shown = {one.case.register for one in (mine, theirs, free) if one.case.register in page}
        assert shown == {one.case.register for one in named}


def test_colleagues_see_who_has_the_case_open_for_a_few_minutes(world: World, file_case: FileCase) -> None:
    complaint = file_case()
    with time_machine.travel(datetime.now(tz=UTC), tick=False) as clock:
        verifier, head = browser_of(world, "verifikator"), browser_of(world, "kepala-uki")
        alone = text_of(verifier.get(english(complaint)))
        assert "Open at the moment with" not in alone
        both = text_of(head.get(english(complaint)))
        assert f"Open at the moment with: Petugas verifikator {SABANG}." in both
        clock.shift(timedelta(minutes=4))
        assert "Open at the moment with" in text_of(verifier.get(english(complaint)))
        clock.shift(timedelta(minutes=6))
        assert "Open at the moment with" not in text_of(verifier.get(english(complaint)))


def test_a_unit_and_a_desk_learn_nothing_of_who_looks_at_a_case(
    world: World, file_case: FileCase, record_case: RecordCase
) -> None:
    referred, recorded = file_case(), record_case()
    Walker(world, referred).unit()
    verifier = browser_of(world, "verifikator")
    for complaint, role in ((referred, "pengkaji-unit"), (recorded, "penerima")):
        verifier.get(english(complaint))
        answer = browser_of(world, role).get(english(complaint))
        assert answer.status_code == 200
        assert "Open at the moment with" not in text_of(answer)


def test_a_note_from_an_old_page_comes_back_with_the_newer_one_beside_it(
    world: World, file_case: FileCase
) -> None:
    complaint = file_case()
    verifier, head = browser_of(world, "verifikator"), browser_of(world, "kepala-uki")
    seen = field_of(verifier.get(english(complaint)), "seen")
    head.post(english(complaint), {"move": "note", "note": "Sudah saya telepon.", "seen": seen})
    answer = verifier.post(english(complaint), {"move": "note", "note": "Akan saya telepon.", "seen": seen})
    assert answer.status_code == 422
    page = text_of(answer)
    assert "Others have added to this case since you opened the page." in page
    start = page.index("New since you opened the page")
    assert "Sudah saya telepon." in page[start : page.index("The matter", start)]
    assert "Akan saya telepon." in answer.content.decode()
    assert Entry.objects.filter(case=complaint.case, move="note").count() == 1
    sent = {"move": "note", "note": "Akan saya telepon.", "seen": field_of(answer, "seen")}
    assert verifier.post(english(complaint), sent).status_code == 302


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 40, "1.5", "٣"])
def test_what_no_page_showed_is_let_pass_or_compared_without_harm(
    world: World, file_case: FileCase, seen: str
) -> None:
    complaint, client = file_case(), browser_of(world, "verifikator")
    sent = {"move": "note", "note": "Catatan.", "seen": seen}
    assert client.post(page_of(complaint.case.register), sent).status_code == 302


def test_people_of_other_teams_are_not_offered(world: World, file_case: FileCase) -> None:
    complaint = file_case()
    for role, office in (("pyb", KI), ("pengkaji", ACEH), ("penerima", SABANG)):
        world.officer(role, office)
    page = browser_of(world, "verifikator").get(english(complaint)).content.decode()
    assert f'value="verifikator.{SABANG}"' in page
    for other in (f"pyb.{KI}", f"pengkaji.{ACEH}", f"penerima.{SABANG}"):
        assert f'value="{other}"' not in page


def test_a_mention_stands_in_the_queue_until_the_case_is_opened(world: World, file_case: FileCase) -> None:
    complaint = file_case()
    verifier, head = browser_of(world, "verifikator"), browser_of(world, "kepala-uki")
    verifier.post(english(complaint), {"move": "note", "note": f"@{HEAD} mohon arahan."})
    page = text_of(head.get(f"/en{QUEUE}"))
    assert f"Colleagues mention you in: {complaint.case.register}" in page
    assert "mentions you" in page
    assert "Colleagues mention you" not in text_of(verifier.get(f"/en{QUEUE}"))
    assert "mohon arahan" in text_of(head.get(english(complaint)))
    assert "mention" not in text_of(head.get(f"/en{QUEUE}"))


def test_a_mention_of_nobody_is_pointed_out_before_the_note_is_saved(
    world: World, file_case: FileCase
) -> None:
    complaint = file_case()
    sent = {"move": "note", "note": "@tidak-ada mohon arahan."}
    answer = browser_of(world, "verifikator").post(english(complaint), sent)
    assert answer.status_code == 422
    assert "Nobody by this name can read this case: @tidak-ada." in text_of(answer)
    assert "@tidak-ada mohon arahan." in answer.content.decode()
    assert not Entry.objects.filter(case=complaint.case, move="note").exists()


NOTICES = "/en/petugas/akun/pemberitahuan/"


def test_each_member_chooses_when_to_get_notices(world: World) -> None:
    client = browser_of(world, "verifikator")
    assert "At once, one e-mail for each notice." in text_of(client.get("/en/petugas/akun/"))
    answer = client.post(NOTICES, {"notices": "daily"}, follow=True)
    assert "Saved: when you get notices." in text_of(answer)
    assert "Once each working day at 07.30" in text_of(answer)
    assert re.search(r'value="daily"[^>]* checked', client.get(NOTICES).content.decode())


@pytest.mark.parametrize("sent", [{}, {"notices": "never"}, {"notices": "x" * 5000}])
def test_another_choice_than_the_three_is_refused(world: World, sent: dict[str, str]) -> None:
    client = browser_of(world, "verifikator")
    answer = client.post(NOTICES, sent)
    assert answer.status_code == 422
    assert "Choose" in text_of(answer)
    assert world.officer("verifikator").member.notices == "at-once"


def test_without_an_address_the_page_says_why_nothing_comes(world: World) -> None:
    member = world.officer("verifikator").member
    member.email = ""
    member.save()
    assert "No e-mail address of yours is on file" in text_of(browser_of(world, "verifikator").get(NOTICES))
