"""The end of a register number, as people type what they remember of it."""

import pytest

from sipuma.workspace.register_numbers import number_end


@pytest.mark.parametrize(
    ("typed", "end"),
    [
        ("42", "-000042"),
        ("000042", "-000042"),
        ("2026-42", "-2026-000042"),
        ("130300-2026-000042", "130300-2026-000042"),
        ("130300 2026 42", "130300-2026-000042"),
        ("1303002026000042", "130300-2026-000042"),
        ("４２", "-000042"),
        ("", ""),
        ("abc", ""),
        ("1-2-3-4-5", "-1-2-3-4-000005"),
    ],
)
def test_what_was_typed_becomes_the_end_of_a_stored_number(typed: str, end: str) -> None:
    assert number_end(typed) == end
