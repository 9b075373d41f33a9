"""Where a request comes from, for limits only: a keyed hash that nobody can turn back into an address."""

import ipaddress
import secrets
from hashlib import blake2b

from django.conf import settings
from django.http import HttpRequest

# Drawn anew by each process: hashes of yesterday can't be compared with those of today.
_KEY = secrets.token_bytes(32)
_NETWORK_OF_ONE = 64  # bits of an IPv6 address that one household shares


def source_of(request: HttpRequest) -> str:
    """Return 32 hex digits that stand for the sender's address (IPv6: its /64 network)."""
    return blake2b(_network(_address(request)).encode(), key=_KEY, digest_size=16).hexdigest()


def _address(request: HttpRequest) -> str:
    proxies = settings.SIPUMA.trusted_proxies
    header = request.headers.get("X-Forwarded-For", "")
    forwarded = [part.strip() for part in header.split(",") if part.strip()]
    if proxies and len(forwarded) >= proxies:
        return forwarded[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return address
    return str(ipaddress.ip_network((address, _NETWORK_OF_ONE), strict=False))
