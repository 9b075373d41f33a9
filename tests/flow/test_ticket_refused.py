"""R83 against a real mail server: a ticket that it refuses is seen at the desk, and sent again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from sipuma.cases.tickets import find_by_text
from sipuma.outbox.delivery import deliver_waiting
from tests.flow.staff import browser_of, page_of, text_of
from tests.peers.mail_server import MailServer, running
from tests.world import RecordCase, World

pytestmark = [pytest.mark.peers, pytest.mark.django_db]

RIGHT = "pengadu@surat.example"


@pytest.fixture
def server(tmp_path: Path, settings: Settings) -> Iterator[MailServer]:
    with running(tmp_path) as server:
        settings.SIPUMA = settings.SIPUMA.model_copy(update={"email_url": server.url()})
        yield server


def test_a_ticket_refused_by_the_server_shows_at_the_desk_and_a_second_one_arrives(
    world: World, record_case: RecordCase, server: MailServer
) -> None:
    page = f"/en{page_of(record_case().case.register)}"
    desk = browser_of(world, "penerima")
    server.answers = {"RCPT": ["550 5.1.1 No such user"]}
    desk.post(page, {"move": "send_ticket", "email": "penagdu@surat.example", "phone": ""})
    deliver_waiting()
    assert "failed. It is tried no more. Send a new ticket instead." in text_of(desk.get(page))
    desk.post(page, {"move": "send_ticket", "email": RIGHT, "phone": ""})
    deliver_waiting()
    assert server.recipients == [RIGHT]
    [mail] = server.mails
    ticket = next(word for word in mail.get_content().split() if word.count("-") == 5)
    assert find_by_text(ticket) is not None
    shown = text_of(desk.get(page))
    assert "the ticket, to the complainant: sent" in shown
    assert ticket not in shown
