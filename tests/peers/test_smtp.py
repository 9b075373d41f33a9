"""Mail to a real server: encrypted and signed in, or not at all; each answer means the right thing."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings
from structlog.testing import capture_logs

from sipuma.outbox import mail
from sipuma.outbox.delivery import deliver_waiting
from sipuma.outbox.models import Channel, Delivery, Message
from sipuma.outbox.posting import Address, message, seal_once
from tests.peers.mail_server import MailServer, free_port, make_certificate, running, silent
from tests.world import FileCase, World

pytestmark = [pytest.mark.peers, pytest.mark.django_db]

EMAIL = "pengadu@surat.example"
TICKET = "ABCD-EFGH-JKMN-PQRS-TVWX-YZ23"


def use(settings: Settings, url: str) -> None:
    settings.SIPUMA = settings.SIPUMA.model_copy(update={"email_url": url})


@pytest.fixture
def server(tmp_path: Path, settings: Settings) -> Iterator[MailServer]:
    """Run a server with STARTTLS and a login, and set it as the way out."""
    with running(tmp_path) as server:
        use(settings, server.url())
        yield server


@pytest.fixture
def row(world: World) -> Message:
    """Return a waiting ticket mail."""
    return post()


def post(address: str = EMAIL) -> Message:
    row = message(seal_once(Address(Channel.EMAIL, address)), template="ticket", data={"ticket": TICKET})
    row.save()
    return row


def fate(row: Message) -> tuple[str, str]:
    row.refresh_from_db()
    return row.state, row.error


def try_again() -> int:
    Message.objects.update(next_at=Message.objects.earliest("created_at").created_at)
    return deliver_waiting()


def test_who_files_with_an_address_gets_the_ticket_by_mail(file_case: FileCase, server: MailServer) -> None:
    complaint = file_case(email=EMAIL)
    deliver_waiting()
    assert server.recipients == [EMAIL]
    [received] = server.mails
    assert complaint.ticket.grouped in received.get_content()
    assert complaint.case.register not in received.as_string()
    assert "Petugas meminta uang" not in received.as_string()
    assert (received["To"], received["Auto-Submitted"]) == (EMAIL, "auto-generated")
    [row] = Message.objects.filter(template="ticket")
    assert (row.state, bytes(row.recipient), bytes(row.data)) == (Delivery.SENT, b"", b"")


def test_a_mail_goes_out_over_tls_from_the_start_too(
    tmp_path: Path, settings: Settings, row: Message
) -> None:
    with running(tmp_path, security="implicit") as server:
        use(settings, server.url(scheme="smtps", user=""))
        deliver_waiting()
        assert fate(row) == (Delivery.SENT, "")
        assert len(server.mails) == 1


def test_a_server_on_this_machine_may_be_spoken_to_in_clear(
    tmp_path: Path, settings: Settings, row: Message
) -> None:
    with running(tmp_path, security="none") as server:
        use(settings, server.url(user="", more="&tls=none"))
        assert deliver_waiting() == 1


def test_a_server_without_starttls_gets_neither_password_nor_mail(
    tmp_path: Path, settings: Settings, row: Message
) -> None:
    with running(tmp_path, security="none") as server:
        use(settings, server.url())
        assert deliver_waiting() == 0
        assert server.senders == []
    assert fate(row) == (Delivery.WAITING, "unreachable")


@pytest.mark.parametrize("security", ["starttls", "implicit"])
def test_a_server_with_a_certificate_that_nobody_vouches_for_gets_nothing(
    tmp_path: Path, settings: Settings, row: Message, security: str
) -> None:
    other = make_certificate(tmp_path / "other").certificate
    with running(tmp_path, security=security) as server:
        server.ca = other
        use(settings, server.url(scheme="smtps" if security == "implicit" else "smtp", user=""))
        with capture_logs() as lines:
            assert deliver_waiting() == 0
        assert server.senders == []
    assert "SSLCertVerificationError" in str(lines)
    assert fate(row) == (Delivery.WAITING, "unreachable")


def test_a_certificate_for_another_host_is_refused(tmp_path: Path, settings: Settings, row: Message) -> None:
    stranger = make_certificate(tmp_path, host="127.0.0.9")
    with running(tmp_path, known=stranger) as server:
        use(settings, server.url())
        assert deliver_waiting() == 0
        assert server.senders == []


def test_a_system_that_knows_no_such_authority_refuses_the_server(
    server: MailServer, settings: Settings, row: Message
) -> None:
    use(settings, re.sub(r"\?ca=.*", "", server.url()))
    assert deliver_waiting() == 0
    assert server.senders == []


def test_an_authority_file_that_is_missing_costs_no_message(
    server: MailServer, settings: Settings, row: Message
) -> None:
    server.ca = Path("/nowhere/ca.pem")
    use(settings, server.url())
    deliver_waiting()
    assert fate(row) == (Delivery.WAITING, "unreachable")


def test_a_wrong_password_is_the_operators_matter_and_costs_no_message(
    server: MailServer, settings: Settings, row: Message
) -> None:
    use(settings, server.url(password="wrong"))
    deliver_waiting()
    assert fate(row) == (Delivery.WAITING, "unreachable")
    use(settings, server.url())
    assert try_again() == 1


def test_a_server_that_is_down_gets_the_mail_once_when_it_is_up_again(
    tmp_path: Path, settings: Settings, row: Message
) -> None:
    port, files = free_port(), make_certificate(tmp_path)
    with running(tmp_path, port=port, known=files) as server:
        use(settings, server.url())
    deliver_waiting()
    assert fate(row) == (Delivery.WAITING, "unreachable")
    with running(tmp_path, port=port, known=files) as server:
        assert [try_again(), try_again()] == [1, 0]
        assert len(server.mails) == 1


@pytest.mark.parametrize(
    ("stage", "answer", "state", "why"),
    [
        ("RCPT", "550 5.1.1 No such user", Delivery.FAILED, "refused"),
        ("RCPT", "553 Not allowed", Delivery.FAILED, "refused"),
        ("RCPT", "530 Authentication required", Delivery.WAITING, "unreachable"),
        ("RCPT", "450 Greylisted", Delivery.WAITING, "unreachable"),
        ("RCPT", "451 Try later", Delivery.WAITING, "unreachable"),
        ("RCPT", "452 Mailbox full", Delivery.WAITING, "unreachable"),
        ("RCPT", "421 Closing", Delivery.WAITING, "unreachable"),
        ("DATA", "554 Looks like spam", Delivery.FAILED, "refused"),
        ("DATA", "552 Too big", Delivery.FAILED, "refused"),
        ("DATA", "451 Try later", Delivery.WAITING, "unreachable"),
        ("MAIL", "550 Sender unknown", Delivery.WAITING, "unreachable"),
        ("MAIL", "451 Try later", Delivery.WAITING, "unreachable"),
        ("QUIT", "500 No goodbye", Delivery.SENT, ""),
    ],
)
def test_an_answer_about_the_message_is_final_and_any_other_is_tried_again(
    server: MailServer, row: Message, stage: str, answer: str, state: str, why: str
) -> None:
    server.answers = {stage: [answer]}
    deliver_waiting()
    assert fate(row) == (state, why)
    again = int(state == Delivery.WAITING)
    assert try_again() == again
    assert len(server.mails) == int(state != Delivery.FAILED)


def test_two_tries_have_one_message_id(
    server: MailServer, row: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "ACCEPT_SECONDS", 0.3)
    server.accept_seconds = 5
    deliver_waiting()
    assert fate(row) == (Delivery.WAITING, "unreachable")
    server.accept_seconds = 0
    try_again()
    assert len({received["Message-ID"] for received in server.mails}) == 1
    assert len(server.mails) == 2


def test_a_server_that_takes_its_time_to_accept_is_waited_for(
    server: MailServer, row: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "ANSWER_SECONDS", 0.5)
    server.accept_seconds = 1
    assert deliver_waiting() == 1
    assert len(server.mails) == 1


def test_a_server_that_says_nothing_is_hung_up_on(
    settings: Settings, row: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "ANSWER_SECONDS", 0.3)
    with silent() as port:
        use(settings, f"smtp://127.0.0.1:{port}")
        assert deliver_waiting() == 0
    assert fate(row) == (Delivery.WAITING, "unreachable")


def test_an_address_beyond_ascii_goes_to_a_server_that_can(server: MailServer, world: World) -> None:
    row = post("é@surat.example")
    assert deliver_waiting() == 1
    assert server.recipients == ["é@surat.example"]
    assert fate(row) == (Delivery.SENT, "")


def test_an_address_beyond_ascii_is_refused_where_the_server_cannot(
    tmp_path: Path, settings: Settings, world: World
) -> None:
    row = post("é@surat.example")
    with running(tmp_path, utf8=False) as server:
        use(settings, server.url())
        deliver_waiting()
    assert fate(row) == (Delivery.FAILED, "refused")


def test_what_is_sent_is_plain_text_of_seven_bits(server: MailServer, row: Message) -> None:
    deliver_waiting()
    [received] = server.mails
    assert received.get_content_type() == "text/plain"
    assert server.bare[0].isascii()
    assert TICKET in received.get_content()
