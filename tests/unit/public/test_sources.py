"""Whose request counts against which limit, and that nothing of it can be read back."""

import pytest
from django.conf import settings
from django.http import HttpRequest
from django.test import RequestFactory

from sipuma.public import sources
from sipuma.public.sources import FILING, TRACKING, source_of
from tests.flow.limits import limited


def request(address: str = "203.0.113.7", *, hops: str = "") -> HttpRequest:
    made = RequestFactory().get("/", REMOTE_ADDR=address)
    if hops:
        made.META["HTTP_X_FORWARDED_FOR"] = hops
    return made


@pytest.mark.parametrize(
    ("proxies", "hops", "source"),
    [
        (0, "198.51.100.1", "203.0.113.7"),
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "10.0.0.9, 198.51.100.1", "198.51.100.1"),
        (2, "10.0.0.9, 198.51.100.1, 192.0.2.5", "198.51.100.1"),
        (2, "198.51.100.1", "203.0.113.7"),
        (1, "", ""),
    ],
)
def test_only_what_trusted_proxies_wrote_counts(
    monkeypatch: pytest.MonkeyPatch, proxies: int, hops: str, source: str
) -> None:
    limited(monkeypatch, trusted_proxies=proxies)
    assert source_of(request(hops=hops)) == source


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("no address", "no address"),
        ("", ""),
    ],
)
def test_ipv6_counts_by_its_block(address: str, source: str) -> None:
    assert source_of(request(address)) == source


def test_each_source_and_each_kind_has_its_own_count(monkeypatch: pytest.MonkeyPatch) -> None:
    limited(monkeypatch, filings_per_hour=1, trackings_per_minute=1)
    assert FILING.spend(request())
    assert not FILING.spend(request())
    assert not FILING.has_left(request())
    assert FILING.spend(request("203.0.113.8"))
    assert TRACKING.spend(request())


def test_a_demo_allows_two_hundred_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    limited(monkeypatch, filings_per_hour=1, demo=True)
    assert all(FILING.spend(request()) for _time in range(200))
    assert not FILING.spend(request())


@pytest.mark.parametrize("times", [0, -1])
def test_zero_means_no_limit(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    limited(monkeypatch, filings_per_hour=times, demo=True)
    assert all(FILING.spend(request()) for _time in range(300))
    assert FILING.has_left(request())


def test_the_counter_knows_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    limited(monkeypatch, filings_per_hour=5)
    FILING.spend(request())
    kept = repr(vars(sources._limiter().storage))
    assert "filing" in kept
    assert "203.0.113.7" not in kept
    assert settings.SIPUMA.filings_per_hour == 5
