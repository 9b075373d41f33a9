"""SMS to a real HTTP server: what it is sent, and what each of its answers means."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qsl

import pytest
from pytest_django import Settings

from sipuma.outbox import sms
from sipuma.outbox.delivery import deliver_waiting
from sipuma.outbox.gateways import gateway_of
from sipuma.outbox.models import Channel, Delivery, Message
from sipuma.outbox.parcels import Parcel, Undeliverable
from sipuma.outbox.posting import Address, message, seal_once
from tests.world import FileCase, World

pytestmark = [pytest.mark.peers, pytest.mark.django_db]

NUMBER = "+6281234567890"
TICKET = "ABCD-EFGH-JKMN-PQRS-TVWX-YZ23"


@dataclass
class SmsServer:
    """What the gateway was sent; it answers with `status`."""

    url: str = ""
    status: int = 200
    forms: list[list[tuple[str, str]]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)


@contextmanager
def running(server: SmsServer) -> Iterator[SmsServer]:
    """Serve on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            server.forms.append(parse_qsl(body, keep_blank_values=True, strict_parsing=True))
            server.headers.append(dict(self.headers))
            self.send_response(server.status)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = Thread(target=http.serve_forever)
        thread.start()
        server.url = f"http://127.0.0.1:{http.server_port}/send?account=7"
        try:
            yield server
        finally:
            http.shutdown()
            thread.join()


@pytest.fixture
def gateway(settings: Settings) -> Iterator[SmsServer]:
    """Run an SMS gateway and set it as the way out."""
    with running(SmsServer()) as server:
        settings.SIPUMA = settings.SIPUMA.model_copy(update={"sms_url": server.url})
        yield server


@pytest.fixture
def row(world: World) -> Message:
    """Return a waiting ticket SMS."""
    row = message(seal_once(Address(Channel.SMS, NUMBER)), template="ticket", data={"ticket": TICKET})
    row.save()
    return row


def configure(settings: Settings, **values: str) -> None:
    settings.SIPUMA = settings.SIPUMA.model_copy(update=values)


def test_who_files_with_a_mobile_number_gets_the_ticket_by_sms(
    file_case: FileCase, gateway: SmsServer
) -> None:
    complaint = file_case(phone="0812-3456-7890")
    deliver_waiting()
    [form] = gateway.forms
    assert form[0] == ("to", NUMBER)
    assert complaint.ticket.grouped in dict(form)["message"]


@pytest.mark.parametrize("odd", [
    "a&to=+62999", "100 % + 1 = 2; #3", "satu\nbaris\r\ndua", "{to} {id} {text} {0} {}", "“kutip” é €",
    "\"'\\<>`$(x)", " spasi ", "%26%00",
])  # fmt: skip
def test_no_character_of_a_text_adds_a_field_or_gets_lost(
    gateway: SmsServer, settings: Settings, odd: str
) -> None:
    configure(settings, sms_body="user=sipuma&kosong=&to={to}&text={text}&ref={id}&json={a}")
    gateway_of("sms")(Parcel("sipuma-1", NUMBER, "", odd))
    [form] = gateway.forms
    assert form == [
        ("user", "sipuma"),
        ("kosong", ""),
        ("to", NUMBER),
        ("text", odd),
        ("ref", "sipuma-1"),
        ("json", "{a}"),
    ]


def test_headers_are_the_operators_and_may_name_the_message(gateway: SmsServer, settings: Settings) -> None:
    configure(
        settings,
        sms_headers="Authorization: Basic YTpi: {text}\n\n  Idempotency-Key :{id}\nnot a header\n",
    )
    for _ in range(2):
        gateway_of("sms")(Parcel("sipuma-1", NUMBER, "", "isi rahasia"))
    for headers in gateway.headers:
        assert headers["Authorization"] == "Basic YTpi: {text}"
        assert headers["Idempotency-Key"] == "sipuma-1"
        assert headers["Content-Type"] == "application/x-www-form-urlencoded"
        assert "isi rahasia" not in str(headers)


def test_a_header_that_cannot_be_sent_costs_no_message(
    gateway: SmsServer, settings: Settings, row: Message
) -> None:
    configure(settings, sms_headers="X-Kunci: é")
    deliver_waiting()
    row.refresh_from_db()
    assert (row.state, gateway.forms) == (Delivery.WAITING, [])


@pytest.mark.parametrize(
    "number",
    ["", "081234567890", "+62 812", "+6281234567890\n", "+0812345678", "+62812&to=+1", "+٦٢٨١٢٣٤٥٦٧٨"],
)
def test_a_number_that_is_none_is_never_sent(gateway: SmsServer, number: str) -> None:
    with pytest.raises(Undeliverable):
        gateway_of("sms")(Parcel("sipuma-1", number, "", "isi"))
    assert gateway.forms == []


# fmt: off
ANSWERS = [
    (200, Delivery.SENT), (201, Delivery.SENT), (202, Delivery.SENT), (204, Delivery.SENT),
    (400, Delivery.FAILED), (413, Delivery.FAILED), (422, Delivery.FAILED),
    # The account, the credit, the address of the gateway, its own trouble: mended sooner or later.
    (301, Delivery.WAITING), (302, Delivery.WAITING), (307, Delivery.WAITING), (401, Delivery.WAITING),
    (402, Delivery.WAITING), (403, Delivery.WAITING), (404, Delivery.WAITING), (408, Delivery.WAITING),
    (429, Delivery.WAITING), (500, Delivery.WAITING), (502, Delivery.WAITING), (503, Delivery.WAITING),
]
# fmt: on


@pytest.mark.parametrize(("status", "state"), ANSWERS)
def test_an_answer_about_the_message_is_final_and_any_other_is_tried_again(
    gateway: SmsServer, row: Message, status: int, state: str
) -> None:
    gateway.status = status
    deliver_waiting()
    row.refresh_from_db()
    assert row.state == state
    gateway.status = 200
    Message.objects.update(next_at=row.created_at)
    assert deliver_waiting() == int(state == Delivery.WAITING)
    assert len(gateway.forms) == 1 + int(state == Delivery.WAITING)


def test_a_gateway_that_is_down_is_tried_again(settings: Settings, row: Message) -> None:
    with running(SmsServer()) as server:
        configure(settings, sms_url=server.url)
    deliver_waiting()
    row.refresh_from_db()
    assert (row.state, row.error) == (Delivery.WAITING, "unreachable")


def test_every_field_a_gateway_can_be_sent_comes_from_one_message(gateway: SmsServer, row: Message) -> None:
    deliver_waiting()
    [form] = gateway.forms
    assert [name for name, _value in form] == [name for name, _value in parse_qsl(sms.DEFAULT_BODY)]
