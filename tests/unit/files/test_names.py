"""Names that browsers give: what is left is safe to show and to save under."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as some

from sipuma.files.names import MOST_CHARACTERS, clean_name


@pytest.mark.parametrize(
    ("given_name", "clean"),
    [
        ("foto.jpg", "foto.jpg"),
        ("Bukti transfer (2).PDF", "Bukti transfer (2).PDF"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Siti\\Desktop\\bukti.docx", "bukti.docx"),
        ("a/b\\..\\c.txt", "c.txt"),
        ("foto\u202egpj.exe", "fotogpj.exe"),
        ("nol\x00lebar\u200b\ufeff.png", "nollebar.png"),
        ("baris\r\nSet-Cookie: a.txt", "barisSet-Cookie a.txt"),
        ("Cafe\u0301.txt", "Caf\u00e9.txt"),
        ("...tersembunyi", "tersembunyi"),
        ('a<b>c:d"e|f?g*.txt', "abcdefg.txt"),
        ("akhir. . .", "akhir"),
        ("con", "_con"),
        ("NUL.txt", "_NUL.txt"),
        ("com1.tar.gz", "_com1.tar.gz"),
        ("console.log", "console.log"),
        ("", "berkas"),
        ("...", "berkas"),
        ("folder/", "berkas"),
        ("\u202e\u200f", "berkas"),
        ("bukti\u00a0\u3000 dua.txt", "bukti dua.txt"),
    ],
)
def test_a_name_loses_what_hides_forbids_or_misleads(given_name: str, clean: str) -> None:
    assert clean_name(given_name) == clean


def test_a_long_name_keeps_its_extension() -> None:
    name = clean_name("x" * 10_000 + ".pdf")
    assert name == "x" * (MOST_CHARACTERS - 4) + ".pdf"


def test_a_very_long_extension_is_none() -> None:
    assert clean_name("a." + "x" * 10_000) == "a." + "x" * (MOST_CHARACTERS - 2)


@given(some.text())
def test_whatever_is_given_the_rules_hold_and_cleaning_again_changes_nothing(given_name: str) -> None:
    name = clean_name(given_name)
    assert 0 < len(name) <= MOST_CHARACTERS + 1  # the line before a reserved name
    assert not any(sign in name for sign in '/\\<>:"|?*')
    assert not any(unicodedata.category(sign) in {"Cc", "Cf", "Cs"} for sign in name)
    assert not name.startswith(".")
    assert clean_name(name) == name
