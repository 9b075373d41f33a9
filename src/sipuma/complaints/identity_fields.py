"""What every form says when the profile asks for who complains, and one of the four is missing (R13)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from sipuma.complaints.profiles import profile

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

MISSING: "Final[Mapping[str, StrPromise]]" = {
    "name": _("Write the name. Without it this complaint can’t be taken."),
    "address": _("Write the address. Without it this complaint can’t be taken."),
    "phone": _("Write a telephone number. Without it this complaint can’t be taken."),
    "email": _("Write an e-mail address. Without it this complaint can’t be taken."),
}


def require_identity(fields: Mapping[str, forms.Field]) -> None:
    """Make the fields required that the profile asks for, each with its own words."""
    for name in profile().identity:
        fields[name].required = True
        fields[name].error_messages["required"] = MISSING[name]
