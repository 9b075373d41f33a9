"""The ways out: SMTP or a folder for mail, an HTTP gateway or a file for SMS, chosen by their addresses."""

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings

from sipuma.outbox import mail, sms
from sipuma.outbox.mail import compose
from sipuma.outbox.models import Channel
from sipuma.outbox.parcels import Gateway, Misconfigured, Parcel, Undeliverable, Unreachable

__all__ = [
    "Gateway",
    "Misconfigured",
    "Parcel",
    "Undeliverable",
    "Unreachable",
    "compose",
    "gateway_of",
    "has_gateway",
    "mail_gateway",
    "sms_gateway",
]

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
Build = Callable[[SplitResult], Gateway]


def gateway_of(channel: str) -> Gateway:
    """Return the gateway of a channel.

    Raises:
        Misconfigured: the operator has set none, or one that can't be.
    """
    gateway = mail_gateway() if channel == Channel.EMAIL else sms_gateway()
    if gateway is None:
        raise Misconfigured(f"there is no gateway for {channel}")
    return gateway


def has_gateway(channel: str) -> bool:
    """Tell whether messages can leave by this channel at all."""
    try:
        gateway_of(channel)
    except Misconfigured:
        return False
    return True


def mail_gateway() -> Gateway | None:
    """Return the gateway of `SIPUMA_EMAIL_URL`: smtp://, smtps:// or file:///folder.

    Without one a demo writes into its data folder; elsewhere it is None, for a ticket must not lie
    in clear on the server.

    Raises:
        Misconfigured: the address is of no kind known, or would send in clear over a network.
    """
    url = settings.SIPUMA.email_url or _of_demo("mail")
    return _gateway("SIPUMA_EMAIL_URL", url) if url else None


def sms_gateway() -> Gateway | None:
    """Return the gateway of `SIPUMA_SMS_URL`: http(s):// or file:///file; None when no SMS is sent.

    Raises:
        Misconfigured: as `mail_gateway`.
    """
    url = settings.SIPUMA.sms_url or _of_demo("sms.jsonl")
    return _gateway("SIPUMA_SMS_URL", url) if url else None


def _of_demo(name: str) -> str:
    return (settings.SIPUMA.data / name).absolute().as_uri() if settings.SIPUMA.demo else ""


@lru_cache(maxsize=8)
def _gateway(variable: str, url: str) -> Gateway:
    parts = _split(url)
    build = WAYS[variable].get(parts.scheme) if parts else None
    if parts is None or build is None:
        # The address may hold a password: it is not repeated.
        known = ", ".join(f"{scheme}://" for scheme in WAYS[variable])
        raise Misconfigured(f"{variable} has to be an address that starts with one of {known}")
    return build(parts)


def _split(url: str) -> SplitResult | None:
    """Return the parts of an address; None when it has no host, or a port that is no number."""
    try:
        parts = urlsplit(url)
        complete = bool(parts.path if parts.scheme == "file" else parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if complete else None


def _mail_folder(parts: SplitResult) -> Gateway:
    return partial(mail.drop, Path(unquote(parts.path)))


def _sms_file(parts: SplitResult) -> Gateway:
    return partial(sms.drop, Path(unquote(parts.path)))


def _smtp(parts: SplitResult) -> Gateway:
    way = mail.way_of(parts)
    if way.security == "none" and parts.hostname not in LOOPBACK:
        raise Misconfigured("SIPUMA_EMAIL_URL: tls=none is for a mail server on this machine only")
    return partial(mail.send, way)


def _http(parts: SplitResult) -> Gateway:
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise Misconfigured("SIPUMA_SMS_URL has to be https: a ticket would cross the network in clear")
    return partial(sms.send, parts.geturl())


WAYS: Mapping[str, Mapping[str, Build]] = {
    "SIPUMA_EMAIL_URL": {"smtp": _smtp, "smtps": _smtp, "file": _mail_folder},
    "SIPUMA_SMS_URL": {"https": _http, "http": _http, "file": _sms_file},
}
