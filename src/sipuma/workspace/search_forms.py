"""The forms of the search: words, which are posted, filters, which stand in the address, names of views."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sipuma.cases.models import Channel
from sipuma.cases.stems import stems_of
from sipuma.cases.workflow import Text
from sipuma.complaints.states import STATES
from sipuma.complaints.words import Category, Type
from sipuma.web.forms import DateField, SipumaForm
from sipuma.web.text_fields import TOO_LONG
from sipuma.workspace.desk_forms import is_ticket
from sipuma.workspace.search import DUE, NEWEST

MOST_WORDS: Final = 10
LONGEST: Final = 200
LONGEST_NAME: Final = 60
_CHOOSE: Final = {"invalid_choice": gettext_lazy("Choose one of the list.")}


# Any: a lazy text, for which Django's fields have no type of their own
def _choice(label: Any, every: Text, choices: Sequence[tuple[str, Text]] = ()) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, required=False, choices=(("", every), *choices), error_messages=_CHOOSE
    )


def _day(label: Any) -> DateField:  # Any: as above
    wrong = {"invalid": gettext_lazy("Write the day as 2026-03-24.")}
    return DateField(label=label, required=False, error_messages=wrong, help_text="")


class SearchForm(SipumaForm):
    """What is looked for. `stems` are the words that can be found, once the form is valid."""

    mark_optional = False

    words = forms.CharField(
        label=gettext_lazy("Words of the case"),
        help_text=gettext_lazy("Cases that hold all of them, in any form: «terima» also finds «penerimaan»."),
        required=False,
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off", "type": "search"}),
        error_messages={"max_length": TOO_LONG},
    )
    register = forms.CharField(
        label=gettext_lazy("Register number or its end"),
        required=False,
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"max_length": gettext_lazy("A register number is shorter. Enter its end alone.")},
    )
    state = _choice(
        gettext_lazy("State"), gettext_lazy("All states"), [(state.name, state.label) for state in STATES]
    )
    type = _choice(gettext_lazy("Type"), gettext_lazy("All types"), Type.choices)
    category = _choice(gettext_lazy("Category"), gettext_lazy("All categories"), Category.choices)
    channel = _choice(gettext_lazy("Channel"), gettext_lazy("All channels"), Channel.choices)
    since = _day(gettext_lazy("Received from"))
    until = _day(gettext_lazy("Received to"))
    due = _choice(
        gettext_lazy("Due"),
        gettext_lazy("Any time"),
        (
            ("overdue", gettext_lazy("Overdue")),
            ("today", gettext_lazy("Today")),
            ("week", gettext_lazy("In the next 7 days")),
        ),
    )
    team = _choice(gettext_lazy("Team"), gettext_lazy("All teams"))
    sort = forms.ChoiceField(
        label=gettext_lazy("Order"),
        required=False,
        choices=(
            (NEWEST, gettext_lazy("Newest first")),
            (DUE, gettext_lazy("By due date, open cases only")),
        ),
        error_messages=_CHOOSE,
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None,  # Any: a QueryDict or a plain mapping, as Django takes them
        *,
        teams: Sequence[tuple[str, Text]],
    ) -> None:
        super().__init__(data)
        team = self.fields["team"]
        assert isinstance(team, forms.ChoiceField)  # noqa: S101  (declared above)
        team.choices = [("", _("All teams")), *teams]
        self.stems: frozenset[str] = frozenset()

    @property
    def narrowed(self) -> bool:
        """Whether anything but words was given, rightly or wrongly."""
        usual = {"words": self.data.get("words"), "sort": NEWEST}
        return any(self.data.get(name) not in {None, "", usual.get(name)} for name in self.fields)

    def clean_words(self) -> str:
        """Refuse what can't be looked for, and a ticket, which is shown no second time (R7)."""
        typed: str = self.cleaned_data["words"]
        if is_ticket(typed):
            self.data = {**self.data, "words": ""}
            raise forms.ValidationError(
                _("This is a ticket number, which only the complainant may hold. Search for words.")
            )
        self.stems = stems_of(typed)
        if typed.strip() and not self.stems:
            raise forms.ValidationError(
                _("Every text holds these words, or they are none. Add one that few texts hold.")
            )
        if len(self.stems) > MOST_WORDS:
            raise forms.ValidationError(_("Use at most %(most)d words.") % {"most": MOST_WORDS})
        return typed

    def clean_register(self) -> str:
        typed: str = self.cleaned_data["register"]
        if typed and not any(char.isdecimal() for char in typed):
            raise forms.ValidationError(_("A register number is made of digits, like 130300-2026-000042."))
        return typed

    def clean(self) -> dict[str, Any]:  # Any: Django's type for cleaned data
        typed = self.cleaned_data
        if typed.get("since") and typed.get("until") and typed["since"] > typed["until"]:
            self.add_error("until", _("The last day is before the first one. Exchange them."))
        return typed


class ViewNameForm(SipumaForm):
    """The name of a saved view."""

    mark_optional = False

    name = forms.CharField(
        label=gettext_lazy("Name of the view"),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Give the view a name that you will know again."),
            "max_length": TOO_LONG,
        },
    )
