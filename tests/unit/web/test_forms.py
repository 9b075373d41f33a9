"""What a form does with what was typed before any rule looks at it."""

import unicodedata
from datetime import date

import pytest
from django.http import QueryDict
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from sipuma.web.text import normalise
from tests.unit.web.site import Report

GOOD = {"what": "Money without a receipt", "office": "130300", "category": "b"}


def posted(**values: str) -> QueryDict:
    data = QueryDict(mutable=True)
    data.update({**GOOD, **values})
    return data


# fmt: off
TYPED = [
    ("one\r\ntwo\rthree\x85four\u2028five\u2029six", "one\ntwo\nthree\nfour\nfive\nsix"),
    ("bell\x07 escape\x1b[31m delete\x7f c1\x9b",    "bell escape[31m delete c1"),
    ("tab\tstays",                                   "tab\tstays"),
    ("cafe\u0301",                                   "café"),
    ("👨‍👩‍👧 🇮🇩 ❤️",                                  "👨‍👩‍👧 🇮🇩 ❤️"),
    ("lone \ud83d surrogate",                        "lone  surrogate"),
    ("re\u202eversed",                               "reversed"),
]
# fmt: on


@pytest.mark.parametrize(("typed", "kept"), TYPED)
def test_text_is_kept_without_what_cannot_be_seen(typed: str, kept: str) -> None:
    assert normalise(typed) == kept


@given(st.text())
def test_normalised_text_can_be_stored_and_stays_as_it_is(typed: str) -> None:
    once = normalise(typed)
    assert once.encode("utf-8").decode("utf-8") == once == normalise(once)
    assert unicodedata.is_normalized("NFC", once)
    assert not any(unicodedata.category(sign) == "Cc" and sign not in "\n\t" for sign in once)


def test_a_form_gives_its_rules_normalised_text() -> None:
    form = Report(posted(what="first\r\nsecond\x07"))
    assert form.is_valid()
    assert form.cleaned_data["what"] == "first\nsecond"


def test_a_form_takes_plain_mappings_with_lists_as_well() -> None:
    form = Report({**GOOD, "who": "a\rb", "paths": ["mail\x07", "sms"]})
    assert form.is_valid()
    assert form.cleaned_data["who"] == "a\nb"
    assert form.cleaned_data["paths"] == ["mail", "sms"]


def test_a_nul_is_refused_by_name_and_the_typing_is_kept() -> None:
    form = Report(posted(who="officer\x00 at the gate"))
    with translation.override("en"):
        assert [*form.errors] == ["who"]
        assert "cannot be stored" in form.errors["who"][0]
    assert 'value="officer at the gate"' in str(form["who"])


def test_a_nul_is_found_in_forms_with_a_prefix() -> None:
    form = Report({f"a-{name}": value for name, value in {**GOOD, "what": "x\x00"}.items()}, prefix="a")
    assert [*form.errors] == ["what"]


def test_an_unbound_form_has_no_errors() -> None:
    assert not Report().errors


def test_a_refused_form_keeps_every_word_that_was_typed() -> None:
    sentence = "It was\non Tuesday"
    form = Report(posted(what=sentence, office="nowhere"))
    assert not form.is_valid()
    assert form["what"].value() == sentence


@pytest.mark.parametrize("typed", ["2026-03-24", "24-03-2026", "24/03/2026"])
def test_a_day_can_be_written_in_the_usual_orders(typed: str) -> None:
    form = Report(posted(when=typed))
    assert form.is_valid()
    assert form.cleaned_data["when"] == date(2026, 3, 24)


def test_a_day_that_cannot_be_read_says_how_to_write_it() -> None:
    with translation.override("en"):
        assert Report(posted(when="last Tuesday")).errors["when"] == ["Write the date like this: 2026-03-24."]
