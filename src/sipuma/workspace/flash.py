"""One-time notices («Saved: …») in a signed cookie, so that showing one writes nothing on the server."""

from typing import Any

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage


class Storage(CookieStorage):
    """Django's cookie storage under a name of our own; never more than steps, registers and reasons."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own signature
        super().__init__(*args, **kwargs)
        self.cookie_name = settings.SESSION_COOKIE_NAME.replace("session", "notice")
