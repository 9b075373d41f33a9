"""What is stored of an office's calendar: one row a change, never overwritten and never deleted."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class CalendarKind(models.TextChoices):
    """What a row of an office's calendar says."""

    CLOSURE = "closure", _("Local closure")
    OPENING = "opening", _("Holiday that is worked")
    RAMADAN = "ramadan", _("Ramadan hours")
    PERIOD = "period", _("Other hours for a time")
    WEEK = "week", _("Hours of the week")
    REMOVAL = "removal", _("Taken back")


class CalendarRow(models.Model):
    """One change to an office's calendar: from `first` to `last` (a week: until the next one; None).

    `hours` are the seven days from Monday, one a line; empty for days off and days worked. A removal
    names the row that it takes back, which stays readable; no row is taken back twice.
    """

    office = models.ForeignKey("Office", on_delete=models.PROTECT, related_name="calendar_rows")
    kind = models.CharField(max_length=8, choices=CalendarKind.choices)
    first = models.DateField()
    last = models.DateField(null=True)
    name = models.CharField(max_length=100, blank=True)
    hours = models.CharField(max_length=400, blank=True)
    removes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="removed_by")
    reason = models.CharField(max_length=300)
    member = models.ForeignKey("Member", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("id",)
