"""Whose requests count together, and that nothing of an address is kept."""

from types import SimpleNamespace

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from sipuma.web.source import source_of


def came_from(address: str, forwarded: str = "") -> str:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    return source_of(RequestFactory().get("/", REMOTE_ADDR=address, headers=headers))


def test_two_senders_differ_and_one_is_known_again() -> None:
    assert came_from("192.0.2.1") == came_from("192.0.2.1") != came_from("192.0.2.2")
    assert "192" not in came_from("192.0.2.1")


@pytest.mark.parametrize(
    ("one", "same"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2:ffff::1"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("no address", "no address"),
        ("", ""),
    ],
)
def test_a_household_is_one_sender_whichever_way_its_address_is_written(one: str, same: str) -> None:
    assert came_from(one) == came_from(same)


def test_two_households_with_ipv6_are_two_senders() -> None:
    assert came_from("2001:db8:1:2::1") != came_from("2001:db8:1:3::1")


@pytest.mark.parametrize(
    ("proxies", "hops", "source"),
    [
        (0, "198.51.100.1", "203.0.113.7"),
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "10.0.0.9, 198.51.100.1", "198.51.100.1"),
        (2, "10.0.0.9, 198.51.100.1, 192.0.2.5", "198.51.100.1"),
        (2, "198.51.100.1", "203.0.113.7"),
        (1, "", "203.0.113.7"),
    ],
)
def test_only_what_trusted_proxies_wrote_counts(
    settings: Settings, proxies: int, hops: str, source: str
) -> None:
    settings.SIPUMA = SimpleNamespace(trusted_proxies=proxies)
    seen = came_from("203.0.113.7", hops)
    settings.SIPUMA = SimpleNamespace(trusted_proxies=0)
    assert seen == came_from(source)
