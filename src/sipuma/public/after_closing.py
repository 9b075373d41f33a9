"""What the ticket page of a closed case offers: to say whether it helped, and to ask for reopening."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from sipuma.cases.models import Case
from sipuma.cases.tickets import Holder
from sipuma.complaints.afterwards import Afterwards, ask_reopening, say_helped
from sipuma.complaints.limits import LIMITS, SHORT
from sipuma.complaints.words import Helped
from sipuma.offices.refusal import Refused
from sipuma.public import notices
from sipuma.public.notices import Notice
from sipuma.public.sources import WRITING
from sipuma.web.forms import SipumaForm
from sipuma.web.text_fields import NOT_LISTED, area, text_field


class HelpedForm(SipumaForm):
    """Whether it helped, and whatever else somebody wants to say about it."""

    helped = forms.ChoiceField(
        label=_("Did our work on your complaint help you?"),
        choices=Helped.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the three answers."), "invalid_choice": NOT_LISTED},
    )
    comment = text_field(_("What could have been better?"), limit=SHORT, widget=area(3))


class ReopeningForm(SipumaForm):
    """Why the case should be looked at again."""

    reason = text_field(
        _("What is new, or was not looked at?"),
        limit=LIMITS["message"],
        widget=area(5),
        required=_("Write what is new, or what was not looked at. One sentence is enough."),
    )


@dataclass(frozen=True)
class Closing:
    """What is open to the holder of a ticket after closing, with the forms for it."""

    state: Afterwards
    helped: forms.Form
    reopening: forms.Form


@dataclass(frozen=True)
class Outcome:
    """What came of a form: a notice, or the form with its errors."""

    notice: Notice | None = None
    form: forms.Form | None = None
    again: bool = False


def closing_of(case: Case, sent: forms.Form | None = None) -> Closing:
    """Return what the page offers; a form that was sent and is not right yet stays as it was."""
    return Closing(
        Afterwards(case),
        sent if isinstance(sent, HelpedForm) else HelpedForm(auto_id="helped-%s"),
        sent if isinstance(sent, ReopeningForm) else ReopeningForm(auto_id="reopening-%s"),
    )


def rate(request: HttpRequest, sent: Mapping[str, str], holder: Holder) -> Outcome:
    """Take down whether it helped."""
    form = HelpedForm(sent, auto_id="helped-%s")
    return _take(request, form, partial(say_helped, holder), notices.HELPED_TAKEN)


def ask(request: HttpRequest, sent: Mapping[str, str], holder: Holder) -> Outcome:
    """Take the request to reopen the case."""
    form = ReopeningForm(sent, auto_id="reopening-%s")
    return _take(request, form, partial(ask_reopening, holder), notices.REOPENING_ASKED)


def _take(request: HttpRequest, form: forms.Form, act: Callable[..., Case], done: Notice) -> Outcome:
    if not form.is_valid():
        return Outcome(form=form)
    if not WRITING.spend(request):
        return Outcome(notices.TOO_MANY_MESSAGES, form)
    try:
        act(**form.cleaned_data)
    except Refused as refused:
        return Outcome(Notice(refused.reason, tone="stop"), again=True)
    return Outcome(done, again=True)


DOORS: Final = {"helped": rate, "ask-reopening": ask}
