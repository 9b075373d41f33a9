"""Server sessions that a stolen database cannot use: sealed under the cookie, filed under its hash."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.contrib.sessions.backends.base import VALID_KEY_CHARS, CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string

from sipuma import vault
from sipuma.offices.models import Session

LABEL = "sipuma/session"
KEY_LENGTH = 32  # of VALID_KEY_CHARS: 165 bits, drawn by Django


def session_id(session_key: str) -> bytes:
    """Return the 32-byte row id of a cookie's session key."""
    return vault.derive(session_key.encode(), label=f"{LABEL}/id")


def session_secret(session_key: str) -> bytes:
    """Return the 32-byte key that seals the session's data."""
    return vault.derive(session_key.encode(), label=f"{LABEL}/data")


class SessionStore(SessionBase):
    """Django's session interface over `Session` rows."""

    _get_session: Callable[..., dict[str, Any]]  # Django's own; its stubs leave it out

    def _validate_session_key(self, key: str | None) -> bool:
        return key is not None and len(key) == KEY_LENGTH

    def load(self) -> dict[str, Any]:  # Any: Django's interface
        row = self._row()
        if row is None:
            self._session_key = None
            return {}
        try:
            plain = vault.unwrap(
                session_secret(self.session_key or ""), bytes(row.sealed), context=LABEL.encode()
            )
        except vault.Unopenable:
            self._session_key = None
            return {}
        loaded: dict[str, Any] = json.loads(plain)
        return loaded

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(pk=session_id(session_key)).exists()

    def create(self) -> None:
        while True:
            self._session_key = get_random_string(KEY_LENGTH, VALID_KEY_CHARS)
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            return self.create()
        data = self._get_session(no_load=must_create)
        values = {
            "member_id": data.get("member"),
            "sealed": vault.wrap(
                session_secret(self.session_key), json.dumps(data).encode(), context=LABEL.encode()
            ),
            "expires_at": self.get_expiry_date(),
        }
        key = session_id(self.session_key)
        if not must_create:
            if not Session.objects.filter(pk=key).update(**values):
                raise UpdateError
            return None
        try:
            with transaction.atomic():
                Session.objects.create(pk=key, **values)
        except IntegrityError as error:
            raise CreateError from error
        return None

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            Session.objects.filter(pk=session_id(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        Session.objects.filter(expires_at__lt=timezone.now()).delete()

    def _row(self) -> Session | None:
        if not self.session_key:
            return None
        return Session.objects.filter(pk=session_id(self.session_key), expires_at__gt=timezone.now()).first()

    def get_expiry_date(self, **kwargs: Any) -> datetime:  # Any: Django's interface
        """Return the absolute end: eight hours after signing in, whatever happens in between."""
        started = self._get_session(no_load=self.session_key is None).get("started")
        if started is None:
            return super().get_expiry_date(**kwargs)
        return datetime.fromtimestamp(started + self.get_session_cookie_age(), tz=UTC)
