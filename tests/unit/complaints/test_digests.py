"""Notices as each member wants them: at once, in the morning, or of what is overdue alone."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connections, transaction
from django.utils import timezone

from sipuma.cases.models import Case
from sipuma.complaints import digests
from sipuma.complaints.digests import choose, last_opening, send_digests
from sipuma.complaints.states import S
from sipuma.offices.models import Member, Notices, Office
from sipuma.outbox.delivery import deliver_waiting
from sipuma.outbox.models import Delivery, Message
from tests.unit.outbox.box import Postbox
from tests.world import MALILI, SABANG, FileCase, World, move

WIB, WIT = ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Jayapura")
MONDAY_NOON = datetime(2026, 3, 2, 12, 0, tzinfo=WIB)
TUESDAY = datetime(2026, 3, 3, 7, 30, tzinfo=WIB)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY_NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def postbox(monkeypatch: pytest.MonkeyPatch) -> Postbox:
    """Take what would go out."""
    box = Postbox()
    monkeypatch.setattr("sipuma.outbox.delivery.gateway_of", lambda _channel: box)
    return box


def verifier(world: World, choice: str, office: str = SABANG) -> Member:
    member = world.officer("verifikator", office).member
    choose(member=member, choice=choice)
    return member


def held() -> int:
    return Message.objects.filter(state=Delivery.HELD).count()


def test_a_notice_waits_for_the_morning_and_comes_with_the_others(
    world: World, file_case: FileCase, clock: time_machine.Traveller, postbox: Postbox
) -> None:
    verifier(world, Notices.DAILY)
    registers = [file_case().case.register for _ in range(2)]
    assert held() == 2
    assert send_digests() == 0
    clock.move_to(TUESDAY - timedelta(seconds=1))
    assert send_digests() == 0
    clock.move_to(TUESDAY)
    assert send_digests() == 1
    assert send_digests() == 0
    assert held() == 0
    assert deliver_waiting() == 1
    words = postbox.taken[0]
    assert "2" in words.subject
    for register in registers:
        assert register in words.body
    assert "Petugas meminta uang" not in words.body


def test_with_nothing_to_tell_no_digest_comes(world: World, clock: time_machine.Traveller) -> None:
    verifier(world, Notices.DAILY)
    clock.move_to(TUESDAY)
    assert send_digests() == 0
    assert not Message.objects.exists()


def test_what_is_overdue_is_told_once_a_day_and_counts_are_right(
    world: World, file_case: FileCase, clock: time_machine.Traveller, postbox: Postbox
) -> None:
    verifier(world, Notices.OVERDUE)
    late, early = file_case().case, file_case().case
    Case.objects.filter(pk=late.pk).update(due=MONDAY_NOON)
    assert held() == 0
    clock.move_to(TUESDAY)
    assert send_digests() == 1
    assert send_digests() == 0
    clock.shift(timedelta(days=1))
    assert send_digests() == 1
    deliver_waiting()
    assert late.register in postbox.taken[0].body
    assert early.register not in postbox.taken[0].body


def test_no_digest_tells_of_a_case_that_reports_its_reader_or_waits_for_the_complainant(
    world: World, file_case: FileCase, clock: time_machine.Traveller, postbox: Postbox
) -> None:
    reader = verifier(world, Notices.OVERDUE)
    late, waiting, reported = file_case().case, file_case().case, file_case()
    about = reported.case
    Case.objects.update(due=MONDAY_NOON)
    Case.objects.filter(pk=waiting.pk).update(state=S.WAITING)
    colleague = world.officer("kepala-uki")
    move(reported, "take", by=colleague)
    values = {"employee_state": "known", "employee_name": "Pegawai", "colleague": str(reader.pk)}
    move(reported, "record_employee", by=colleague, **values)
    Case.objects.filter(pk=about.pk).update(due=MONDAY_NOON)
    clock.move_to(TUESDAY)
    send_digests()
    deliver_waiting()
    body = next(one.body for one in postbox.taken if late.register in one.body)
    assert waiting.register not in body
    assert about.register not in body


def test_others_get_their_notices_at_once(world: World, file_case: FileCase) -> None:
    verifier(world, Notices.DAILY)
    world.officer("kepala-uki")
    file_case()
    assert Message.objects.filter(state=Delivery.WAITING).count() == 1
    assert held() == 1


@pytest.mark.parametrize("choice", [Notices.AT_ONCE, Notices.OVERDUE])
def test_who_chooses_anew_loses_nothing_that_was_held(
    world: World, file_case: FileCase, clock: time_machine.Traveller, choice: str
) -> None:
    member = verifier(world, Notices.DAILY)
    file_case()
    choose(member=member, choice=choice)
    clock.shift(timedelta(minutes=5))
    assert send_digests() == 1
    assert held() == 0
    assert send_digests() == 0


def test_the_same_choice_again_changes_nothing(world: World, clock: time_machine.Traveller) -> None:
    member = verifier(world, Notices.DAILY)
    clock.shift(timedelta(hours=1))
    choose(member=member, choice=Notices.DAILY)
    assert Member.objects.get(pk=member.pk).digested_at == MONDAY_NOON


def test_a_worker_that_slept_for_days_sends_one_digest(
    world: World, file_case: FileCase, clock: time_machine.Traveller
) -> None:
    verifier(world, Notices.DAILY)
    file_case()
    clock.shift(timedelta(days=3))
    file_case()
    assert send_digests() == 1
    assert held() == 0


def test_a_digest_that_is_killed_half_way_is_made_again(
    world: World, file_case: FileCase, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    verifier(world, Notices.DAILY)
    file_case()
    clock.move_to(TUESDAY)
    with monkeypatch.context() as broken:
        broken.setattr(digests, "_digest", _fail)
        with pytest.raises(OSError, match="disk"), transaction.atomic():
            send_digests()
    assert held() == 1
    assert send_digests() == 1


def _fail(*_given: object) -> Message:
    raise OSError("disk full")


def test_who_chose_anew_while_the_sweep_ran_is_left_to_the_next_one(
    world: World, file_case: FileCase, clock: time_machine.Traveller
) -> None:
    member = verifier(world, Notices.DAILY)
    file_case()
    before = Member.objects.select_related("office").get(pk=member.pk)
    clock.move_to(TUESDAY)
    choose(member=member, choice=Notices.AT_ONCE)
    assert digests._send(before, timezone.now()) is False
    assert held() == 1


@pytest.mark.parametrize("change", [{"email": ""}, {"disabled_at": MONDAY_NOON}])
def test_what_was_held_for_somebody_out_of_reach_is_given_up(
    world: World, file_case: FileCase, clock: time_machine.Traveller, change: dict[str, object]
) -> None:
    member = verifier(world, Notices.DAILY)
    file_case()
    Member.objects.filter(pk=member.pk).update(**change)
    clock.move_to(TUESDAY)
    assert send_digests() == 0
    assert Message.objects.get().state == Delivery.FAILED


def test_a_long_list_ends_and_says_so(
    world: World, file_case: FileCase, clock: time_machine.Traveller, postbox: Postbox
) -> None:
    member = verifier(world, Notices.DAILY)
    case = file_case().case
    shared = {"service": case.service, "office": case.office, "team": case.team, "state": case.state}
    shared |= {"verification": case.verification, "channel": case.channel, "public": case.public}
    rows = [Case(register=f"130300-2026-{n:06d}", due=MONDAY_NOON, **shared) for n in range(100, 155)]
    Case.objects.bulk_create(rows)
    Message.objects.bulk_create(
        [
            *(
                Message(template="staff-case", reference=row.register, state="held", reader=member.pk)
                for row in rows
            )
        ]
    )
    clock.move_to(TUESDAY)
    assert send_digests() == 1
    deliver_waiting()
    body = postbox.taken[0].body
    assert body.count("130300-2026-") == 2 * digests.MOST
    assert str(digests.MOST) in body
    assert "56" in body


@pytest.mark.parametrize(
    ("zone", "now", "expected"),
    [
        ("Asia/Jakarta", datetime(2026, 3, 3, 7, 30, tzinfo=WIB), datetime(2026, 3, 3, 7, 30, tzinfo=WIB)),
        ("Asia/Jakarta", datetime(2026, 3, 3, 7, 29, tzinfo=WIB), datetime(2026, 3, 2, 7, 30, tzinfo=WIB)),
        ("Asia/Jayapura", datetime(2026, 3, 3, 5, 30, tzinfo=WIB), datetime(2026, 3, 3, 7, 30, tzinfo=WIT)),
        ("Asia/Jakarta", datetime(2026, 3, 8, 12, 0, tzinfo=WIB), datetime(2026, 3, 6, 7, 30, tzinfo=WIB)),
        ("Asia/Jakarta", datetime(2026, 3, 25, 7, 0, tzinfo=WIB), datetime(2026, 3, 17, 7, 30, tzinfo=WIB)),
        ("Asia/Jakarta", datetime(2026, 1, 1, 12, 0, tzinfo=WIB), datetime(2025, 12, 31, 7, 30, tzinfo=WIB)),
    ],
)
def test_the_last_opening_is_that_of_a_working_day_in_the_offices_own_time(
    zone: str, now: datetime, expected: datetime
) -> None:
    assert last_opening(Office(code="999999", timezone=zone), now) == expected


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_digest(world: World, file_case: FileCase) -> None:
    member = verifier(world, Notices.DAILY, MALILI)
    Message.objects.create(template="staff-case", reference="X", state=Delivery.HELD, reader=member.pk)
    Member.objects.filter(pk=member.pk).update(digested_at=timezone.now() - timedelta(days=30))
    ready, sent = threading.Barrier(2), list[int]()

    def work() -> None:
        ready.wait()
        try:
            sent.append(send_digests())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(sent) == 1
    assert Message.objects.filter(template=digests.DIGEST).count() == 1
