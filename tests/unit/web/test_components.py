"""The components of `ui/`, as pages include them."""

from datetime import UTC, datetime

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from tests.unit.web.site import Page

HOSTILE = "<img src=x onerror=alert(1)>"
ENTRY = {"title": HOSTILE, "when": datetime(2026, 3, 24, 16, 59, tzinfo=UTC), "body": HOSTILE}

# fmt: off
HOSTILE_CALLS = [
    ("ui/button.html",       {"label": HOSTILE, "name": HOSTILE, "value": HOSTILE}),
    ("ui/field.html",        {"name": "q", "label": HOSTILE, "type": "search", "value": HOSTILE}),
    ("ui/summary_list.html", {"rows": [{"label": HOSTILE, "value": HOSTILE}]}),
    ("ui/tag.html",          {"label": HOSTILE, "tone": HOSTILE}),
    ("ui/timeline.html",     {"entries": [ENTRY], "zone": "Asia/Jakarta"}),
    ("ui/pagination.html",   {"label": HOSTILE, "previous": HOSTILE, "next": HOSTILE}),
    ("ui/warning.html",      {"text": HOSTILE}),
    ("ui/notice.html",       {"title": HOSTILE, "text": HOSTILE}),
    ("ui/empty_state.html",  {"title": HOSTILE, "text": HOSTILE, "url": HOSTILE, "action": HOSTILE}),
    ("ui/choices.html",      {"choices": [{"url": HOSTILE, "label": HOSTILE, "icon": "send"}]}),
    ("ui/back_link.html",    {"url": HOSTILE, "label": HOSTILE}),
]
# fmt: on


def component(template: str, /, **values: object) -> Page:
    with translation.override("en"):
        return Page(render_to_string(template, values))


@pytest.mark.parametrize(("name", "values"), HOSTILE_CALLS)
def test_no_component_lets_a_text_become_markup(name: str, values: dict[str, object]) -> None:
    page = component(name, **values)
    everything = "".join(element.text + "".join(element.attrs.values()) for element in page.elements)
    assert not page.all("img")
    assert HOSTILE in everything


def test_a_timeline_shows_times_in_the_zone_of_the_office() -> None:
    page = component("ui/timeline.html", entries=[ENTRY], zone="Asia/Makassar")
    assert page.all("time")[0].text == "Wednesday, 25 March 2026, 00:59 WITA"


def test_progress_is_said_in_words_and_the_bar_is_decoration() -> None:
    page = component("ui/progress.html", step=2, steps=4)
    assert page.all("p")[0].text == "Step 2 of 4"
    assert [item.has_class("done") for item in page.all("li")] == [True, True, False, False]
    assert page.all("ol")[0].attrs["aria-hidden"] == "true"


def test_a_single_page_of_a_list_needs_no_pagination() -> None:
    assert not component("ui/pagination.html", previous="", next="", label="Queue").elements


def test_a_control_outside_a_form_has_a_label() -> None:
    page = component("ui/field.html", name="q", label="Search", type="search", value="Sabang")
    assert page.by_id("q").attrs["value"] == "Sabang"
    assert page.all("label")[0].attrs["for"] == "q"


def test_a_saved_number_is_announced() -> None:
    page = component("ui/notice.html", title="Saved", tone="good")
    assert page.all("div")[0].attrs["role"] == "status"


def test_an_icon_is_hidden_from_screen_readers() -> None:
    [icon] = component("ui/icon.html", name="lock").all("svg")
    assert icon.attrs["aria-hidden"] == "true"
