"""Employee numbers (NIP) of the staff: kept as keyed hashes, to be recognised and not to be read."""

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from sipuma import safe, vault
from sipuma.offices.models import Member
from sipuma.offices.refusal import Refused

LABEL = "sipuma/nip"
DIGITS = 18


def digits_of(text: str) -> str:
    """Return a NIP without the spaces that people write into it."""
    return "".join(text.split())


def is_nip(text: str) -> bool:
    digits = digits_of(text)
    return digits.isascii() and digits.isdigit() and len(digits) == DIGITS


def nip_mark(text: str) -> bytes | None:
    """Return the hash that a member's NIP is kept as; None for an empty one.

    Raises:
        Refused: it has not 18 digits.
    """
    if not digits_of(text):
        return None
    if not is_nip(text):
        raise Refused(_("A NIP has 18 digits. Check it, or leave it empty."), field="nip")
    return vault.lookup_id(safe.at(settings.SIPUMA.secrets).pepper, digits_of(text).encode(), label=LABEL)


def members_with(text: str) -> QuerySet[Member]:
    """Return the members who have this NIP; nobody for what is none."""
    return Member.objects.filter(nip=nip_mark(text)) if is_nip(text) else Member.objects.none()
