"""The components of `ui/`, as pages include them."""

from datetime import UTC, datetime

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from tests.unit.web.site import Page

GROUPS = ["7KQM", "2XWF", "9D3H", "V5TB", "C8RN", "4GZY"]
HOSTILE = "<img src=x onerror=alert(1)>"
ENTRY = {"title": HOSTILE, "when": datetime(2026, 3, 24, 16, 59, tzinfo=UTC), "by": HOSTILE, "body": HOSTILE}

# fmt: off
HOSTILE_CALLS = [
    ("ui/button.html",       {"label": HOSTILE, "name": HOSTILE, "value": HOSTILE}),
    ("ui/button.html",       {"label": HOSTILE, "href": HOSTILE}),
    ("ui/field.html",        {"name": "q", "label": HOSTILE, "value": HOSTILE, "error": HOSTILE}),
    ("ui/summary_list.html", {"rows": [{"label": HOSTILE, "value": HOSTILE, "url": HOSTILE}]}),
    ("ui/tag.html",          {"label": HOSTILE, "tone": HOSTILE}),
    ("ui/timeline.html",     {"entries": [{**ENTRY, "audience": HOSTILE}], "zone": "Asia/Jakarta"}),
    ("ui/pagination.html",   {"label": HOSTILE, "previous": HOSTILE, "next": HOSTILE}),
    ("ui/inset.html",        {"text": HOSTILE}),
    ("ui/warning.html",      {"text": HOSTILE}),
    ("ui/details.html",      {"summary": HOSTILE, "text": HOSTILE}),
    ("ui/notice.html",       {"title": HOSTILE, "text": HOSTILE}),
    ("ui/empty_state.html",  {"title": HOSTILE, "text": HOSTILE, "url": HOSTILE, "action": HOSTILE}),
    ("ui/ticket.html",       {"groups": [HOSTILE]}),
    ("ui/status.html",       {"sentence": HOSTILE, "text": HOSTILE}),
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


def test_the_ticket_reads_as_six_groups_of_four() -> None:
    html = render_to_string("ui/ticket.html", {"groups": GROUPS})
    page = Page(html)
    assert page.by_id("ticket").tag == "strong"
    assert " ".join(
        span.text.strip() for span in page.all("span") if span.has_class("ticket__group")
    ) == " ".join(GROUPS)


def test_an_internal_entry_is_told_apart_by_class_and_by_word() -> None:
    entries = [{**ENTRY, "internal": True, "audience": "Colleagues only"}, ENTRY]
    page = component("ui/timeline.html", entries=entries, zone="Asia/Makassar")
    marks = [entry.has_class("timeline__entry--internal") for entry in page.all("li")]
    assert marks == [True, False]
    assert [tag.text for tag in page.all("strong")] == ["Colleagues only"]


def test_a_timeline_shows_times_in_the_zone_of_the_office() -> None:
    page = component("ui/timeline.html", entries=[{**ENTRY, "by": ""}], zone="Asia/Makassar")
    assert page.all("time")[0].text == "Wednesday, 25 March 2026, 00:59 WITA"


def test_progress_is_said_in_words_and_the_bar_is_decoration() -> None:
    page = component("ui/progress.html", step=2, steps=4)
    assert page.all("p")[0].text == "Step 2 of 4"
    assert [item.has_class("done") for item in page.all("li")] == [True, True, False, False]
    assert page.all("ol")[0].attrs["aria-hidden"] == "true"


def test_a_single_page_of_a_list_needs_no_pagination() -> None:
    assert not component("ui/pagination.html", previous="", next="", label="Queue").elements


def test_a_field_outside_a_form_ties_hint_and_error_to_its_control() -> None:
    page = component(
        "ui/field.html", name="q", label="Search", hint="Register number", error="Write a number."
    )
    control = page.by_id("q")
    assert control.attrs["aria-describedby"] == "q_helptext q_error"
    assert control.attrs["aria-invalid"] == "true"
    assert {page.by_id(ident).text for ident in ("q_helptext", "q_error")} == {
        "Register number",
        "Write a number.",
    }


def test_a_saved_number_is_announced() -> None:
    page = component("ui/notice.html", title="Saved", tone="good", id="saved")
    assert page.by_id("saved").attrs["role"] == "status"


def test_a_change_link_says_what_it_changes() -> None:
    page = component(
        "ui/summary_list.html", rows=[{"label": "When?", "value": "x", "url": "#", "action": "Change"}]
    )
    assert page.all("span")[-1].text == "(When?)"


def test_an_icon_is_hidden_from_screen_readers() -> None:
    [icon] = component("ui/icon.html", name="clock").all("svg")
    assert icon.attrs["aria-hidden"] == "true"
