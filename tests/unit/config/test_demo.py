"""The demo: everybody can sign in, every state is there, and nothing real is ever touched."""

import http.client
import os
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoDbBlocker

from sipuma import vault
from sipuma.cases.models import Case, Entry
from sipuma.cases.tickets import find_by_text
from sipuma.complaints.states import STATES, S
from sipuma.complaints.tracking import Tracked
from sipuma.complaints.words import Category, Reason, Type
from sipuma.config.demo.clock import Clock, working_days_back
from sipuma.config.demo.making import SHOWN
from sipuma.config.demo.paths import PATHS, step
from sipuma.config.demo.samples import Age, load_samples
from sipuma.config.demo.staff import PASSWORD, SEATLESS, USERNAMES, Officers, enrol_staff, is_staffed
from sipuma.config.demo.surroundings import set_surroundings
from sipuma.config.demo.walking import Untold, Walk, make_samples
from sipuma.offices.models import Member
from sipuma.offices.passwords import open_slot
from sipuma.worktime import add_working_days, office_calendar
from tests.world import world_for_a_module

PATIENCE_SECONDS = 120


@dataclass(frozen=True)
class Demo:
    """The demo as it was made for this module."""

    officers: Officers
    walks: Mapping[str, Walk]
    now: datetime


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Demo]:
    """Make staff and samples once for this module, and take them back afterwards."""
    with world_for_a_module(django_db_blocker) as world:
        now = timezone.now()
        officers = enrol_staff(world.sheets)
        yield Demo(officers, make_samples(officers, now=now), now)


@pytest.fixture
def _db(demo: Demo, db: None) -> None:
    """Open the database inside what the module has made."""


inside = pytest.mark.usefixtures("_db")


@inside
@pytest.mark.parametrize("username", USERNAMES)
def test_everybody_signs_in_with_the_published_password(username: str) -> None:
    member = Member.objects.get(user__username=username)
    assert open_slot(member=member, password=PASSWORD) is not None
    assert member.email == f"{username}@contoh.example"


@inside
def test_staff_without_a_team_hold_no_seat_and_everybody_else_is_let_in() -> None:
    for member in Member.objects.select_related("user"):
        seats = member.memberships.all()
        assert bool(seats) == (member.user.get_username().split(".")[0] not in SEATLESS)
        assert all(seat.let_in_at for seat in seats)


@inside
def test_a_regional_head_of_the_compliance_unit_heads_verification_and_assessment() -> None:
    seats = Member.objects.get(user__username="kepala-uki.130000").memberships
    assert set(seats.values_list("team__kind", "rank")) == {("verification", "head"), ("assessment", "head")}


@inside
def test_the_staff_tells_a_demo_from_a_real_installation() -> None:
    assert is_staffed()
    Member.objects.filter(user__username=USERNAMES[-1]).update(email="admin@kantor.example")
    assert not is_staffed()


@inside
def test_every_state_type_category_and_reason_but_the_rare_ones_is_shown() -> None:
    cases = Case.objects.all()
    assert set(cases.values_list("state", flat=True)) == {state.name for state in STATES}
    assert set(cases.exclude(type="").values_list("type", flat=True)) == set(Type.values)
    assert set(cases.exclude(category="").values_list("category", flat=True)) == set(Category.values)
    rare = {Reason.RETIRED, Reason.DECEASED}
    assert set(cases.exclude(reason="").values_list("reason", flat=True)) == set(Reason.values) - rare


@inside
def test_outcomes_and_the_registers_of_wise_are_shown() -> None:
    outcomes = {"terbukti", "terbukti-sebagian", "tidak-terbukti", "terjawab"}
    assert set(Case.objects.filter(state=S.DONE).values_list("outcome", flat=True)) == outcomes
    forwarded = Case.objects.filter(state=S.WISE).values_list("external_register", flat=True)
    assert sorted(map(bool, forwarded)) == [False, True]


@inside
def test_about_fifty_samples_most_of_them_at_the_two_small_offices() -> None:
    offices = Counter(Case.objects.values_list("office_id", flat=True))
    assert 45 <= offices.total() <= 60
    assert {code for code, _count in offices.most_common(2)} == {"130300", "110400"}
    assert {"130000", "110000", "001400", "130100", "120600", "020400"} <= offices.keys()


@inside
def test_nothing_happens_before_what_led_to_it_nor_ahead_of_now(demo: Demo) -> None:
    for case in Case.objects.prefetch_related("entries"):
        moments = [entry.at for entry in case.entries.all()]
        assert all(before <= after for before, after in pairwise(moments)), case.register
        assert case.received_at == moments[0]
        assert moments[-1] <= demo.now


@inside
def test_register_numbers_rise_with_the_time_of_filing() -> None:
    for office in set(Case.objects.values_list("office_id", flat=True)):
        filed = Case.objects.filter(office=office).order_by("received_at").values_list("register", flat=True)
        assert list(filed) == sorted(filed)


@inside
def test_some_cases_are_overdue_and_some_are_due_on_this_working_day(demo: Demo) -> None:
    zone = "Asia/Jakarta"
    today = working_days_back(office_calendar(zone), demo.now.astimezone(ZoneInfo(zone)).date(), 0)
    dues = [due for due in Case.objects.values_list("due", flat=True) if due]
    assert sum(due < demo.now - timedelta(days=1) for due in dues) >= 3
    assert sum(due.astimezone(ZoneInfo(zone)).date() == today for due in dues) >= 3


@inside
def test_a_request_for_data_stands_on_its_twelfth_day(demo: Demo) -> None:
    case = demo.walks["rumah-singgah-mewah"].case
    zone = ZoneInfo("Asia/Makassar")
    asked = case.since.astimezone(zone).date()
    assert case.state == S.WAITING
    assert demo.now.astimezone(zone).date() - asked == timedelta(days=12)


def ticket_of(walk: Walk) -> str:
    assert walk.ticket is not None
    return walk.ticket.grouped


@inside
def test_the_ticket_that_is_shown_opens_a_case_in_which_something_is_asked(demo: Demo) -> None:
    holder = find_by_text(ticket_of(demo.walks[SHOWN]))
    assert holder is not None
    tracked = Tracked(holder)
    assert tracked.state == S.WAITING
    assert "nomor dan tanggal surat penetapannya" in tracked.question


@inside
def test_complainant_and_staff_have_written_to_each_other(demo: Demo) -> None:
    holder = find_by_text(ticket_of(demo.walks["komentar-tidak-pantas"]))
    assert holder is not None
    assert [letter.mine for letter in Tracked(holder).conversation] == [False, True]


@inside
def test_a_complaint_about_the_head_of_an_office_is_numbered_one_level_up(demo: Demo) -> None:
    assert demo.walks["kepala-kantor-dilaporkan"].case.office_id == "130000"


@inside
def test_some_complainants_gave_a_name_and_most_did_not() -> None:
    named = Entry.objects.filter(kind="identity").values("case").distinct().count()
    assert 10 <= named <= Case.objects.count() - 10


@inside
def test_a_path_that_does_not_fit_the_procedure_is_named_with_its_sample(demo: Demo) -> None:
    walk = demo.walks["uang-rokok-di-dermaga"]
    with pytest.raises(Untold, match="uang-rokok-di-dermaga: dispose in DITERIMA"):
        walk.make(0, step("dispose"))


@inside
def test_a_move_for_which_nobody_is_there_is_named_with_its_sample(demo: Demo) -> None:
    walk = replace(demo.walks["uang-rokok-di-dermaga"], officers={})
    with pytest.raises(Untold, match="nobody for take"):
        walk.make(0, step("take"))


@inside
def test_a_move_without_its_words_is_named_with_its_sample(demo: Demo) -> None:
    walk = demo.walks["sikap-kasar-di-loket"]
    with pytest.raises(Untold, match="not_actionable needs reason"):
        walk.make(0, step("not_actionable"))


@inside
def test_a_ticket_that_finds_nothing_ends_a_walk(demo: Demo) -> None:
    walk = replace(demo.walks["sikap-kasar-di-loket"], ticket=vault.Ticket.draw())
    with pytest.raises(Untold, match="the ticket finds nothing"):
        walk.make(0, step("write"))


def test_every_path_is_gone_by_some_sample_and_every_sample_has_its_own_name() -> None:
    samples = load_samples()
    assert {sample.path for sample in samples} == set(PATHS)
    assert len({sample.id for sample in samples}) == len(samples)


@pytest.mark.parametrize("text", ["3", "3 weeks", "three days", ""])
def test_an_age_in_other_words_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="An age reads"):
        Age.parse(text)


NOWS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
ZONES = st.sampled_from(["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"])


@given(now=NOWS, zone=ZONES, count=st.integers(0, 70), days=st.integers(0, 9), working=st.booleans())
def test_a_step_lies_after_the_one_before_and_never_ahead(
    *, now: datetime, zone: str, count: int, days: int, working: bool
) -> None:
    clock = Clock(zone, now)
    filed = clock.ago(Age(count, working=working), time(9, 40))
    moved = clock.after(filed, days, variety=days)
    assert filed < moved < now


@given(now=NOWS, zone=ZONES)
def test_what_came_in_three_working_days_ago_is_due_on_this_working_day(*, now: datetime, zone: str) -> None:
    today = now.astimezone(ZoneInfo(zone)).date()
    filed = Clock(zone, now).ago(Age(3, working=True), time(9, 40))
    due = add_working_days(office_calendar(zone), filed, 3).astimezone(ZoneInfo(zone)).date()
    assert due == working_days_back(office_calendar(zone), today, 0)


def test_limits_are_wide_and_messages_end_in_the_data_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _forget(monkeypatch)
    monkeypatch.setenv("SIPUMA_DATA", str(tmp_path))
    assert set_surroundings() == tmp_path
    assert os.environ["SIPUMA_DEMO"] == "1"
    assert os.environ["SIPUMA_EMAIL_URL"] == f"file://{tmp_path}/mail"
    assert os.environ["SIPUMA_SMS_URL"] == f"file://{tmp_path}/sms.jsonl"
    assert os.environ["SIPUMA_FILINGS_PER_HOUR"] == "12000"


def test_what_an_operator_has_set_stays(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _forget(monkeypatch)
    monkeypatch.setenv("SIPUMA_DATA", str(tmp_path))
    monkeypatch.setenv("SIPUMA_MINIMUM_SECONDS", "9")
    monkeypatch.setenv("SIPUMA_EMAIL_URL_FILE", str(tmp_path / "address"))
    set_surroundings()
    assert os.environ["SIPUMA_MINIMUM_SECONDS"] == "9"
    assert "SIPUMA_EMAIL_URL" not in os.environ


def _forget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", {n: v for n, v in os.environ.items() if not n.startswith("SIPUMA_")})


def _sipuma(*arguments: str) -> "subprocess.Popen[str]":
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("SIPUMA_", "DJANGO_"))}
    return subprocess.Popen(
        [sys.executable, "-m", "sipuma.config.command", *arguments],
        env=kept | {"SIPUMA_ARGON_MEMORY_KIB": "1024"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _said(process: "subprocess.Popen[str]", last: str) -> list[str]:
    """Read what the process says up to a line that starts like `last`."""
    lines = []
    for line in process.stdout or ():
        lines.append(line.rstrip())
        if line.startswith(last):
            break
    return lines


def _ended(process: "subprocess.Popen[str]") -> tuple[int, str]:
    said, _errors = process.communicate(timeout=PATIENCE_SECONDS)
    return process.returncode, said


def test_a_demo_killed_halfway_is_made_afresh_and_a_made_one_is_kept(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "pepper").write_text("of the first try")
    (tmp_path / "demo-unfinished").touch()
    first = _served(tmp_path)
    assert "The demo was stopped while it was being made. It is made afresh." in first
    assert not (tmp_path / "demo-unfinished").exists()
    assert {path.stem for path in (tmp_path / "kits").iterdir()} >= {"organisation", "tickets"}
    assert list((tmp_path / "mail").glob("*.eml"))
    second = _served(tmp_path)
    assert not any("afresh" in line for line in second)
    assert _ticket(first) == _ticket(second)


def _ticket(said: list[str]) -> str:
    return next(line for line in said if "with the ticket" in line).split()[-1]


def _served(data: Path) -> list[str]:
    """Start the demo, see that its home page answers, stop it, and return what it said."""
    port = _free_port()
    process = _sipuma("demo", "--data", str(data), "--port", str(port))
    try:
        lines = _said(process, "SIPUMA ready")
        assert lines[-1] == f"SIPUMA ready at http://127.0.0.1:{port}"
        home = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
        home.request("GET", "/")
        assert home.getresponse().status == http.client.OK
        home.close()
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE_SECONDS)
    return lines


def test_a_real_installation_is_left_alone(tmp_path: Path) -> None:
    assert _ended(_sipuma("init", "--data", str(tmp_path)))[0] == 0
    pepper = (tmp_path / "secrets" / "pepper").read_text()
    code, said = _ended(_sipuma("demo", "--data", str(tmp_path), "--port", str(_free_port())))
    assert code == 2
    assert said.endswith("holds an installation that isn't a demo: choose another folder with --data.\n")
    assert (tmp_path / "secrets" / "pepper").read_text() == pepper


def test_a_port_in_use_is_said_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, said = _ended(_sipuma("demo", "--data", str(tmp_path), "--port", str(port)))
    assert code == 2
    assert said == (
        f"Port {port} of 127.0.0.1 can't be used (Address already in use): choose another with --port.\n"
    )


def test_a_port_that_does_not_exist_is_said_in_one_line(tmp_path: Path) -> None:
    code, said = _ended(_sipuma("demo", "--data", str(tmp_path), "--port", "70000"))
    assert (code, said) == (2, "There is no port 70000: choose one up to 65535 with --port.\n")


def test_a_folder_that_can_not_be_written_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    code, said = _ended(_sipuma("demo", "--data", str(tmp_path / "file"), "--port", str(_free_port())))
    assert code == 2
    assert said == f"{tmp_path}/file can't be written (File exists): choose another folder with --data.\n"


def test_plain_http_for_other_machines_is_refused(tmp_path: Path) -> None:
    code, said = _ended(_sipuma("demo", "--data", str(tmp_path), "--host", "0.0.0.0"))  # noqa: S104
    assert code == 2
    assert "Plain http is served on loopback only." in said
