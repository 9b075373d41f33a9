"""The pages about time: deadlines and their history, why a deadline is what it is, the office's calendar."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sipuma.cases.models import Case
from sipuma.complaints.escalating import escalate_overdue
from sipuma.complaints.models import DeadlineRow
from sipuma.offices.models import CalendarRow
from tests.flow.staff import QUEUE, browser_of, page_of, text_of
from tests.ways import Walker
from tests.world import ACEH, KI, MALILI, SABANG, FileCase, World

DEADLINES, CALENDAR = "/en/petugas/tenggat/", "/en/petugas/kalender/"
NOW = datetime(2026, 2, 2, 10, 0, tzinfo=ZoneInfo("Asia/Jakarta"))
THURSDAY = "Thursday, 5 February 2026, 16:00 WIB"
FRIDAY = "Friday, 6 February 2026, 16:30 WIB"
CLOSURE = {"office": SABANG, "kind": "closure", "first": "2026-02-04", "name": "Hari jadi", "reason": "SK 1"}
HOURS = {f"hours_{weekday}": "08:00-15:00" if weekday < 5 else "" for weekday in range(7)}


def english(path: str) -> str:
    return f"/en{path}"


@pytest.fixture
def walker(world: World, file_case: FileCase) -> Walker:
    """Return a case of Monday morning, due on Thursday; it is Monday until the test ends."""
    with time_machine.travel(NOW, tick=False):
        return Walker(world, file_case())


def at(moment: datetime, send: Callable[[], object]) -> str:
    with time_machine.travel(moment, tick=False):
        return text_of(send())  # type: ignore[arg-type]  # what a client gets back


class TestDeadlines:
    def test_everybody_on_the_staff_reads_them_and_the_head_at_dit_ki_finds_the_form(
        self, world: World
    ) -> None:
        reader = text_of(browser_of(world, "verifikator").get(DEADLINES))
        head = text_of(browser_of(world, "kepala-uki", KI).get(DEADLINES))
        for text in (reader, head):
            assert "3 working days" in text
            assert "No deadline has been changed yet." in text
        assert "Change a deadline" not in reader
        assert "Change a deadline" in head

    def test_a_change_is_saved_and_told_with_author_reason_and_day(self, world: World) -> None:
        browser, tomorrow = browser_of(world, "kepala-uki", KI), timezone.localdate() + timedelta(days=1)
        sent = {
            "stage": "DI_PYB",
            "amount": "7",
            "unit": "working-days",
            "valid_from": tomorrow,
            "reason": "KEP-9",
        }
        page = text_of(browser.post(DEADLINES, sent, follow=True))
        for words in (
            "Saved: With the PYB, 7 working days.",
            "to come",
            "KEP-9",
            "Petugas kepala-uki 001400",
        ):
            assert words in page
        assert text_of(browser.post(DEADLINES, sent)).count("That is the rule on this day already.") == 2
        assert DeadlineRow.objects.count() == 1

    @pytest.mark.parametrize(
        ("values", "words"),
        [
            ({"amount": "0"}, "Choose from 1 to 365 days."),
            ({"amount": "-1"}, "Choose from 1 to 365 days."),
            ({"amount": "10000"}, "Choose from 1 to 365 days."),
            ({"amount": "9" * 5000}, "Write a number of days"),
            ({"amount": "lima"}, "Write a number of days"),
            ({"amount": ""}, "Write how many days."),
            ({"valid_from": "2001-01-01"}, "Choose a day from tomorrow on"),
            ({"valid_from": "besok"}, "Write the date like this"),
            ({"stage": "MENUNGGU_DATA"}, "Choose one of the list."),
            ({"unit": "<script>"}, "Choose one of the list."),
            ({"reason": ""}, "Write why the deadline changes."),
            ({"reason": "x" * 301}, "Use at most 300 characters."),
        ],
    )
    def test_nonsense_is_said_beside_its_field(
        self, world: World, values: dict[str, str], words: str
    ) -> None:
        tomorrow = str(timezone.localdate() + timedelta(days=1))
        sent = {
            "stage": "DI_PYB",
            "amount": "7",
            "unit": "working-days",
            "valid_from": tomorrow,
            "reason": "x",
        }
        response = browser_of(world, "kepala-uki", KI).post(DEADLINES, sent | values)
        assert response.status_code == 422
        assert words in text_of(response)
        assert not DeadlineRow.objects.exists()

    def test_others_are_refused_when_they_send_it_anyway(self, world: World) -> None:
        tomorrow = timezone.localdate() + timedelta(days=1)
        sent = {
            "stage": "DI_PYB",
            "amount": "7",
            "unit": "working-days",
            "valid_from": tomorrow,
            "reason": "x",
        }
        response = browser_of(world, "kepala-uki", SABANG).post(DEADLINES, sent)
        assert response.status_code == 422
        assert "Only the head of the compliance unit of Dit. KI" in text_of(response)

    def test_the_public_reads_what_is_in_force(self, world: World, client: Client) -> None:
        DeadlineRow.objects.create(
            service="complaint",
            stage="DI_PYB",
            amount=9,
            unit="working-days",
            valid_from=date(2026, 1, 1),
            reason="x",
            member=world.officer("kepala-uki", KI).member,
        )
        assert "9 working days" in text_of(client.get("/en/prosedur/"))


class TestReckoning:
    def test_it_shows_each_day_and_why_it_counts(self, world: World, walker: Walker) -> None:
        browser = browser_of(world, "verifikator")
        address = english(page_of(walker.complaint.case.register)) + "tenggat/"
        page = text_of(browser.get(address))
        for words in (THURSDAY, "The count begins on this day", "never changed", "30 days since receipt"):
            assert words in page
        assert "Tuesday, 17 February 2026 15" in page

    def test_holidays_pauses_and_rules_are_named(self, world: World, walker: Walker) -> None:
        with time_machine.travel(NOW + timedelta(days=1), tick=False):
            walker.waiting()
        page = at(NOW + timedelta(days=4), lambda: _reckoning(world, walker))
        for words in ("until now: 3 days", "Paused", "14 calendar days", "Counted from"):
            assert words in page

    @pytest.mark.parametrize(("role", "office"), [("verifikator", MALILI), ("admin", SABANG)])
    def test_who_can_not_read_the_case_gets_404(
        self, world: World, walker: Walker, role: str, office: str
    ) -> None:
        address = page_of(walker.complaint.case.register) + "tenggat/"
        assert browser_of(world, role, office).get(address).status_code == 404
        assert Client().get(address).status_code == 302

    def test_the_case_page_leads_there_and_shows_both_clocks(self, world: World, walker: Walker) -> None:
        response = browser_of(world, "verifikator").get(english(page_of(walker.complaint.case.register)))
        text = text_of(response)
        assert "First substantive answer" in text
        assert "Completion" in text
        assert "Overdue" in text
        assert "/tenggat/" in response.content.decode()


def _reckoning(world: World, walker: Walker) -> object:
    address = english(page_of(walker.complaint.case.register)) + "tenggat/"
    return browser_of(world, "verifikator").get(address)


class TestFlags:
    def test_an_escalated_case_is_flagged_in_queue_and_case(self, world: World, walker: Walker) -> None:
        assert escalate_overdue() == 1
        browser = browser_of(world, "verifikator")
        assert "escalated" in text_of(browser.get(english(QUEUE)))
        assert "escalated" in text_of(browser.get(english(page_of(walker.complaint.case.register))))

    def test_a_lapsed_request_waits_for_confirmation_and_is_not_overdue(
        self, world: World, walker: Walker, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(settings, "SIPUMA", settings.SIPUMA.model_copy(update={"lapse": "confirm"}))
        with time_machine.travel(NOW, tick=False):
            walker.waiting()
        browser = browser_of(world, "verifikator")
        queue = browser.get(english(QUEUE)).content.decode()
        assert "waiting for confirmation" in queue
        assert 'class="overdue"' not in queue
        assert "waiting for confirmation" in text_of(
            browser.get(english(page_of(walker.complaint.case.register)))
        )


class TestCalendar:
    def test_everybody_reads_the_hours_the_holidays_and_the_history(self, world: World) -> None:
        with time_machine.travel(NOW, tick=False):
            page = text_of(browser_of(world, "verifikator").get(CALENDAR))
        for words in (
            "07:30-12:00 13:00-16:00",
            "Ramadan 2026",
            "Nothing has been changed yet",
            "joint leave",
        ):
            assert words in page
        assert "Change the calendar" not in page

    def test_another_office_and_year_are_shown_by_the_address(self, world: World) -> None:
        with time_machine.travel(NOW, tick=False):
            browser = browser_of(world, "verifikator")
            page = text_of(browser.get(CALENDAR, {"kantor": MALILI, "tahun": "2027"}))
            assert "Malili" in page
            assert "joint leave 2027" in page
            assert "joint leave 2026" in text_of(browser.get(CALENDAR, {"tahun": "9999"}))
            assert browser.get(CALENDAR, {"kantor": "<b>"}).status_code == 404

    def test_a_change_is_looked_at_before_it_is_saved(self, world: World, walker: Walker) -> None:
        with time_machine.travel(NOW, tick=False):
            browser = browser_of(world, "kepala-uki")
            looked = text_of(browser.post(CALENDAR, CLOSURE))
            for words in (walker.complaint.case.register, THURSDAY, FRIDAY, "Nothing is saved yet."):
                assert words in looked
            assert not CalendarRow.objects.exists()
            saved = text_of(browser.post(CALENDAR, CLOSURE | {"save": "1"}, follow=True))
            assert "Saved. 1 deadline moved." in saved
            assert "Hari jadi" in saved
            assert FRIDAY in text_of(browser.get(english(page_of(walker.complaint.case.register))))
            # Sent twice, it is refused and moves nothing more.
            again = browser.post(CALENDAR, CLOSURE | {"save": "1"})
        assert again.status_code == 422
        assert "This day is off already: Hari jadi." in text_of(again)
        assert CalendarRow.objects.count() == 1

    @pytest.mark.usefixtures("walker")
    def test_a_change_is_taken_back_by_a_form_of_its_own(self, world: World) -> None:
        with time_machine.travel(NOW, tick=False):
            browser = browser_of(world, "kepala-uki")
            browser.post(CALENDAR, CLOSURE | {"save": "1"})
            sent = {"office": SABANG, "kind": "removal", "removes": CalendarRow.objects.get().pk}
            wrong = browser.post(CALENDAR, sent | {"reason": ""})
            assert "Write why, with the decree if there is one." in text_of(wrong)
            page = text_of(browser.post(CALENDAR, sent | {"reason": "Batal", "save": "1"}, follow=True))
            assert "Taken back: Local closure: Hari jadi" in page
            gone = browser.post(CALENDAR, sent | {"reason": "Batal"})
        assert "This has been taken back already" in text_of(gone)
        assert Case.objects.get().due == datetime(2026, 2, 5, 16, 0, tzinfo=NOW.tzinfo)

    @pytest.mark.parametrize(
        ("kind", "values"),
        [
            ("opening", {"first": "2026-05-15"}),
            ("ramadan", {"first": "2026-02-19", "last": "2026-03-19", **HOURS}),
            ("period", {"first": "2026-06-01", "last": "2026-06-05", "name": "Lembur", **HOURS}),
            ("week", {"first": "2026-03-02", **HOURS}),
        ],
    )
    def test_every_kind_of_change_is_saved_and_shown(
        self, world: World, kind: str, values: dict[str, str]
    ) -> None:
        with time_machine.travel(NOW, tick=False):
            sent = {"office": SABANG, "kind": kind, "reason": "SE 7", **values, "save": "1"}
            page = text_of(browser_of(world, "kepala-uki").post(CALENDAR, sent, follow=True))
        assert "Saved. 0 deadlines moved." in page
        assert "SE 7" in page
        assert "08:00-15:00" in page or kind == "opening"

    @pytest.mark.parametrize(
        ("values", "words"),
        [
            ({"first": ""}, "Write the day."),
            ({"first": "kemarin"}, "Write the date like this"),
            ({"first": "9999-12-31"}, "Choose a day from one month ago"),
            ({"first": "2026-02-08"}, "does not work on this day"),
            ({"name": "x" * 101}, "Use at most 100 characters."),
            ({"reason": "x" * 301}, "Use at most 300 characters."),
            ({"kind": "week", **HOURS, "hours_1": "08:00-07:00"}, "each end after its start"),
            ({"kind": "week", **HOURS, "hours_1": "08:00-12:00 11:00-13:00"}, "overlap"),
            ({"kind": "removal", "removes": "999999"}, "taken back already"),
        ],
    )
    def test_what_makes_no_sense_comes_back_with_what_was_typed(
        self, world: World, values: dict[str, str], words: str
    ) -> None:
        with time_machine.travel(NOW, tick=False):
            response = browser_of(world, "kepala-uki").post(CALENDAR, CLOSURE | values)
        assert response.status_code == 422
        assert words in text_of(response)
        assert not CalendarRow.objects.exists()

    @pytest.mark.parametrize(
        ("role", "office", "values"),
        [
            ("verifikator", SABANG, {}),
            ("kepala-uki", MALILI, {}),
            ("admin", SABANG, {}),
            ("kepala-uki", SABANG, {"kind": "nothing"}),
            ("kepala-uki", SABANG, {"office": MALILI}),
            ("kepala-uki", SABANG, {"office": "999999"}),
            ("kepala-uki", SABANG, {"kind": "removal", "removes": "x"}),
            ("kepala-uki", SABANG, {"kind": "removal", "removes": "9" * 5000}),
        ],
    )
    def test_what_is_not_theirs_is_not_there(
        self, world: World, role: str, office: str, values: dict[str, str]
    ) -> None:
        assert browser_of(world, role, office).post(CALENDAR, CLOSURE | values).status_code == 404

    def test_the_preview_names_no_case_that_its_reader_cannot_open(
        self, world: World, file_case: FileCase
    ) -> None:
        with time_machine.travel(NOW, tick=False):
            walker = Walker(world, file_case(MALILI))
            for name in ("take", "assess", "route_unit"):
                walker.step(name, "verifikator", MALILI, **({"type": "T2a"} if name == "assess" else {}))
            # The unit is Sabang's, and so is the clock; Sabang's compliance unit reads nothing of the case.
            looked = text_of(browser_of(world, "kepala-uki").post(CALENDAR, CLOSURE))
        assert "1 open case gets another deadline." in looked
        assert "1 case that is not listed here." in looked
        assert walker.complaint.case.register not in looked

    def test_typing_survives_a_session_that_has_ended(self, world: World) -> None:
        with time_machine.travel(NOW, tick=False) as clock:
            browser = browser_of(world, "kepala-uki")
            clock.shift(timedelta(hours=9))
            response = browser.post("/petugas/kalender/", CLOSURE)
            assert response.status_code == 302
            kept = browser_of(world, "kepala-uki").get("/petugas/kalender/")
        assert "Hari jadi" in kept.content.decode()

    def test_queries_do_not_grow_with_rows(
        self, world: World, django_assert_max_num_queries: Callable[[int], CaptureQueriesContext]
    ) -> None:
        with time_machine.travel(NOW, tick=False):
            browser = browser_of(world, "kepala-uki")
            for day in ("2026-02-04", "2026-02-05", "2026-02-06"):
                browser.post(CALENDAR, CLOSURE | {"first": day, "save": "1"})
            with django_assert_max_num_queries(14):
                browser.get(CALENDAR)


def test_the_kanwil_sees_its_offices_links(world: World) -> None:
    text = text_of(browser_of(world, "kepala-uki", ACEH).get("/en/petugas/tim/"))
    assert "Deadlines" in text
    assert "Working calendar" in text
