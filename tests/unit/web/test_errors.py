"""The pages for what goes wrong: they say what to do, and nothing of the case."""

import pytest
from django.test import Client, RequestFactory
from pytest_django import Settings
from structlog.testing import capture_logs

from sipuma.web import errors
from tests.unit.web.site import SECRET, Page, Urls

FAILURES = [("/denied/", 403), ("/petugas/kasus/x/", 404), ("/odd/", 400), ("/boom/", 500)]


@pytest.mark.parametrize(("path", "status"), FAILURES)
def test_an_error_page_tells_nothing_of_the_error(visitor: Client, path: str, status: int) -> None:
    response = visitor.get(f"/en{path}")
    assert response.status_code == status
    assert SECRET not in response.text
    assert Page(response.text).all("h1")[0].text
    assert 'href="/en/"' in response.text


def test_a_failure_shows_the_reference_that_the_log_has(visitor: Client) -> None:
    with capture_logs() as lines:
        response = visitor.post("/boom/", {"what": SECRET})
    [failure] = [line for line in lines if line["event"] == "failure"]
    assert Page(response.text).by_id("reference").text == failure["reference"]
    assert failure["exception"] == "builtins.RuntimeError"
    assert failure["where"][-1].endswith(" boom")
    assert SECRET not in repr(lines)


def test_a_failure_reaches_whoever_listens_for_exceptions() -> None:
    with pytest.raises(RuntimeError):
        Client().get("/boom/")


def test_a_failure_outside_views_gets_a_reference_too(visitor: Client, settings: Settings) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "tests.unit.web.test_errors.broken"]
    with capture_logs() as lines:
        response = visitor.get("/")
    assert response.status_code == 500
    assert [line["reference"] for line in lines if line["event"] == "failure"] == [
        Page(response.text).by_id("reference").text
    ]


def broken(get_response: object) -> object:
    """Middleware that fails on every request."""

    def fail(request: object) -> object:
        raise LookupError(SECRET)

    return fail


def test_references_differ(visitor: Client) -> None:
    references = {Page(visitor.get("/boom/").text).by_id("reference").text for _ in range(5)}
    assert len(references) == 5


def test_an_error_page_needs_no_template(settings: Settings) -> None:
    settings.TEMPLATES = []
    response = errors.server_error(RequestFactory().get("/en/boom/"))
    assert response.status_code == 500
    page = Page(response.text)
    assert page.all("h1")[0].text == "Something went wrong on our side"
    assert page.by_id("reference").text


def test_an_error_page_needs_no_database(visitor: Client) -> None:
    # This test asks for no database, and pytest-django closes it to such tests.
    assert visitor.get("/nowhere/").status_code == 404


def test_an_error_page_speaks_the_language_of_its_path() -> None:
    response = errors.page_not_found(RequestFactory().get("/en/nowhere/"))
    assert Page(response.text).all("html")[0].attrs["lang"] == "en"
    assert response.headers["Content-Language"] == "en"


def test_an_expired_form_gets_a_page_of_its_own(visitor: Client) -> None:
    response = visitor.post("/en/petugas/", {"move": "forward"})
    assert response.status_code == 403
    assert "This page has expired" in response.text


def test_a_form_above_djangos_limit_is_too_large(visitor: Client, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    response = visitor.post("/en/body/", {"what": "x" * 200})
    assert response.status_code == 413
    assert "That was too much at once" in response.text


def test_too_many_fields_are_too_large_as_well(visitor: Client, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 2
    assert visitor.post("/body/", {str(n): "x" for n in range(3)}).status_code == 413


@pytest.mark.parametrize(("length", "status"), [("100", 200), ("101", 413), ("many", 200), ("", 200)])
def test_an_announced_size_above_the_limit_is_refused_unread(
    visitor: Client, settings: Settings, length: str, status: int
) -> None:
    settings.SIPUMA_MAX_REQUEST_BYTES = 100
    assert visitor.get("/", CONTENT_LENGTH=length).status_code == status


def test_a_wrong_method_says_which_ones_work(visitor: Client) -> None:
    response = visitor.get("/en/post/")
    assert response.status_code == 405
    assert response.headers["Allow"] == "POST"
    assert Page(response.text).all("main")


def test_too_many_attempts_say_when_to_come_back() -> None:
    response = errors.too_many_requests(RequestFactory().get("/en/lacak/"), retry_after=60)
    assert (response.status_code, response.headers["Retry-After"]) == (429, "60")
    assert "Too many attempts" in response.text


@pytest.mark.parametrize("path", ["/\udcff/", "//", "/%00", "/en/%F0%9F", "/" + "a" * 5000, "/en//lapor"])
def test_a_half_broken_address_gets_a_page(visitor: Client, path: str) -> None:
    request = RequestFactory().get("/")
    request.path = request.path_info = path
    assert Page(errors.page_not_found(request).text).all("main")


def test_the_handlers_are_what_a_url_configuration_expects() -> None:
    request = RequestFactory().get("/")
    answers = [Urls.handler400(request, exception=None), Urls.handler403(request), Urls.handler404(request)]
    assert [answer.status_code for answer in answers] == [400, 403, 404]
