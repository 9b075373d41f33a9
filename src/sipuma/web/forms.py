"""The form every SIPUMA form derives from, its renderer and its date field."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sipuma.web import text

_HERE: Final = Path(__file__).parent

# Read from the top: the first matching widget decides the class of the control.
# fmt: off
_CONTROL_CLASSES: Final[tuple[tuple[type[forms.Widget], str], ...]] = (
    (forms.CheckboxSelectMultiple, "govuk-checkboxes__input"),
    (forms.RadioSelect,            "govuk-radios__input"),
    (forms.CheckboxInput,          "govuk-checkboxes__input"),
    (forms.Select,                 "govuk-select"),
    (forms.Textarea,               "govuk-textarea"),
    (forms.Widget,                 "govuk-input"),
)
# fmt: on


class ControlField(BoundField):
    """A field as its template sees it: GOV.UK classes and plain hints over Django's own `aria-*` output."""

    def __init__(self, form: forms.BaseForm, field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        self.help_text = " ".join(filter(None, (str(self.help_text), _limit_hint(field))))

    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: forms.Widget | None = None
    ) -> dict[str, Any]:  # values are what Django's widgets take: text, numbers, True and False
        built = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        if widget.is_hidden:
            return built
        # A browser cuts a pasted text at maxlength without a word; our own error says it instead.
        built["maxlength"] = False
        if isinstance(widget, forms.RadioSelect) and not isinstance(widget, forms.CheckboxSelectMultiple):
            built.pop("aria-invalid", None)  # not an attribute of a single radio button
        built["class"] = _css_class(widget, has_errors=bool(self.errors))
        return built


def _css_class(widget: forms.Widget, *, has_errors: bool) -> str:
    base = next(css for kind, css in _CONTROL_CLASSES if isinstance(widget, kind))
    modifier = f"{base}--error" if has_errors and not base.endswith("__input") else ""
    return " ".join(filter(None, (base, widget.attrs.get("class", ""), modifier)))


def _limit_hint(field: forms.Field) -> str:
    limit = getattr(field, "max_length", None)
    if limit is None or not isinstance(field.widget, forms.Textarea):
        return ""
    return gettext("Up to %(limit)s characters.") % {"limit": number_format(limit, force_grouping=True)}


class SipumaRenderer(DjangoTemplates):
    """Renders any Django form with GOV.UK markup (`FORM_RENDERER` in the settings)."""

    form_template_name = "sipuma/forms/form.html"
    field_template_name = "sipuma/forms/field.html"
    bound_field_class = ControlField

    # `engine` is what DjangoTemplates reads; ours looks into our own folder before Django's.
    @cached_property
    def engine(self) -> Any:  # django-stubs types the backend as Any too
        django_templates = Path(forms.__file__).parent / "templates"
        return self.backend(
            {
                "NAME": "sipumaforms",
                "APP_DIRS": True,
                "DIRS": [_HERE / "form_templates", django_templates],
                "OPTIONS": {},
            }
        )


class SipumaForm(forms.Form):
    """Cleans what was typed before any field looks at it, and keeps it on the page when something is wrong.

    Control characters go (newline and tab stay), line ends become one newline, text becomes NFC.
    A NUL is refused by name, because no database of ours stores it. `mark_optional` writes
    "(optional)" after the label of a field that may stay empty.
    """

    use_required_attribute = False
    mark_optional: bool = True

    def __init__(self, data: Mapping[str, Any] | None = None, *args: Any, **kwargs: Any) -> None:
        # Any: forwarded to django.forms.Form as is.
        self._with_nul = frozenset(_names_with_nul(data or {}))
        super().__init__(None if data is None else _normalised(data), *args, **kwargs)

    def full_clean(self) -> None:
        super().full_clean()
        for name in self.fields:
            if self.is_bound and self.add_prefix(name) in self._with_nul:
                self.add_error(name, _NUL_MESSAGE)


_NUL_MESSAGE: Final = _(
    "This text held a character that cannot be stored. It has been taken out. "
    "Check the text and send it again."
)


def _values(data: Mapping[str, Any], name: str) -> list[Any]:
    if isinstance(data, QueryDict):
        return list(data.getlist(name))
    value = data[name]
    return list(value) if isinstance(value, list | tuple) else [value]


def _names_with_nul(data: Mapping[str, Any]) -> list[str]:
    return [name for name in data if any(isinstance(v, str) and text.NUL in v for v in _values(data, name))]


def _clean_value(value: Any) -> Any:
    if isinstance(value, str):
        clean = text.normalise(value)
        return "" if clean.strip() and text.is_blank(clean) else clean
    return [_clean_value(one) for one in value] if isinstance(value, list | tuple) else value


def _normalised(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """A copy of `data`, of the same kind (QueryDict or mapping), with every text normalised."""
    if not isinstance(data, QueryDict):
        return {name: _clean_value(value) for name, value in data.items()}
    copy = QueryDict(mutable=True, encoding=data.encoding)
    for name in data:
        copy.setlist(name, _clean_value(data.getlist(name)))
    return copy


class DateInput(forms.DateInput):
    """A date typed as one text, `2026-03-24`; the calendar pop-ups of browsers are no help to everyone."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(
            {"class": "govuk-input--width-10", "inputmode": "numeric", **(attrs or {})}, "%Y-%m-%d"
        )


class DateField(forms.DateField):
    """A day written `2026-03-24`; also takes `24-03-2026` and `24/03/2026`, the usual order in Indonesia."""

    widget = DateInput
    default_error_messages = {"invalid": _("Write the date like this: 2026-03-24.")}

    def __init__(self, **kwargs: Any) -> None:  # Any: forwarded to django.forms.DateField
        kwargs.setdefault("input_formats", ["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"])
        kwargs.setdefault("help_text", _("For example 2026-03-24."))
        super().__init__(**kwargs)
