"""A page that lacks the newest entries overwrites nothing, whoever was faster."""

import threading
from collections.abc import Callable

import pytest
from django.db import connections

from sipuma.cases import flow
from sipuma.cases.models import Entry
from sipuma.cases.staleness import Stale
from sipuma.complaints import tracking
from sipuma.complaints.workflow import WORKFLOW
from sipuma.offices.officer import Officer
from sipuma.offices.refusal import Refused
from tests.ways import Walker, holder_of, values_of
from tests.world import SABANG, Complaint, FileCase, World


def newest(complaint: Complaint) -> int:
    return Entry.objects.filter(case=complaint.case).latest("pk").pk


def send(complaint: Complaint, name: str, by: Officer, *, seen: int | None, **values: object) -> None:
    case = complaint.now()
    flow.make(WORKFLOW, case, name, values_of(name, case) | values, by=by, seen=seen)


@pytest.fixture
def complaint(world: World, file_case: FileCase) -> Complaint:
    """Return a case in verification, with two people in its team."""
    complaint = file_case()
    Walker(world, complaint).verified()
    world.officer("kepala-uki")
    return complaint


@pytest.mark.parametrize("name", ["assess", "note", "message", "assign", "record_employee"])
def test_what_a_colleague_said_anew_is_not_overwritten_unseen(
    world: World, complaint: Complaint, name: str
) -> None:
    seen, verifier, other = newest(complaint), world.officer("verifikator"), _second_verifier(world)
    send(complaint, name, verifier, seen=seen)
    theirs = newest(complaint)
    with pytest.raises(Stale) as refusal:
        send(complaint, name, other, seen=seen)
    assert theirs in refusal.value.newer
    send(complaint, name, other, seen=theirs)


def _second_verifier(world: World) -> Officer:
    """Return the head of UKI, who verifies as well."""
    return world.officer("kepala-uki")


def test_the_same_form_sent_twice_is_saved_once(world: World, complaint: Complaint) -> None:
    seen, verifier = newest(complaint), world.officer("verifikator")
    send(complaint, "note", verifier, seen=seen)
    with pytest.raises(Stale, match=r"just saved|baru saja"):
        send(complaint, "note", verifier, seen=seen)
    send(complaint, "note", verifier, seen=newest(complaint))


def test_who_takes_a_case_on_overwrites_no_assignment_that_they_have_not_seen(
    world: World, complaint: Complaint
) -> None:
    seen = newest(complaint)
    send(complaint, "take_on", world.officer("verifikator"), seen=seen)
    with pytest.raises(Stale):
        send(complaint, "assign", world.officer("kepala-uki"), seen=seen, assignee=f"kepala-uki.{SABANG}")


def test_what_is_told_the_complainant_waits_for_what_they_have_just_written(
    world: World, complaint: Complaint
) -> None:
    seen, verifier = newest(complaint), world.officer("verifikator")
    tracking.write(holder_of(complaint), "Ada bukti baru.")
    with pytest.raises(Stale):
        send(complaint, "not_actionable", verifier, seen=seen)
    send(complaint, "note", verifier, seen=seen)  # nobody outside reads a note
    assert complaint.now().state == "VERIFIKASI"


def test_a_case_that_went_round_since_is_not_moved_from_an_old_page(
    world: World, complaint: Complaint
) -> None:
    seen = newest(complaint)
    walker = Walker(world, complaint)
    walker.step("request_data", "verifikator")
    tracking.write(holder_of(complaint), "Senin pagi.")
    with pytest.raises(Stale):
        send(complaint, "request_data", world.officer("kepala-uki"), seen=seen)


def test_other_things_said_meanwhile_hold_nobody_up(world: World, complaint: Complaint) -> None:
    seen = newest(complaint)
    send(complaint, "note", world.officer("kepala-uki"), seen=seen)
    send(complaint, "assess", world.officer("verifikator"), seen=seen)
    send(complaint, "record_employee", world.officer("verifikator"), seen=None)


def test_a_desk_adds_to_a_case_wherever_it_has_got_to(world: World, record_case: FileCase) -> None:
    recorded = record_case()
    seen = newest(recorded)
    Walker(world, recorded).verified()
    send(recorded, "add_data", world.officer("penerima"), seen=seen)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["note", "assess", "take_on"])
def test_of_two_officers_at_the_same_moment_one_is_told(world: World, file_case: FileCase, name: str) -> None:
    complaint = file_case()
    Walker(world, complaint).verified()
    officers = [world.officer("verifikator"), world.officer("kepala-uki")]
    seen, ready = newest(complaint), threading.Barrier(2)
    outcomes: list[str] = []

    def act(officer: Officer) -> Callable[[], None]:
        case, values = complaint.now(), values_of(name, complaint.now())

        def run() -> None:
            ready.wait()
            try:
                flow.make(WORKFLOW, case, name, values, by=officer, seen=seen)
                outcomes.append("saved")
            except Refused:
                outcomes.append("refused")
            finally:
                connections.close_all()

        return run

    threads = [threading.Thread(target=act(officer)) for officer in officers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused", "saved"]
    assert Entry.objects.filter(case=complaint.case, move=name, pk__gt=seen).count() == 1
