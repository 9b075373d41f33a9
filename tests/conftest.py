"""What holds for every test: no way out of the machine, and the same examples on every run."""

import ipaddress
import socket
from collections.abc import Callable, Iterator

import pytest
from django.utils import translation
from hypothesis import settings

from sipuma.files import scanning

pytest_plugins = ("tests.world",)

settings.register_profile("house", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=2000)
settings.load_profile("house")


@pytest.fixture(autouse=True)
def _indonesian() -> None:
    """Begin in the language of the site, whichever one the page of another test was in."""
    translation.activate("id")


@pytest.fixture(autouse=True)
def _patient() -> None:
    """Forget that a scanner of another test hung."""
    scanning.hung.forget()


class WayOut(Exception):
    """A test tried to talk to something outside this machine."""


@pytest.fixture(scope="session", autouse=True)
def _closed_sockets() -> Iterator[None]:
    """Let sockets reach this machine only; a real peer is one that the test starts here."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, _on_this_machine(getattr(socket.socket, name)))
        yield


Address = tuple[str, int] | str | bytes  # what a socket connects to; text is a path
Connect = Callable[[socket.socket, Address], int | None]


def _on_this_machine(connect: Connect) -> Connect:
    def checked(self: socket.socket, address: Address) -> int | None:
        if isinstance(address, tuple) and not _is_loopback(address[0]):
            self.close()
            raise WayOut(f"{address[0]}:{address[1]}")
        return connect(self, address)

    return checked


def _is_loopback(host: str) -> bool:
    return host == "localhost" or ipaddress.ip_address(host).is_loopback
