"""What supervisors and load balancers are told."""

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from pytest_django import Settings

from sipuma import safe
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _static_files_laid_out(settings: Settings) -> None:
    """WhiteNoise warns of a folder that is missing; `sipuma init` makes it."""
    settings.STATIC_ROOT.mkdir(exist_ok=True)


HEAD_OR_GET = pytest.mark.parametrize("method", ["get", "head"])


@HEAD_OR_GET
def test_a_process_that_lives_says_so(client: Client, method: str) -> None:
    answer = getattr(client, method)("/healthz")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain")
    assert answer.content == (b"ok\n" if method == "get" else b"")


@HEAD_OR_GET
def test_a_process_with_database_and_secrets_is_ready(world: World, client: Client, method: str) -> None:
    answer = getattr(client, method)("/readyz")
    assert answer.status_code == 200
    assert answer.content == (b"ready\n" if method == "get" else b"")


@HEAD_OR_GET
@pytest.mark.parametrize(
    "missing", ["pepper", "draft.key", "organisation.pub", "contact.pub", "delivery.pub"]
)
def test_without_one_of_its_secrets_it_is_not_ready(
    world: World, client: Client, settings: Settings, method: str, missing: str
) -> None:
    file = settings.SIPUMA.secrets / missing
    away = file.rename(file.with_name("away"))
    try:
        assert getattr(client, method)("/readyz").status_code == 503
    finally:
        away.rename(file)


def test_without_any_secrets_it_lives_and_is_not_ready(
    client: Client, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    settings.SIPUMA = settings.SIPUMA.model_copy(update={"data": tmp_path_factory.mktemp("empty")})
    safe.at.cache_clear()
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200


def test_without_a_database_it_lives_and_is_not_ready(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(connection, "cursor", refuse)
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_sets_no_cookie_and_tells_no_version(client: Client, path: str) -> None:
    answer = client.get(path)
    assert not answer.cookies
    assert "Server" not in answer
