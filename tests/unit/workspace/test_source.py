"""Limits tell senders apart without keeping an address."""

from types import SimpleNamespace

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from sipuma.workspace.source import source_of


def came_from(address: str, forwarded: str = "") -> str:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    return source_of(RequestFactory().get("/", REMOTE_ADDR=address, headers=headers))


def test_two_senders_differ_and_one_is_known_again() -> None:
    assert came_from("192.0.2.1") == came_from("192.0.2.1") != came_from("192.0.2.2")
    assert "192" not in came_from("192.0.2.1")


def test_a_household_with_ipv6_is_one_sender() -> None:
    assert came_from("2001:db8::1") == came_from("2001:db8::ffff") != came_from("2001:db8:1::1")


def test_a_socket_without_addresses_is_one_sender() -> None:
    assert came_from("") == came_from("")


@pytest.mark.parametrize(("proxies", "expected"), [(0, "192.0.2.1"), (1, "192.0.2.9"), (3, "192.0.2.1")])
def test_only_as_many_proxies_are_believed_as_there_are(
    settings: Settings, proxies: int, expected: str
) -> None:
    settings.SIPUMA = SimpleNamespace(trusted_proxies=proxies)
    assert came_from("192.0.2.1", "203.0.113.5, 192.0.2.9") == came_from(expected)
