"""Settings that hang on where SIPUMA is served: each set is loaded in a process of its own."""

from pathlib import Path
from typing import Any

import pytest

from tests.unit.config.process import surroundings, value_of

NAMES = (
    "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_SAMESITE", "CSRF_COOKIE_NAME",
    "CSRF_COOKIE_SECURE", "CSRF_COOKIE_HTTPONLY", "CSRF_TRUSTED_ORIGINS", "SECURE_HSTS_SECONDS",
    "ALLOWED_HOSTS", "DEBUG", "SECURE_PROXY_SSL_HEADER", "FILE_UPLOAD_HANDLERS", "ACCOUNT_RATE_LIMITS",
)  # fmt: skip
IMPORTS = "from sipuma.config import settings"
EXPRESSION = f"{{name: getattr(settings, name) for name in {NAMES!r}}}"

Loaded = dict[str, Any]  # Any: JSON


def load(folder: Path, **variables: str) -> Loaded:
    found: Loaded = value_of(EXPRESSION, surroundings(folder, **variables), imports=IMPORTS)
    return found


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """Return the settings behind https, with a proxy in front."""
    return load(
        tmp_path_factory.mktemp("data"),
        base_url="https://sipuma.example",
        allowed_hosts="lama.example, ,dua.example",
        trusted_proxies="1",
    )


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """Return the settings of a machine of one's own."""
    return load(tmp_path_factory.mktemp("data"))


def test_behind_https_staff_cookies_are_bound_to_the_host_and_secure(public: Loaded) -> None:
    assert (public["SESSION_COOKIE_NAME"], public["CSRF_COOKIE_NAME"]) == (
        "__Host-sipuma_session",
        "__Host-sipuma_csrf",
    )
    assert public["SESSION_COOKIE_SECURE"]
    assert public["CSRF_COOKIE_SECURE"]
    assert public["SECURE_HSTS_SECONDS"] >= 31_536_000


def test_on_loopback_staff_cookies_are_plain_so_that_every_client_returns_them(local: Loaded) -> None:
    assert (local["SESSION_COOKIE_NAME"], local["CSRF_COOKIE_NAME"]) == ("sipuma_session", "sipuma_csrf")
    assert not local["SESSION_COOKIE_SECURE"]
    assert not local["CSRF_COOKIE_SECURE"]
    assert local["SECURE_HSTS_SECONDS"] == 0


def test_scripts_never_read_the_form_token_and_other_sites_never_send_it(
    public: Loaded, local: Loaded
) -> None:
    for loaded in (public, local):
        assert loaded["CSRF_COOKIE_HTTPONLY"]
        assert loaded["SESSION_COOKIE_SAMESITE"] in {"Lax", "Strict"}
        assert not loaded["DEBUG"]


def test_only_the_named_hosts_are_served(public: Loaded) -> None:
    assert public["ALLOWED_HOSTS"] == ["sipuma.example", "lama.example", "dua.example"]
    assert public["CSRF_TRUSTED_ORIGINS"] == ["https://sipuma.example"]


def test_loopback_is_served_by_each_of_its_names(local: Loaded) -> None:
    assert {"127.0.0.1", "localhost", "[::1]"} <= set(local["ALLOWED_HOSTS"])


def test_a_forwarded_scheme_is_believed_only_behind_a_proxy(public: Loaded, local: Loaded) -> None:
    assert public["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]
    assert local["SECURE_PROXY_SSL_HEADER"] is None


def test_nothing_uploaded_is_written_to_disk_in_clear(public: Loaded) -> None:
    assert not any("Temporary" in handler for handler in public["FILE_UPLOAD_HANDLERS"])


def test_a_demo_has_wider_limits_at_sign_in(public: Loaded, tmp_path: Path) -> None:
    assert load(tmp_path, demo="1")["ACCOUNT_RATE_LIMITS"] != public["ACCOUNT_RATE_LIMITS"]


@pytest.mark.parametrize(
    ("variables", "engine", "name"),
    [
        ({}, "sqlite3", "sipuma.sqlite3"),
        ({"database_url": "sqlite:////srv/lain.sqlite3"}, "sqlite3", "/srv/lain.sqlite3"),
        ({"database_url": "postgresql://u:p@db.example/sipuma"}, "postgresql", "sipuma"),
    ],
)
def test_the_database_is_the_one_named_or_a_file_in_the_data_folder(
    tmp_path: Path, variables: dict[str, str], engine: str, name: str
) -> None:
    found = value_of("settings.DATABASES['default']", surroundings(tmp_path, **variables), imports=IMPORTS)
    assert found["ENGINE"].endswith(engine)
    assert found["NAME"].endswith(name)
    if engine == "sqlite3":
        assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
            assert pragma in found["OPTIONS"]["init_command"]


@pytest.mark.parametrize("kept", [True, False])
def test_the_signing_key_is_the_one_of_the_secrets_folder_or_drawn_anew(tmp_path: Path, kept: bool) -> None:  # noqa: FBT001
    if kept:
        (tmp_path / "secrets").mkdir()
        (tmp_path / "secrets" / "django.key").write_text("ab" * 32)
    first, second = (
        value_of("settings.SECRET_KEY", surroundings(tmp_path), imports=IMPORTS) for _ in range(2)
    )
    assert len(first) == 64
    assert (first == second == "ab" * 32) == kept
    assert (first != second) != kept
