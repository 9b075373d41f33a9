"""What a virus scanner said of a file."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Verdict(TextChoices):
    """Anything but a scanner's explicit yes is «unscanned»."""

    CLEAN = "clean", pgettext_lazy("scan", "no virus found")
    INFECTED = "infected", _("quarantined: a virus was found")
    UNSCANNED = "unscanned", _("not scanned yet")
    PARTLY = "partly", _("not scanned to the end: it is too long for the scanner")
