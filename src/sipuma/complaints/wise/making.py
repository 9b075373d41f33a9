"""Makes the package in the unlocked session of whoever holds the case, and enters each making."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from sipuma import vault
from sipuma.cases import flow
from sipuma.cases.entries import Signature, append, readers_of, seal_text
from sipuma.cases.models import Audience, Author, Case
from sipuma.complaints.models import Dispatch
from sipuma.complaints.states import S
from sipuma.complaints.wise.adapters import Package, adapter_of
from sipuma.complaints.wise.content import SCHEMA_FILE, Content, schema
from sipuma.offices.officer import Officer
from sipuma.offices.places import Role
from sipuma.offices.refusal import Refused

MAKERS = (Role.PYB, Role.HEAD, Role.VERIFIER)
PACKAGE_MADE = "wise-package"
# So long the password that the page shows can be used for its file.
PASSWORD_LIFE = timedelta(minutes=15)


@dataclass(frozen=True)
class Made:
    """A package that was made; `sent` when the worker takes it to WISE, else the maker saves it."""

    package: Package
    sent: bool


def acting_as(case: Case, officer: Officer) -> Role | None:
    """Return the role in which the officer may make the case's package, or None."""
    if case.state != S.WISE:
        return None
    held = flow.HELD["held"](case, officer)
    return next((role for role in MAKERS if role in held), None)


def seal_password(password: vault.ZipPassword, case: Case, officer: Officer, *, at: datetime) -> bytes:
    """Seal a password to its maker's own key: the page carries it to the making, and nothing stores it."""
    kept = {"password": password.text, "until": (at + PASSWORD_LIFE).timestamp()}
    return vault.seal(officer.ring.pair.private.public, json.dumps(kept).encode(), info=_info(case))


def open_password(sealed: bytes, case: Case, officer: Officer, *, at: datetime) -> vault.ZipPassword:
    """Return the password that `seal_password` sealed.

    Raises:
        Refused: it is another's, another case's, too old, or no such thing.
    """
    try:
        kept = json.loads(vault.unseal(officer.ring.pair.private, sealed, info=_info(case)))
    except vault.Unopenable:
        raise Refused(_over()) from None
    if at.timestamp() > kept["until"]:
        raise Refused(_over())
    return vault.ZipPassword.parse(kept["password"])


def make(
    case: Case,
    content: Content,
    paper: bytes,
    *,
    password: vault.ZipPassword,
    schema_address: str,
    by: Officer,
) -> Made:
    """Encrypt content and paper (PDF/A) into one file, enter who made it, and send it off if there is a way.

    Raises:
        PermissionError: the case is not forwarded, or the officer does not hold it.
    """
    role = acting_as(case, by)
    if role is None:
        raise PermissionError(case.register)
    files = {
        f"pengaduan-{case.register}.pdf": paper,
        f"pengaduan-{case.register}.json": content.to_json(address=schema_address),
        SCHEMA_FILE: schema(),
    }
    here = content.made_at.astimezone(ZoneInfo(content.zone))
    package = Package(case.register, vault.encrypted_zip(files, password, at=here))
    digest = sha256(package.content).hexdigest()
    readers = readers_of(case, Audience.HANDLERS)
    entry = seal_text(
        case.uid, PACKAGE_MADE, {"text": f"SHA-256 {digest}"}, audience=Audience.HANDLERS, readers=readers
    )
    signature = Signature(Author.MEMBER, by.member, flow.capacity(case, role, by))
    sent = adapter_of(settings.SIPUMA.wise_url) is not None
    with transaction.atomic():
        append(case, [entry], by=signature, at=content.made_at)
        if sent:
            _queue(case, package, digest, at=content.made_at)
    return Made(package, sent)


def _queue(case: Case, package: Package, digest: str, *, at: datetime) -> None:
    """Put the package in the place of an older one of the case."""
    fresh = {
        "content": package.content,
        "sha256": digest,
        "made_at": at,
        "next_at": at,
        "attempts": 0,
        "error": "",
        "delivered_at": None,
    }
    Dispatch.objects.update_or_create(case=case, defaults=fresh)


def _info(case: Case) -> bytes:
    return b"sipuma/wise-password/" + case.uid.bytes


def _over() -> str:
    return _("This password can’t be used any more. Draw a new one; the one you noted opens nothing.")
