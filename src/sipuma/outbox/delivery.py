"""Delivers what waits in the outbox: claimed by compare-and-set, retried with growing, jittered pauses."""

import json
import random
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import takewhile

import structlog
from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from sipuma import safe, vault
from sipuma.outbox.gateways import Misconfigured, Parcel, Undeliverable, Unreachable, gateway_of
from sipuma.outbox.models import Channel, Delivery, Message
from sipuma.outbox.posting import CONTACT, data_info, recipient_info
from sipuma.outbox.texts import UnknownTemplate, render

BATCH = 50
# What one channel may take of a sweep, so that a slow server doesn't keep deadlines waiting.
SWEEP_SECONDS = 30
FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=3)
KEY_LIFE = timedelta(days=1)
# A key outlives its day by this much: a filing may have sealed to it and not yet committed.
KEY_GRACE = timedelta(hours=1)

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Verdict:
    """What a failure means. `final`: given up at once. `closed`: the others of the channel wait as well."""

    why: str
    final: bool = False
    closed: bool = False


# fmt: off
VERDICTS: dict[type[Exception], Verdict] = {
    Undeliverable:      Verdict("refused", final=True),
    vault.Unopenable:   Verdict("unreadable", final=True),
    Unreachable:        Verdict("unreachable", closed=True),
    Misconfigured:      Verdict("no gateway", closed=True),
    # These two can be mended: a secrets folder not mounted, a worker older than the pages.
    safe.MissingSecret: Verdict("no key"),
    UnknownTemplate:    Verdict("unknown template"),
}
# fmt: on
UNFORESEEN = Verdict("error")


def deliver_waiting() -> int:
    """Try every message whose time has come; return how many went out.

    A message is claimed for `SIPUMA_DELIVERY_LEASE_SECONDS`: a worker killed in between leaves it to
    the next one, so that it is delivered at least once, and twice only when the worker died between
    the gateway's yes and its own note of it.
    """
    return sum(_deliver_channel(channel) for channel in Channel.values)


def _deliver_channel(channel: str) -> int:
    sent = 0
    for message in _claimed(channel):
        verdict = _attempt(message)
        if verdict is None:
            _note_sent(message)
            sent += 1
        elif verdict.final or _is_old(message):
            _fail(message, verdict.why)
        else:
            _postpone(message, verdict.why)
        if verdict and verdict.closed:
            break
    return sent


def _claimed(channel: str) -> Iterator[Message]:
    """Claim one waiting message after the other, while this sweep has time."""
    now, end = timezone.now(), time.monotonic() + SWEEP_SECONDS
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    waiting = Message.objects.filter(free, channel=channel, state=Delivery.WAITING, next_at__lte=now)
    in_time = takewhile(lambda _: time.monotonic() < end, waiting.order_by("next_at", "pk")[:BATCH])
    return filter(_claim, in_time)


def _claim(message: Message) -> bool:
    """Take the message if nobody else has since it was read: each claim is one attempt more."""
    lease = timedelta(seconds=settings.SIPUMA.delivery_lease_seconds)
    mine = _own(message).update(claimed_until=timezone.now() + lease, attempts=F("attempts") + 1)
    message.attempts += 1
    return bool(mine)


def _own(message: Message) -> QuerySet[Message]:
    """Return the row as long as no other worker has claimed it: what comes too late changes nothing."""
    return Message.objects.filter(pk=message.pk, state=Delivery.WAITING, attempts=message.attempts)


def _attempt(message: Message) -> Verdict | None:
    """Hand the message over; None when the gateway has it."""
    try:
        hand_over = gateway_of(message.channel)
        hand_over(_open(message))
    except Exception as failure:  # noqa: BLE001  # whatever it is, it must not hold up the other messages
        _log(message, failure)
        return next((VERDICTS[kind] for kind in VERDICTS if isinstance(failure, kind)), UNFORESEEN)
    return None


def _log(message: Message, failure: Exception) -> None:
    """Log classes and the place only: the text of an exception may hold an address."""
    frame = traceback.extract_tb(failure.__traceback__)[-1]
    log.warning(
        "message not delivered",
        message=message.pk,
        attempt=message.attempts,
        error=str(failure) if isinstance(failure, Misconfigured) else type(failure).__name__,
        cause=type(failure.__cause__).__name__ if failure.__cause__ else None,
        where=f"{frame.filename}:{frame.lineno} {frame.name}",
    )


def _open(message: Message) -> Parcel:
    folder = safe.at(settings.SIPUMA.secrets)
    to_key = (
        folder.contact_private
        if message.recipient_key_id == CONTACT
        else folder.delivery_private(message.recipient_key_id)
    )
    to = vault.unseal(to_key, bytes(message.recipient), info=recipient_info(message.channel))
    key = folder.delivery_private(message.key_id)
    info = data_info(message.template, bytes(message.recipient))
    data = json.loads(vault.unseal(key, bytes(message.data), info=info))
    words = render(message.template, channel=message.channel, language=message.language, data=data)
    return Parcel(f"sipuma-{message.uid.hex}", to.decode().rstrip(), words.subject, words.body)


def _note_sent(message: Message) -> None:
    """Note what is true whoever holds the claim by now."""
    Message.objects.filter(pk=message.pk).update(
        state=Delivery.SENT, sent_at=timezone.now(), claimed_until=None, recipient=b"", data=b"", error=""
    )


def _fail(message: Message, why: str) -> None:
    """Give a message up for good: what was sealed in it is erased too."""
    log.error("message given up", message=message.pk, why=why)
    _own(message).update(state=Delivery.FAILED, claimed_until=None, error=why, recipient=b"", data=b"")


def _is_old(message: Message) -> bool:
    return timezone.now() - message.created_at > GIVE_UP_AFTER


def _postpone(message: Message, why: str) -> None:
    pause = min(FIRST_PAUSE * 2 ** min(message.attempts - 1, 12), LONGEST_PAUSE)
    jitter = random.uniform(0.5, 1.0)  # noqa: S311  # spreads retries; no secret
    _own(message).update(claimed_until=None, next_at=timezone.now() + pause * jitter, error=why)


def rotate_keys() -> None:
    """Give each day its own delivery key; destroy those that no message needs any more."""
    folder = safe.at(settings.SIPUMA.secrets)
    age = timezone.now() - folder.delivery_since
    if age > KEY_LIFE:
        folder.rotate_delivery()
    elif age > KEY_GRACE:
        waiting = Message.objects.filter(state=Delivery.WAITING).values_list("key_id", "recipient_key_id")
        folder.destroy_deliveries(keep=frozenset(key for pair in waiting for key in pair))
