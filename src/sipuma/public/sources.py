"""How often one source may file, try tickets, write or send files: counted in memory."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from sipuma.web.source import source_of

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
        return item is None or _limiter().hit(item, self.name, source_of(request))

    def has_left(self, request: HttpRequest) -> bool:
        """Return whether the source has one left, without using it."""
        item = self._item()
        return item is None or _limiter().test(item, self.name, source_of(request))

    def _item(self) -> RateLimitItem | None:
        times: int = getattr(settings.SIPUMA, self.setting)
        if times <= 0:
            return None
        return _DEMO if settings.SIPUMA.demo else self.window(times)


# fmt: off
FILING: Final =    Limit("filing",    "filings_per_hour",     RateLimitItemPerHour)
TRACKING: Final =  Limit("tracking",  "trackings_per_minute", RateLimitItemPerMinute)
WRITING: Final =   Limit("writing",   "trackings_per_minute", RateLimitItemPerMinute)
UPLOADING: Final = Limit("uploading", "uploads_per_hour",     RateLimitItemPerHour)
# fmt: on


@lru_cache(maxsize=1)
def _limiter() -> MovingWindowRateLimiter:
    """Made at the first request, so that a process that forks carries no running timer."""
    return MovingWindowRateLimiter(MemoryStorage())


def forget() -> None:
    """Forget every count, as a new process does."""
    _limiter.cache_clear()
