"""The number back from WISE: however it is typed it is clean, told once, and changed only with a reason."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from sipuma.cases import flow
from sipuma.cases.models import Case, Entry
from sipuma.complaints.wise.returning import clean_number
from sipuma.complaints.workflow import WORKFLOW
from sipuma.offices.refusal import Refused
from sipuma.outbox.models import Message
from tests.ways import Walker
from tests.world import KI, FileCase, World

YESTERDAY = timezone.localdate() - timedelta(days=1)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def walker(world: World, file_case: FileCase) -> Walker:
    walker = Walker(world, file_case(email="pengadu@surat.example"))
    walker.verified()
    walker.step("route_pyb", "verifikator")
    walker.step("forward_wise", "pyb", KI)
    return walker


def record(walker: Walker, number: str, day: date = YESTERDAY, **more: str) -> Case:
    values = {"external_register": number, "external_date": day, "wise_result": "", "correction": ""} | more
    return walker.step("record_wise", "pyb", KI, **values)


def told(walker: Walker) -> int:
    return Entry.objects.filter(case=walker.complaint.case, kind="message").count()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  WISE-77 / 2026 ", "WISE-77 / 2026"),
        ("ＷＩＳＥ－７", "WISE-7"),
        ("12\u200b34\u00a056", "1234 56"),
        ("a\tb\nc", "a b c"),
        ("\u202e77", "77"),
    ],
)
def test_a_number_is_kept_as_people_read_it(typed: str, kept: str) -> None:
    assert clean_number(typed) == kept


@pytest.mark.parametrize("typed", ["---", "\u200b", " . "])
def test_what_is_no_number_is_refused(walker: Walker, typed: str) -> None:
    with pytest.raises(Refused) as refused:
        record(walker, typed)
    assert refused.value.field == "external_register"


def test_a_date_that_has_not_come_is_refused_and_todays_is_taken(walker: Walker) -> None:
    with pytest.raises(Refused, match="has not come yet") as refused:
        record(walker, "W-1", timezone.localdate() + timedelta(days=2))
    assert refused.value.field == "external_date"
    assert record(walker, "W-1", YESTERDAY).external_date == YESTERDAY


def test_the_same_number_once_more_changes_nothing_and_tells_nobody(walker: Walker) -> None:
    record(walker, "W-1")
    entries, messages = Entry.objects.count(), Message.objects.count()
    record(walker, " w-1 ")
    assert (Entry.objects.count(), Message.objects.count()) == (entries, messages)


def test_a_result_that_comes_later_is_kept_for_handlers_without_another_notice(walker: Walker) -> None:
    record(walker, "W-1")
    messages = Message.objects.count()
    record(walker, "W-1", wise_result="Sedang diperiksa.")
    assert told(walker) == 1
    assert Message.objects.count() == messages
    assert Entry.objects.filter(case=walker.complaint.case, kind="wise").count() == 2


def test_another_number_needs_a_reason_and_is_told(walker: Walker) -> None:
    record(walker, "W-1")
    with pytest.raises(Refused, match="«W-1» is recorded already") as refused:
        record(walker, "W-2")
    assert refused.value.field == "correction"
    assert record(walker, "W-2", correction="Salah ketik.").external_register == "W-2"
    assert told(walker) == 2


def test_two_who_record_different_numbers_at_once_never_both_win(walker: Walker) -> None:
    stale = walker.complaint.now()
    record(walker, "W-1")
    values = {"external_register": "W-2", "external_date": YESTERDAY}
    with pytest.raises(Refused, match="Somebody else"):
        flow.make(WORKFLOW, stale, "record_wise", values, by=walker.world.officer("pyb", KI))
