"""Reminders of a request for data: once each, in the morning of the office, and never too late."""

import os
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings

from sipuma.cases.entries import SYSTEM
from sipuma.cases.models import Author, Case
from sipuma.cases.workflow import Attempt
from sipuma.complaints import reminding
from sipuma.complaints.lapsing import awaits_confirmation, lapse_due
from sipuma.complaints.reminding import remind_due
from sipuma.complaints.states import S
from sipuma.complaints.tracking import Tracked, write
from sipuma.complaints.workflow import WORKFLOW
from sipuma.offices.places import Role
from sipuma.offices.refusal import Refused
from sipuma.outbox.models import Message
from tests.ways import Walker, holder_of
from tests.world import MALILI, SABANG, FileCase, World

JAYAPURA = "120600"
ZONES = [(SABANG, "Asia/Jakarta"), (MALILI, "Asia/Makassar"), (JAYAPURA, "Asia/Jayapura")]
DAY = timedelta(days=1)
# Hours at which a request may be recorded, the last of a year among them: the day counts, not the hour.
ASKED = [datetime(2026, 3, 10, 9, 0), datetime(2026, 12, 24, 23, 59), datetime(2026, 12, 28, 0, 0)]  # noqa: DTZ001


@pytest.fixture(params=["UTC", "Asia/Jayapura", "America/Los_Angeles"])
def _host_zone(request: pytest.FixtureRequest) -> Iterator[None]:
    """Put the machine itself into some zone."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    yield
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


def asked_at(world: World, file_case: FileCase, office: str, moment: datetime) -> Walker:
    with time_machine.travel(moment, tick=False):
        walker = Walker(world, file_case(office, email="pelapor@surat.example"))
        for name in ("take", "assess", "request_data"):
            walker.step(name, "verifikator", office)
    Message.objects.all().delete()
    return walker


def sweep(moment: datetime) -> int:
    with time_machine.travel(moment, tick=False):
        return remind_due()


def morning(asked: datetime, days: int) -> datetime:
    return asked.replace(hour=8, minute=0) + days * DAY


@pytest.mark.parametrize(("office", "zone"), ZONES, ids=["WIB", "WITA", "WIT"])
@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_reminders_go_out_at_eight_on_day_7_and_day_12_once_each(
    world: World, file_case: FileCase, office: str, zone: str, asked: datetime
) -> None:
    asked = asked.replace(tzinfo=ZoneInfo(zone))
    walker = asked_at(world, file_case, office, asked)
    second = timedelta(seconds=1)
    for days in (7, 12):
        at = morning(asked, days)
        assert [sweep(at - second), sweep(at), sweep(at), sweep(at + DAY)] == [0, 1, 0, 0]
        assert walker.complaint.now().reminded == days
    assert sorted(Message.objects.values_list("template", flat=True)) == ["reminder", "reminder"]
    letters = [one for one in Tracked(holder_of(walker.complaint)).conversation if not one.mine]
    assert len(letters) == 3
    assert "23" in letters[-1].text
    lapses = asked.replace(hour=0, minute=0) + 15 * DAY
    assert walker.complaint.now().due == lapses
    with time_machine.travel(lapses - second, tick=False):
        assert lapse_due() == 0
    with time_machine.travel(lapses, tick=False):
        assert lapse_due() == 1


@pytest.mark.usefixtures("_host_zone")
def test_the_zone_of_the_machine_changes_nothing(world: World, file_case: FileCase) -> None:
    asked = datetime(2026, 12, 24, 23, 59, tzinfo=ZoneInfo("Asia/Makassar"))
    walker = asked_at(world, file_case, MALILI, asked)
    assert walker.complaint.now().due == datetime(2027, 1, 8, 0, 0, tzinfo=ZoneInfo("Asia/Makassar"))
    at = morning(asked, 7)
    assert [sweep(at - timedelta(seconds=1)), sweep(at)] == [0, 1]


@pytest.mark.parametrize(
    ("wakes", "sent", "day"),
    [(6, 0, 0), (9, 1, 7), (11, 1, 7), (12, 1, 12), (14, 1, 12), (15, 0, 0), (40, 0, 0)],
)
def test_a_worker_that_slept_sends_the_latest_that_is_due_and_none_after_the_lapse(
    world: World, file_case: FileCase, wakes: int, sent: int, day: int
) -> None:
    asked = datetime(2026, 3, 10, 9, 0, tzinfo=ZoneInfo("Asia/Jakarta"))
    walker = asked_at(world, file_case, SABANG, asked)
    assert [sweep(morning(asked, wakes)), sweep(morning(asked, wakes))] == [sent, 0]
    assert walker.complaint.now().reminded == day


def test_of_two_workers_that_saw_the_same_case_only_one_reminds(
    world: World, file_case: FileCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = datetime(2026, 3, 10, 9, 0, tzinfo=ZoneInfo("Asia/Jakarta"))
    walker = asked_at(world, file_case, SABANG, asked)
    seen = list(reminding._candidates(morning(asked, 7)))
    monkeypatch.setattr(reminding, "_candidates", lambda _now: seen)
    assert sweep(morning(asked, 7)) == 1
    stale = Case.objects.select_related("team__office").get(pk=seen[0].pk)
    stale.reminded = 0
    monkeypatch.setattr(reminding, "_candidates", lambda _now: [stale])
    assert sweep(morning(asked, 7)) == 0
    assert walker.complaint.case.entries.filter(kind="reminder").count() == 1


def test_a_reminder_is_the_systems_and_sealed_with_public_keys(world: World, file_case: FileCase) -> None:
    asked = datetime(2026, 3, 10, 9, 0, tzinfo=ZoneInfo("Asia/Jakarta"))
    walker = asked_at(world, file_case, SABANG, asked)
    assert sweep(morning(asked, 7)) == 1
    entry = walker.complaint.case.entries.get(kind="reminder")
    assert (entry.author, entry.member, entry.target) == (Author.SYSTEM, None, "")


def test_an_answered_request_is_not_reminded_of_and_a_new_one_begins_anew(
    world: World, file_case: FileCase
) -> None:
    asked = datetime(2026, 3, 10, 9, 0, tzinfo=ZoneInfo("Asia/Jakarta"))
    walker = asked_at(world, file_case, SABANG, asked)
    assert sweep(morning(asked, 7)) == 1
    again = asked + 8 * DAY
    with time_machine.travel(again, tick=False):
        write(holder_of(walker.complaint), "Senin.")
        assert remind_due() == 0
        walker.step("request_data", "verifikator")
    assert walker.complaint.now().reminded == 0
    assert [sweep(asked + 13 * DAY), sweep(morning(again, 7))] == [0, 1]


def test_nothing_is_due_on_a_case_without_a_date(world: World, file_case: FileCase) -> None:
    case = asked_at(
        world, file_case, SABANG, datetime(2026, 3, 10, 9, 0, tzinfo=ZoneInfo("Asia/Jakarta"))
    ).complaint.now()
    case.due = None
    assert reminding._last_moment(case) == ""
    with pytest.raises(Refused):
        reminding.a_reminder_is_due(
            Attempt(case, WORKFLOW.move("remind"), {}, Role.SYSTEM, SYSTEM, case.since + 7 * DAY)
        )


def test_with_confirm_a_lapsed_request_waits_for_the_verifier(
    world: World, file_case: FileCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "SIPUMA", settings.SIPUMA.model_copy(update={"lapse": "confirm"}))
    asked = datetime(2026, 3, 10, 9, 0, tzinfo=ZoneInfo("Asia/Jakarta"))
    walker = asked_at(world, file_case, SABANG, asked)
    case, lapses = walker.complaint.now(), walker.complaint.now().due
    assert lapses is not None
    assert not awaits_confirmation(case, lapses - timedelta(seconds=1))
    assert awaits_confirmation(case, lapses)
    with time_machine.travel(lapses, tick=False):
        assert (lapse_due(), remind_due()) == (0, 0)
        walker.step("lapse", "verifikator")
    assert walker.complaint.now().state == S.NOT_ACTIONABLE
    assert not awaits_confirmation(walker.complaint.now(), lapses)
