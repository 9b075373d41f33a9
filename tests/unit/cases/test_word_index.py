"""The word index: filled by who opens a case, for teams that hold its key, and emptied when they lose it."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sipuma import vault
from sipuma.cases import word_index
from sipuma.cases.models import Audience, Case, Entry, IndexedCase, IndexedWord, Seal
from sipuma.cases.opening import Reader
from sipuma.cases.word_index import fill, hashes_of
from sipuma.complaints.searchable import texts_of
from sipuma.offices.index_keys import index_key
from sipuma.offices.models import IndexKey, Team, TeamKind
from sipuma.offices.officer import Officer
from sipuma.offices.renewal import renew
from tests.world import ACEH, KI, MALILI, SABANG, Complaint, FileCase, World, assessed, move


def team(kind: str = TeamKind.VERIFICATION, office: str = SABANG) -> Team:
    return Team.objects.get(office_id=office, kind=kind)


def look(complaint: Complaint, officer: Officer) -> None:
    """Do what opening the case page does."""
    case = complaint.now()
    fill(case, officer, Reader([case], officer.private).timeline(), texts=texts_of)


def stands(word: str, complaint: Complaint, officer: Officer, where: Team | None = None) -> bool:
    place = where or team()
    found = hashes_of([word], index_key(place, officer))[word]
    return IndexedWord.objects.filter(word=found, case=complaint.case, team=place).exists()


def test_opening_a_case_puts_its_words_into_the_index_of_the_team(world: World, file_case: FileCase) -> None:
    complaint, officer = file_case(what="Petugas menahan kiriman."), world.officer("verifikator")
    look(complaint, officer)
    assert [stands(word, complaint, officer) for word in ("tahan", "kirim", "pungut")] == [True, True, False]
    assert IndexedCase.objects.get().entries == [complaint.case.entries.get().pk]


def test_a_second_look_writes_nothing_and_a_new_entry_comes_in_addition(
    world: World, file_case: FileCase
) -> None:
    complaint, officer = file_case(), world.officer("verifikator")
    look(complaint, officer)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        look(complaint, officer)
    assert [one["sql"] for one in asked if not one["sql"].startswith("SELECT")] == []
    before = IndexedWord.objects.count()
    move(complaint, "take", by=officer)
    move(complaint, "note", by=officer, note="Bandingkan dengan manifes kapal.")
    look(complaint, officer)
    assert stands("manifes", complaint, officer)
    assert IndexedWord.objects.count() == before + 3


def test_a_long_text_is_indexed_over_several_looks(
    world: World, file_case: FileCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(word_index, "MOST_CHARACTERS", 20)
    complaint, officer = file_case(what="Kapal bersandar malam hari."), world.officer("verifikator")
    move(complaint, "take", by=officer)
    move(complaint, "note", by=officer, note="Manifes hilang.")
    look(complaint, officer)
    assert not stands("manifes", complaint, officer)
    look(complaint, officer)
    assert stands("manifes", complaint, officer)


def test_each_team_has_hashes_of_its_own(world: World, file_case: FileCase) -> None:
    here, there = file_case(what="Kontainer"), file_case(MALILI, what="Kontainer")
    look(here, world.officer("verifikator"))
    look(there, world.officer("verifikator", MALILI))
    assert not IndexedWord.objects.filter(case=here.case).filter(
        word__in=IndexedWord.objects.filter(case=there.case).values("word")
    )


def test_an_officer_of_two_teams_that_hold_the_key_fills_the_index_of_both(
    world: World, file_case: FileCase
) -> None:
    complaint, verifier = file_case(ACEH, what="Kontainer"), world.officer("verifikator", ACEH)
    move(complaint, "take", by=verifier)
    move(complaint, "assess", by=verifier, **assessed())
    move(complaint, "route_pyb", by=verifier)
    move(complaint, "dispose", by=world.officer("pyb", KI), target=ACEH)
    head = world.officer("kepala-uki", ACEH)
    look(complaint, head)
    both = [team(office=ACEH), team(TeamKind.ASSESSMENT, ACEH)]
    assert [stands("kontainer", complaint, head, one) for one in both] == [True, True]


def test_a_supervisor_of_an_empty_team_fills_the_index_of_the_team_below(
    world: World, file_case: FileCase
) -> None:
    complaint, above = file_case(what="Kontainer"), world.officer("verifikator", ACEH)
    look(complaint, above)
    assert IndexedCase.objects.get().team == team()
    assert stands("kontainer", complaint, world.officer("verifikator"))


def test_a_custodian_and_a_unit_fill_no_index(world: World, file_case: FileCase) -> None:
    complaint, verifier = file_case(), world.officer("verifikator")
    move(complaint, "take", by=verifier)
    move(complaint, "assess", by=verifier, **assessed(type="T2a"))
    unit = world.officer("pengkaji-unit")
    move(complaint, "route_unit", by=verifier, unit=SABANG, referral="Tolong jawab.")
    look(complaint, unit)
    look(complaint, world.officer("kustodian", ACEH))
    assert not IndexedWord.objects.exists()


def test_neither_identity_nor_the_way_to_the_complainant_is_indexed(
    world: World, file_case: FileCase
) -> None:
    complaint = file_case(
        name="Melati Kenanga", address="Jalan Cempaka", callback="Telepon 08110001112", disclose=True
    )
    officer = world.officer("verifikator")
    look(complaint, officer)
    words = ("melati", "kenanga", "cempaka", "08110001112", "telepon")
    assert not any(stands(word, complaint, officer) for word in words)


def test_an_entry_whose_row_says_that_it_is_for_all_is_taken_at_its_sealed_word(
    world: World, file_case: FileCase
) -> None:
    complaint, officer = file_case(callback="Telepon 08110001112"), world.officer("verifikator")
    Entry.objects.filter(kind="contact-path").update(audience=Audience.HANDLERS)
    look(complaint, officer)
    assert len(IndexedCase.objects.get().entries) == 1


def test_after_a_transfer_the_old_teams_index_holds_nothing_of_the_case(
    world: World, file_case: FileCase
) -> None:
    complaint, other, officer = file_case(), file_case(), world.officer("verifikator")
    for one in (complaint, other):
        look(one, officer)
    move(complaint, "take", by=officer)
    move(complaint, "transfer", by=officer, target=MALILI, reason="Salah kantor.")
    assert not IndexedWord.objects.filter(case=complaint.case).exists()
    assert not IndexedCase.objects.filter(case=complaint.case).exists()
    assert IndexedWord.objects.filter(case=other.case).exists()


def test_who_lost_the_case_while_the_page_was_open_leaves_no_words_behind(
    world: World, file_case: FileCase
) -> None:
    complaint, officer = file_case(), world.officer("verifikator")
    case = complaint.now()
    opened = Reader([case], officer.private).timeline()
    held = word_index._holding(case, officer)
    Seal.objects.filter(case=case, object=case.uid).delete()
    for place in held:
        word_index._fill(case, place, officer, frozenset(), {one.entry.pk: "kapal" for one in opened})
    assert not IndexedWord.objects.exists()
    assert not IndexedCase.objects.exists()


def test_a_renewed_key_finds_what_was_indexed_before(world: World, file_case: FileCase) -> None:
    complaint, officer = file_case(what="Kontainer"), world.officer("verifikator")
    look(complaint, officer)
    renew(team=team(), by=officer.ring)
    assert stands("kontainer", complaint, world.officer("verifikator"))


def test_under_a_key_that_somebody_swapped_nothing_is_indexed(world: World, file_case: FileCase) -> None:
    complaint, officer = file_case(), world.officer("verifikator")
    IndexKey.objects.filter(team=team()).update(sealed=b"x")
    look(complaint, officer)
    assert not IndexedWord.objects.exists()


def test_a_hash_is_eight_bytes_of_a_keyed_function(world: World) -> None:
    one, other = vault.Secret(bytes(32)), vault.Secret(bytes([1]) * 32)
    words = ["uang", "loket"]
    assert hashes_of(words, one) == hashes_of(words, one)
    assert set(hashes_of(words, one).values()).isdisjoint(hashes_of(words, other).values())
    assert all(-(2**63) <= found < 2**63 for found in hashes_of(words, one).values())


def test_the_columns_of_the_index_can_hold_no_text(world: World) -> None:
    kinds = {field.name: field.get_internal_type() for field in IndexedWord._meta.fields}
    assert {name for name, kind in kinds.items() if re.search("Char|Text|Binary|JSON", kind)} == set()
    assert Case._meta.get_field("register").unique


def test_a_case_that_goes_one_level_up_leaves_no_word_in_the_old_index(
    world: World, file_case: FileCase
) -> None:
    complaint, officer = file_case(what="Petugas menahan kiriman."), world.officer("verifikator")
    world.officer("kepala-uki", ACEH)
    look(complaint, officer)
    move(complaint, "take", by=officer)
    move(complaint, "escalate_conflict", by=officer, reason="Kepala kantor diadukan.")
    assert not IndexedWord.objects.exists()
    assert not IndexedCase.objects.exists()
