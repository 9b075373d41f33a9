"""The unfinished form: it travels sealed inside the page itself, and nothing of it is stored."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Self

from django.conf import settings

from sipuma import safe, vault
from sipuma.cases.models import Channel

PURPOSE: Final = "filing"
LIFE_SECONDS: Final = 24 * 3600


@dataclass(frozen=True)
class Draft:
    """All answers so far, as typed, with the ticket drawn for them.

    `shown`: unix seconds of the first page; `reviewed`: the person has been on the last page, to which
    «Change» returns.
    """

    ticket: vault.Ticket
    shown: int
    channel: str = Channel.WEB
    reviewed: bool = False
    answers: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def begin(cls, channel: str = Channel.WEB) -> Self:
        """Draw a ticket for a form that is shown for the first time."""
        return cls(vault.Ticket.draw(), int(time.time()), channel)

    @classmethod
    def from_bytes(cls, payload: bytes) -> Self:
        kept = json.loads(payload)
        return cls(**kept | {"ticket": vault.Ticket.parse(kept["ticket"])})

    def to_bytes(self) -> bytes:
        kept = {
            "ticket": self.ticket.text,
            "shown": self.shown,
            "channel": self.channel,
            "reviewed": self.reviewed,
            "answers": dict(self.answers),
        }
        return json.dumps(kept, ensure_ascii=False).encode()

    def with_answers(self, answers: Mapping[str, str]) -> Self:
        return replace(self, answers={**self.answers, **answers})

    def with_new_ticket(self) -> Self:
        return replace(self, ticket=vault.Ticket.draw())

    def seconds_open(self) -> float:
        return time.time() - self.shown


def seal_draft(draft: Draft) -> str:
    """Return the draft as the text of a hidden field, good for 24 hours."""
    key = safe.at(settings.SIPUMA.secrets).draft_keys[0]
    expires = int(time.time()) + LIFE_SECONDS
    return vault.seal_token(key, draft.to_bytes(), purpose=PURPOSE, expires=expires)


def open_draft(sealed: str) -> Draft:
    """Open what `seal_draft` made.

    Raises:
        vault.Expired: it is older than 24 hours; `payload` is for `Draft.from_bytes`.
        vault.Unopenable: altered, cut, or sealed with a key that is gone.
    """
    keys = safe.at(settings.SIPUMA.secrets).draft_keys
    return Draft.from_bytes(vault.open_token(keys, sealed, purpose=PURPOSE, now=int(time.time())))
