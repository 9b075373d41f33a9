"""What the request log may say."""

import re

import pytest
from django.test import Client
from structlog.testing import capture_logs

from sipuma.web import logs

SECRET_REGISTER = "130300-2026-000123"


@pytest.mark.parametrize(
    ("path", "route", "status"),
    [("/lacak/?ticket=7KQM", "track", 200), (f"/petugas/kasus/{SECRET_REGISTER}/", "case", 404),
     ("/denied/", "tests.unit.web.site.denied", 403), ("/secret/", "-", 404)],
)  # fmt: skip
def test_a_request_is_logged_by_route_and_never_by_path(
    visitor: Client, path: str, route: str, status: int
) -> None:
    with capture_logs() as lines:
        visitor.get(path, headers={"user-agent": "Secret/1.0"}, REMOTE_ADDR="203.0.113.9")
    [line] = [line for line in lines if line["event"] == "request"]
    assert line.keys() == {"event", "log_level", "method", "route", "status", "ms"}
    assert (line["method"], line["route"], line["status"]) == ("GET", route, status)


def test_an_unknown_method_is_not_repeated_in_the_log(visitor: Client) -> None:
    with capture_logs() as lines:
        visitor.generic("SECRET", "/")
    assert [line["method"] for line in lines if line["event"] == "request"] == ["OTHER"]


def test_a_reference_can_be_read_out() -> None:
    assert re.fullmatch(r"[2-9CFGHJKMPQRVWX]{4}-[2-9CFGHJKMPQRVWX]{4}", logs.new_reference())
