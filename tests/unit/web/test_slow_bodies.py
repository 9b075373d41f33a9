"""Bodies with files hold only some of the threads: beyond them the answer comes at once, unread."""

from collections.abc import Iterator

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from sipuma.web import middleware
from sipuma.web.middleware import MOST_SENDING, RequestSize

FILES, FORM = "/lapor/", "/petugas/masuk/"


@pytest.fixture(autouse=True)
def known_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "_brings_files", lambda request: request.path == FILES)


@pytest.fixture
def all_places_taken() -> Iterator[None]:
    taken = [middleware._sending.acquire(blocking=False) for _one in range(MOST_SENDING)]
    assert all(taken)
    yield
    for _one in taken:
        middleware._sending.release()


def answer(path: str, method: str = "post") -> HttpResponse:
    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse("served")

    request = getattr(RequestFactory(), method)(path, {"what": "x"})
    response = RequestSize(view)(request)
    assert isinstance(response, HttpResponse)
    return response


@pytest.mark.usefixtures("all_places_taken")
def test_when_all_places_are_taken_files_are_refused_at_once() -> None:
    refused = answer(FILES)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "60")


@pytest.mark.usefixtures("all_places_taken")
def test_pages_and_forms_without_files_go_on() -> None:
    assert answer(FILES, "get").content == b"served"
    assert answer(FORM).content == b"served"


def test_a_place_is_given_back_also_when_the_view_fails() -> None:
    def view(_request: HttpRequest) -> HttpResponse:
        raise OSError("the line broke")

    for _time in range(MOST_SENDING + 1):
        with pytest.raises(OSError, match="line"):
            RequestSize(view)(RequestFactory().post(FILES))
    assert answer(FILES).content == b"served"
