"""Sends mail by SMTP with verified TLS, or drops it into a folder."""

import ssl
from contextlib import closing, suppress
from dataclasses import dataclass, field
from email import policy
from email.errors import HeaderParseError
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from pathlib import Path
from smtplib import SMTP, SMTP_SSL, SMTPDataError, SMTPException, SMTPRecipientsRefused
from urllib.parse import SplitResult, parse_qs, unquote

from django.conf import settings

from sipuma.outbox.parcels import Misconfigured, Parcel, Undeliverable, Unreachable

# Ten answers and the last one have to fit into the lease (`SIPUMA_DELIVERY_LEASE_SECONDS`).
ANSWER_SECONDS = 10
# A server may check a mail for long before it says yes; hanging up first would send it again.
ACCEPT_SECONDS = 60
PERMANENT = 500
AUTHENTICATE_FIRST = 530  # RFC 4954: the operator's account is at fault, not the message
PORTS = {"implicit": 465, "starttls": 587, "none": 25}
# 7bit: a server without 8BITMIME gets nothing that it can't pass on.
POLICY = policy.default.clone(cte_type="7bit")


@dataclass(frozen=True)
class Way:
    """How to reach an SMTP server. `security` is implicit (smtps), starttls or none."""

    host: str
    port: int
    security: str
    user: str = ""
    password: str = field(default="", repr=False)
    ca: str | None = None


def way_of(parts: SplitResult) -> Way:
    """Read `smtp://user:password@host:587?tls=starttls&ca=/path.pem`.

    Raises:
        Misconfigured: `tls` is neither starttls nor none.
    """
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    security = "implicit" if parts.scheme == "smtps" else options.get("tls", "starttls")
    if security not in PORTS:
        raise Misconfigured("SIPUMA_EMAIL_URL: tls is starttls (the default) or none")
    return Way(
        host=parts.hostname or "localhost",
        port=parts.port or PORTS[security],
        security=security,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        ca=options.get("ca"),
    )


def compose(parcel: Parcel) -> EmailMessage:
    """Return the mail. The same row gives the same Message-ID, so that a repeat can be recognised.

    Raises:
        Undeliverable: the address is not exactly one mail address, or would break the headers.
        Misconfigured: so is the sender.
    """
    mail = EmailMessage(policy=POLICY)
    if not _is_one_address(settings.SIPUMA.email_from, named=True):
        raise Misconfigured("SIPUMA_EMAIL_FROM has to be one mail address")
    if not _is_one_address(parcel.to, named=False):
        raise Undeliverable("address")
    mail["From"] = settings.SIPUMA.email_from
    mail["To"] = parcel.to
    mail["Subject"] = parcel.subject
    mail["Date"] = formatdate(localtime=False)
    mail["Message-ID"] = f"<{parcel.id}@{_own_domain()}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(parcel.body)
    return mail


def drop(folder: Path, parcel: Parcel) -> None:
    """Write the mail into a folder, whole or not at all; a repeat overwrites the first."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = folder / f".{parcel.id}.part"
    beside.write_bytes(compose(parcel).as_bytes())
    beside.replace(folder / f"{parcel.id}.eml")


def send(way: Way, parcel: Parcel) -> None:
    """Hand the mail to the server.

    Raises:
        Undeliverable: the server refused the recipient or the mail for good.
        Unreachable: anything else; a refused login or sender is the operator's matter and may be mended.
    """
    mail = compose(parcel)
    try:
        with closing(_dial(way)) as server:
            _greet(server, way)
            if not parcel.to.isascii() and not server.has_extn("smtputf8"):
                raise Undeliverable("address needs SMTPUTF8")
            _wait(server, ACCEPT_SECONDS)
            server.send_message(mail)
            _wait(server, ANSWER_SECONDS)
            # Accepted is accepted, however the goodbye goes.
            with suppress(SMTPException, OSError):
                server.quit()
    except (SMTPException, OSError) as error:
        raise (Undeliverable if _is_final(error) else Unreachable) from error


def _dial(way: Way) -> SMTP:
    name = _own_domain()
    if way.security == "implicit":
        return SMTP_SSL(way.host, way.port, name, timeout=ANSWER_SECONDS, context=_context(way))
    return SMTP(way.host, way.port, name, timeout=ANSWER_SECONDS)


def _greet(server: SMTP, way: Way) -> None:
    if way.security == "starttls":
        server.starttls(context=_context(way))
    server.ehlo_or_helo_if_needed()
    if way.user:
        server.login(way.user, way.password)


def _context(way: Way) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=way.ca)


def _wait(server: SMTP, seconds: int) -> None:
    if server.sock is not None:
        server.sock.settimeout(seconds)


def _is_final(error: Exception) -> bool:
    if isinstance(error, SMTPRecipientsRefused):
        codes = [code for code, _text in error.recipients.values()]
    else:
        codes = [error.smtp_code] if isinstance(error, SMTPDataError) else []
    return any(code >= PERMANENT and code != AUTHENTICATE_FIRST for code in codes)


def _is_one_address(text: str, *, named: bool) -> bool:
    if not text.isprintable():
        return False
    header = EmailMessage(policy=POLICY)
    try:
        header["To"] = text
        found = header["To"].addresses
    except (ValueError, IndexError, HeaderParseError):
        return False
    return len(found) == 1 and bool(found[0].domain) and (named or found[0].addr_spec == text)


def _own_domain() -> str:
    """Return the sender's domain, the name by which this server introduces itself."""
    return parseaddr(settings.SIPUMA.email_from)[1].rpartition("@")[2] or "localhost"
