"""The forms of the staff pages: one for each move, made from its fields, and those of the account."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sipuma.cases.models import Case
from sipuma.cases.workflow import Field, Move, Text
from sipuma.complaints.words import Closing
from sipuma.offices.passwords import MAXIMUM_LENGTH, MINIMUM_LENGTH
from sipuma.web.forms import DateField, SipumaForm
from sipuma.web.text_fields import TOO_LONG

ROWS = 4
Build = Callable[[Field, Case], forms.Field]


def _required(label: Text) -> dict[str, Any]:  # Any: a lazy text among plain ones
    return {"required": gettext("Fill in «%(field)s».") % {"field": label}, "max_length": TOO_LONG}


def _chosen(label: Text) -> dict[str, str]:
    return {
        "required": gettext("Choose something for «%(field)s».") % {"field": label},
        "invalid_choice": gettext("Choose one of the list for «%(field)s».") % {"field": label},
    }


def _common(field: Field) -> dict[str, Any]:  # Any: the keywords of Django's fields
    return {"label": field.label, "help_text": field.hint, "required": field.required}


def _text(field: Field, case: Case) -> forms.Field:
    widget = forms.Textarea(attrs={"rows": ROWS})
    errors = _required(field.label)
    return forms.CharField(**_common(field), max_length=field.maximum, widget=widget, error_messages=errors)


def _line(field: Field, case: Case) -> forms.Field:
    return forms.CharField(**_common(field), max_length=field.maximum, error_messages=_required(field.label))


def _choice(field: Field, case: Case) -> forms.Field:
    choices = [("", gettext("Choose")), *field.options(case)]
    return forms.ChoiceField(**_common(field), choices=choices, error_messages=_chosen(field.label))


def _date(field: Field, case: Case) -> forms.Field:
    given = _common(field)
    if not field.hint:
        del given["help_text"]
    return DateField(**given, error_messages=_required(field.label))


def _check(field: Field, case: Case) -> forms.Field:
    return forms.BooleanField(**_common(field), error_messages=_required(field.label))


BUILDERS: Mapping[str, Build] = {
    "text": _text,
    "line": _line,
    "choice": _choice,
    "office": _choice,
    "date": _date,
    "check": _check,
}


class MoveForm(SipumaForm):
    """A move's fields under their own names; the ids are the move's, so that many forms share a page."""

    def __init__(
        self,
        move: Move,
        case: Case,
        data: Mapping[str, Any] | None = None,  # Any: a QueryDict or a plain mapping, as Django takes them
        *,
        initial: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}), auto_id=f"{move.name}-%s")
        self.move, self.case = move, case
        for field in move.fields:
            self.fields[field.name] = BUILDERS[field.kind](field, case)


def _new_password() -> forms.CharField:
    return forms.CharField(
        label=_("New password"),
        strip=False,
        max_length=MAXIMUM_LENGTH,
        min_length=MINIMUM_LENGTH,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={
            "required": _("Choose a new password."),
            "min_length": _("This password is too short. Use at least %(limit_value)d characters."),
        },
    )


class PasswordForm(SipumaForm):
    """A new password, typed twice."""

    password = _new_password()
    again = forms.CharField(
        label=_("New password once more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Type the new password once more.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: handed on to SipumaForm
        super().__init__(*args, **kwargs)
        # Put together here, in the language of the page: a lazy text with figures in it is lazy no more.
        advice = gettext("At least %(least)d characters. A sentence of four words is good.")
        self.fields["password"].help_text = advice % {"least": MINIMUM_LENGTH}

    def clean(self) -> dict[str, Any]:  # Any: Django's type for cleaned data
        typed = self.cleaned_data
        if {"password", "again"} <= typed.keys() and typed["password"] != typed["again"]:
            self.add_error("again", _("The two passwords differ. Type the same one twice."))
        return typed


class ChangePasswordForm(PasswordForm):
    """The present password, and a new one twice."""

    old = forms.CharField(
        label=_("Present password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Enter your present password.")},
    )
    field_order = ("old", "password", "again")


class RecoverForm(PasswordForm):
    """Who, the printed recovery kit, and a new password twice."""

    login = forms.CharField(
        label=_("User name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
        error_messages={"required": _("Enter your user name.")},
    )
    kit = forms.CharField(
        label=_("Recovery kit"),
        help_text=_("36 characters from the sheet that you printed when you joined."),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "mono"}),
        error_messages={"required": _("Enter the code of your recovery kit.")},
    )
    field_order = ("login", "kit", "password", "again")


class FilterForm(SipumaForm):
    """What the queue is narrowed to; every filter stands in the address."""

    mark_optional = False

    scope = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=(("todo", _("What needs my teams")), ("all", _("All I can read, closed ones too"))),
    )
    state = forms.ChoiceField(label=_("State"), required=False)
    due = forms.ChoiceField(
        label=_("Due"),
        required=False,
        choices=(
            ("", _("Any time")),
            ("overdue", _("Overdue")),
            ("today", _("Today")),
            ("week", _("In the next 7 days")),
        ),
    )
    type = forms.ChoiceField(label=_("Type"), required=False)
    team = forms.ChoiceField(label=_("Team"), required=False)
    assigned = forms.ChoiceField(
        label=_("Assigned to"),
        required=False,
        choices=(("", _("Anybody or nobody")), ("me", _("Me")), ("nobody", _("Nobody"))),
    )
    closing = forms.ChoiceField(
        label=_("Duplicates and spam"),
        required=False,
        choices=(
            ("", _("All cases")),
            (Closing.DUPLICATE.value, _("Duplicates only")),
            (Closing.SPAM.value, _("Spam only")),
        ),
    )

    def __init__(
        self,
        data: Mapping[str, Any],  # Any: a QueryDict or a plain mapping, as Django takes them
        *,
        states: Sequence[tuple[str, Text]],
        types: Sequence[tuple[str, Text]],
        teams: Sequence[tuple[str, Text]],
    ) -> None:
        super().__init__(data)
        choices = {
            "state": (_("All states"), states),
            "type": (_("All types"), types),
            "team": (_("All teams"), teams),
        }
        for name, (every, options) in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  (declared above)
            field.choices = [("", every), *options]
        for field in self.fields.values():
            field.error_messages["invalid_choice"] = _("Choose one of the list.")
