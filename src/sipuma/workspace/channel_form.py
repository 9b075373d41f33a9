"""The form of an office's published channels: what can't be reached is said, nothing typed is rewritten."""

from collections.abc import Callable
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from email_validator import EmailNotValidError, validate_email

from sipuma.offices.channels import is_number, whatsapp_url
from sipuma.web.forms import SipumaForm
from sipuma.web.text_fields import TOO_LONG

LONGEST_ADDRESS: Final = 300
LONGEST_NUMBER: Final = 40
LONGEST_EMAIL: Final = 254
LONGEST_HOURS: Final = 200
_TOO_LONG: Final = {"max_length": TOO_LONG}


def _check_number(text: str) -> None:
    if not is_number(text) and len(text) <= LONGEST_NUMBER:
        raise ValidationError(
            _("Write one number, with digits, spaces and + - ( ) alone. For example (0652) 21105.")
        )


def _check_whatsapp(text: str) -> None:
    if is_number(text) and not whatsapp_url(text):
        raise ValidationError(_("Write the whole number that has WhatsApp. For example 0812-3456-7890."))


def _check_email(text: str) -> None:
    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError as error:
        raise ValidationError(
            _("No mail can go to this address. Write it like this: nama@kantor.go.id.")
        ) from error


def _line(
    label: Any,  # Any: a lazy text, as Django's fields take it
    *checks: Callable[[str], None],
    longest: int,
    help_text: Any = "",  # Any: the same
    **attrs: str,
) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off", **attrs})
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=longest,
        validators=checks,
        widget=widget,
        error_messages=_TOO_LONG,
    )


class ChannelForm(SipumaForm):
    """What the public page shows of one office; every field may stay empty."""

    address = forms.CharField(
        label=_("Address for visits and letters"),
        required=False,
        max_length=LONGEST_ADDRESS,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages=_TOO_LONG,
    )
    desk_hours = _line(
        _("When somebody is at the complaints desk"),
        longest=LONGEST_HOURS,
        help_text=_("One line: the days, the times, and WIB, WITA or WIT."),
    )
    phone = _line(_("Telephone"), _check_number, longest=LONGEST_NUMBER, inputmode="tel")
    whatsapp = _line("WhatsApp", _check_number, _check_whatsapp, longest=LONGEST_NUMBER, inputmode="tel")
    email = _line(_("E-mail"), _check_email, longest=LONGEST_EMAIL, inputmode="email", spellcheck="false")
    fax = _line(_("Fax"), _check_number, longest=LONGEST_NUMBER, inputmode="tel")
