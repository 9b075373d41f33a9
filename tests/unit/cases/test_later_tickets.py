"""A ticket issued later: what its holder reads at once, and what waits for somebody who can open it."""

import pytest
from django.utils import timezone

from sipuma.cases.access import within_reach
from sipuma.cases.models import Case, Seal, Ticket
from sipuma.cases.opening import Reader, holder_keys
from sipuma.cases.resealing import reseal_for_complainant, save_seals, seals_for_complainant
from sipuma.cases.tickets import Issue, find_holder, keys_of, prepare_issue, save_issue
from sipuma.offices.officer import Officer
from sipuma.offices.trust import Untrusted
from tests.world import MALILI, SABANG, Complaint, FileCase, RecordCase, World, move


@pytest.fixture
def complaint(record_case: RecordCase) -> Complaint:
    return record_case()


def complete_reception(complaint: Complaint, receiver: Officer) -> None:
    """From here on the desk opens nothing of what it recorded."""
    move(complaint, "tell_register", by=receiver, told="telepon", note="")
    move(complaint, "complete_reception", by=receiver)


def issue(complaint: Complaint, officer: Officer) -> Issue:
    """Have the desk issue a ticket, with what the officer can open sealed to its key."""
    case = complaint.now()
    assert case.reception is not None
    made = prepare_issue(case, case.reception, officer)
    seals, complete = seals_for_complainant(case, made.private.public, officer)
    save_issue(case, made, at=timezone.now(), resealing=not complete)
    save_seals(seals)
    return made


def kinds_read_with(made: Issue, complaint: Complaint) -> set[str]:
    lines = Reader([complaint.now()], holder_keys(made.private)).timeline(ciphertext__isnull=False)
    return {line.entry.kind for line in lines if line.payload}


def test_a_desk_that_still_reads_its_case_hands_the_filed_text_to_the_holder(
    world: World, complaint: Complaint
) -> None:
    made = issue(complaint, world.officer("penerima"))
    assert kinds_read_with(made, complaint) == {"filed"}
    assert not complaint.now().resealing
    holder = find_holder(keys_of(made.ticket))
    assert holder is not None
    assert holder.private.public == complaint.now().complainant_key


def test_what_the_desk_cannot_open_waits_for_somebody_who_can(world: World, complaint: Complaint) -> None:
    receiver = world.officer("penerima")
    complete_reception(complaint, receiver)
    made = issue(complaint, receiver)
    assert complaint.now().resealing
    for stranger in (receiver, world.officer("verifikator", MALILI)):
        reseal_for_complainant(complaint.now(), stranger)
        assert complaint.now().resealing
        assert kinds_read_with(made, complaint) == set()
    reseal_for_complainant(complaint.now(), world.officer("verifikator"))
    assert not complaint.now().resealing
    assert kinds_read_with(made, complaint) == {"filed"}


def test_nothing_is_sealed_for_a_complainant_who_has_no_ticket_or_waits_for_nothing(
    world: World, complaint: Complaint, file_case: FileCase
) -> None:
    verifier, online = world.officer("verifikator"), file_case()
    Case.objects.filter(pk=complaint.case.pk).update(resealing=True)
    before = Seal.objects.count()
    for one in (complaint, online):
        reseal_for_complainant(one.now(), verifier)
    assert Seal.objects.count() == before
    assert complaint.now().complainant_key is None
    assert complaint.now().resealing


def test_a_visit_meant_for_an_older_ticket_leaves_the_newer_one_waiting(
    world: World, complaint: Complaint
) -> None:
    receiver = world.officer("penerima")
    complete_reception(complaint, receiver)
    issue(complaint, receiver)
    looked_at_before = complaint.now()
    newer = issue(complaint, receiver)
    reseal_for_complainant(looked_at_before, world.officer("verifikator"))
    assert complaint.now().resealing
    assert kinds_read_with(newer, complaint) == set()


def test_only_the_newest_ticket_opens_the_case(world: World, complaint: Complaint) -> None:
    tickets = [issue(complaint, world.officer("penerima")).ticket for _time in range(2)]
    assert [find_holder(keys_of(one)) is None for one in tickets] == [True, False]
    assert Ticket.objects.filter(case=complaint.case, revoked_at=None).count() == 1


def test_nobody_issues_a_ticket_for_a_team_whose_key_they_do_not_hold(
    world: World, complaint: Complaint
) -> None:
    case = complaint.now()
    assert case.reception is not None
    with pytest.raises(PermissionError):
        prepare_issue(case, case.reception, world.officer("penerima", MALILI))


def test_a_later_key_that_nobody_vouches_for_is_refused(world: World, complaint: Complaint) -> None:
    made = issue(complaint, world.officer("penerima"))
    case = complaint.now()
    case.ticket_certificate = made.certificate[:-1] + bytes([made.certificate[-1] ^ 1])
    with pytest.raises(Untrusted):
        assert case.complainant_key


def test_a_desk_reaches_what_it_recorded_for_good_and_no_other_desk_does(
    world: World, complaint: Complaint
) -> None:
    receiver = world.officer("penerima")
    complete_reception(complaint, receiver)
    reached = {
        (role, office): within_reach(world.officer(role, office)).filter(pk=complaint.case.pk).exists()
        for role, office in (("penerima", SABANG), ("verifikator", SABANG), ("penerima", MALILI))
    }
    assert reached == {
        ("penerima", SABANG): True,
        ("verifikator", SABANG): True,
        ("penerima", MALILI): False,
    }
