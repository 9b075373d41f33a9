"""What a receiver is asked for when a complaint is taken down, on one page in the order of a conversation."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sipuma.cases.models import OFFLINE
from sipuma.complaints.identity_fields import require_identity
from sipuma.complaints.limits import LIMITS
from sipuma.complaints.profiles import identity_required
from sipuma.complaints.reception import Recording
from sipuma.complaints.words import ELEMENTS, Category
from sipuma.offices.models import Team
from sipuma.web.forms import SipumaForm
from sipuma.web.text import normalise
from sipuma.web.text_fields import NOT_LISTED, area, text_field

YES: Final = "yes"
NO: Final = "no"
UNKNOWN: Final = "_unknown"
ROWS: Final = {"what": 4, "how": 4}
_CHANNEL: Final = _("Choose how the complaint came in.")
_COMPLETE: Final = _("Say whether identity and information are complete and clear.")
_DESK: Final = _("Choose the desk that you record for.")


def _channel() -> forms.Field:
    channels = [("", _("Choose")), *((one.value, one.label) for one in OFFLINE)]
    errors = {"required": _CHANNEL, "invalid_choice": _CHANNEL}
    return forms.ChoiceField(
        label=_("How did the complaint come in?"), choices=channels, error_messages=errors
    )


def _desk(desks: Sequence[Team]) -> dict[str, forms.Field]:
    """Ask for the desk only where there are several to choose from."""
    if len(desks) == 1:
        return {}
    choices = [("", _("Choose")), *((str(desk.pk), str(desk.office)) for desk in desks)]
    errors = {"required": _DESK, "invalid_choice": _DESK}
    return {"desk": forms.ChoiceField(label=_("Desk of the office"), choices=choices, error_messages=errors)}


def _elements() -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {}
    for name, label in ELEMENTS:
        fields[name] = text_field(label, limit=LIMITS[name], widget=area(ROWS.get(name, 2)))
        fields[name + UNKNOWN] = forms.BooleanField(label=_("Not known (tidak diketahui)"), required=False)
    return fields


def _matter() -> dict[str, forms.Field]:
    category = forms.ChoiceField(
        label=_("What is it about?"),
        choices=[("", _("Not said, or something else")), *Category.choices],
        required=False,
        error_messages={"invalid_choice": NOT_LISTED},
    )
    conflict = forms.ChoiceField(
        label=_("Does it concern the head of the office or its compliance unit?"),
        choices=[(YES, _("Yes")), (NO, _("No, or not known"))],
        required=False,
        widget=forms.RadioSelect,
        help_text=_("If so, the office above reads the complaint instead."),
        error_messages={"invalid_choice": NOT_LISTED},
    )
    return {"category": category, "conflict": conflict}


def _person() -> dict[str, forms.Field]:
    off = {"autocomplete": "off"}
    line = forms.TextInput
    return {
        "name": text_field(_("Name"), limit=LIMITS["name"], widget=line(off)),
        "address": text_field(_("Address"), limit=LIMITS["address"], widget=area(2, **off)),
        "phone": text_field(_("Phone"), limit=LIMITS["phone"], widget=line(off | {"inputmode": "tel"})),
        "email": text_field(_("E-mail"), limit=LIMITS["email"], widget=line(off | {"inputmode": "email"})),
        "disclose": forms.BooleanField(
            label=_("The complainant lets the compliance unit know who they are"),
            required=False,
            help_text=_(
                "So may the Inspectorate General, if the complaint is forwarded there. "
                "Otherwise two custodians of different offices must agree before anyone may."
            ),
        ),
        "callback": text_field(
            _("How can the complainant be reached?"),
            limit=LIMITS["callback"],
            widget=area(2),
            hint=_(
                "For questions and for the register number. Only the compliance unit and this desk read it."
            ),
        ),
    }


def _check() -> dict[str, forms.Field]:
    complete = forms.ChoiceField(
        label=_("Are identity and information complete and clear?"),
        choices=[(YES, _("Yes")), (NO, _("No, something is missing or unclear"))],
        widget=forms.RadioSelect,
        help_text=_("Name, address, phone and e-mail must be there; other gaps are accepted.")
        if identity_required()
        else _("An incomplete complaint is accepted too."),
        error_messages={"required": _COMPLETE, "invalid_choice": _COMPLETE},
    )
    incomplete = text_field(
        _("If not: what is missing or unclear?"), limit=LIMITS["incomplete"], widget=area(2)
    )
    return {"complete": complete, "incomplete": incomplete}


class RecordingForm(SipumaForm):
    """A complaint as it is taken down (R14, R15, R85). Texts of a draft come in as `kept`."""

    mark_optional = False

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,  # Any: a QueryDict or a plain mapping, as Django takes them
        *,
        desks: Sequence[Team],
        kept: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(data, initial={name: normalise(text) for name, text in (kept or {}).items()})
        self.desks = desks
        self.arrival = {"channel": _channel(), **_desk(desks)}
        self.parts = (_matter(), _person(), _check())
        self.fields.update(self.arrival | _elements())
        for part in self.parts:
            self.fields.update(part)
        require_identity(self.fields)
        if data is None:
            self.fields["channel"].widget.attrs["autofocus"] = True

    @property
    def first(self) -> list[BoundField]:
        return [self[name] for name in self.arrival]

    @property
    def elements(self) -> list[tuple[BoundField, BoundField]]:
        """Return each of the five elements with its «not known»."""
        return [(self[name], self[name + UNKNOWN]) for name, _label in ELEMENTS]

    @property
    def matter(self) -> list[BoundField]:
        return [self[name] for name in self.parts[0]]

    @property
    def person(self) -> list[BoundField]:
        return [self[name] for name in self.parts[1]]

    @property
    def check(self) -> list[BoundField]:
        return [self[name] for name in self.parts[2]]

    def typed(self) -> dict[str, str]:
        """Return what was typed, right or wrong, for the fields of this form alone."""
        return {name: str(text) for name in self.fields if (text := self.data.get(name))}

    def clean(self) -> dict[str, Any]:  # Any: Django's own type for cleaned data
        for name, label in ELEMENTS:
            if not self.has_error(name):
                self._check_element(name, str(label))
        self._check_completeness()
        return self.cleaned_data

    def _check_element(self, name: str, label: str) -> None:
        text, unknown = self.cleaned_data[name], self.cleaned_data[name + UNKNOWN]
        if text and unknown:
            error = gettext("«%(element)s» has a text and is marked as not known. Take one of the two away.")
            self.add_error(name, error % {"element": label})
        elif not text and not unknown:
            error = gettext("«%(element)s» is empty. Write it down, or mark it as not known.")
            self.add_error(name, error % {"element": label})

    def _check_completeness(self) -> None:
        complete, missing = self.cleaned_data.get("complete"), self.cleaned_data.get("incomplete")
        if complete == NO and missing == "":
            self.add_error("incomplete", gettext("Write what is missing or unclear."))
        if complete == YES and missing:
            self.add_error(
                "incomplete", gettext("You wrote what is missing. Choose «No» above, or empty this text.")
            )

    def recording(self) -> Recording:
        """Return what was taken down; only after `is_valid`."""
        given = self.cleaned_data
        texts = ("channel", *LIMITS.keys() & self.fields.keys(), "category")
        return Recording(
            **{name: given[name] for name in texts},
            unknown=frozenset(name for name, _label in ELEMENTS if given[name + UNKNOWN]),
            conflict=given["conflict"] == YES,
            disclose=given["disclose"],
        )

    def desk(self) -> Team:
        """Return the desk that was chosen, or the only one; only after `is_valid`."""
        chosen = self.cleaned_data.get("desk")
        return next(desk for desk in self.desks if chosen in {None, str(desk.pk)})
