"""Where a request comes from, for limits only: a keyed hash that nobody can turn back into an address."""

import ipaddress
import secrets
from hashlib import blake2b
from typing import Final

from django.conf import settings
from django.http import HttpRequest

# Drawn anew by each process, and never leaves it: hashes of yesterday can't be compared with today's.
_KEY: Final = secrets.token_bytes(32)

# A provider gives a household the whole block, so a single address would be no limit.
_IPV6_BLOCK: Final = 64


def source_of(request: HttpRequest) -> str:
    """Return 32 hex digits that stand for the address block a request comes from (IPv6: its /64).

    As far as trusted proxies vouch for it: the n-th of them from the right wrote the n-th last entry of
    X-Forwarded-For; what stands left of it is anybody's claim.
    """
    return blake2b(_block(_address(request)).encode(), key=_KEY, digest_size=16).hexdigest()


def is_told(request: HttpRequest) -> bool:
    """Return whether sources can be told apart: behind a proxy without a voucher, all are this machine."""
    try:
        return not ipaddress.ip_address(_address(request)).is_loopback
    except ValueError:
        return False


def _address(request: HttpRequest) -> str:
    proxies: int = settings.SIPUMA.trusted_proxies
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    trusted = 0 < proxies <= len(hops)
    return str(hops[-proxies] if trusted else request.META.get("REMOTE_ADDR", ""))


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
