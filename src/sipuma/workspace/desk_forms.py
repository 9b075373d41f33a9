"""The forms of the reception pages: the look-up, the register book's filters, the period of a report."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from django import forms
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from sipuma import vault
from sipuma.cases.models import Channel
from sipuma.complaints.states import STATES
from sipuma.offices.models import Office
from sipuma.web.forms import DateField, SipumaForm
from sipuma.workspace.register_numbers import number_prefix

EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)
MONTHS: Final = 36
_MONTHS_A_YEAR: Final = 12


def public_states() -> dict[str, tuple[str, ...]]:
    """Return the states that the public reads as one: the first one's name, and the names of all of them."""
    groups: dict[str, tuple[str, ...]] = {}
    for state in STATES:
        groups[str(state.public)] = (*groups.get(str(state.public), ()), state.name)
    return {names[0]: names for names in groups.values()}


class LookUpForm(SipumaForm):
    """A register number as somebody reads it out."""

    mark_optional = False

    register = forms.CharField(
        label=_("Register number"),
        help_text=_("For example 130300-2026-000042. Spaces and dashes don’t matter."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "inputmode": "numeric"}),
        error_messages={
            "required": _("Enter the register number."),
            "max_length": _("A register number is shorter. Enter the number alone."),
        },
    )

    def clean_register(self) -> str:
        """Refuse a ticket, and show it no second time: it is for the complainant's eyes alone (R7)."""
        typed: str = self.cleaned_data["register"]
        if not is_ticket(typed):
            return typed
        self.data = {"register": ""}
        raise forms.ValidationError(
            _("This is a ticket number, which only the complainant may hold. Ask for the register number.")
        )


def is_ticket(typed: str) -> bool:
    try:
        vault.Ticket.parse(typed)
    except vault.TicketMalformed:
        return False
    return True


def _office_field(offices: Iterable[Office]) -> forms.ChoiceField:
    choices = [(office.pk, str(office)) for office in offices]
    return forms.ChoiceField(label=_("Office"), choices=choices, error_messages=_CHOOSE)


_CHOOSE: Final = {"invalid_choice": _("Choose one of the list.")}


def _day(label: Any) -> DateField:  # Any: a lazy text, for which Django's fields have no type of their own
    return DateField(
        label=label, required=False, error_messages={"invalid": _("Write the day as 2026-03-24.")}
    )


class BookForm(SipumaForm):
    """What the register book is narrowed to; every filter stands in the address."""

    mark_optional = False

    since = _day(_("From"))
    until = _day(_("To"))
    channel = forms.ChoiceField(label=_("Channel"), required=False, error_messages=_CHOOSE)
    state = forms.ChoiceField(label=_("State"), required=False, error_messages=_CHOOSE)
    register = forms.CharField(
        label=_("Number begins with"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        error_messages={"max_length": _("A register number is shorter. Enter its beginning alone.")},
    )
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=(("newest", _("Newest first")), ("oldest", _("Oldest first"))),
        error_messages=_CHOOSE,
    )
    field_order = ("office", "since", "until", "channel", "state", "register", "sort")

    # Any: a QueryDict or a plain mapping, as Django takes them
    def __init__(self, data: Mapping[str, Any], *, offices: Iterable[Office]) -> None:
        super().__init__(data)
        public = {state.name: state.public for state in STATES}
        _choices(self, "channel", [("", _("All channels")), *Channel.choices])
        _choices(self, "state", [("", _("All states")), *((name, public[name]) for name in public_states())])
        _add_office(self, offices)

    def clean_register(self) -> str:
        typed: str = self.cleaned_data["register"]
        if typed and not number_prefix(typed):
            raise forms.ValidationError(_("Enter the first digits of the register number."))
        return typed

    def clean_since(self) -> date | None:
        return _known_day(self.cleaned_data["since"])

    def clean_until(self) -> date | None:
        return _known_day(self.cleaned_data["until"])

    def clean(self) -> dict[str, Any]:  # Any: Django's type for cleaned data
        return _in_order(self)


class ReportForm(SipumaForm):
    """From which month to which one a report goes; both stand in the address."""

    mark_optional = False

    since = forms.ChoiceField(label=_("From"), error_messages=_CHOOSE)
    until = forms.ChoiceField(label=_("To the end of"), error_messages=_CHOOSE)
    field_order = ("office", "since", "until")

    # Any: a QueryDict or a plain mapping, as Django takes them
    def __init__(self, data: Mapping[str, Any], *, today: date, offices: Iterable[Office]) -> None:
        super().__init__(data)
        for name in ("since", "until"):
            _choices(self, name, [(_month(day), formats.date_format(day, "F Y")) for day in months(today)])
        _add_office(self, offices)

    def clean(self) -> dict[str, Any]:  # Any: Django's type for cleaned data
        return _in_order(self)


def months(today: date) -> list[date]:
    """Return the first days of this month and of those before it, three years in all, the newest first."""
    count = today.year * _MONTHS_A_YEAR + today.month - 1
    numbers = range(count, count - MONTHS, -1)
    return [date(number // _MONTHS_A_YEAR, number % _MONTHS_A_YEAR + 1, 1) for number in numbers]


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


def _choices(form: SipumaForm, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """Set a list's choices. Any: values and labels may be lazy."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101  (declared above)
    field.choices = list(choices)


def _add_office(form: SipumaForm, offices: Iterable[Office]) -> None:
    """Let an officer of several offices choose one; somebody of a single office is asked nothing."""
    known = list(offices)
    if len(known) > 1:
        form.fields["office"] = _office_field(known)
        form.order_fields(form.field_order)


def _known_day(day: date | None) -> date | None:
    if day is not None and not EARLIEST <= day <= LATEST:
        raise forms.ValidationError(_("Choose a day between 2000 and 2100."))
    return day


def _in_order(form: SipumaForm) -> dict[str, Any]:  # Any: Django's type for cleaned data
    since, until = form.cleaned_data.get("since"), form.cleaned_data.get("until")
    if since and until and until < since:
        form.add_error("until", _("This lies before the beginning. Choose the same or a later one."))
    return form.cleaned_data
