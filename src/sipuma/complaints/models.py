"""What is kept besides the case: its reception, a package for WISE, mentions in notes, a team's snippets."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sipuma.cases.models import Case, Entry
from sipuma.offices.models import Member, Team


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


class Mention(models.Model):
    """A colleague named in a note. Open until the member has opened the case after `at`."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="mentions")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="mentions")
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("member", "at"), name="mentions_of_a_member"),)


class Snippet(models.Model):
    """A text that a team uses again and again; its words stand in its versions, sealed to the team."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="snippets")
    version = models.PositiveIntegerField(default=1)
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")


class SnippetVersion(models.Model):
    """One version of a snippet, never changed: title and text sealed to the team's key of that time."""

    snippet = models.ForeignKey(Snippet, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    ciphertext = models.BinaryField()
    reader = models.BinaryField(max_length=16)
    sealed = models.BinaryField()
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-number",)
        constraints = (models.UniqueConstraint(fields=("snippet", "number"), name="one_version_of_a_number"),)
