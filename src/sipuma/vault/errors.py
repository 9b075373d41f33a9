"""The few ways in which the vault refuses, none of which says why."""


class Unopenable(Exception):
    """Wrong key, altered, cut, or moved to another context: one error for all, so that it is no oracle."""


class BadSignature(Exception):
    """A signature, a certificate or a chain of certificates does not hold."""


class TicketMalformed(ValueError):
    """What was typed is no ticket or recovery kit: too short, too long, mistyped. Never quotes the text."""


class Expired(Exception):
    """A sealed token is genuine but too old; `payload` gives its text back, so that nobody loses typing."""

    def __init__(self, payload: bytes) -> None:
        # The payload stays out of `args`, which tracebacks and logs print.
        super().__init__("the token has expired")
        self.payload = payload
