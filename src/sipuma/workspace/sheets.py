"""The hidden field of a recording form: which form it is and when it was begun, sealed against change."""

import json
import time
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.utils import timezone

from sipuma import safe, vault
from sipuma.offices.models import Member

PURPOSE: Final = "recording"
LIFE: Final = timedelta(hours=24)


@dataclass(frozen=True)
class Sheet:
    """One recording: the same `once` makes one case (R17); `started` counts for the 30 minutes (R26)."""

    once: uuid.UUID
    started: datetime

    @classmethod
    def begin(cls) -> "Sheet":
        return cls(uuid.uuid4(), timezone.now())


def seal_sheet(sheet: Sheet, member: Member) -> str:
    """Return the sheet as the text of a hidden field, good for 24 hours and for this member alone."""
    key = safe.at(settings.SIPUMA.secrets).draft_keys[0]
    kept = {"once": sheet.once.hex, "started": sheet.started.isoformat(), "member": member.pk}
    expires = int(time.time() + LIFE.total_seconds())
    return vault.seal_token(key, json.dumps(kept).encode(), purpose=PURPOSE, expires=expires)


def open_sheet(sealed: str, member: Member) -> Sheet:
    """Open what `seal_sheet` made.

    Raises:
        vault.Expired: it is older than 24 hours; `aged_sheet` still tells which form it was.
        vault.Unopenable: altered, cut, or of another member.
    """
    keys = safe.at(settings.SIPUMA.secrets).draft_keys
    return _read(vault.open_token(keys, sealed, purpose=PURPOSE, now=int(time.time())), member)


def aged_sheet(sealed: str, member: Member) -> Sheet | None:
    """Return the sheet however old it is; None when it is none of this member's."""
    try:
        return _opened_at_any_age(sealed, member)
    except vault.Unopenable:
        return None


def _opened_at_any_age(sealed: str, member: Member) -> Sheet:
    try:
        return open_sheet(sealed, member)
    except vault.Expired as expired:
        return _read(expired.payload, member)


def _read(payload: bytes, member: Member) -> Sheet:
    kept = json.loads(payload)
    if kept["member"] != member.pk:
        raise vault.Unopenable
    return Sheet(uuid.UUID(kept["once"]), datetime.fromisoformat(kept["started"]))
