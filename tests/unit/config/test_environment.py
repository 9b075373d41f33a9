"""What an operator sets: plain or in a file, and what is said when it can't be."""

import os
from pathlib import Path

import pytest

from sipuma.config.environment import Environment, read_environment
from tests.unit.config.process import run, surroundings


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("SIPUMA_")]:
        monkeypatch.delenv(name)
    # What a `_FILE` brings in is taken back after the test.
    for name in ("SIPUMA_EMAIL_URL", "SIPUMA_PORT"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)


def test_nothing_has_to_be_set() -> None:
    environment = read_environment()
    assert (environment.host, environment.port, environment.demo) == ("127.0.0.1", 8000, False)
    assert environment.secrets == Path("data/secrets")


def test_every_variable_has_words_for_the_guide() -> None:
    assert all(field.description for field in Environment.model_fields.values())


def test_a_plain_variable_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIPUMA_PORT", "9000")
    assert read_environment().port == 9000


def test_a_file_is_read_without_its_last_line_break(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "url").write_text("smtp://user:secret@mail.example\n")
    monkeypatch.setenv("SIPUMA_EMAIL_URL_FILE", str(tmp_path / "url"))
    assert read_environment().email_url == "smtp://user:secret@mail.example"


def test_a_plain_variable_wins_over_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "port").write_text("9001")
    monkeypatch.setenv("SIPUMA_PORT_FILE", str(tmp_path / "port"))
    monkeypatch.setenv("SIPUMA_PORT", "9002")
    assert read_environment().port == 9002


def test_what_is_not_known_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIPUMA_OF_TOMORROW", "1")
    assert read_environment() == Environment()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PROFILE", "rahasia"),
        ("PORT", "rahasia"),
        ("DEMO", "rahasia"),
        ("WEB_WORKERS", "1.5x"),
        ("DELIVERY_LEASE_SECONDS", "0"),
    ],
)
def test_a_wrong_value_is_named_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"SIPUMA_{name}", value)
    with pytest.raises(SystemExit) as stop:
        read_environment()
    assert str(stop.value).startswith(f"SIPUMA_{name}: Input should be ")
    assert "rahasia" not in str(stop.value)


def test_an_unknown_profile_is_refused_with_the_two_that_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIPUMA_PROFILE", "kep43")
    with pytest.raises(SystemExit) as stop:
        read_environment()
    assert str(stop.value) == "SIPUMA_PROFILE: Input should be 'kep154' or 'per13'"


def test_each_of_several_wrong_values_has_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIPUMA_PORT", "x")
    monkeypatch.setenv("SIPUMA_DEMO", "x")
    with pytest.raises(SystemExit) as stop:
        read_environment()
    assert [line.split(":")[0] for line in str(stop.value).splitlines()] == ["SIPUMA_PORT", "SIPUMA_DEMO"]


def test_a_file_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SIPUMA_EMAIL_URL_FILE", str(tmp_path / "none"))
    with pytest.raises(SystemExit, match=r"SIPUMA_EMAIL_URL_FILE: .*none can't be read"):
        read_environment()


def test_the_command_ends_with_that_sentence_and_no_traceback(tmp_path: Path) -> None:
    done = run(["-m", "sipuma.config.command", "worker", "--once"], surroundings(tmp_path, port="x"))
    assert done.returncode == 1
    assert done.stderr.startswith("SIPUMA_PORT: ")
    assert len(done.stderr.splitlines()) == 1
