"""What is kept besides the case: of its reception, and of a package on its way to WISE."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sipuma.cases.models import Case
from sipuma.offices.models import Member


class Told(models.TextChoices):
    """How the complainant was told the register number, or why not (S1 6; R21, R22)."""

    IN_PERSON = "langsung", _("Told in person")
    PHONE = "telepon", _("Told by telephone")
    LETTER = "surat", _("Told by letter")
    MESSAGE = "pesan", _("Told by e-mail, SMS or WhatsApp")
    NO_PATH = "tanpa-jalur", _("Not told: the complainant left no way to be reached")
    UNREACHABLE = "tidak-terhubungi", _("Not told: the complainant could not be reached")


NOT_TOLD = (Told.NO_PATH, Told.UNREACHABLE)


class DeadlineRow(models.Model):
    """One change of a deadline, in force for cases received from `valid_from` on; never overwritten."""

    service = models.CharField(max_length=12)
    stage = models.CharField(max_length=24)
    amount = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=16)
    valid_from = models.DateField()
    reason = models.CharField(max_length=300)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = (models.Index(fields=("service", "stage", "valid_from", "id"), name="rule_in_force"),)


class Reception(models.Model):
    """One manual reception, from the first look at the form to its completion (S1; R21, R26, R85).

    `once` is drawn with the form: the same form sent twice makes one case.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="recorded_as")
    once = models.UUIDField(default=uuid.uuid4, unique=True)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    complete = models.BooleanField()
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True)
    completed_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    told = models.CharField(max_length=16, choices=Told.choices, blank=True)
    told_at = models.DateTimeField(null=True)
    told_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = (models.Index(fields=("member", "saved_at"), name="work_of_a_receiver"),)


class Dispatch(models.Model):
    """The newest package of a case on its way to WISE (R47): encrypted when it comes, erased once there.

    `sha256` is that of the encrypted file, in hex; `delivered_at` None: it waits, to be tried at `next_at`.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="dispatch")
    content = models.BinaryField(null=True)
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    next_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    # The class of what went wrong at the last try, never its text.
    error = models.CharField(max_length=60, blank=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("delivered_at", "next_at"), name="packages_that_wait"),)
