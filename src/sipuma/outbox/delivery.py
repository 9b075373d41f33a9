"""Delivers what waits in the outbox: claimed by compare-and-set, retried with growing, jittered pauses."""

import json
import random
from datetime import timedelta

import structlog
from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from sipuma import safe, vault
from sipuma.outbox.gateways import Gateway, Parcel, Undeliverable, Unreachable, mail_gateway, sms_gateway
from sipuma.outbox.models import Channel, Delivery, Message
from sipuma.outbox.posting import CONTACT, data_info, recipient_info
from sipuma.outbox.texts import render

BATCH = 50
LEASE = timedelta(minutes=2)
FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(hours=1)
GIVE_UP_AFTER = timedelta(days=3)

log = structlog.get_logger(__name__)


def deliver_waiting() -> int:
    """Try every message whose time has come; return how many went out.

    A message is claimed for two minutes: a worker killed in between leaves it to the next one, so
    it is delivered at least once, and at most twice.
    """
    sent = 0
    now = timezone.now()
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    waiting = Message.objects.filter(free, state=Delivery.WAITING, next_at__lte=now)
    for message in waiting.order_by("next_at")[:BATCH]:
        if _claim(message):
            sent += _deliver(message)
    return sent


def _claim(message: Message) -> bool:
    same = Message.objects.filter(pk=message.pk, state=Delivery.WAITING, claimed_until=message.claimed_until)
    return bool(same.update(claimed_until=timezone.now() + LEASE, attempts=message.attempts + 1))


def _deliver(message: Message) -> int:
    gateway = _gateway(message.channel)
    if gateway is None:
        return _fail(message, "no gateway")
    try:
        gateway(_open(message))
    except Undeliverable:
        return _fail(message, "refused")
    except Unreachable:
        return _postpone(message)
    except (vault.Unopenable, safe.MissingSecret, KeyError):
        return _fail(message, "unreadable")
    done = Message.objects.filter(pk=message.pk)
    done.update(
        state=Delivery.SENT, sent_at=timezone.now(), claimed_until=None, recipient=b"", data=b"", error=""
    )
    return 1


def _gateway(channel: str) -> Gateway | None:
    return mail_gateway() if channel == Channel.EMAIL else sms_gateway()


def _open(message: Message) -> Parcel:
    folder = safe.at(settings.SIPUMA.secrets)
    to_key = (
        folder.contact_private
        if message.recipient_key_id == CONTACT
        else folder.delivery_private(message.recipient_key_id)
    )
    to = vault.unseal(to_key, bytes(message.recipient), info=recipient_info(message.channel))
    key = folder.delivery_private(message.key_id)
    data = json.loads(vault.unseal(key, bytes(message.data), info=data_info(message.template)))
    base = settings.SIPUMA.base_url.rstrip("/")
    data |= {"track": f"{base}/lacak/", "queue": f"{base}/petugas/"}
    words = render(message.template, channel=message.channel, language=message.language, data=data)
    return Parcel(f"sipuma-{message.uid.hex}", to.decode().rstrip(), words.subject, words.body)


def _fail(message: Message, why: str) -> int:
    """Give a message up for good: what was sealed in it is erased too."""
    log.warning("message failed", message=message.pk, why=why)
    Message.objects.filter(pk=message.pk).update(
        state=Delivery.FAILED, claimed_until=None, error=why, recipient=b"", data=b""
    )
    return 0


def _postpone(message: Message) -> int:
    if timezone.now() - message.created_at > GIVE_UP_AFTER:
        return _fail(message, "unreachable")
    pause = min(FIRST_PAUSE * 2 ** min(message.attempts, 12), LONGEST_PAUSE)
    jitter = random.uniform(0.5, 1.0)  # noqa: S311  # spreads retries; no secret
    Message.objects.filter(pk=message.pk).update(
        claimed_until=None, next_at=timezone.now() + pause * jitter, error="unreachable"
    )
    return 0


def rotate_keys() -> None:
    """Give each day its own delivery key, and destroy those that no waiting message needs any more."""
    folder = safe.at(settings.SIPUMA.secrets)
    if timezone.now() - folder.delivery_since > timedelta(days=1):
        folder.rotate_delivery()
    waiting = Message.objects.filter(state=Delivery.WAITING).values_list("key_id", "recipient_key_id")
    folder.destroy_deliveries(keep=frozenset(key for pair in waiting for key in pair))
