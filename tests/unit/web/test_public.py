"""The mark of pages for everyone."""

from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from structlog.testing import capture_logs

from sipuma.web.public import is_public, public
from tests.unit.web.site import careless, staff


def test_a_public_page_never_sets_a_cookie_and_the_attempt_is_logged(visitor: Client) -> None:
    with capture_logs() as lines:
        response = visitor.get("/careless/")
    assert response.status_code == 200
    assert not response.cookies
    [line] = [line for line in lines if line["log_level"] == "error"]
    assert (line["route"], line["names"]) == ("careless", ["tracked"])


def test_a_staff_page_keeps_its_cookies(visitor: Client) -> None:
    assert "csrf" in "".join(visitor.get("/petugas/").cookies)


def test_a_public_form_needs_no_csrf_token(visitor: Client) -> None:
    assert visitor.post("/lapor/", {"what": "x"}).status_code == 200


def test_the_mark_opens_the_view_and_hides_what_was_sent() -> None:
    seen: list[object] = []

    @public
    def view(request: HttpRequest) -> HttpResponse:
        seen.append(getattr(request, "sensitive_post_parameters", None))
        return HttpResponse("ok")

    view(RequestFactory().post("/", {"what": "x"}))
    assert seen == ["__ALL__"]
    assert getattr(view, "login_required", True) is False
    assert getattr(view, "csrf_exempt", False) is True


def test_only_marked_views_are_public() -> None:
    assert is_public(careless)
    assert not is_public(staff)
