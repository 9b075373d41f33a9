"""The HTML of forms: GOV.UK markup, what screen readers need, and nothing that a hostile text can break."""

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from tests.unit.web.site import Element, Page, Report

HOSTILE = """"><script>alert('x')</script>&amp;{{ 7|add:7 }}</textarea>"""


@pytest.fixture(autouse=True)
def _english() -> object:
    with translation.override("en"):
        yield


def page_of(form: Report, **values: object) -> Page:
    return Page(
        render_to_string("ui/form.html", {"form": form, "action": "/lapor/", "submit": "Send", **values})
    )


def described_by(page: Page, element: Element) -> str:
    return " ".join(_text_within(page, ident) for ident in element.attrs["aria-describedby"].split())


def _text_within(page: Page, ident: str) -> str:
    start = page.elements.index(page.by_id(ident))
    return "".join(element.text for element in page.elements[start : start + 3])


# fmt: off
CONTROLS = [
    ("what",     "textarea", "govuk-textarea"),
    ("who",      "input",    "govuk-input"),
    ("office",   "select",   "govuk-select"),
    ("when",     "input",    "govuk-input--width-10"),
    ("category", "input",    "govuk-radios__input"),
    ("paths",    "input",    "govuk-checkboxes__input"),
    ("disclose", "input",    "govuk-checkboxes__input"),
    ("email",    "input",    "wide"),
]
# fmt: on


@pytest.mark.parametrize(("name", "tag", "css"), CONTROLS)
def test_every_control_is_styled_and_labelled(name: str, tag: str, css: str) -> None:
    page = page_of(Report())
    labels = {label.attrs["for"] for label in page.all("label")}
    controls = page.named(name)
    assert controls
    for control in controls:
        assert control.tag == tag
        assert control.has_class(css)
        assert control.attrs["id"] in labels


def test_choices_stand_in_a_fieldset_with_their_question_as_legend() -> None:
    page = page_of(Report())
    assert [legend.text.strip() for legend in page.all("legend")] == ["About what?", "How may we reach you?"]
    assert len(page.all("fieldset")) == 2


def test_hint_and_limit_are_read_out_with_the_field() -> None:
    page = page_of(Report())
    assert described_by(page, page.by_id("id_what")) == "One sentence is enough. Up to 10,000 characters."


def test_browsers_neither_cut_nor_block_what_is_typed() -> None:
    page = page_of(Report())
    assert "novalidate" in page.all("form")[0].attrs
    forbidden = {"maxlength", "required", "autofocus"}
    assert not any(forbidden & element.attrs.keys() for element in page.elements)


def test_a_wrong_field_is_marked_and_its_error_read_out() -> None:
    page = page_of(Report({"category": "a"}))
    what = page.by_id("id_what")
    assert what.attrs["aria-invalid"] == "true"
    assert what.has_class("govuk-textarea--error")
    assert "Write what happened." in described_by(page, what)


def test_an_error_of_a_group_belongs_to_its_fieldset_and_not_to_single_buttons() -> None:
    page = page_of(Report({"what": "x"}))
    [group] = [
        one for one in page.all("fieldset") if "id_category_error" in one.attrs.get("aria-describedby", "")
    ]
    assert "This field is required." in described_by(page, group)
    assert not any("aria-invalid" in radio.attrs for radio in page.named("category"))


def test_optional_fields_say_so_and_required_ones_do_not() -> None:
    html = render_to_string("ui/form.html", {"form": Report(), "action": "", "submit": "Send"})
    labels = Page(html).all("span")
    assert [span.text for span in labels if span.has_class("optional")] == ["(optional)"] * 4


def test_the_summary_links_every_error_to_a_control_on_the_page() -> None:
    form = Report({"who": "nobody"})
    summary = Page(render_to_string("ui/error_summary.html", {"form": form}))
    ids = {element.attrs.get("id") for element in page_of(form).elements}
    targets = [link.attrs["href"].removeprefix("#") for link in summary.all("a")]
    assert targets == ["form-errors", "id_what", "id_office", "id_category_0"]
    assert ids.issuperset(targets)


def test_the_summary_is_announced() -> None:
    summary = Page(render_to_string("ui/error_summary.html", {"form": Report({})}))
    assert summary.elements[0].attrs["role"] == "alert"


def test_typed_text_comes_back_as_text() -> None:
    form = Report({"what": HOSTILE, "who": HOSTILE, "email": HOSTILE, "office": HOSTILE, "token": HOSTILE})
    page = page_of(form, hidden={"draft": HOSTILE}, action=HOSTILE)
    assert not page.all("script")
    assert page.by_id("id_what").text.strip() == HOSTILE
    assert page.by_id("id_who").attrs["value"] == HOSTILE
    assert page.named("token")[0].attrs["value"] == HOSTILE
    assert page.named("draft")[0].attrs["value"] == HOSTILE
    assert page.all("form")[0].attrs["action"] == HOSTILE


def test_an_error_that_quotes_the_typing_is_escaped_in_the_summary() -> None:
    form = Report({"office": "<script>x</script>"})
    summary = Page(render_to_string("ui/error_summary.html", {"form": form}))
    assert not summary.all("script")
    assert any("<script>x</script>" in link.text for link in summary.all("a"))


def test_the_button_of_a_form_says_which_move_it_makes() -> None:
    [button] = page_of(Report(), name="move", value="forward").all("button")
    assert (button.attrs["name"], button.attrs["value"]) == ("move", "forward")
    assert button.attrs["type"] == "submit"


def test_only_a_form_that_is_given_one_carries_a_csrf_token() -> None:
    assert not page_of(Report()).named("csrfmiddlewaretoken")
    assert page_of(Report(), csrf="abc").named("csrfmiddlewaretoken")[0].attrs["value"] == "abc"


def test_what_follows_is_said_before_the_button() -> None:
    page = page_of(Report(), note="The complainant is told.")
    tags = [
        element.tag
        for element in page.elements
        if element.tag == "button" or element.has_class("consequence")
    ]
    assert tags == ["p", "button"]


def test_hidden_fields_carry_neither_class_nor_label() -> None:
    page = page_of(Report())
    [token] = page.named("token")
    assert "class" not in token.attrs
    assert "id_token" not in {label.attrs["for"] for label in page.all("label")}
