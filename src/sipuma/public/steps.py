"""The pages of the filing form as data, and the complaint that their answers make."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from sipuma.cases.workflow import Text
from sipuma.complaints.filing import Filing
from sipuma.complaints.profiles import identity_required
from sipuma.public.forms import YES, CircumstancesForm, ComplainantForm, MatterForm, StepForm


@dataclass(frozen=True)
class Step:
    """One page: its number, heading, a sentence under it, and what it asks.

    `named` is the sentence where everybody has to say who they are.
    """

    number: int
    title: Text
    lead: Text
    form: type[StepForm]
    named: Text = ""

    @property
    def sentence(self) -> Text:
        return self.named or self.lead if identity_required() else self.lead


# fmt: off
STEPS: Final = {step.number: step for step in (
    Step(1, _("What happened"), _("Tell it in your own words. You need no account and no name."), MatterForm,
         _("Tell it in your own words. You need no account.")),
    Step(2, _("Who, when and where"), _("Fill in what you know. All may stay empty."), CircumstancesForm),
    Step(3, _("About you"), _("Leave this page empty, and we do not know your name."), ComplainantForm,
         _("By PER-13/BC/2025 we need your name and how to reach you. We seal them apart from the rest.")),
)}
# fmt: on
REVIEW: Final = len(STEPS) + 1


@dataclass(frozen=True)
class Checked:
    """All pages filled with the answers of a draft and looked at together."""

    forms: Mapping[int, StepForm]

    @property
    def flawed(self) -> int | None:
        """Return the first page on which something has to be put right, or None."""
        return next((number for number, form in self.forms.items() if not form.is_valid()), None)

    @property
    def filing(self) -> Filing:
        """Return the complaint; every page must be right."""
        values = {name: value for form in self.forms.values() for name, value in form.cleaned_data.items()}
        return Filing(**values | {"conflict": values["conflict"] == YES})


def check(answers: Mapping[str, str]) -> Checked:
    """Fill every page with these answers."""
    return Checked({step.number: step.form(answers) for step in STEPS.values()})


def answers_of(form: StepForm) -> dict[str, str]:
    """Return a right page's answers as a draft keeps them: texts, an office by its code."""
    office = form.cleaned_data.get("office")
    return form.typed() | ({"office": office.code if office else ""} if "office" in form.fields else {})
