"""Tags and filters for all templates: dates, languages and the links of the error summary."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django import forms, template
from django.conf import settings
from django.forms.boundfield import BoundField
from django.http import HttpRequest
from django.template import Context
from django.utils import translation

from sipuma.web import dates, languages

register = template.Library()


@dataclass(frozen=True)
class ErrorLink:
    """One line of the error summary: what is wrong, and the element that puts it right."""

    text: str
    target: str


@dataclass(frozen=True)
class LanguageLink:
    """A language of the interface, its own name and the present page in it."""

    code: str
    name: str
    url: str
    current: bool


@register.filter
def moment(when: datetime | None, zone: str) -> str:
    """«Selasa, 24 Maret 2026, 23.59 WIB»; empty for none."""
    return dates.moment_text(when, zone) if when else ""


@register.filter
def day(when: date | datetime | None, zone: str) -> str:
    """«Selasa, 24 Maret 2026»; empty for none."""
    return dates.day_text(when, zone) if when else ""


@register.simple_tag
def home_url() -> str:
    """The home page in the language of this page."""
    return languages.home(translation.get_language() or settings.LANGUAGE_CODE)


@register.simple_tag(takes_context=True)
def language_links(context: Context) -> list[LanguageLink]:
    """This page in every language of the interface, the current one marked."""
    request: HttpRequest | None = context.get("request")
    path = request.path_info if request else "/"
    current = translation.get_language()
    return [
        LanguageLink(code, str(name), languages.in_language(path, code), current=code == current)
        for code, name in settings.LANGUAGES
    ]


@register.filter
def up_to(count: int) -> range:
    """The numbers 1 to `count`, to walk over in a template."""
    return range(1, count + 1)


@register.filter
def icon_path(name: str) -> str:
    """The template that draws an icon."""
    return f"ui/icons/{name}.html"


@register.filter
def error_anchor(form: forms.BaseForm) -> str:
    """The id of the element that holds the errors of a form as a whole."""
    return f"{form.prefix or 'form'}-errors"


@register.filter
def error_links(form: forms.BaseForm) -> list[ErrorLink]:
    """Every error of a form in the order of its fields, each with the control it belongs to."""
    return list(_error_links(form))


def _error_links(form: forms.BaseForm) -> Iterator[ErrorLink]:
    for error in form.non_field_errors():
        yield ErrorLink(str(error), error_anchor(form))
    for field in form.visible_fields():
        for error in field.errors:
            yield ErrorLink(str(error), _control_id(field))


def _control_id(field: BoundField) -> str:
    """A group of radio buttons or check boxes has no one control: its first option takes the focus."""
    return field.id_for_label or f"{field.auto_id}_0"
