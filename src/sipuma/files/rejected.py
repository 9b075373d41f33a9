"""The one exception of this room that a person reads."""


class Rejected(Exception):
    """A file is not taken; `reason` tells the person why, and what to do instead."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
