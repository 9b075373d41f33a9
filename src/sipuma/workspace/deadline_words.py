"""What the pages about deadlines call things: why a day counts or not, and the hours of a day."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from sipuma.cases.workflow import Text
from sipuma.complaints.reckoning import NEXT_WORKED, PAUSED
from sipuma.worktime import Interval, Reason

REASONS: dict[str, Text] = {
    Reason.RECEIVED: _("The count begins on this day"),
    Reason.COUNTED: "",
    Reason.REST: _("Not a working day"),
    Reason.NATIONAL: _("National holiday"),
    Reason.JOINT_LEAVE: _("Joint leave"),
    Reason.LOCAL: _("The office was closed"),
    Reason.AFTER_CLOSING: _("Came after closing time: the next working day counts instead"),
    PAUSED: _("Paused: the complainant had been asked, or the case was closed"),
    NEXT_WORKED: _("The next working day, as the last day was none"),
}


def hours_text(hours: Iterable[Interval]) -> str:
    """Return the stretches of a day as they are typed: «07:30-12:00 13:00-16:00»."""
    return " ".join(f"{one.start:%H:%M}-{one.end:%H:%M}".replace("-00:00", "-24:00") for one in hours)
