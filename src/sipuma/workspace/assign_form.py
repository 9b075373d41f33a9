"""The form below the queue that assigns the chosen cases to a colleague."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sipuma.complaints.assigning import assignable
from sipuma.offices.officer import Officer
from sipuma.web.forms import SipumaForm


class AssignForm(SipumaForm):
    """Whom the chosen cases of the queue are assigned to."""

    assignee = forms.ChoiceField(
        label=_("Assign the chosen cases to"),
        error_messages={
            "required": _("Choose a colleague."),
            "invalid_choice": _("Choose a colleague of the list."),
        },
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,  # Any: a QueryDict or a plain mapping, as Django takes them
        *,
        people: Sequence[tuple[str, str]],
    ) -> None:
        super().__init__(data)
        field = self.fields["assignee"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (declared above)
        field.choices = [("", _("Choose")), *people]


def assign_form(officer: Officer, sent: Mapping[str, Any] | None = None) -> AssignForm:
    """Return the form that assigns cases to the people of the officer's own teams."""
    people = [(one.user.get_username(), one.name) for one in assignable(officer)]
    return AssignForm(sent, people=people)
