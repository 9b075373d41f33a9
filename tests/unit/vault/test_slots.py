"""Key slots behind a password or a recovery kit."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from sipuma import vault

QUICK = vault.ArgonCost(memory_kib=8, iterations=1, lanes=1)
SECRET = bytes(range(96))


def slot(password: str) -> bytes:
    return vault.password_slot(SECRET, password, context=b"member 1", cost=QUICK)


def opened(blob: bytes, password: str) -> bytes:
    return vault.open_password_slot(blob, password, context=b"member 1")


def test_the_password_opens_a_slot_of_full_cost() -> None:
    blob = vault.password_slot(SECRET, "kata sandi", context=b"member 1")
    assert opened(blob, "kata sandi") == SECRET
    assert blob[1:7] == (131_072).to_bytes(4, "big") + bytes([3, 1])


@pytest.mark.parametrize(
    "password", ["", "kata sandi", "Kata Sandi", "katasandi", "kata sandi ", "x" * 1_025]
)
def test_another_password_opens_nothing(password: str) -> None:
    with pytest.raises(vault.Unopenable):
        opened(slot("kata Sandi"), password)


@pytest.mark.parametrize(
    ("chosen", "typed"),
    [
        ("café", "cafe\N{COMBINING ACUTE ACCENT}"),
        ("Sandi1", "Ｓａｎｄｉ１"),
        ("a b", "a\N{NO-BREAK SPACE}b"),
        ("a b", "a\N{OGHAM SPACE MARK}b"),
        ("a b", "a\N{IDEOGRAPHIC SPACE}b"),
        ("\ud800", "\ud800"),
    ],
    ids=ascii,
)
def test_a_password_opens_however_the_keyboard_writes_it(chosen: str, typed: str) -> None:
    assert opened(slot(chosen), typed) == SECRET
    assert opened(slot(typed), chosen) == SECRET


@pytest.mark.parametrize("password", ["", "x" * 1_025])
def test_an_empty_or_endless_password_is_refused_when_chosen(password: str) -> None:
    with pytest.raises(ValueError, match="1 to 1024"):
        slot(password)


def test_every_flipped_bit_of_a_password_slot_is_refused(flips: Callable[[bytes], Iterator[bytes]]) -> None:
    for altered in flips(slot("kata sandi")):
        with pytest.raises(vault.Unopenable):
            opened(altered, "kata sandi")


def test_a_slot_of_another_member_or_cut_short_is_refused() -> None:
    blob = slot("kata sandi")
    with pytest.raises(vault.Unopenable):
        vault.open_password_slot(blob, "kata sandi", context=b"member 2")
    for end in range(len(blob)):
        with pytest.raises(vault.Unopenable):
            opened(blob[:end], "kata sandi")


def test_two_slots_of_one_password_share_nothing_but_the_cost() -> None:
    one, two = slot("kata sandi"), slot("kata sandi")
    salts, bodies = {one[7:23], two[7:23]}, {one[23:], two[23:]}
    assert one[:7] == two[:7]
    assert len(salts) == len(bodies) == 2


@pytest.mark.parametrize(
    ("memory_kib", "iterations", "lanes"),
    [(7, 1, 1), (15, 1, 2), (524_289, 1, 1), (64, 0, 1), (64, 11, 1), (64, 1, 0), (128, 1, 9)],
)
def test_costs_out_of_bounds_are_refused_when_chosen_and_when_read(
    memory_kib: int, iterations: int, lanes: int
) -> None:
    with pytest.raises(ValueError, match="out of bounds"):
        vault.ArgonCost(memory_kib, iterations, lanes)
    blob = slot("kata sandi")
    altered = blob[:1] + memory_kib.to_bytes(4, "big") + bytes([iterations, lanes]) + blob[7:]
    with pytest.raises(vault.Unopenable):
        opened(altered, "kata sandi")


@pytest.mark.parametrize(
    "cost", [vault.ArgonCost(16, 2, 2), vault.ArgonCost(64, 1, 8), vault.ArgonCost(8, 10, 1)]
)
def test_the_slot_carries_its_own_cost(cost: vault.ArgonCost) -> None:
    assert opened(vault.password_slot(SECRET, "p", context=b"member 1", cost=cost), "p") == SECRET


def test_the_kit_opens_its_slot_however_it_is_typed() -> None:
    kit = vault.RecoveryKit.draw()
    blob = vault.kit_slot(SECRET, kit, context=b"member 1")
    typed = vault.RecoveryKit.parse(kit.grouped.lower().replace("-", " "))
    assert vault.open_kit_slot(blob, typed, context=b"member 1") == SECRET


def test_another_kit_another_member_and_every_flipped_bit_are_refused(
    flips: Callable[[bytes], Iterator[bytes]],
) -> None:
    kit = vault.RecoveryKit.draw()
    blob = vault.kit_slot(SECRET, kit, context=b"member 1")
    with pytest.raises(vault.Unopenable):
        vault.open_kit_slot(blob, vault.RecoveryKit.draw(), context=b"member 1")
    with pytest.raises(vault.Unopenable):
        vault.open_kit_slot(blob, kit, context=b"member 2")
    for altered in flips(blob):
        with pytest.raises(vault.Unopenable):
            vault.open_kit_slot(altered, kit, context=b"member 1")


def test_a_password_slot_is_not_a_kit_slot() -> None:
    with pytest.raises(vault.Unopenable):
        vault.open_kit_slot(slot("p"), vault.RecoveryKit.draw(), context=b"member 1")
    with pytest.raises(vault.Unopenable):
        opened(vault.kit_slot(SECRET, vault.RecoveryKit.draw(), context=b"member 1"), "p")
