"""What somebody without rights gets out of answers: no hint about tickets, no change, no way past CSRF."""

import hashlib
import html
import re
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from sipuma.cases.models import IndexedCase, IndexedWord, ReadLog, Ticket
from sipuma.cases.tickets import keys_of
from sipuma.vault import Ticket as Number
from sipuma.web.public import is_public
from tests.world import PASSWORD, SABANG, Complaint, FileCase, World

MOST_PAGES = 400
NO_SUCH = "0e8c1f0a-0000-4000-8000-000000000000"
ARGUMENTS = {
    "register": "130300-2026-000001",
    "code": "AAAA",
    "uid": NO_SUCH,
    "once": NO_SUCH,
    "number": 1,
    "other": "130300-2026-000002",
}
GIVEN = re.compile(r'href="(/[^"]*)"')


@pytest.fixture
def complaint(file_case: FileCase) -> Complaint:
    return file_case(name="Warga", email="warga@contoh.id")


@pytest.fixture
def staff(world: World) -> Client:
    """Return the signed-in browser of a verifier, which sends no token by itself."""
    world.officer("verifikator", SABANG)
    client = Client()
    client.post("/petugas/masuk/", {"login": f"verifikator.{SABANG}", "password": PASSWORD})
    assert client.get("/petugas/").status_code == 200
    return client


def test_unknown_malformed_and_revoked_tickets_get_one_answer(complaint: Complaint, client: Client) -> None:
    revoked = complaint.ticket.grouped
    Ticket.objects.filter(lookup=keys_of(complaint.ticket).lookup).update(revoked_at=timezone.now())
    unknown = Number.draw().grouped
    malformed = f"{unknown[:-1]}{'0' if unknown[-1] != '0' else '1'}"
    client.post("/lacak/", {"ticket": unknown})  # whatever is made once a process is made now
    answers = []
    for text in (unknown, malformed, revoked, "x", "x" * 5_000, "🎫"):
        with CaptureQueriesContext(connection) as queries:
            answer = client.post("/lacak/", {"ticket": text})
        answers.append((answer.status_code, len(queries), dict(answer.headers), answer.content))
    assert answers == [answers[0]] * len(answers)


def test_looking_at_every_page_changes_nothing_but_the_read_log_and_the_word_index(
    complaint: Complaint, staff: Client
) -> None:
    before = fingerprints()
    seen = {
        path for client, start in ((Client(), "/"), (staff, "/petugas/")) for path in crawl(client, start)
    }
    assert {"/lapor/", "/en/lapor/", "/petugas/tim/", f"/petugas/kasus/{complaint.case.register}/"} <= seen
    changed = {name for name, mark in fingerprints().items() if mark != before[name]}
    assert changed == {model._meta.db_table for model in (ReadLog, IndexedCase, IndexedWord)}


def crawl(client: Client, start: str) -> Iterator[str]:
    """Follow every link from a page, and every address of the site that needs no arguments."""
    waiting, seen = [start, *plain_addresses()], set[str]()
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop()
        if path in seen or path.startswith("/static/"):
            continue
        seen.add(path)
        answer = client.get(path)
        assert answer.status_code < 500, path
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            waiting += [html.unescape(one) for one in GIVEN.findall(answer.content.decode())]
        yield path


def plain_addresses() -> list[str]:
    return [reverse(one.name) for one in patterns() if one.name and not one.pattern.converters]


def patterns() -> Iterator[URLPattern]:
    waiting: list[URLPattern | URLResolver] = list(get_resolver().url_patterns)
    while waiting:
        one = waiting.pop()
        if isinstance(one, URLResolver):
            waiting += one.url_patterns
        else:
            yield one


def fingerprints() -> dict[str, str]:
    """Return a hash of all rows of each table."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608  a name of our own
            rows = sorted(
                repr([bytes(v) if isinstance(v, memoryview) else v for v in row]) for row in cursor.fetchall()
            )
            found[table] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def test_no_view_for_staff_takes_a_post_without_its_token(complaint: Complaint, staff: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = staff.cookies
    before, tried = fingerprints(), 0
    for one in patterns():
        if is_public(one.callback):
            continue
        arguments = {name: ARGUMENTS[name] for name in one.pattern.converters}
        address = reverse(one.callback if one.name is None else one.name, kwargs=arguments)
        assert strict.post(address, {"move": "take"}).status_code == 403, address
        tried += 1
    assert tried >= 9
    assert fingerprints() == before


def test_only_public_pages_take_posts_without_a_cookie_token() -> None:
    exempt = {one.name for one in patterns() if getattr(one.callback, "csrf_exempt", False)}
    # It checks the token by itself, after the files have been taken in encrypted.
    later = {"evidence-list"}
    assert exempt - later == {one.name for one in patterns() if is_public(one.callback)}
