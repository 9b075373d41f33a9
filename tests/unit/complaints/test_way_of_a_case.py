"""The main way of a complaint through the procedure, seen from the domain."""

from sipuma.cases.tickets import find_holder, keys_of
from sipuma.complaints.states import S
from sipuma.complaints.tracking import Tracked
from tests.world import ACEH, KI, FileCase, World, assessed, move


def test_a_t1_complaint_goes_from_filing_to_an_answer(world: World, file_case: FileCase) -> None:
    complaint = file_case()
    verifier, pyb = world.officer("verifikator"), world.officer("pyb", KI)
    assessor, head = world.officer("pengkaji", ACEH), world.officer("kepala-uki", ACEH)
    move(complaint, "take", by=verifier)
    move(complaint, "assess", by=verifier, **assessed())
    move(complaint, "route_pyb", by=verifier, finding="Cukup jelas.")
    move(complaint, "dispose", by=pyb, target=ACEH)
    move(complaint, "submit_study", by=assessor, facts="f", conclusion="c", recommendation="r")
    move(complaint, "approve_study", by=head)
    assert complaint.now().state == S.FOLLOW_UP
    holder = find_holder(keys_of(complaint.ticket))
    assert holder is not None
    labels = [str(event.label) for event in Tracked(holder).history]
    assert len(labels) == 3
