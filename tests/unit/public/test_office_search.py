"""Which office people mean by what they type."""

import pytest

from sipuma.public.office_search import find, means_unknown
from tests.world import World


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("130300", "130300"),
        (" xpsl01 ", "XPSL01"),
        ("Kantor Wilayah DJBC Aceh", "130000"),
        ("kanwil aceh", "130000"),
        ("KPU Batam", "020400"),
        ("Soetta", "050100"),
        ("Dit. KI", "001400"),
        ("KPPBC TMP C Sabang", "130300"),
        ("Bea & Cukai Ngurah Rai", "080100"),
        ("ＳＡＢＡＮＧ", "130300"),
        ("Kanwil Kalbagsel", "180000"),
    ],
)
def test_codes_names_towns_and_short_forms_are_understood(world: World, text: str, code: str) -> None:
    only = find(text).only
    assert only is not None
    assert only.code == code


def test_a_name_that_fits_in_part_is_offered_not_taken(world: World) -> None:
    match = find("Pelabuhan Sabang")
    assert match.only is None
    assert match.offices[0].code == "130300"


def test_offices_in_the_town_come_first(world: World) -> None:
    offices = find("Aceh").offices
    in_town = ["Aceh" in office.city for office in offices]
    assert in_town == sorted(in_town, reverse=True)
    assert True in in_town


@pytest.mark.parametrize("text", ["Atlantis", "kantor bea dan cukai", "😡", "x" * 10_000, "'; DROP TABLE"])
def test_what_fits_no_office_finds_none(world: World, text: str) -> None:
    assert find(text).offices == ()


def test_an_office_that_is_no_longer_listed_is_not_found(world: World) -> None:
    found = find("130300").only
    assert found is not None
    found.listed = False
    found.save()
    assert find("130300").only is None


@pytest.mark.parametrize("text", ["", "  ", "-", "tidak tahu", "TIDAK TAHU!", "I don’t know", "belum tahu"])
def test_not_knowing_is_understood(text: str) -> None:
    assert means_unknown(text)


def test_a_town_is_not_taken_for_not_knowing() -> None:
    assert not means_unknown("Sabang")
