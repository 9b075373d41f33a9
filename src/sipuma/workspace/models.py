"""What the staff pages store of their own: files on their way in, and saved views."""

import uuid

from django.db import models
from django.utils import timezone

from sipuma.cases.models import Case
from sipuma.offices.models import Member


class Upload(models.Model):
    """A file on its way from a desk into a case, as encrypted segments in the storage.

    `sealed` holds its name and key, or how it ended; only the member who sends it opens that. `segments`:
    a number and a size in bytes for each, in the order of the file. An upload that has ended stays until it
    expires, for a browser that missed the answer and asks again.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="uploads")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="uploads")
    sealed = models.BinaryField()
    length = models.PositiveBigIntegerField()
    offset = models.PositiveBigIntegerField(default=0)
    segments = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(db_index=True)
    # One process at a time puts the file together; a claim whose process died is taken over.
    claimed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=("member", "case"), name="uploads_of_a_member"),)


class SavedView(models.Model):
    """A search that a member keeps; its name, filters and words are sealed to the member."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="saved_views")
    sealed = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now)
