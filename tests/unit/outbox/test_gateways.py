"""Which way out an address means, what a mail looks like, and what goes out of its way into files."""

import json
from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pytest_django import Settings

from sipuma.outbox import mail
from sipuma.outbox.gateways import compose, gateway_of, mail_gateway, sms_gateway
from sipuma.outbox.parcels import Misconfigured, Parcel, Undeliverable

PARCEL = Parcel("sipuma-0123", "pengadu@surat.example", "Subjek", "Satu baris – dengan tanda.\n")


def configure(settings: Settings, **values: object) -> None:
    settings.SIPUMA = settings.SIPUMA.model_copy(update=values)


@pytest.mark.parametrize("url", [
    "smtp://", "smtp://:587", "smtp://mail.example:port", "smtp://mail.example:0", "smtp://mail.example:99999",
    "https://mail.example", "mail.example", "file://", "smtp://[::1",
])  # fmt: skip
def test_an_address_that_is_none_is_said_to_be_so_without_repeating_it(settings: Settings, url: str) -> None:
    configure(settings, email_url=url)
    with pytest.raises(Misconfigured, match=r"^SIPUMA_EMAIL_URL has to be .* smtp://, smtps://, file://$"):
        mail_gateway()


def test_an_sms_gateway_is_an_http_address_or_a_file(settings: Settings) -> None:
    configure(settings, sms_url="smtp://mail.example")
    with pytest.raises(Misconfigured, match="SIPUMA_SMS_URL"):
        sms_gateway()


@pytest.mark.parametrize(("name", "url"), [
    ("email_url", "smtp://mail.example:25?tls=none"),
    ("email_url", "smtp://10.0.0.9:25?tls=none"),
    ("email_url", "smtp://mail.example?tls=startls"),
    ("sms_url",   "http://gateway.example/send"),
])  # fmt: skip
def test_nothing_leaves_the_machine_in_clear(settings: Settings, name: str, url: str) -> None:
    configure(settings, **{name: url})
    with pytest.raises(Misconfigured, match=f"SIPUMA_{name.upper()}"):
        gateway_of("email" if name == "email_url" else "sms")


@pytest.mark.parametrize(("name", "url"), [
    ("email_url", "smtp://mail.example"), ("email_url", "smtps://u:p@mail.example:465"),
    ("email_url", "smtp://127.0.0.1:25?tls=none"), ("email_url", "smtp://localhost:25?tls=none"),
    ("sms_url", "https://gateway.example/send"), ("sms_url", "http://127.0.0.1:13013/send"),
])  # fmt: skip
def test_a_safe_address_is_a_gateway(settings: Settings, name: str, url: str) -> None:
    configure(settings, **{name: url})
    assert callable(gateway_of("email" if name == "email_url" else "sms"))


@pytest.mark.parametrize(("url", "port", "security"), [
    ("smtp://m.example",                587, "starttls"), ("smtp://m.example?tls=starttls", 587, "starttls"),
    ("smtps://m.example",               465, "implicit"), ("smtp://m.example:2525",        2525, "starttls"),
    ("smtp://localhost?tls=none",        25, "none"),     ("smtps://m.example?tls=none",    465, "implicit"),
])  # fmt: skip
def test_an_address_says_port_and_security(url: str, port: int, security: str) -> None:
    parts = urlsplit(url)
    way = mail.way_of(parts)
    assert (way.port, way.security) == (port, security)


def test_user_and_password_may_hold_any_character_and_the_password_is_not_shown() -> None:
    way = mail.way_of(urlsplit("smtp://a%40b:p%2Fw%3A%40@m.example?ca=/etc/ca%20s.pem"))
    assert (way.user, way.password, way.ca) == ("a@b", "p/w:@", "/etc/ca s.pem")
    assert "p/w" not in repr(way)


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_without_an_address_a_demo_writes_into_its_data_folder(
    settings: Settings, tmp_path: Path, channel: str
) -> None:
    configure(settings, email_url="", sms_url="", demo=True, data=tmp_path)
    gateway_of(channel)(Parcel("sipuma-1", "a@b.example", "s", "b"))
    assert [path.name for path in tmp_path.iterdir()] == ["mail" if channel == "email" else "sms.jsonl"]


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_without_an_address_no_ticket_is_written_down_in_clear_elsewhere(
    settings: Settings, tmp_path: Path, channel: str
) -> None:
    configure(settings, email_url="", sms_url="", demo=False, data=tmp_path)
    assert (mail_gateway(), sms_gateway()) == (None, None)
    with pytest.raises(Misconfigured, match="there is no gateway"):
        gateway_of(channel)
    assert list(tmp_path.iterdir()) == []


def test_a_dropped_mail_is_one_file_however_often_it_is_dropped(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "surat keluar"
    configure(settings, email_url=folder.as_uri())
    for _ in range(2):
        gateway_of("email")(PARCEL)
    [file] = folder.iterdir()
    found = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert file.name == "sipuma-0123.eml"
    assert (found["To"], found["Subject"]) == (PARCEL.to, PARCEL.subject)
    assert found.get_content() == PARCEL.body
    assert folder.stat().st_mode & 0o077 == 0


def test_a_dropped_sms_is_a_line_of_json(settings: Settings, tmp_path: Path) -> None:
    configure(settings, sms_url=(tmp_path / "sms.jsonl").as_uri())
    for body in ("satu\nbaris", "dua"):
        gateway_of("sms")(Parcel("sipuma-1", "+6281234567890", "", body))
    lines = [json.loads(line) for line in (tmp_path / "sms.jsonl").read_text().splitlines()]
    assert [line["text"] for line in lines] == ["satu\nbaris", "dua"]
    assert {line["to"] for line in lines} == {"+6281234567890"}


def test_a_mail_says_who_sends_it_and_that_a_machine_does(settings: Settings) -> None:
    configure(settings, email_from="SIPUMA <sipuma@kantor.example>")
    mail = compose(PARCEL)
    assert mail["From"] == "SIPUMA <sipuma@kantor.example>"
    assert mail["Message-ID"] == "<sipuma-0123@kantor.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert compose(PARCEL)["Message-ID"] == mail["Message-ID"]


def test_a_mail_is_seven_bits_wide_for_the_oldest_server() -> None:
    assert compose(PARCEL).as_bytes().isascii()


@pytest.mark.parametrize("to", [
    "a@b.example\nBcc: c@d.example", "a@b.example\r\n\r\nBody", "a@b.example, c@d.example", "", "no-at-sign",
    "A Name <a@b.example>", "a@b.example>", "<a@b.example", "group: a@b.example;", "a@b.example\x00", "a@",
    "a@b.example\rX: y", " a@b.example", "a@b.example (comment)", "@",
])  # fmt: skip
def test_an_address_that_is_not_exactly_one_address_gets_nothing(to: str) -> None:
    with pytest.raises(Undeliverable):
        compose(Parcel("sipuma-1", to, "s", "b"))


@pytest.mark.parametrize(
    "to", ["a@b.example", "first.last+tag@sub.b.example", '"two words"@b.example', "é@b.example"]
)
def test_an_ordinary_address_stands_in_the_header_as_it_is(to: str) -> None:
    assert [address.addr_spec for address in compose(Parcel("i", to, "s", "b"))["To"].addresses] == [to]


@pytest.mark.parametrize("sender", ["", "nobody", "a@b.example\nBcc: c@d.example", "a@b.c, d@e.f"])
def test_a_wrong_sender_is_the_operators_matter_and_costs_no_message(settings: Settings, sender: str) -> None:
    configure(settings, email_from=sender)
    with pytest.raises(Misconfigured, match="SIPUMA_EMAIL_FROM"):
        compose(PARCEL)
