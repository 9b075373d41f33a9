"""Text fields as every page asks for them: how long they may be, and what is said when they are longer."""

from typing import TYPE_CHECKING, Final

from django import forms
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

TOO_LONG: Final = _("Shorten this to %(limit_value)s characters. It has %(show_value)s now.")
NOT_LISTED: Final = _("Choose one of the entries of the list, or leave it open.")


def text_field(
    label: "str | StrPromise",
    *,
    limit: int,
    widget: forms.Widget | None = None,
    required: "str | StrPromise" = "",
    hint: "str | StrPromise" = "",
) -> forms.CharField:
    """Return a text field of at most `limit` characters.

    `required` is what to say when it is empty; nothing when it may be.
    """
    return forms.CharField(
        label=label,
        max_length=limit,
        required=bool(required),
        help_text=hint,
        widget=widget or forms.TextInput,
        error_messages={"required": required, "max_length": TOO_LONG},
    )


def area(rows: int, **attrs: str) -> forms.Textarea:
    """Return a text area of so many rows."""
    return forms.Textarea({"rows": rows, **attrs})
