"""How people reach an office: the channels it publishes (R29), the links that open them, their changes."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import phonenumbers
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

from sipuma.offices.models import Member, Office, TeamKind
from sipuma.offices.officer import Officer
from sipuma.offices.places import Place, Role
from sipuma.offices.refusal import Refused

PUBLISHED: Final = ("address", "phone", "fax", "email", "whatsapp", "desk_hours")
REGION: Final = "ID"

_NUMBER: Final = re.compile(r"[0-9+() -]+")
_FEWEST_DIGITS, _MOST_DIGITS = 3, 15
# What WhatsApp knows: mobiles and landlines, no short numbers.
_WITH_WHATSAPP: Final = frozenset(
    {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
)


@dataclass(frozen=True)
class Line:
    """One channel as it is shown: what it is, the office's own text, and the link that opens it, if any."""

    label: str | Promise
    text: str
    url: str = ""


NATIONAL: Final = (
    Line(_("E-mail"), "pengaduan.beacukai@customs.go.id", "mailto:pengaduan.beacukai@customs.go.id"),
    Line(_("Telephone (Bravo)"), "(021) 1500 225", "tel:+62211500225"),
    Line(_("Fax"), "(021) 4890966"),
    Line(_("Letter"), "Direktur Kepatuhan Internal, Jl. A. Yani By Pass Rawamangun, Jakarta 13230"),
)


def lines(office: Office) -> tuple[Line, ...]:
    """Return the channels that an office has, address and hours apart, in the order people try them."""
    found = (
        Line(_("Telephone"), office.phone, telephone_url(office.phone)),
        Line("WhatsApp", office.whatsapp, whatsapp_url(office.whatsapp)),
        Line(_("E-mail"), office.email, f"mailto:{office.email}"),
        Line(_("Fax"), office.fax),
    )
    return tuple(line for line in found if line.text)


def is_number(text: str) -> bool:
    """Return whether this can be dialled: a landline, a mobile or a short number, as one writes them here."""
    digits = _digits(text)
    fits = _FEWEST_DIGITS <= len(digits) <= _MOST_DIGITS and "+" not in text.lstrip("( +")
    return bool(_NUMBER.fullmatch(text)) and fits and text.count("+") <= 1


def telephone_url(text: str) -> str:
    """Return the `tel:` address (RFC 3966): international where the number is, else as one dials it here."""
    if not is_number(text):
        return ""
    number = _parsed(text)
    dialled = text.lstrip("( ")
    if number is None or not dialled.startswith(("0", "+")):
        return f"tel:{_digits(text)}"
    return f"tel:{phonenumbers.format_number(number, PhoneNumberFormat.E164)}"


def whatsapp_url(text: str) -> str:
    """Return the address that opens a chat, or an empty text when WhatsApp can't know this number."""
    number = _parsed(text) if is_number(text) else None
    if number is None or not phonenumbers.is_valid_number(number):
        return ""
    if phonenumbers.number_type(number) not in _WITH_WHATSAPP:
        return ""
    return f"https://wa.me/{_digits(phonenumbers.format_number(number, PhoneNumberFormat.E164))}"


def _digits(text: str) -> str:
    return re.sub("[^0-9]", "", text)


def _parsed(text: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, REGION)
    except NumberParseException:
        return None


def changeable_by(officer: Officer) -> list[Office]:
    """Return the offices whose channels a member keeps, as receiver or head of UKI in a team of theirs."""
    return list({place.team.office_id: place.team.office for place in _keeping(officer)}.values())


def _keeping(officer: Officer) -> Iterator[Place]:
    for place in officer.reach.places.values():
        head = place.team.kind == TeamKind.VERIFICATION and Role.HEAD in place.roles
        if place.own and (head or Role.RECEIVER in place.roles):
            yield place


def stamp_of(office: Office) -> str:
    """Return what a form carries of the channels that it shows, so that it overwrites no newer ones."""
    return office.channels_changed_at.isoformat() if office.channels_changed_at else ""


def change_channels(*, office: Office, values: Mapping[str, str], by: Officer, seen: str) -> None:
    """Publish an office's channels, the names of `PUBLISHED`, and keep who changed them and when.

    Nothing is noted when nothing differs. `seen` is the stamp of the channels that the form showed.

    Raises:
        Refused: the member is no receiver and no head of UKI there, or somebody else was faster.
    """
    if office.pk not in {one.pk for one in changeable_by(by)}:
        raise Refused(gettext("Only receivers and the head of the compliance unit change these channels."))
    wanted = {name: values[name] for name in PUBLISHED}
    if not any(getattr(office, name) != text for name, text in wanted.items()):
        return
    if seen != stamp_of(office) or not _publish(office, wanted, by.member):
        raise Refused(
            gettext("Somebody else has changed these channels meanwhile. Compare, then publish once more.")
        )


def _publish(office: Office, wanted: Mapping[str, str], member: Member) -> bool:
    stamp = {"channels_changed_at": timezone.now(), "channels_changed_by": member}
    unchanged = Office.objects.filter(pk=office.pk, channels_changed_at=office.channels_changed_at)
    return bool(unchanged.update(**wanted, **stamp))
