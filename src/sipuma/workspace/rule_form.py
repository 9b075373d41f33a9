"""The form that changes a deadline: which, how many days, from when on and why."""

from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

from sipuma.complaints.rule_changes import CHANGEABLE, LONGEST_REASON
from sipuma.complaints.rules import Unit
from sipuma.web.forms import DateField, SipumaForm

_LIST: Final = _("Choose one of the list.")


class RuleForm(SipumaForm):
    """A change of one deadline; whether it makes sense is the domain's to say."""

    stage = forms.ChoiceField(
        label=_("Deadline of"), error_messages={"required": _LIST, "invalid_choice": _LIST}
    )
    amount = forms.IntegerField(
        label=_("Days"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-4"}),
        error_messages={
            "required": _("Write how many days."),
            "invalid": _("Write a number of days, for example 5."),
        },
    )
    unit = forms.ChoiceField(
        label=_("Counted in"),
        choices=Unit.choices,
        error_messages={"required": _LIST, "invalid_choice": _LIST},
    )
    valid_from = DateField(
        label=_("For cases received from"),
        error_messages={"required": _("Write from which day on.")},
    )
    reason = forms.CharField(
        label=_("Why"),
        help_text=_("With the decree or letter, if there is one. Everybody on the staff reads this."),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "required": _("Write why the deadline changes."),
            "max_length": _("Use at most %(limit_value)d characters."),
        },
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as it is
        stage = self.fields["stage"]
        assert isinstance(stage, forms.ChoiceField)  # noqa: S101  (declared above)
        stage.choices = [("", _("Choose")), *((rule.state, rule.label) for rule in CHANGEABLE)]
