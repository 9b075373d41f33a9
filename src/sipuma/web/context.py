"""What every page knows without being told: whether this is a demo, and the way out."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest


@dataclass(frozen=True)
class Link:
    """One entry of the navigation."""

    label: str
    url: str
    current: bool


def site(request: HttpRequest | None) -> dict[str, object]:
    """Give `demo`, `quick_exit` and `emblem`, from settings alone: error pages have no database."""
    known = settings.SIPUMA
    return {"demo": known.demo, "quick_exit": known.exit_url, "emblem": known.emblem}
