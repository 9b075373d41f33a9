"""`up`, `web`, `worker` and `member` say at once when nothing is founded here or the port is taken."""

import socket
from argparse import Namespace
from pathlib import Path

import pytest

from sipuma.config.verbs import member, up, web, worker


@pytest.mark.parametrize("verb", [web, up, worker, member], ids=["web", "up", "worker", "member"])
def test_a_folder_without_an_installation_is_not_served(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, verb: object
) -> None:
    monkeypatch.setenv("SIPUMA_DATA", str(tmp_path))
    monkeypatch.setenv("SIPUMA_BASE_URL", "http://127.0.0.1:8000")
    options = Namespace(host="127.0.0.1", port=0, once=True, with_parent=None, act="list")
    assert getattr(verb, "run")(options) == 2  # noqa: B009
    assert "sipuma init" in capsys.readouterr().out


def test_a_port_in_use_is_not_shared_with_another_server(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "pepper").touch()
    monkeypatch.setenv("SIPUMA_DATA", str(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert web.run(Namespace(host="127.0.0.1", port=port)) == 2
    assert str(port) in capsys.readouterr().out
    assert web.ready_address(Namespace(host="127.0.0.1", port=port)) == ("127.0.0.1", port, 1)


def test_a_port_that_does_not_exist_is_named() -> None:
    assert "65535" in (web.port_obstacle("127.0.0.1", 70000) or "")
