"""Text snippets on the pages: the form that keeps them, and putting one into a text without scripts."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from sipuma.cases.workflow import Field, Move
from sipuma.complaints.snippets import LONGEST_TEXT, LONGEST_TITLE
from sipuma.offices.models import Team
from sipuma.web.forms import SipumaForm
from sipuma.web.text_fields import TOO_LONG
from sipuma.workspace.words import team_name

# The texts of steps that a complainant reads.
ANSWERS: Final = ("question", "explanation", "answer", "message")


class SnippetForm(SipumaForm):
    """A snippet's team, title and text; the team of one that is there already stays."""

    team = forms.ChoiceField(label=_("Team"), error_messages={"invalid_choice": _("Choose one of the list.")})
    title = forms.CharField(
        label=_("Name of the snippet"),
        max_length=LONGEST_TITLE,
        error_messages={"required": _("Give the snippet a name."), "max_length": TOO_LONG},
    )
    text = forms.CharField(
        label=_("Text"),
        help_text=_("{register} becomes the register number, {due} the date by which the stage is due."),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={"required": _("Write the text."), "max_length": TOO_LONG},
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,  # Any: a QueryDict or a plain mapping, as Django takes them
        *,
        teams: list[Team],
        initial: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        field = self.fields["team"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (declared above)
        field.choices = [(str(team.pk), team_name(team)) for team in teams]
        field.error_messages["required"] = _("Choose one of the list.")


def answer_of(move: Move) -> Field | None:
    """Return the text of a step into which a snippet goes, or None when no complainant reads it."""
    found = (one for one in move.fields if one.kind == "text" and one.name in ANSWERS)
    return next(found, None)


def with_snippet(sent: Mapping[str, str], target: Field, text: str) -> dict[str, str]:
    """Return what was typed, with the snippet below what the text has already."""
    typed = {name: str(value) for name, value in sent.items()}
    before = typed.get(target.name, "")
    return typed | {target.name: f"{before.rstrip()}\n\n{text}" if before.strip() and text else before + text}
