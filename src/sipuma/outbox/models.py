"""What is stored of outgoing messages and of the worker's sweeps."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """How a message travels."""

    EMAIL = "email", _("E-mail")
    SMS = "sms", _("SMS")


class Delivery(models.TextChoices):
    """Where a message is on its way."""

    WAITING = "waiting", _("waiting")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
    HELD = "held", _("held for the daily digest")
    DIGEST = "digest", _("put into the daily digest")


class Message(models.Model):
    """One message to one recipient. `recipient` and `data` are sealed; both are emptied on delivery.

    One that is held for a digest has neither: `reader` says whose digest it is for.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    channel = models.CharField(max_length=5, choices=Channel.choices)
    template = models.CharField(max_length=30)
    language = models.CharField(max_length=2, default="id")
    reference = models.CharField(max_length=30, blank=True, db_index=True)
    key_id = models.CharField(max_length=32)
    recipient = models.BinaryField()
    recipient_key_id = models.CharField(max_length=32)
    data = models.BinaryField()
    state = models.CharField(max_length=7, choices=Delivery.choices, default=Delivery.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(default=timezone.now)
    claimed_until = models.DateTimeField(null=True)
    error = models.CharField(max_length=60, blank=True)
    reader = models.PositiveBigIntegerField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("state", "next_at")),)


class SweepRun(models.Model):
    """The last run of one of the worker's sweeps; staff see it, so that a silent worker is noticed."""

    name = models.CharField(max_length=30, primary_key=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=100, blank=True)
