"""The tracking pass: a sealed token in the page's forms that spares typing the ticket for half an hour."""

import time
from dataclasses import dataclass
from typing import Final

from django.conf import settings

from sipuma import safe, vault

PURPOSE: Final = "tracking"
LIFE_SECONDS: Final = 30 * 60


def seal_pass(ticket: vault.Ticket) -> str:
    """Return a token that stands for the ticket; it is also what keeps other sites from posting here."""
    key = safe.at(settings.SIPUMA.secrets).draft_keys[0]
    expires = int(time.time()) + LIFE_SECONDS
    return vault.seal_token(key, ticket.text.encode(), purpose=PURPOSE, expires=expires)


def open_pass(sealed: str, *, at: float | None = None) -> vault.Ticket | None:
    """Return the ticket, or None when the token is too old or none of ours: then it is asked for again.

    `at`: unix seconds when the request arrived; files on a slow line may take longer than a pass lasts.
    """
    return _open(sealed, at).ticket


def has_expired(sealed: str, *, at: float | None = None) -> bool:
    """Whether a token is one of ours that is too old."""
    return _open(sealed, at).expired


@dataclass(frozen=True)
class _Opened:
    ticket: vault.Ticket | None = None
    expired: bool = False


def _open(sealed: str, at: float | None) -> _Opened:
    keys = safe.at(settings.SIPUMA.secrets).draft_keys
    try:
        text = vault.open_token(keys, sealed, purpose=PURPOSE, now=int(time.time() if at is None else at))
    except vault.Expired:
        return _Opened(expired=True)
    except vault.Unopenable:
        return _Opened()
    return _Opened(vault.Ticket.parse(text.decode()))
