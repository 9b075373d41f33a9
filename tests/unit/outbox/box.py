"""What the tests of the outbox use: a gateway that notes what it is given, and messages to give it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sipuma.outbox.models import Channel, Message
from sipuma.outbox.parcels import Parcel
from sipuma.outbox.posting import Address, message, seal_contact, seal_once

EMAIL = Address(Channel.EMAIL, "pengadu@surat.example")
MOBILE = Address(Channel.SMS, "+6281234567890")
TICKET = "ABCD-EFGH-JKMN-PQRS-TVWX-YZ23"

Answer = Exception | None


@dataclass
class Postbox:
    """A gateway in place of the real ones: `answers` are raised in turn, then everything is taken."""

    answers: list[Answer] = field(default_factory=list)
    taken: list[Parcel] = field(default_factory=list)
    asked: int = 0

    def __call__(self, parcel: Parcel) -> None:
        self.asked += 1
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            raise answer
        self.taken.append(parcel)


def post(
    address: Address = EMAIL,
    template: str = "ticket",
    data: Mapping[str, str] | None = None,
    **fields: object,
) -> Message:
    """Put a message into the outbox: to a kept contact when it is news, else to this once."""
    seal = seal_contact if template == "news" else seal_once
    row = message(seal(address), template=template, data=data or {"ticket": TICKET})
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    return row
