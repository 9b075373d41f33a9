"""What a page says at its top about something that just happened."""

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
WITHDRAWN: Final = Notice(
    _("You have withdrawn the complaint"),
    _("Your ticket number goes on working: you can still read and write here."), "good")
# fmt: on
