"""How often one source may do what, and that the counts name nobody."""

import pytest
from django.conf import settings
from django.http import HttpRequest
from django.test import RequestFactory

from sipuma.public import sources
from sipuma.public.sources import FILING, TRACKING
from tests.flow.limits import limited


def request(address: str = "203.0.113.7") -> HttpRequest:
    return RequestFactory().get("/", REMOTE_ADDR=address)


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
