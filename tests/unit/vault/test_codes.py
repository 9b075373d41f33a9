"""Tickets and recovery kits: however they are typed they are understood, and a slip is always noticed."""

from __future__ import annotations

import itertools
import operator
import os
from collections.abc import Callable, Iterable
from functools import reduce

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sipuma import vault

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SPELLINGS: dict[str, Callable[[str], str]] = {
    "as printed": lambda code: code,
    "lower case": str.lower,
    "O for zero": lambda code: code.replace("0", "O"),
    "I for one": lambda code: code.replace("1", "I"),
    "small l for one": lambda code: code.replace("1", "l"),
    "o and i, all small": lambda code: code.lower().replace("0", "o").replace("1", "i"),
    "spaces": lambda code: code.replace("-", " "),
    "dots": lambda code: code.replace("-", "."),
    "no separators": lambda code: code.replace("-", ""),
    "full width": lambda code: "".join(chr(ord(char) + 0xFEE0) for char in code),
}
SEPARATORS = [
    *" \t\n\r.,;:/\\|_+*=~'\"()[]<>#&",
    " - ",
    "\r\n",
    "--",
    *"\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}\N{NON-BREAKING HYPHEN}\N{FIGURE DASH}\N{HYPHEN}\N{SOFT HYPHEN}",
    *"\N{NO-BREAK SPACE}\N{IDEOGRAPHIC SPACE}\N{ZERO WIDTH SPACE}\N{ZERO WIDTH NO-BREAK SPACE}",
    *"\N{LINE SEPARATOR}\N{RIGHT-TO-LEFT MARK}\N{MIDDLE DOT}\N{BULLET}\N{HORIZONTAL ELLIPSIS}",
]
CODES: list[type[vault.Ticket | vault.RecoveryKit]] = [vault.Ticket, vault.RecoveryKit]


def powers_of_alpha() -> list[int]:
    """alpha^0 .. alpha^30 in GF(32) with x^5 + x^2 + 1, by division of polynomials."""
    return [remainder(1 << power, 0b100101) for power in range(31)]


def remainder(dividend: int, divisor: int) -> int:
    while dividend.bit_length() >= divisor.bit_length():
        dividend ^= divisor << dividend.bit_length() - divisor.bit_length()
    return dividend


def product(a: int, b: int) -> int:
    return remainder(sum_of(a << bit for bit in range(5) if b >> bit & 1), 0b100101)


def sum_of(values: Iterable[int]) -> int:
    return reduce(operator.xor, values, 0)


POWERS = powers_of_alpha()
TIMES = [[product(weight, value) for value in range(32)] for weight in POWERS]


def check_of(values: list[int]) -> int:
    """The check value of 23 values as a weighted sum: place i weighs alpha^(23 - i), the start alpha^23."""
    return sum_of(TIMES[23 - at][value] for at, value in enumerate(values)) ^ POWERS[23]


def written(values: list[int]) -> str:
    return "".join(ALPHABET[value] for value in values)


def refused(text: str) -> bool:
    try:
        vault.Ticket.parse(text)
    except vault.TicketMalformed:
        return True
    return False


def test_ten_thousand_tickets_are_unique_and_understood_in_every_spelling() -> None:
    tickets = [vault.Ticket.draw() for _ in range(10_000)]
    assert len({ticket.text for ticket in tickets}) == 10_000
    for ticket, spelling in itertools.product(tickets, SPELLINGS.values()):
        assert vault.Ticket.parse(spelling(ticket.grouped)).text == ticket.text


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("separator", SEPARATORS, ids=ascii)
def test_any_separator_is_understood(code: type[vault.Ticket], separator: str) -> None:
    drawn = code.draw()
    assert code.parse(separator.join(drawn.groups)) == drawn
    assert code.parse(f" {separator}{drawn.text}{separator}\n") == drawn


@pytest.mark.parametrize("code", CODES)
@settings(deadline=None)
@given(noise=st.data())
def test_separators_anywhere_are_understood(code: type[vault.Ticket], noise: st.DataObject) -> None:
    drawn = code.draw()
    gaps = noise.draw(st.lists(st.sampled_from(["", "-", " ", "."]), min_size=36, max_size=36))
    assert code.parse("".join(map("".join, zip(drawn.text, gaps, strict=False)))) == drawn


def test_a_ticket_is_printed_in_six_groups_of_four() -> None:
    ticket = vault.Ticket.draw()
    assert [len(group) for group in ticket.groups] == [4] * 6
    assert ticket.grouped == "-".join(ticket.groups)
    assert ticket.text == "".join(ticket.groups)
    assert set(ticket.text) <= set(ALPHABET)


def test_a_recovery_kit_is_printed_in_nine_groups_of_four() -> None:
    kit = vault.RecoveryKit.draw()
    assert [len(group) for group in kit.groups] == [4] * 9
    assert vault.RecoveryKit.parse(kit.grouped.lower()) == kit


def test_every_symbol_turns_up_at_every_place() -> None:
    drawn = [vault.Ticket.draw().text for _ in range(2_000)]
    assert all({text[at] for text in drawn} == set(ALPHABET) for at in range(24))


def test_the_weights_of_the_check_are_distinct_and_never_zero() -> None:
    assert 0 not in POWERS
    assert len(set(POWERS)) == 31


def test_the_check_character_is_the_weighted_sum() -> None:
    for _ in range(500):
        values = [ALPHABET.index(char) for char in vault.Ticket.draw().text]
        assert check_of(values[:23]) == values[23]


def test_one_wrong_character_is_always_refused() -> None:
    for text in (vault.Ticket.draw().text for _ in range(10)):
        for at, wrong in itertools.product(range(24), ALPHABET):
            assert refused(text[:at] + wrong + text[at + 1 :]) == (wrong != text[at])


def test_two_swapped_neighbours_are_refused_for_every_pair_at_every_place() -> None:
    for at, a, b in itertools.product(range(22), range(32), range(32)):
        values = [byte % 32 for byte in os.urandom(23)]
        values[at : at + 2] = a, b
        values.append(check_of(values))
        assert not refused(written(values))
        values[at : at + 2] = b, a
        assert refused(written(values)) == (a != b)


def test_the_check_swapped_with_its_neighbour_is_refused_for_every_pair() -> None:
    for a, b in itertools.product(range(32), range(32)):
        values = next(row for row in ([first, *[0] * 21, a] for first in range(32)) if check_of(row) == b)
        assert not refused(written([*values, b]))
        assert refused(written([*values[:22], b, a])) == (a != b)


def test_any_two_swapped_characters_are_refused_however_far_apart() -> None:
    for text in (vault.Ticket.draw().text for _ in range(20)):
        for i, j in itertools.combinations(range(24), 2):
            swapped = list(text)
            swapped[i], swapped[j] = text[j], text[i]
            assert refused("".join(swapped)) == (text[i] != text[j])


def test_a_kit_with_a_wrong_character_or_swapped_neighbours_is_refused() -> None:
    text = vault.RecoveryKit.draw().text
    slips = [text[:at] + wrong + text[at + 1 :] for at in range(36) for wrong in ALPHABET]
    slips += [text[:at] + text[at + 1] + text[at] + text[at + 2 :] for at in range(35)]
    for slip in set(slips) - {text}:
        with pytest.raises(vault.TicketMalformed):
            vault.RecoveryKit.parse(slip)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "-",
        "0" * 24,
        "A" * 23,
        "A" * 25,
        "U" * 24,
        "é" * 24,
        "130300-2026-000001",
        "\ud800" * 24,
        "٣" * 24,
    ],
    ids=ascii,
)
def test_what_is_no_ticket_is_refused(text: str) -> None:
    with pytest.raises(vault.TicketMalformed):
        vault.Ticket.parse(text)


@settings(deadline=None)
@given(st.text(max_size=250))
def test_any_text_is_either_a_ticket_or_refused_without_being_quoted(text: str) -> None:
    with pytest.raises(vault.TicketMalformed) as caught:
        vault.Ticket.parse("u" + text)
    assert str(caught.value) in {"mistyped", "too long"}


def test_a_ticket_missing_or_repeating_a_character_is_refused() -> None:
    text = vault.Ticket.draw().text
    for at in range(24):
        assert refused(text[:at] + text[at + 1 :])
        assert refused(text[:at] + text[at] + text[at:])


def test_a_very_long_input_is_refused_unread() -> None:
    ticket = vault.Ticket.draw()
    assert vault.Ticket.parse(ticket.text + " " * 176) == ticket
    with pytest.raises(vault.TicketMalformed, match="too long"):
        vault.Ticket.parse(ticket.text + " " * 177)


def test_a_ticket_is_no_kit_and_never_equal_to_one() -> None:
    ticket, kit = vault.Ticket.draw(), vault.RecoveryKit.draw()
    assert ticket != kit
    with pytest.raises(vault.TicketMalformed):
        vault.RecoveryKit.parse(ticket.text)


def test_the_keys_depend_on_the_ticket_and_on_the_pepper_and_differ_from_each_other() -> None:
    ticket, pepper = vault.Ticket.draw(), bytes(32)
    keys = ticket.keys(pepper)
    assert (len(keys.lookup), len(keys.wrapping)) == (32, 32)
    assert keys == vault.Ticket.parse(ticket.grouped.lower()).keys(pepper)
    assert keys.lookup != keys.wrapping.reveal()
    for other in (ticket.keys(bytes([1]) * 32), ticket.keys(bytes(33)), vault.Ticket.draw().keys(pepper)):
        assert other.lookup != keys.lookup
        assert other.wrapping != keys.wrapping


@pytest.mark.parametrize("length", [0, 31, 65])
def test_a_pepper_of_a_useless_length_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="pepper"):
        vault.Ticket.draw().keys(bytes(length))
