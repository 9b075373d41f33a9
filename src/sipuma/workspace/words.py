"""What the timeline calls each kind of entry and audience, and the texts that no move's field names."""

from django.utils.translation import gettext_lazy as _

from sipuma.cases.models import Audience
from sipuma.cases.workflow import Text
from sipuma.complaints.words import ELEMENTS
from sipuma.offices.models import Team

# Titles of entries that record no move.
KINDS: dict[str, Text] = {
    "filed": _("Complaint filed"),
    "contact-path": _("How the complainant can be reached"),
    "identity": _("Identity given, sealed"),
    "message": _("Message"),
    "reminder": _("Reminder"),
    "escalated": _("Overdue: the head of the compliance unit was told"),
    "deadline-moved": _("The deadline moved"),
    "evidence": _("Evidence added"),
    "completeness": _("Completeness checked"),
    "original-opened": _("The original of a file was opened"),
    "evidence-scanned": _("A file was scanned"),
    "wise-package": _("Package for WISE made"),
    "link": _("Link to another case"),
    "move": _("Step"),
    "exclusion": _("A reported colleague was shut out"),
    "moved-up": _("Sent one level up"),
    "assignment-ended": _("The assignment ended: its member has left the team"),
}

# Entries about one file, and what of them the timeline shows.
OF_FILES = {"evidence", "original-opened", "evidence-scanned"}
FILE: dict[str, Text] = {
    "name": _("File"),
    "verdict": _("Virus scan"),
    "signature": _("Virus"),
    "text": "",
}

AUDIENCES: dict[str, Text] = {
    Audience.COMPLAINANT: _("The complainant sees this"),
    Audience.HANDLERS: _("Internal: handlers"),
    Audience.UNIT: _("Internal: handlers and the unit"),
    Audience.VERIFICATION: _("Internal: compliance unit"),
    Audience.CUSTODIANS: _("Sealed: custodians"),
}

MATTER: dict[str, Text] = {**dict(ELEMENTS), "category": _("Category")}

IDENTITY: dict[str, Text] = {
    "name": _("Name"),
    "address": _("Address"),
    "email": _("E-mail"),
    "phone": _("Phone"),
}

STUDY: dict[str, Text] = {
    "submitted": _("Submitted, to be decided on"),
    "approved": _("Approved"),
    "returned": _("Sent back"),
}


def team_name(team: Team) -> str:
    """Return a team's name for narrow places: «Compliance unit (UKI), Sabang (130300)»."""
    return f"{team.get_kind_display()}, {team.office.city} ({team.office_id})"
