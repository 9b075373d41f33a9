"""Certificates and chains up to the pinned key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sipuma import vault

ORGANISATION, TEAM, MEMBER = (vault.SigningKey.generate() for _ in range(3))
PINNED = ORGANISATION.verify_key
SEALING = vault.generate().public


def certified(
    issuer: vault.SigningKey, subject: str, holder: vault.SigningKey, epoch: int = 1
) -> vault.Certificate:
    return vault.certify(issuer, subject=subject, epoch=epoch, encryption=SEALING, verify=holder.verify_key)


TEAM_LINK = certified(ORGANISATION, "team:130300:verification", TEAM)
MEMBER_LINK = certified(TEAM, "member:7", MEMBER)


def refused(chain: list[vault.Certificate], subjects: list[str] | None = None) -> bool:
    with pytest.raises(vault.BadSignature):
        vault.verify_chain(chain, pinned=PINNED, subjects=subjects)
    return True


def test_a_chain_from_the_pinned_key_gives_its_last_certificate() -> None:
    assert vault.verify_chain([TEAM_LINK], pinned=PINNED) is TEAM_LINK
    last = vault.verify_chain([TEAM_LINK, MEMBER_LINK], pinned=PINNED)
    assert last is MEMBER_LINK
    assert vault.PublicKey(last.encryption) == SEALING
    assert vault.VerifyKey(last.verify) == MEMBER.verify_key


def test_a_chain_that_is_empty_broken_or_in_another_order_is_refused() -> None:
    assert refused([])
    assert refused([MEMBER_LINK])
    assert refused([MEMBER_LINK, TEAM_LINK])
    assert refused([TEAM_LINK, TEAM_LINK])
    assert refused([TEAM_LINK, MEMBER_LINK, certified(TEAM, "member:8", MEMBER)])


def test_a_chain_from_another_organisation_is_refused() -> None:
    assert refused([certified(vault.SigningKey.generate(), "team:130300:verification", TEAM), MEMBER_LINK])


def test_an_issuer_that_only_names_the_pinned_key_is_refused() -> None:
    forged = certified(vault.SigningKey.generate(), "team:130300:verification", TEAM)
    assert refused([replace(forged, issuer=PINNED.raw)])


def test_a_subject_other_than_expected_is_refused() -> None:
    chain = [TEAM_LINK, certified(TEAM, "team:000000:custodians", MEMBER)]
    assert vault.verify_chain(chain, pinned=PINNED) is chain[1]
    assert refused(chain, subjects=["team:130300:verification", "member:7"])
    assert refused(chain, subjects=["team:130300:verification"])
    names = ["team:130300:verification", "team:000000:custodians"]
    assert vault.verify_chain(chain, pinned=PINNED, subjects=names) is chain[1]


@pytest.mark.parametrize(
    "change",
    [
        {"subject": "team:130300:verificatio"},
        {"subject": ""},
        {"epoch": 2},
        {"encryption": vault.generate().public.raw},
        {"verify": MEMBER.verify_key.raw},
        {"issuer": TEAM.verify_key.raw},
        {"signature": bytes(64)},
        {"signature": MEMBER_LINK.signature},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_certificate_with_any_field_changed_is_refused(change: dict[str, Any]) -> None:
    assert refused([replace(TEAM_LINK, **change)])


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=50), st.integers(0, 2**64 - 1))
def test_a_certificate_comes_back_from_its_bytes(subject: str, epoch: int) -> None:
    certificate = certified(ORGANISATION, subject, TEAM, epoch)
    again = vault.Certificate.from_bytes(certificate.to_bytes())
    assert again == certificate
    assert vault.verify_chain([again], pinned=PINNED) == certificate


def test_every_flipped_bit_of_the_bytes_is_refused(flips: Callable[[bytes], Iterator[bytes]]) -> None:
    for altered in flips(TEAM_LINK.to_bytes()):
        with pytest.raises(vault.BadSignature):
            vault.verify_chain([vault.Certificate.from_bytes(altered)], pinned=PINNED)


def test_bytes_cut_or_extended_are_refused() -> None:
    data = TEAM_LINK.to_bytes()
    for altered in (*(data[:end] for end in range(0, len(data), 5)), data + b"\0", data[1:]):
        with pytest.raises(vault.BadSignature):
            vault.Certificate.from_bytes(altered)


def test_a_second_way_of_writing_the_epoch_is_refused() -> None:
    data, epoch = TEAM_LINK.to_bytes(), (1).to_bytes(8, "big")
    longer = data.replace(b"\0\0\0\x08" + epoch, b"\0\0\0\x09\0" + epoch, 1)
    assert longer != data
    with pytest.raises(vault.BadSignature):
        vault.Certificate.from_bytes(longer)


def test_a_subject_that_is_no_text_is_refused() -> None:
    with pytest.raises(vault.BadSignature):
        vault.Certificate.from_bytes(TEAM_LINK.to_bytes().replace(b"team:", b"\xff\xfe\xfd\xfc:", 1))


def test_bytes_may_come_as_the_database_gives_them() -> None:
    stored: Any = memoryview(TEAM_LINK.to_bytes())
    assert vault.Certificate.from_bytes(stored) == TEAM_LINK


@pytest.mark.parametrize("field", ["encryption", "verify", "issuer", "signature"])
@pytest.mark.parametrize("length", [0, 31, 33, 65, 1_217])
def test_a_field_of_another_length_is_refused(field: str, length: int) -> None:
    change: dict[str, Any] = {field: bytes(length)}
    with pytest.raises(ValueError, match="wrong length"):
        replace(TEAM_LINK, **change)


@pytest.mark.parametrize("epoch", [-1, 2**64])
def test_an_epoch_out_of_bounds_is_refused(epoch: int) -> None:
    with pytest.raises(ValueError, match="epoch"):
        certified(ORGANISATION, "team", TEAM, epoch)


def test_a_certificate_is_no_signature_of_another_kind() -> None:
    with pytest.raises(vault.BadSignature):
        PINNED.verify(TEAM_LINK.signature, TEAM_LINK.to_bytes(), label="certificate")
