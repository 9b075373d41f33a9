"""The `sipuma` command: quick to answer, and served in clear on loopback only."""

import os
from argparse import Namespace
from pathlib import Path

import pytest

from sipuma.config.command import VERBS, Verb, main, parser
from sipuma.config.verbs import web
from sipuma.config.verbs.worker import FollowingEvent
from tests.unit.config.process import run, surroundings, value_of

PARSER = "from sipuma.config.command import parser, VERBS; parser().format_help(); import sys"


def test_options_of_all_verbs_are_known_without_loading_django(tmp_path: Path) -> None:
    loaded = "[name for name in sys.modules if name.split('.')[0] in ('django', 'pydantic', 'cryptography')]"
    assert value_of(loaded, surroundings(tmp_path), imports=PARSER) == []


def test_help_lists_every_verb(tmp_path: Path) -> None:
    done = run(["-m", "sipuma.config.command", "--help"], surroundings(tmp_path))
    assert done.returncode == 0
    for verb in VERBS:
        assert verb.name in done.stdout
        assert verb.help.split(":")[0].split(",")[0] in " ".join(done.stdout.split())


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_every_verb_explains_itself_and_takes_a_data_folder(
    verb: Verb, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="0"):
        main([verb.name, "--help"])
    assert "--data" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["unheard-of"], ["web", "--port", "x"], ["member"]])
def test_what_is_no_command_is_answered_with_its_usage(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        parser().parse_args(arguments)
    assert "usage: sipuma" in capsys.readouterr().err


EVERYWHERE = "0.0.0.0"  # noqa: S104  # that nobody listens there in clear is what is tested
# fmt: off
ADDRESSES = [
    # host,        SIPUMA_BASE_URL,            taken
    ("127.0.0.1",  None,                       True),
    ("localhost",  None,                       True),
    ("::1",        None,                       True),
    ("127.0.0.1",  "http://127.0.0.1:9000",    True),
    ("127.0.0.1",  "http://localhost:9000",    True),
    ("127.0.0.1",  "https://sipuma.example",   True),
    (EVERYWHERE,  "https://sipuma.example",   True),
    ("10.0.0.5",   "https://sipuma.example",   True),
    ("127.0.0.1",  "http://sipuma.example",    False),
    ("127.0.0.1",  "http://10.0.0.5",          False),
    (EVERYWHERE,  None,                       False),
    (EVERYWHERE,  "http://127.0.0.1:9000",    False),
    ("10.0.0.5",   "http://10.0.0.5:9000",     False),
    (EVERYWHERE,  "http://sipuma.example",    False),
    ("127.0.0.1",  "sipuma.example",           False),
    ("127.0.0.1",  "http://127.0.0.1.nip.io",  False),
]
# fmt: on


@pytest.fixture
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SIPUMA_HOST", "SIPUMA_PORT", "SIPUMA_BASE_URL"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)


@pytest.mark.usefixtures("_own_environment")
@pytest.mark.parametrize(("host", "base", "taken"), ADDRESSES)
def test_plain_http_is_served_on_loopback_only(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    host: str,
    base: str | None,
    taken: bool,  # noqa: FBT001
) -> None:
    if base:
        monkeypatch.setenv("SIPUMA_BASE_URL", base)
    address = web.take_address(Namespace(host=host, port=9000))
    said = capsys.readouterr().out
    assert address == ((host, 9000, 1) if taken else None)
    assert bool(said) is not taken
    if not taken:
        assert "https" in said


@pytest.mark.usefixtures("_own_environment")
def test_host_and_port_are_told_to_child_processes_too() -> None:
    web.take_address(Namespace(host="localhost", port=9001))
    assert (os.environ["SIPUMA_HOST"], os.environ["SIPUMA_PORT"]) == ("localhost", "9001")
    assert os.environ["SIPUMA_BASE_URL"] == "http://localhost:9001"


@pytest.mark.usefixtures("_own_environment")
def test_an_unsafe_address_ends_the_web_verb_with_2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "serve", lambda *_: pytest.fail("it served"))
    assert web.run(Namespace(host=EVERYWHERE, port=9000)) == 2


def test_a_worker_without_its_parent_stops() -> None:
    assert not FollowingEvent(os.getppid()).is_set()
    assert FollowingEvent(os.getppid() + 1).is_set()


def test_a_worker_that_is_told_to_stop_stops() -> None:
    stop = FollowingEvent(os.getppid())
    stop.set()
    assert stop.is_set()
    assert stop.wait(timeout=1)


def test_nobody_outside_the_group_reads_what_a_command_writes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = os.umask(0o022)
    try:
        main(["diagram", "--write", str(tmp_path / "procedure.md")])
    finally:
        os.umask(before)
    assert (tmp_path / "procedure.md").stat().st_mode & 0o007 == 0
