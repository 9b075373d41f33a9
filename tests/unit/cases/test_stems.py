"""Words as the index knows them: one stem for all forms of a word, and nothing of what says nothing."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sipuma.cases.stems import LONGEST, stems_of


@pytest.mark.parametrize(
    ("stem", "forms"),
    [
        ("terima", "menerima diterima penerimaan TERIMA Terimalah"),
        ("tahan", "ditahan penahanan menahan"),
        ("kirim", "kiriman pengiriman mengirim dikirim"),
        ("pungut", "pungutan dipungut"),
        ("pegawai", "pegawai kepegawaian"),
    ],
)
def test_all_forms_of_a_word_have_one_stem(stem: str, forms: str) -> None:
    assert stems_of(forms) == {stem}


@pytest.mark.parametrize(
    ("text", "stems"),
    [
        ("yang dan di ke dari adalah", set()),
        ("", set()),
        ("… !? 🙂🙈 \u200b — '';--", set()),
        ("a", set()),
        ("NIP 198503122010011001", {"nip", "198503122010011001"}),
        ("PIB-001234/2026", {"pib", "001234", "2026"}),
        ("ＬＯＫＥＴ ﬁle", {"loket", "file"}),
        ("İSTANBUL", {"stanbul"}),
        ("海关 官员", {"海关", "官员"}),
        ("kupu-kupu", {"kupu"}),
    ],
)
def test_only_words_and_numbers_count(text: str, stems: set[str]) -> None:
    assert stems_of(text) == stems


def test_a_word_without_an_end_is_cut_and_takes_no_time() -> None:
    began = time.monotonic()
    assert {len(stem) for stem in stems_of("me" * 5_000)} == {LONGEST}
    assert time.monotonic() - began < 1


def test_no_more_than_the_most_different_words_are_looked_at() -> None:
    assert len(stems_of(" ".join(f"kode{n}" for n in range(100)), most=10)) == 10


@given(st.text(max_size=200))
def test_any_text_has_stems_that_are_short_and_the_same_each_time(text: str) -> None:
    stems = stems_of(text)
    assert stems == stems_of(text)
    assert all(stem and len(stem) <= LONGEST for stem in stems)
