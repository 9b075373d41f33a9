"""The headers of every kind of answer."""

import pytest
from django.test import Client
from django.utils.http import parse_header_parameters
from pytest_django import Settings

from sipuma.web import headers

# fmt: off
ANSWERS = [
    ("/",              200), ("/petugas/", 200), ("/nowhere/", 404), ("/denied/", 403),
    ("/odd/",          400), ("/boom/",    500), ("/post/",    405), ("/en/boom/", 500),
]
# fmt: on


@pytest.mark.parametrize(("path", "status"), ANSWERS)
def test_every_answer_carries_the_security_headers(visitor: Client, path: str, status: int) -> None:
    response = visitor.get(path)
    assert response.status_code == status
    expected = {**headers.EVERYWHERE, "Cache-Control": "no-store"}
    assert {name: response.headers.get(name) for name in expected} == expected
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def test_the_policy_allows_our_own_styles_and_forms_and_no_script(visitor: Client) -> None:
    policy = visitor.get("/").headers["Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives == {name: " ".join(values) for name, values in headers.CONTENT_SECURITY_POLICY.items()}
    assert "script-src" not in directives


@pytest.mark.parametrize(
    ("path", "policy"),
    [
        ("/", "no-referrer"),
        ("/lacak/", "no-referrer"),
        ("/petugas/", "same-origin"),
        ("/en/petugas/", "same-origin"),
    ],
)
def test_public_pages_send_no_referrer_and_staff_forms_keep_their_origin(
    visitor: Client, path: str, policy: str
) -> None:
    assert visitor.get(path).headers["Referrer-Policy"] == policy


@pytest.mark.parametrize(
    ("path", "tag"),
    [("/", None), ("/lacak/", "noindex"), ("/en/lacak/", "noindex"), ("/petugas/x/", "noindex")],
)
def test_search_engines_stay_out_of_tracking_and_workspace(
    visitor: Client, path: str, tag: str | None
) -> None:
    assert visitor.get(path).headers.get("X-Robots-Tag") == tag


def test_static_files_may_be_cached(visitor: Client, settings: Settings) -> None:
    response = visitor.get(f"{settings.STATIC_URL}missing.css")
    assert "Cache-Control" not in response.headers
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_error_pages_are_html_in_utf8(visitor: Client) -> None:
    kind, parameters = parse_header_parameters(visitor.get("/boom/").headers["Content-Type"])
    assert (kind, parameters) == ("text/html", {"charset": "utf-8"})
