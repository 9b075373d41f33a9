"""The head of an office's papers: its name, how to reach it, and its emblem when this machine has it."""

import base64
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from sipuma.offices.models import Office

PICTURES: Final = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg"}
LARGEST_EMBLEM: Final = 1024**2


@dataclass(frozen=True)
class Letterhead:
    """What stands on top of a paper; `emblem` is a data address, or empty."""

    name: str
    where: str
    ways: tuple[str, ...]
    emblem: str = field(default="", repr=False)


def letterhead(office: Office) -> Letterhead:
    """Return the office's head with what it publishes; its town where it has no address yet."""
    where = " ".join(office.address.split()) or f"{office.city}, {office.province}"
    reach = (
        (_("Telephone"), office.phone),
        ("WhatsApp", office.whatsapp),
        (_("Fax"), office.fax),
        (_("E-mail"), office.email),
    )
    ways = tuple(f"{label} {text}" for label, text in reach if text)
    return Letterhead(office.name, where, ways, emblem())


def emblem() -> str:
    """Return the picture of `SIPUMA_EMBLEM` as a data address; empty when it is not among our static files.

    An emblem on another server is left out: making a paper must tell nobody that one was made.
    """
    file = _emblem_file(settings.SIPUMA.emblem)
    if file is None or not file.is_file() or file.stat().st_size > LARGEST_EMBLEM:
        return ""
    return f"data:{PICTURES[file.suffix]};base64,{base64.b64encode(file.read_bytes()).decode()}"


def _emblem_file(address: str) -> Path | None:
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or not parts.path.startswith(settings.STATIC_URL):
        return None
    root = Path(settings.STATIC_ROOT).resolve()
    file = (root / unquote(parts.path.removeprefix(settings.STATIC_URL))).resolve()
    return file if file.is_relative_to(root) and file.suffix in PICTURES else None
