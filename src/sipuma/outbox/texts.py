"""What messages say. None carries a matter, a name or an identity (R64); only `ticket` carries a ticket."""

from collections.abc import Mapping
from dataclasses import dataclass

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
    body: str


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
    "staff-case": Template(
        _("A case waits for you: {register}"),
        _("Case {register} waits for your team. Sign in to see it:\n{queue}"),
        _("SIPUMA: case {register} waits for your team."),
    ),
}


def render(template: str, *, channel: str, language: str, data: Mapping[str, str]) -> Rendered:
    """Return the words of a message in its reader's language.

    Raises:
        KeyError: there is no such template, or it needs a value that `data` lacks.
    """
    words = TEMPLATES[template]
    with override(language):
        if channel == Channel.SMS:
            return Rendered("", str(words.sms).format_map(data))
        return Rendered(str(words.subject).format_map(data), str(words.body).format_map(data))
