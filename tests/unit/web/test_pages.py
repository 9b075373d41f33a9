"""The frame that every page stands in."""

import gzip

import pytest
from django.test import Client
from pytest_django import Settings

from tests.unit.web.site import Page


def page_at(visitor: Client, path: str) -> Page:
    return Page(visitor.get(path).text)


@pytest.mark.parametrize(("path", "language"), [("/", "id"), ("/en/", "en"), ("/lacak/", "id")])
def test_a_page_says_its_language(visitor: Client, path: str, language: str) -> None:
    response = visitor.get(path, headers={"accept-language": "fr,en;q=0.9"})
    assert Page(response.text).all("html")[0].attrs["lang"] == language
    assert response.headers["Content-Language"] == language
    assert "Vary" not in response.headers


def test_a_language_cookie_changes_nothing(visitor: Client) -> None:
    visitor.cookies["django_language"] = "en"
    assert page_at(visitor, "/").all("html")[0].attrs["lang"] == "id"


def test_a_page_has_one_main_and_no_script(visitor: Client) -> None:
    page = page_at(visitor, "/lapor/")
    assert [main.attrs["id"] for main in page.all("main")] == ["main"]
    assert not page.all("script")
    assert not any(name.startswith("on") for element in page.elements for name in element.attrs)


def test_the_quick_exit_is_the_second_stop_after_the_skip_link(visitor: Client, settings: Settings) -> None:
    [skip, leave, *_] = page_at(visitor, "/").all("a")
    assert skip.attrs["href"] == "#main"
    assert leave.attrs["href"] == settings.SIPUMA.exit_url
    assert leave.attrs["rel"] == "noreferrer noopener"


@pytest.mark.parametrize(
    ("path", "links"),
    [
        ("/lacak/", ["/en/lacak/"]),
        ("/en/lacak/", ["/lacak/"]),
        ("/en/", ["/"]),
        ("/nowhere/", ["/en/"]),
        ("/en/nowhere/", ["/"]),
    ],
)
def test_the_language_switch_leads_to_the_same_page(visitor: Client, path: str, links: list[str]) -> None:
    page = page_at(visitor, path)
    assert [link.attrs["href"] for link in page.all("a") if "hreflang" in link.attrs] == links


@pytest.mark.parametrize(("typed", "prefix"), [({}, ""), ({"what": ""}, "Error: ")])
def test_the_title_says_when_something_is_wrong(visitor: Client, typed: dict[str, str], prefix: str) -> None:
    response = visitor.post("/en/lapor/", typed) if typed else visitor.get("/en/lapor/")
    title = Page(response.text).all("title")[0].text
    assert title.startswith("Error: ") is bool(prefix)
    assert ("govuk-error-summary" in response.text) is bool(prefix)


def test_a_staff_page_has_a_sign_out_form_and_no_quick_exit(visitor: Client) -> None:
    page = page_at(visitor, "/petugas/")
    [form] = page.all("form")
    assert (form.attrs["method"], form.attrs["action"]) == ("post", "/out/")
    assert page.named("csrfmiddlewaretoken")
    assert not any(link.has_class("quick-exit") for link in page.all("a"))


def test_a_first_visit_fits_the_budget(visitor: Client) -> None:
    # Together with the style sheet's limit well below 20 kB; brotli, which is served, is smaller still.
    assert len(gzip.compress(visitor.get("/").content)) < 4_000
