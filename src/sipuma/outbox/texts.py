"""What messages say. None carries a matter, a name or an identity (R64); only `ticket` carries a ticket."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from sipuma.outbox.models import Channel


@dataclass(frozen=True)
class Template:
    """Subject and body of a mail, and the one line of an SMS (at most 160 GSM-7 characters)."""

    subject: Promise
    body: Promise
    sms: Promise


@dataclass(frozen=True)
class Rendered:
    """A message's words, ready for its channel."""

    subject: str
    body: str = field(repr=False)


class UnknownTemplate(Exception):
    """There is no such template, or its words need a value that the message lacks."""


TEMPLATES: dict[str, Template] = {
    "ticket": Template(
        _("Your ticket number"),
        _(
            "Your complaint has reached us. Your ticket number:\n\n{ticket}\n\n"
            "Keep it like a password: with it you follow your complaint and write to us at\n{track}\n\n"
            "Nobody, not even we, can look it up again. Afterwards delete this mail."
        ),
        _("SIPUMA ticket: {ticket} Track: {track}"),
    ),
    "ticket-replaced": Template(
        _("A new ticket number was issued"),
        _(
            "A new ticket number for your complaint was issued at the desk, and sent to the address given "
            "there. The ticket number that you had no longer works. If you did not ask for it, tell the "
            "office or Direktorat Kepatuhan Internal:\n{channels}"
        ),
        _("SIPUMA: a new ticket was issued and the old one ended. Not you? Tell us: {channels}"),
    ),
    "news": Template(
        _("News about your complaint"),
        _("There is something new about your complaint. Read it with your ticket number at\n{track}"),
        _("SIPUMA: there is news for you. Read it with your ticket at {track}"),
    ),
    "question": Template(
        _("We have a question about your complaint"),
        _(
            "We need additional data from you within 14 days. Read the question with your ticket number at\n"
            "{track}"
        ),
        _("SIPUMA: we need data from you within 14 days. Read it with your ticket at {track}"),
    ),
    "reminder": Template(
        _("We still need additional data from you"),
        _(
            "We have asked you for additional data and have no answer yet. Until when we need it, and what "
            "we ask, you read with your ticket number at\n{track}"
        ),
        _("SIPUMA: we still need data from you. Read until when with your ticket at {track}"),
    ),
    "staff-overdue": Template(
        _("Overdue cases: {count}"),
        _("{count} cases of your office are past their deadline. Sign in to see which:\n{overdue_queue}"),
        _("SIPUMA: {count} cases of your office are past their deadline."),
    ),
    "staff-case": Template(
        _("A case waits for you: {register}"),
        _("Case {register} waits for your team. Sign in to see it:\n{queue}"),
        _("SIPUMA: case {register} waits for your team."),
    ),
    "staff-mention": Template(
        _("A colleague mentions you: {register}"),
        _("A colleague mentions you in a note on case {register}. Sign in to read it:\n{queue}"),
        _("SIPUMA: a colleague mentions you in case {register}."),
    ),
    "staff-digest": Template(
        _("Your digest: {waiting} cases with news, {overdue} overdue"),
        _(
            "Cases with news for you: {waiting}\n{waiting_list}\n\n"
            "Overdue in your teams: {overdue}\n{overdue_list}\n\n"
            "Sign in to see them:\n{queue}"
        ),
        _("SIPUMA: {waiting} cases with news, {overdue} overdue."),
    ),
    "staff-assigned": Template(
        _("A case is assigned to you: {register}"),
        _("Case {register} is assigned to you. Sign in to see it:\n{queue}"),
        _("SIPUMA: case {register} is assigned to you."),
    ),
    "staff-conflict": Template(
        _("Conflict of interest in case {register}"),
        _(
            "Somebody who could open case {register} is among those it reports, and has been shut out. "
            "Look at it, and see that it goes one level up where needed:\n{queue}"
        ),
        _("SIPUMA: conflict of interest in case {register}. Look at it."),
    ),
}


def render(template: str, *, channel: str, language: str, data: Mapping[str, str]) -> Rendered:
    """Return the words of a message in its reader's language, with the addresses that they lead to.

    Raises:
        UnknownTemplate: this version of SIPUMA has no such words.
    """
    values = {**data, **_addresses(language)}
    with override(language):
        try:
            words = TEMPLATES[template]
            if channel == Channel.SMS:
                return Rendered("", str(words.sms).format_map(values))
            return Rendered(str(words.subject).format_map(values), str(words.body).format_map(values))
        except KeyError as error:
            raise UnknownTemplate(template) from error


def _addresses(language: str) -> dict[str, str]:
    base = settings.SIPUMA.base_url.rstrip("/")
    # English stands under /en/, Indonesian on plain paths (`i18n_patterns`).
    home = base if language == settings.LANGUAGE_CODE else f"{base}/{language}"
    return {
        "track": f"{home}/lacak/",
        "channels": f"{home}/saluran/",
        "queue": f"{home}/petugas/",
        "overdue_queue": f"{home}/petugas/?due=overdue",
    }
