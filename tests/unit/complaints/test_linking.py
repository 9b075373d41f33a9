"""Linking two cases: both show it, only who reads both may do it, and it can be taken back."""

import pytest

from sipuma.cases.links import linked
from sipuma.cases.models import CaseLink
from sipuma.cases.opening import Reader
from sipuma.complaints.linking import linked_cases
from sipuma.offices.refusal import Refused
from tests.world import MALILI, Complaint, FileCase, World, move


def both(one: Complaint, other: Complaint) -> list[list[int]]:
    return [linked(one.case), linked(other.case)]


def test_a_link_shows_in_both_cases_and_goes_from_both(world: World, file_case: FileCase) -> None:
    one, other, officer = file_case(), file_case(), world.officer("verifikator")
    move(one, "link_cases", by=officer, other=other.case.register, reason="Kejadian yang sama.")
    assert both(one, other) == [[other.case.pk], [one.case.pk]]
    assert linked_cases(one.case) == [(other.case.register, other.case.register)]
    told = Reader([one.now(), other.now()], officer.private).timeline(kind="link")
    assert {(o.entry.case_id, str((o.payload or {})["other"])) for o in told} == {
        (one.case.pk, other.case.register),
        (other.case.pk, one.case.register),
    }
    move(other, "unlink_cases", by=officer, other=one.case.register)
    assert both(one, other) == [[], []]
    assert linked_cases(None) == []


def test_a_link_changes_neither_state_nor_seals(world: World, file_case: FileCase) -> None:
    one, other = file_case(), file_case()
    readers = {seal.reader for seal in other.case.seals.all()}
    move(one, "link_cases", by=world.officer("verifikator"), other=other.case.register)
    assert [one.now().state, other.now().state] == [one.case.state, other.case.state]
    assert {bytes(seal.reader) for seal in other.case.seals.all()} == {bytes(one) for one in readers} | {
        other.case.public_key.fingerprint
    }


@pytest.mark.parametrize("number", ["{own}", "{closed}", "130300-1999-000001", "' OR 1=1 --", "🙂"])
def test_a_number_that_is_no_other_readable_case_is_refused(
    world: World, file_case: FileCase, number: str
) -> None:
    one, closed = file_case(), file_case(MALILI)
    typed = number.format(own=one.case.register, closed=closed.case.register)
    with pytest.raises(Refused) as refused:
        move(one, "link_cases", by=world.officer("verifikator"), other=typed)
    assert refused.value.field == "other"
    assert not CaseLink.objects.exists()


def test_the_same_link_is_not_made_twice_from_either_side(world: World, file_case: FileCase) -> None:
    one, other, officer = file_case(), file_case(), world.officer("verifikator")
    move(one, "link_cases", by=officer, other=other.case.register)
    for here, there in ((one, other), (other, one)):
        with pytest.raises(Refused):
            move(here, "link_cases", by=officer, other=there.case.register)
    assert CaseLink.objects.count() == 1


def test_a_link_to_a_case_that_was_lost_meanwhile_is_not_taken_away(
    world: World, file_case: FileCase
) -> None:
    one, other, officer = file_case(), file_case(), world.officer("verifikator")
    move(one, "link_cases", by=officer, other=other.case.register)
    move(other, "take", by=officer)
    move(other, "transfer", by=officer, target=MALILI, reason="Salah kantor.")
    with pytest.raises(Refused):
        move(one, "unlink_cases", by=officer, other=other.case.register)


def test_only_a_verifier_links(world: World, file_case: FileCase) -> None:
    one, other = file_case(), file_case()
    with pytest.raises(Refused):
        move(one, "link_cases", by=world.officer("penerima"), other=other.case.register)
