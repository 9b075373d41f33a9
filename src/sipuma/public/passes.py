"""The tracking pass: a sealed token in the page's forms that spares typing the ticket for half an hour."""

import time
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


def open_pass(sealed: str) -> vault.Ticket | None:
    """Return the ticket, or None when the token is too old or none of ours: then it is asked for again."""
    keys = safe.at(settings.SIPUMA.secrets).draft_keys
    try:
        text = vault.open_token(keys, sealed, purpose=PURPOSE, now=int(time.time()))
    except (vault.Expired, vault.Unopenable):
        return None
    return vault.Ticket.parse(text.decode())
