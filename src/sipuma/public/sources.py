"""How often one source may file, try tickets or write: counted in memory, under a keyed hash."""

import ipaddress
import secrets
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

# Never leaves the process: without it the counters say nothing about who was here.
_KEY: Final = secrets.token_bytes(32)

# A provider gives a household the whole block, so a single address would be no limit.
_IPV6_BLOCK: Final = 64
_DEMO: Final = RateLimitItemPerMinute(200)


@dataclass(frozen=True)
class Limit:
    """One kind of use and the setting that says how much a source has of it; no limit at zero or less."""

    name: str
    setting: str
    window: type[RateLimitItem]

    def spend(self, request: HttpRequest) -> bool:
        """Count one use; False when the source has none left."""
        item = self._item()
        return item is None or _limiter().hit(item, self.name, _source_hash(request))

    def has_left(self, request: HttpRequest) -> bool:
        """Return whether the source has one left, without using it."""
        item = self._item()
        return item is None or _limiter().test(item, self.name, _source_hash(request))

    def _item(self) -> RateLimitItem | None:
        times: int = getattr(settings.SIPUMA, self.setting)
        if times <= 0:
            return None
        return _DEMO if settings.SIPUMA.demo else self.window(times)


# fmt: off
FILING: Final =   Limit("filing",   "filings_per_hour",     RateLimitItemPerHour)
TRACKING: Final = Limit("tracking", "trackings_per_minute", RateLimitItemPerMinute)
WRITING: Final =  Limit("writing",  "trackings_per_minute", RateLimitItemPerMinute)
# fmt: on


def source_of(request: HttpRequest) -> str:
    """Return the address block that a request comes from, as far as trusted proxies vouch for it.

    The n-th proxy from the right wrote the n-th last entry of X-Forwarded-For; what stands left of it is
    anybody's claim. IPv6 counts by /64.
    """
    return _block(_address(request))


def _address(request: HttpRequest) -> str:
    proxies: int = settings.SIPUMA.trusted_proxies
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    trusted = 0 < proxies <= len(hops)
    return str(hops[-proxies] if trusted else request.META.get("REMOTE_ADDR", "")).strip()


def _block(address: str) -> str:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found.packed, _IPV6_BLOCK), strict=False))


def _source_hash(request: HttpRequest) -> str:
    return blake2b(source_of(request).encode(), key=_KEY, digest_size=16).hexdigest()


@lru_cache(maxsize=1)
def _limiter() -> MovingWindowRateLimiter:
    """Made at the first request, so that a process that forks carries no running timer."""
    return MovingWindowRateLimiter(MemoryStorage())


def forget() -> None:
    """Forget every count, as a new process does."""
    _limiter.cache_clear()
