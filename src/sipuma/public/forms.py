"""What the citizens' pages ask for: the three pages of a complaint, the ticket, a message."""

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sipuma.complaints.identity_fields import require_identity
from sipuma.complaints.limits import LIMITS, SHORT
from sipuma.complaints.profiles import identity_required
from sipuma.complaints.words import Category
from sipuma.offices.models import Office
from sipuma.public import office_search
from sipuma.public.evidence_form import EvidenceForm
from sipuma.public.uploads import Posted
from sipuma.web.forms import SipumaForm
from sipuma.web.text_fields import NOT_LISTED, area, text_field

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

MOST_OFFICES: Final = 12
LONGEST_OFFICE: Final = 200  # characters; each word of it is compared with each office

YES: Final = "yes"
NO: Final = "no"


class StepForm(SipumaForm):
    """One page of the complaint. Its answers are kept as texts, also when they are not right yet."""

    def typed(self) -> dict[str, str]:
        """Return what was typed, right or wrong; nothing for what was not on the page."""
        return {name: self.data.get(self.add_prefix(name)) or "" for name in self.fields}

    def too_long(self) -> bool:
        """Return whether a text is too long to be carried along to another page."""
        return any(self.has_error(name, "max_length") for name in self.fields)


class MatterForm(StepForm):
    """Page 1: what happened, and how."""

    what = text_field(
        _("What happened?"),
        limit=LIMITS["what"],
        widget=area(6),
        required=_("Write what happened. One sentence is enough."),
    )
    how = text_field(
        _("How did it happen?"),
        limit=LIMITS["how"],
        widget=area(6),
        required=_("Write how it happened. One sentence is enough."),
        hint=_("In order, as far as you remember: what was said, done, asked for or paid."),
    )
    category = forms.ChoiceField(
        label=_("What is it about?"),
        choices=[("", _("I don’t know, or something else")), *Category.choices],
        required=False,
        error_messages={"invalid_choice": NOT_LISTED},
    )


class CircumstancesForm(StepForm):
    """Page 2: who, when, where, which office. The office is typed; a doubtful one is chosen from a list."""

    mark_optional = False

    who = text_field(
        _("Who are you reporting?"),
        limit=LIMITS["who"],
        widget=area(3),
        hint=_("Names, posts, or how to recognise them."),
    )
    when = text_field(_("When?"), limit=LIMITS["when"], hint=_("A date and time, or roughly."))
    where = text_field(_("Where?"), limit=LIMITS["where"], widget=area(2))
    office = text_field(
        _("Which customs office is it about?"),
        limit=LONGEST_OFFICE,
        hint=_("A town, a name or a code. If you don’t know, leave it empty: head office then reads it."),
    )
    conflict = forms.ChoiceField(
        label=_("Does it concern the head of that office or its compliance unit?"),
        choices=[(YES, _("Yes")), (NO, _("No, or I don’t know"))],
        required=False,
        widget=forms.RadioSelect,
        help_text=_("If so, the office above it reads your complaint instead."),
        error_messages={"invalid_choice": NOT_LISTED},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: forwarded to SipumaForm as is
        super().__init__(*args, **kwargs)
        self.office_words = ""
        if "office" in self.initial:
            self.initial = {**self.initial, "office": office_name(self.initial["office"])}

    def typed(self) -> dict[str, str]:
        """Keep the words that were searched for when no office of the list was chosen."""
        answers = super().typed()
        return answers | {"office": answers["office"] or self._earlier_words()}

    def clean_office(self) -> Office | None:
        """Return the office, or None for «I don't know».

        Raises:
            ValidationError: no office fits, or several do; then the field offers them as a list.
        """
        text: str = self.cleaned_data["office"]
        asked_again = "office" not in self.data and self._earlier_words()
        if office_search.means_unknown(asked_again or text):
            return None
        match = office_search.find(asked_again or text)
        if match.only and not asked_again:
            return match.only
        self._offer(match, asked_again or text)
        raise ValidationError(_choice_message(match), code="several" if match.offices else "none")

    def _earlier_words(self) -> str:
        return str(self.data.get("office_words", ""))[:LONGEST_OFFICE]

    def _offer(self, match: office_search.Match, text: str) -> None:
        """Turn the text field into a list, and remember the words so that the list can be shown again."""
        if match.offices:
            self.office_words = text
            offices = [(office.code, str(office)) for office in match.offices[:MOST_OFFICES]]
            unknown = (office_search.UNKNOWN, _("I don’t know"))
            self.fields["office"].widget = forms.RadioSelect(choices=[*offices, unknown])


def office_name(answer: str) -> str:
    """Return the name of the office with this code; any other answer as it is."""
    known = Office.objects.filter(pk=answer).first() if answer else None
    return str(known) if known else answer


def _choice_message(match: office_search.Match) -> "str | StrPromise":
    if not match.offices:
        return _("We know no customs office by this name. Write the town alone, or leave it empty.")
    if len(match.offices) > MOST_OFFICES:
        return _("Many offices fit. If yours is not in this list, type it again with the name of the town.")
    return _("Choose the office that you mean.")


class ComplainantForm(StepForm):
    """Page 3: about the complainant; all of it may stay empty (R12), unless the profile asks for it (R13)."""

    mark_optional = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: forwarded to SipumaForm as is
        super().__init__(*args, **kwargs)
        require_identity(self.fields)
        self.mark_optional = identity_required()

    name = text_field(_("Your name"), limit=LIMITS["name"], widget=forms.TextInput({"autocomplete": "name"}))
    address = text_field(
        _("Your address"),
        limit=LIMITS["address"],
        widget=forms.Textarea({"rows": 2, "autocomplete": "street-address"}),
    )
    email = text_field(
        _("E-mail"),
        limit=LIMITS["email"],
        widget=forms.EmailInput({"autocomplete": "email"}),
        hint=_("The ticket number and news about the complaint also go there."),
    )
    phone = text_field(
        _("Mobile number"),
        limit=LIMITS["phone"],
        widget=forms.TextInput({"autocomplete": "tel", "type": "tel", "class": "govuk-input--width-20"}),
        hint=_("An Indonesian mobile number gets the ticket number by SMS."),
    )
    callback = text_field(
        _("Where may an officer reach you about this?"),
        limit=LIMITS["callback"],
        widget=area(2),
        hint=_("Only the compliance unit that verifies your complaint reads this."),
    )
    disclose = forms.BooleanField(
        label=_("The compliance unit may know who I am"),
        required=False,
        help_text=_(
            "So may the Inspectorate General, if the complaint is forwarded there. "
            "Otherwise two custodians of different offices must agree before anyone may."
        ),
    )


class TicketForm(SipumaForm):
    """Asks for the ticket. It is bound to nothing that was typed, so that no ticket is ever sent back."""

    ticket = forms.CharField(
        label=_("Ticket number"),
        widget=forms.TextInput(
            {
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "mono govuk-input--width-30",
            }
        ),
        help_text=_("24 letters and digits. Spaces, hyphens, capital or small letters make no difference."),
        error_messages={
            "required": _("No complaint was found under this number. Compare all 24 characters, try again.")
        },
    )


class KeptMessageForm(TicketForm):
    """Asks for the ticket again, with the message that was being sent."""

    message = forms.CharField(label=_("What you wrote"), required=False, widget=area(6))


class MessageForm(EvidenceForm):
    """A message of the complainant: further information, or the answer to what was asked.

    Files need no words beside them.
    """

    field_order = ("message", "evidence")

    def __init__(
        self, data: Any = None, *args: Any, posted: Posted | None = None, **kwargs: Any
    ) -> None:  # Any: forwarded to SipumaForm as is
        super().__init__(data, *args, posted=posted, **kwargs)
        if posted and (posted.files or posted.problems):
            self._with_files()

    def _with_files(self) -> None:
        self.fields["message"].required = False

    message = text_field(
        _("Your message"),
        limit=LIMITS["message"],
        widget=area(6),
        required=_("Write your message, then send it."),
    )


class AnswerForm(MessageForm):
    """The same, when something was asked."""

    message = text_field(
        _("Your answer"),
        limit=LIMITS["message"],
        widget=area(6),
        required=_("Write your answer, then send it."),
    )

    def _with_files(self) -> None:
        self.fields["message"].error_messages["required"] = _(
            "Write your answer too; one sentence is enough. Your files are kept, but alone are no answer."
        )


class WithdrawalForm(SipumaForm):
    """The reason for withdrawing, which nobody has to give."""

    message = text_field(_("Why do you withdraw it?"), limit=SHORT, widget=area(3))
