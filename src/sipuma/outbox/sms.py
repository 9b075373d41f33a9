"""Sends SMS through a provider's HTTP gateway, or drops them into a file."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl

import httpx
from django.conf import settings

from sipuma.outbox.parcels import Parcel, Undeliverable, Unreachable

TIMEOUT_SECONDS = 20
DEFAULT_BODY = "to={to}&message={text}"
# What a gateway says of the message itself. Any other answer (account, credit, address of the
# gateway, its own trouble) can be mended, so that the message waits.
FINAL = frozenset(
    {httpx.codes.BAD_REQUEST, httpx.codes.REQUEST_ENTITY_TOO_LARGE, httpx.codes.UNPROCESSABLE_ENTITY}
)
E164 = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)


def drop(file: Path, parcel: Parcel) -> None:
    """Append the message to a file, as one line of JSON."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps({"id": parcel.id, "to": parcel.to, "text": parcel.body}) + "\n")


def send(url: str, parcel: Parcel) -> None:
    """Post the form of `SIPUMA_SMS_BODY` with the headers of `SIPUMA_SMS_HEADERS`.

    Both may hold `{id}`, the same on every try, which lets the gateway drop a repeat.

    Raises:
        Undeliverable: the number is none, or the gateway refuses this message (400, 413, 422).
        Unreachable: any other answer but success, or none.
    """
    if not E164.fullmatch(parcel.to):
        raise Undeliverable("number")
    try:
        answer = httpx.post(url, data=_form(parcel), headers=_headers(parcel), timeout=TIMEOUT_SECONDS)
    except httpx.HTTPError as error:
        raise Unreachable from error
    if answer.status_code in FINAL:
        raise Undeliverable(str(answer.status_code))
    if not answer.is_success:
        raise Unreachable(str(answer.status_code))


def _form(parcel: Parcel) -> dict[str, str]:
    """Fill the template's values only after splitting it, so that no value can add a field."""
    values = {"to": parcel.to, "text": parcel.body, "id": parcel.id}
    pairs = parse_qsl(settings.SIPUMA.sms_body or DEFAULT_BODY, keep_blank_values=True)
    return {name: _filled(value, values) for name, value in pairs}


def _headers(parcel: Parcel) -> dict[str, str]:
    pairs = (line.split(":", 1) for line in settings.SIPUMA.sms_headers.splitlines() if ":" in line)
    return {name.strip(): _filled(value.strip(), {"id": parcel.id}) for name, value in pairs}


def _filled(template: str, values: Mapping[str, str]) -> str:
    """Replace `{name}` in one pass; other braces are the operator's own."""
    return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], found[0]), template)
