"""Bodies with files hold only some of the threads: beyond them the answer comes at once, unread."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from sipuma.web import middleware
from sipuma.web.middleware import MOST_OF_ONE_SOURCE, MOST_SENDING, RequestSize
from sipuma.web.source import source_of

FILES, FORM = "/lapor/", "/petugas/masuk/"


@pytest.fixture(autouse=True)
def known_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "_brings_files", lambda request: request.path == FILES)


@pytest.fixture
def all_places_taken() -> Iterator[None]:
    with taken(str(number) for number in range(MOST_SENDING)):
        yield


@contextmanager
def taken(sources: Iterable[str]) -> Iterator[None]:
    with ExitStack() as stack:
        assert all(stack.enter_context(middleware._sending.place(source)) for source in sources)
        yield


def answer(path: str, method: str = "post", source: str = "192.0.2.1") -> HttpResponse:
    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse("served")

    request = getattr(RequestFactory(), method)(path, {"what": "x"}, REMOTE_ADDR=source)
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


def test_slow_lines_of_one_source_leave_room_for_others() -> None:
    slow = source_of(RequestFactory().get("/", REMOTE_ADDR="192.0.2.1"))
    with taken([slow] * MOST_OF_ONE_SOURCE):
        assert answer(FILES).status_code == 503
        assert answer(FILES, source="192.0.2.2").content == b"served"
        assert answer(FORM).content == b"served"
    assert answer(FILES).content == b"served"


@pytest.mark.parametrize("hidden", ["127.0.0.1", "::1", ""])
def test_a_proxy_that_hides_the_sources_is_not_taken_for_one_sender(hidden: str) -> None:
    with taken([""] * (MOST_SENDING - 1)):
        assert answer(FILES, source=hidden).content == b"served"


def test_a_place_is_given_back_also_when_the_view_fails() -> None:
    def view(_request: HttpRequest) -> HttpResponse:
        raise OSError("the line broke")

    for _time in range(MOST_SENDING + 1):
        with pytest.raises(OSError, match="line"):
            RequestSize(view)(RequestFactory().post(FILES))
    assert answer(FILES).content == b"served"
