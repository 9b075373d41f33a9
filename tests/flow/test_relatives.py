"""Other cases on a case page: likely duplicates, links, and two matters side by side."""

import pytest
from django.test import Client

from sipuma.cases.models import ReadLog
from tests.flow.staff import browser_of, page_of, text_of
from tests.world import ACEH, KI, MALILI, Complaint, FileCase, World, assessed, move

MATTER = "Kontainer merah milik importir tekstil ditahan tiga minggu tanpa surat penindakan."


@pytest.fixture
def verifier(world: World) -> Client:
    return browser_of(world, "verifikator")


def compare(one: Complaint, other: Complaint) -> str:
    return f"/en{page_of(one.case.register)}banding/{other.case.register}/"


def page(client: Client, complaint: Complaint) -> str:
    return text_of(client.get(f"/en{page_of(complaint.case.register)}"))


def test_in_verification_the_page_suggests_the_same_matter_and_compares_it(
    world: World, file_case: FileCase, verifier: Client
) -> None:
    first, again = file_case(what=MATTER), file_case(what=MATTER)
    page(verifier, first)
    assert "Perhaps the same matter" not in page(verifier, again)
    move(again, "take", by=world.officer("verifikator"))
    shown = verifier.get(f"/en{page_of(again.case.register)}")
    assert "Perhaps the same matter" in text_of(shown)
    assert compare(again, first) in shown.content.decode()
    pair = verifier.get(compare(again, first))
    assert text_of(pair).count(MATTER) == 2
    joins = f"?move=propose_closing&amp;closing_kind=duplicate&amp;joins={first.case.register}"
    assert joins in pair.content.decode()
    assert ReadLog.objects.filter(case=first.case).count() == 1


def test_two_compared_cases_are_linked_and_both_say_so(file_case: FileCase, verifier: Client) -> None:
    one, other = file_case(), file_case()
    assert "Link the two cases" in text_of(verifier.get(compare(one, other)))
    answer = verifier.post(page_of(one.case.register), {"move": "link_cases", "other": other.case.register})
    assert answer.status_code == 302
    assert f"Linked cases {other.case.register}" in page(verifier, one)
    assert f"Linked cases {one.case.register}" in page(verifier, other)
    assert "These two cases are linked." in text_of(verifier.get(compare(one, other)))
    assert "Link the two cases" not in text_of(verifier.get(compare(one, other)))


def test_who_can_not_read_the_other_case_does_not_learn_of_the_link(
    world: World, file_case: FileCase, verifier: Client
) -> None:
    one, other, officer = file_case(), file_case(), world.officer("verifikator")
    move(one, "link_cases", by=officer, other=other.case.register)
    move(other, "take", by=officer)
    move(other, "transfer", by=officer, target=MALILI, reason="Salah kantor.")
    assert "Linked cases" not in page(verifier, one)
    assert "Linked cases" not in page(browser_of(world, "verifikator", MALILI), other)


@pytest.mark.parametrize(
    ("role", "office"), [("verifikator", MALILI), ("penerima", "130300"), ("kustodian", ACEH), ("pyb", KI)]
)
def test_nobody_compares_cases_that_they_do_not_both_read(
    world: World, file_case: FileCase, role: str, office: str
) -> None:
    one, other = file_case(), file_case()
    assert browser_of(world, role, office).get(compare(one, other)).status_code == 404


def test_a_case_is_compared_with_no_unknown_one_and_not_with_itself(
    file_case: FileCase, verifier: Client
) -> None:
    one, there = file_case(), file_case(MALILI)
    assert verifier.get(compare(one, one)).status_code == 404
    assert verifier.get(compare(one, there)).status_code == 404
    assert verifier.get(compare(there, one)).status_code == 404


def test_a_unit_that_reads_its_part_compares_nothing(world: World, file_case: FileCase) -> None:
    one, other, officer = file_case(), file_case(), world.officer("verifikator")
    for complaint in (one, other):
        move(complaint, "take", by=officer)
        move(complaint, "assess", by=officer, **assessed(type="T2a"))
        move(complaint, "route_unit", by=officer, unit="130300", referral="Tolong jawab.")
    assert browser_of(world, "pengkaji-unit").get(compare(one, other)).status_code == 404
