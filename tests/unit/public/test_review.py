"""What is said before sending, and what of an address is shown."""

import pytest

from sipuma.complaints.filing import Filing
from sipuma.public.review import changes, mask_email, mask_number, ticket_paths

FILED = {"what": "a", "who": "", "when": "", "where": "", "how": "b", "category": ""}


@pytest.mark.parametrize("address", ["pengadu@surat.example", "p@x.id"])
def test_an_address_shows_its_first_letter_alone(address: str) -> None:
    assert mask_email(address) == "p…@…"


def test_a_number_shows_its_last_two_digits() -> None:
    assert mask_number("+6281234567890") == "…90"


def test_without_contacts_nothing_is_said() -> None:
    paths = ticket_paths(Filing(what="a", how="b"))
    assert (paths.sent, paths.refused) == ((), ())


def test_an_unchanged_complaint_has_no_changes() -> None:
    assert changes(FILED, Filing(what="a", how="b")) == ""


def test_only_what_was_changed_is_named() -> None:
    text = changes(FILED, Filing(what="a", how="c", who="Petugas", category="suap"))
    assert "c" in text
    assert "Petugas" in text
    assert len(text.split("\n\n")) == 3


def test_a_text_taken_out_is_named_too() -> None:
    assert changes(FILED | {"where": "Loket", "category": "suap"}, Filing(what="a", how="b")).count("-") == 2
