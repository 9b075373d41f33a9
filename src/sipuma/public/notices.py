"""What a page says at its top about something that just happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from sipuma.cases.workflow import Text


@dataclass(frozen=True)
class Notice:
    """One notice: what happened, what to do now, and its tone (`good`, `stop` or none)."""

    title: Text
    text: Text = ""
    tone: str = ""


# fmt: off
DRAFT_EXPIRED: Final = Notice(
    _("This form was open for more than a day"),
    _("Nothing has been sent yet, and nothing you wrote is lost. Check your answers, then go on."))
DRAFT_UNREADABLE: Final = Notice(
    _("We could not read the earlier pages of this form"),
    _("Nothing has been sent. What you wrote on this page is still here; fill in the other pages again."),
    "stop")
STEP_UNKNOWN: Final = Notice(
    _("We could not tell which page you sent"),
    _("Nothing has been sent, and nothing you wrote earlier is lost. Go on from here."))
TOO_QUICK: Final = Notice(
    _("That was faster than we can take it"),
    _("Nothing has been sent. Check your answers for a moment, then send again."))
TOO_MANY_FILINGS: Final = Notice(
    _("Many complaints have just come from your connection"),
    _("Nothing has been sent, and nothing is lost. Leave this page open and send again later, at the latest "
      "in an hour."))
TICKET_AGAIN: Final = Notice(
    _("This page was open for more than 30 minutes"),
    _("Type your ticket number again to go on."))
TOO_MANY_TRIES: Final = Notice(
    _("Too many tries from your connection"),
    _("Wait a minute, then type the ticket number again."), "stop")
TOO_MANY_MESSAGES: Final = Notice(
    _("Many messages have just come from your connection"),
    _("Your message has not been sent. It is still here: wait a minute, then send it again."), "stop")
MESSAGE_TAKEN: Final = Notice(
    _("Your message has been added to the complaint"),
    _("The office reads it there. You find the answer on this page."), "good")
ANSWER_TAKEN: Final = Notice(
    _("Your answer has been added to the complaint"),
    _("Verification goes on. You find what happens next on this page."), "good")
FILES_TAKEN: Final = Notice(
    _("Your files have been added to the complaint"), tone="good")
FILES_KNOWN: Final = Notice(
    _("These files are part of the complaint already"), _("Nothing had to be added."), "good")
FILES_REFUSED: Final = _("The files were not taken.")
FILES_HELD_BACK: Final = Notice(
    _("Many files have just come from your connection"),
    _("Your complaint is here, but the files of this time were not kept. Add them by your ticket number, "
      "at the latest in an hour."), "stop")
TICKET_AGAIN_FOR_FILES: Final = Notice(
    _("This page was open for more than 30 minutes"),
    _("Your files have arrived and are kept. Type your ticket number again to add them."))
TOO_MANY_UPLOADS: Final = Notice(
    _("Many files have just come from your connection"),
    _("Nothing has been sent, and what you wrote is still here. The files of this time were not kept: choose "
      "them again later, at the latest in an hour."), "stop")
FILE_UNKNOWN: Final = Notice(
    _("There is no such file in this complaint"),
    _("Choose one of the files listed on this page."), "stop")
FILE_UNREADABLE: Final = Notice(
    _("This file can’t be opened"),
    _("What is stored of it is damaged. Write to the office on this page that the file is missing, and send "
      "it again if you still have it."), "stop")
FILE_AWAY: Final = Notice(
    _("This file can’t be fetched at the moment"),
    _("It is not lost. Try again in a few minutes."), "stop")
FILE_LOCKED: Final = Notice(
    _("This file is locked away"),
    _("A virus was found in it, so nobody can save it here."), "stop")
WITHDRAWN: Final = Notice(
    _("You have withdrawn the complaint"),
    _("Your ticket number goes on working: you can still read and write here."), "good")
# fmt: on


def repeated(told: Sequence[str]) -> Notice | None:
    """Return what a page says about files that came twice; None when none did."""
    return Notice(_("The same file came twice"), " ".join(told)) if told else None


def refused(problems: Sequence[str]) -> Notice | None:
    """Return what a page without a place for files says about those that were not taken; None for none."""
    return Notice(_("Some files were not taken"), " ".join(problems), "stop") if problems else None
