"""What the ways out have in common: a message in clear, and the ways in which handing it over can fail."""

from collections.abc import Callable
from dataclasses import dataclass, field


class Undeliverable(Exception):
    """The gateway will never take this message: a wrong address, a refused text."""


class Unreachable(Exception):
    """The gateway can't take the message now; it is tried again."""


class Misconfigured(Exception):
    """The operator has to set something first; the text says what. Messages wait until then."""


@dataclass(frozen=True)
class Parcel:
    """A message in clear, on its last step. `id` lets a gateway notice that it has it already."""

    id: str
    to: str = field(repr=False)
    subject: str = field(repr=False)
    body: str = field(repr=False)


Gateway = Callable[[Parcel], None]
