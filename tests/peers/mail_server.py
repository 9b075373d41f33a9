"""A real mail server for tests, with a certificate of its own, that answers as it is told."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from socket import socket
from typing import Any
from urllib.parse import quote

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

USER, PASSWORD = "sipuma@kantor", "kata/sandi: 100%"
HOST = "127.0.0.1"
OK = "250 OK"


@dataclass(frozen=True)
class Certificate:
    """A self-signed certificate and its key, as files."""

    certificate: Path
    key: Path


def make_certificate(folder: Path, host: str = HOST) -> Certificate:
    """Make a certificate for an address, valid for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    )
    folder.mkdir(parents=True, exist_ok=True)
    files = Certificate(folder / "certificate.pem", folder / "key.pem")
    signed = builder.sign(key, hashes.SHA256())
    files.certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    files.key.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return files


@dataclass
class MailServer:
    """What the server has taken, and what it answers: each list in turn, then 250."""

    port: int
    ca: Path
    mails: list[EmailMessage] = field(default_factory=list)
    bare: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    answers: dict[str, list[str]] = field(default_factory=dict)
    accept_seconds: float = 0
    # Set while a mail has been given to the server and has no answer yet.
    in_hand: threading.Event = field(default_factory=threading.Event)
    # The next mail is never answered; it counts as taken or not.
    stall: str = ""

    def url(self, *, scheme: str = "smtp", user: str = USER, password: str = PASSWORD, more: str = "") -> str:
        """Return the address for `SIPUMA_EMAIL_URL`."""
        login = f"{quote(user, safe='')}:{quote(password, safe='')}@" if user else ""
        return f"{scheme}://{login}{HOST}:{self.port}?ca={quote(str(self.ca))}{more}"

    def _answer(self, stage: str) -> str:
        answers = self.answers.get(stage)
        return answers.pop(0) if answers else OK

    async def handle_MAIL(  # noqa: N802  # the names are aiosmtpd's
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if (answer := self._answer("MAIL")) == OK:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
            self.senders.append(address)
        return answer

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if (answer := self._answer("RCPT")) == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer, stalled, self.stall = self._answer("DATA"), self.stall, ""
        content = envelope.content
        assert isinstance(content, bytes)
        if stalled != "untaken" and answer == OK:
            self.bare.append(content)
            found = message_from_bytes(content, policy=policy.default)
            assert isinstance(found, EmailMessage)
            self.mails.append(found)
            self.recipients.extend(envelope.rcpt_tos)
        self.in_hand.set()
        await asyncio.sleep(600 if stalled else self.accept_seconds)
        return answer

    async def handle_QUIT(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802
        answer = self._answer("QUIT")
        return "221 Bye" if answer == OK else answer


def check_login(
    _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: LoginPassword
) -> AuthResult:
    """Let in who knows the password."""
    known = (data.login.decode(), data.password.decode()) == (USER, PASSWORD)
    return AuthResult(success=known, handled=False)


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def silent() -> Iterator[int]:
    """Listen on a port and never say a word; gives the port."""
    with socket() as listener:
        listener.bind((HOST, 0))
        listener.listen()
        yield listener.getsockname()[1]


@contextmanager
def running(
    folder: Path,
    *,
    security: str = "starttls",
    port: int = 0,
    known: Certificate | None = None,
    utf8: bool = True,
) -> Iterator[MailServer]:
    """Run a mail server: `security` is starttls (then with a login), implicit or none."""
    files = known or make_certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.certificate, files.key)
    server = MailServer(port or free_port(), files.certificate)
    options: dict[str, dict[str, Any]] = {  # Any: the arguments are aiosmtpd's
        "starttls": {
            "tls_context": context,
            "require_starttls": True,
            "authenticator": check_login,
            "auth_required": True,
        },
        "implicit": {"ssl_context": context},
        "none": {},
    }
    controller = Controller(
        server, hostname=HOST, port=server.port, enable_SMTPUTF8=utf8, **options[security]
    )
    controller.start()
    try:
        yield server
    finally:
        controller.stop()
