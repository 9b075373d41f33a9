"""Which addresses can get a ticket: valid e-mail addresses and Indonesian mobile numbers (R5, R6)."""

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from sipuma.outbox.models import Channel
from sipuma.outbox.posting import Address

REGION = "ID"
COUNTRY_CODE = 62


def email_address(text: str) -> Address | None:
    """Return the address in normal form, or None when no mail can go there (RFC 5321 syntax)."""
    try:
        found = validate_email(text.strip(), check_deliverability=False, strict=True)
    except EmailNotValidError:
        return None
    return Address(Channel.EMAIL, found.ascii_email or found.normalized)


def mobile_number(text: str) -> Address | None:
    """Return an Indonesian mobile number in E.164 form, or None: `0652 21105` is valid but not mobile."""
    try:
        number = phonenumbers.parse(text, REGION)
    except NumberParseException:
        return None
    mobile = phonenumbers.number_type(number) == PhoneNumberType.MOBILE
    if not (mobile and phonenumbers.is_valid_number(number) and number.country_code == COUNTRY_CODE):
        return None
    return Address(Channel.SMS, phonenumbers.format_number(number, PhoneNumberFormat.E164))


def masked(address: Address) -> str:
    """Return «a…@…» or «…89»: enough to know one's own address by, too little to learn another's."""
    email = address.channel == Channel.EMAIL
    return f"{address.value[:1]}…@…" if email else f"…{address.value[-2:]}"
