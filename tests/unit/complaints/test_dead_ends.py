"""What an outside check found: nobody is left waiting, and nothing empty is recorded or shown."""

import datetime as dt

import pytest

from sipuma.complaints.fields import working_units
from sipuma.complaints.tracking import Tracked, withdraw
from sipuma.offices.models import Membership, TeamKind
from sipuma.offices.refusal import Refused
from tests.ways import Walker, holder_of
from tests.world import KI, SABANG, FileCase, World, assessed, move

TODAY = dt.date(2026, 11, 20)


def test_only_units_for_which_somebody_works_are_offered(world: World) -> None:
    assert len(working_units(None)) == 153  # somebody works at the top
    Membership.objects.filter(team__kind=TeamKind.UNIT).update(let_in_at=None)
    world.officer("pengkaji-unit", SABANG)
    assert [code for code, _name in working_units(None)] == [SABANG]


@pytest.mark.parametrize("state", ["known", "retired", "deceased"])
def test_an_employee_without_any_name_is_refused_unless_unclear(
    world: World, file_case: FileCase, state: str
) -> None:
    complaint, verifier = file_case(), world.officer("verifikator")
    move(complaint, "take", by=verifier)
    with pytest.raises(Refused) as refusal:
        move(complaint, "record_employee", by=verifier, employee_state=state, post="  ")
    assert refusal.value.field == "employee_name"
    move(complaint, "record_employee", by=verifier, employee_state="unclear")
    move(complaint, "record_employee", by=verifier, employee_state=state, post="Kepala seksi")
    assert complaint.now().reported.count() == 2


def test_the_complainant_reads_the_number_in_wise(world: World, file_case: FileCase) -> None:
    complaint, verifier, pyb = file_case(), world.officer("verifikator"), world.officer("pyb", KI)
    move(complaint, "take", by=verifier)
    move(complaint, "assess", by=verifier, **assessed())
    move(complaint, "route_pyb", by=verifier)
    move(complaint, "forward_wise", by=pyb, ground="UNRELATED", reason="Bukan tugas DJBC.")
    move(
        complaint, "record_wise", by=pyb, external_register="W-77", external_date=TODAY, wise_result="rahasia"
    )
    (letter,) = Tracked(holder_of(complaint)).conversation
    assert "W-77" in letter.text
    assert "rahasia" not in letter.text


def test_a_withdrawal_without_a_reason_is_no_empty_message(world: World, file_case: FileCase) -> None:
    complaint = file_case()
    withdraw(holder_of(complaint), "")
    assert Tracked(holder_of(complaint)).conversation == []


def test_a_unit_can_not_be_chosen_when_nobody_works_there(world: World, file_case: FileCase) -> None:
    complaint = file_case()
    Walker(world, complaint)
    verifier = world.officer("verifikator")
    move(complaint, "take", by=verifier)
    move(complaint, "assess", by=verifier, **assessed(type="T2a"))
    Membership.objects.filter(team__kind=TeamKind.UNIT).update(let_in_at=None)
    with pytest.raises(Refused) as refusal:
        move(complaint, "route_unit", by=verifier, unit=SABANG, referral="Mohon diperiksa.")
    assert refusal.value.field == "unit"
