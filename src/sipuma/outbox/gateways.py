"""The ways out: SMTP or a folder for mail, an HTTP gateway or a file for SMS."""

import json
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate
from functools import lru_cache
from pathlib import Path
from smtplib import SMTP, SMTP_SSL, SMTPException, SMTPRecipientsRefused, SMTPResponseException
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import httpx
from django.conf import settings

TIMEOUT_SECONDS = 20
PERMANENT_SMTP = 500


class Undeliverable(Exception):
    """The gateway will never take this message: a wrong address, a refused sender."""


class Unreachable(Exception):
    """The gateway can't take the message now; it is tried again."""


@dataclass(frozen=True)
class Parcel:
    """A message in clear, on its last step. `id` lets a gateway notice that it has it already."""

    id: str
    to: str
    subject: str
    body: str


Gateway = Callable[[Parcel], None]


def mail_gateway() -> Gateway:
    """Return the gateway of `SIPUMA_EMAIL_URL`: smtp://, smtps:// or file:///folder."""
    return _mail_gateway(settings.SIPUMA.email_url or (settings.SIPUMA.data / "mail").absolute().as_uri())


def sms_gateway() -> Gateway | None:
    """Return the gateway of `SIPUMA_SMS_URL`: http(s):// or file:///file; None when no SMS is sent."""
    return _sms_gateway(settings.SIPUMA.sms_url) if settings.SIPUMA.sms_url else None


@lru_cache(maxsize=2)
def _mail_gateway(url: str) -> Gateway:
    parts = urlsplit(url)
    if parts.scheme == "file":
        return lambda parcel: _drop_mail(Path(unquote(parts.path)), parcel)
    return lambda parcel: _send_mail(parts, parcel)


@lru_cache(maxsize=2)
def _sms_gateway(url: str) -> Gateway:
    parts = urlsplit(url)
    if parts.scheme == "file":
        return lambda parcel: _drop_sms(Path(unquote(parts.path)), parcel)
    return lambda parcel: _send_sms(url, parcel)


def compose(parcel: Parcel) -> EmailMessage:
    """Return the mail. The same row gives the same Message-ID, so that a repeat can be recognised.

    Raises:
        Undeliverable: the address or subject would break the headers.
    """
    mail = EmailMessage()
    try:
        mail["From"] = settings.SIPUMA.email_from
        mail["To"] = parcel.to
        mail["Subject"] = parcel.subject
        mail["Date"] = formatdate(localtime=False)
        mail["Message-ID"] = f"<{parcel.id}@sipuma.invalid>"
        mail["Auto-Submitted"] = "auto-generated"
    except ValueError as error:
        raise Undeliverable from error
    mail.set_content(parcel.body)
    return mail


def _drop_mail(folder: Path, parcel: Parcel) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    beside = folder / f".{parcel.id}.part"
    beside.write_bytes(compose(parcel).as_bytes())
    beside.replace(folder / f"{parcel.id}.eml")


def _send_mail(parts: SplitResult, parcel: Parcel) -> None:
    mail = compose(parcel)
    try:
        with _connect(parts) as server:
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(mail)
    except SMTPRecipientsRefused as error:
        codes = [code for code, _text in error.recipients.values()]
        raise (Undeliverable if min(codes) >= PERMANENT_SMTP else Unreachable) from error
    except SMTPResponseException as error:
        raise (Undeliverable if error.smtp_code >= PERMANENT_SMTP else Unreachable) from error
    except (SMTPException, OSError) as error:
        raise Unreachable from error


def _connect(parts: SplitResult) -> SMTP:
    host, options = parts.hostname or "localhost", parse_qs(parts.query)
    context = ssl.create_default_context(cafile=options.get("ca", [None])[0])
    if parts.scheme == "smtps":
        return SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT_SECONDS, context=context)
    server = SMTP(host, parts.port or 587, timeout=TIMEOUT_SECONDS)
    if options.get("tls", ["starttls"])[0] == "starttls":
        server.starttls(context=context)
    return server


def _drop_sms(file: Path, parcel: Parcel) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps({"id": parcel.id, "to": parcel.to, "text": parcel.body}) + "\n")


def _send_sms(url: str, parcel: Parcel) -> None:
    """Post the form body of the template, its values escaped; 4xx but 408 and 429 is a final no."""
    template = settings.SIPUMA.sms_body or "to={to}&message={text}"
    values = {"to": parcel.to, "text": parcel.body, "id": parcel.id}
    fields = {name: value[0].format_map(values) for name, value in parse_qs(template).items()}
    pairs = (line.split(":", 1) for line in settings.SIPUMA.sms_headers.splitlines() if ":" in line)
    headers = {name.strip(): value.strip() for name, value in pairs}
    try:
        answer = httpx.post(url, data=fields, headers=headers, timeout=TIMEOUT_SECONDS)
    except httpx.HTTPError as error:
        raise Unreachable from error
    if answer.is_success:
        return
    retry = answer.status_code in {httpx.codes.REQUEST_TIMEOUT, httpx.codes.TOO_MANY_REQUESTS}
    raise (Undeliverable if answer.is_client_error and not retry else Unreachable)
