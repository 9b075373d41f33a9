"""The one domain exception: its text is for the person who tried."""

from django.utils.functional import Promise


class Refused(Exception):
    """A rule forbids what was asked; `reason` is shown as it is, `field` says where it belongs."""

    def __init__(self, reason: str | Promise, *, field: str | None = None) -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.field = field

    def __str__(self) -> str:
        return str(self.reason)
