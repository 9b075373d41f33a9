"""Likely duplicates: same office, about the same time, rare words shared; nothing else is suggested."""

from datetime import timedelta

import pytest

from sipuma.cases.models import Case
from sipuma.cases.opening import Reader
from sipuma.cases.word_index import fill
from sipuma.complaints import duplicates
from sipuma.complaints.duplicates import likely_duplicates
from sipuma.complaints.searchable import texts_of
from sipuma.offices.officer import Officer
from tests.world import ACEH, Complaint, FileCase, World, move

MATTER = "Kontainer merah milik importir tekstil ditahan tiga minggu tanpa surat penindakan."
AGAIN = "Kontainer merah importir tekstil itu masih ditahan, surat penindakan tidak pernah ada."
OTHERS = (
    "Petugas meminta uang di loket bandara kepada penumpang.",
    "Pelayanan cukai rokok di gudang sangat lambat pada pagi hari.",
    "Pegawai memakai mobil dinas untuk belanja keluarga.",
)


def look(complaint: Complaint, officer: Officer) -> None:
    case = complaint.now()
    fill(case, officer, Reader([case], officer.private).timeline(), texts=texts_of)


def suggested(complaint: Complaint, officer: Officer) -> list[Case]:
    return likely_duplicates(complaint.now(), officer)


def test_the_same_matter_told_again_is_suggested_and_others_are_not(
    world: World, file_case: FileCase
) -> None:
    officer = world.officer("verifikator")
    first, again, *others = (file_case(what=what, how="-") for what in (MATTER, AGAIN, *OTHERS))
    for one in (first, again, *others):
        look(one, officer)
    assert suggested(again, officer) == [first.case]
    assert suggested(first, officer) == [again.case]
    assert suggested(others[0], officer) == []


def test_what_was_not_indexed_is_not_suggested(world: World, file_case: FileCase) -> None:
    officer = world.officer("verifikator")
    first, again = file_case(what=MATTER), file_case(what=AGAIN)
    assert suggested(again, officer) == []
    look(again, officer)
    assert suggested(again, officer) == []
    look(first, officer)
    assert suggested(again, officer) == [first.case]


@pytest.mark.parametrize(("days", "how_many"), [(-31, 0), (-29, 1), (29, 1), (31, 0)])
def test_only_what_was_received_within_thirty_days_counts(
    world: World, file_case: FileCase, days: int, how_many: int
) -> None:
    officer = world.officer("verifikator")
    first, again = file_case(what=MATTER), file_case(what=AGAIN)
    for one in (first, again):
        look(one, officer)
    Case.objects.filter(pk=first.case.pk).update(received_at=again.case.received_at + timedelta(days=days))
    assert len(suggested(again, officer)) == how_many


def test_cases_of_other_offices_and_of_other_teams_are_not_suggested(
    world: World, file_case: FileCase
) -> None:
    officer, above = world.officer("verifikator"), world.officer("verifikator", ACEH)
    there, again = file_case(ACEH, what=MATTER), file_case(what=AGAIN)
    look(there, above)
    look(again, officer)
    assert suggested(again, officer) == []
    first = file_case(what=MATTER)
    look(first, officer)
    move(first, "take", by=officer)
    move(first, "transfer", by=officer, target=ACEH, reason="Salah kantor.")
    look(first, above)
    assert suggested(again, officer) == []


def test_no_more_than_five_are_suggested_the_likeliest_first(world: World, file_case: FileCase) -> None:
    officer = world.officer("verifikator")
    less = "Kontainer merah importir tekstil, dan banyak kata lain tentang gudang pelabuhan kapal truk."
    cases = [file_case(what=what, how="-") for what in (less, *[MATTER] * 6)]
    for one in cases:
        look(one, officer)
    found = suggested(cases[-1], officer)
    assert len(found) == duplicates.MOST
    assert cases[0].case not in found
