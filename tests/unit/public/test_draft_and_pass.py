"""What travels sealed in the pages: the draft for a day, the pass for half an hour."""

import time
from dataclasses import replace

import pytest
import time_machine

from sipuma import vault
from sipuma.public.draft import Draft, open_draft, seal_draft
from sipuma.public.passes import open_pass, seal_pass
from tests.world import World


def test_a_draft_comes_back_whole(world: World) -> None:
    draft = replace(Draft.begin("PORTAL"), reviewed=True).with_answers({"what": "Ada apa 😡\n\"'<"})
    assert open_draft(seal_draft(draft)) == draft


def test_a_draft_says_nothing_of_its_text_or_ticket(world: World) -> None:
    draft = Draft.begin().with_answers({"what": "Rahasia sekali"})
    assert "Rahasia" not in repr(draft)
    assert draft.ticket.text not in repr(draft) + seal_draft(draft)


def test_a_draft_expires_after_a_day_and_gives_its_text_back(world: World) -> None:
    sealed = seal_draft(Draft.begin().with_answers({"what": "Ada apa"}))
    with time_machine.travel(time.time() + 23.9 * 3600):
        assert open_draft(sealed).answers == {"what": "Ada apa"}
    with time_machine.travel(time.time() + 24.1 * 3600), pytest.raises(vault.Expired) as expired:
        open_draft(sealed)
    assert Draft.from_bytes(expired.value.payload).answers == {"what": "Ada apa"}


def test_answers_are_added_and_replaced(world: World) -> None:
    draft = Draft.begin().with_answers({"what": "a", "how": "b"}).with_answers({"how": "c"})
    assert draft.answers == {"what": "a", "how": "c"}


def test_a_new_ticket_leaves_the_answers(world: World) -> None:
    draft = Draft.begin().with_answers({"what": "a"})
    renewed = draft.with_new_ticket()
    assert renewed.answers == draft.answers
    assert renewed.ticket != draft.ticket


def test_a_pass_stands_for_its_ticket_for_half_an_hour(world: World) -> None:
    ticket = vault.Ticket.draw()
    sealed = seal_pass(ticket)
    assert open_pass(sealed) == ticket
    with time_machine.travel(time.time() + 31 * 60):
        assert open_pass(sealed) is None


def test_a_draft_is_no_pass_and_a_pass_no_draft(world: World) -> None:
    assert open_pass(seal_draft(Draft.begin())) is None
    with pytest.raises(vault.Unopenable):
        open_draft(seal_pass(vault.Ticket.draw()))


def test_a_ticket_leaves_nothing_to_read_in_its_pass(world: World) -> None:
    ticket = vault.Ticket.draw()
    assert ticket.text not in seal_pass(ticket)
