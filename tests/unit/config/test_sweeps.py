"""The worker's table of sweeps: one that fails is reported, and the others go on."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from threading import Event

import pytest
from django.db import DatabaseError
from structlog.testing import capture_logs

from sipuma.config import sweeps
from sipuma.config.sweeps import SWEEPS, Sweep, run_sweep, truncate_wal, work
from sipuma.outbox.models import SweepRun

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeps, "_reported", {})


@dataclass
class Clock:
    """A clock that stands until it is set; it stands in for the module `time`."""

    seconds: float = 0

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Give the sweeps a clock of their own."""
    clock = Clock()
    monkeypatch.setattr(sweeps, "time", clock)
    return clock


def failing() -> None:
    raise RuntimeError("isi perkara")


def sweep(run: Callable[[], object], name: str = "trial", seconds: float = 0) -> Sweep:
    return Sweep(name, timedelta(seconds=seconds), run)


def reported(name: str = "trial") -> SweepRun:
    return SweepRun.objects.get(pk=name)


# SQLite truncates its log outside of a transaction only, which the next test is.
@pytest.mark.parametrize(
    "each", [each for each in SWEEPS if each.run is not truncate_wal], ids=lambda each: each.name
)
def test_each_sweep_runs_where_there_is_nothing_to_do_and_again(each: Sweep) -> None:
    for _ in range(2):
        run_sweep(each)
    assert reported(each.name).error == ""


@pytest.mark.django_db(transaction=True)
def test_the_write_ahead_log_can_be_truncated_outside_of_a_transaction() -> None:
    run_sweep(next(each for each in SWEEPS if each.run is truncate_wal))
    assert reported("wal").error == ""


def test_names_are_unique_and_fit_their_column() -> None:
    names = [each.name for each in SWEEPS]
    assert len(set(names)) == len(names)
    assert all(
        len(name) <= 30 and each.period > timedelta(0) for name, each in zip(names, SWEEPS, strict=True)
    )


def test_a_sweep_that_fails_is_reported_by_its_kind_and_raises_nothing() -> None:
    with capture_logs() as lines:
        run_sweep(sweep(failing))
    assert reported().error == "RuntimeError"
    assert [(line["event"], line["sweep"]) for line in lines] == [("sweep failed", "trial")]


def test_the_report_of_a_failure_holds_nothing_of_its_text() -> None:
    run_sweep(sweep(failing))
    assert "perkara" not in str(SweepRun.objects.values_list())


def test_an_error_is_reported_at_once_and_gone_at_once(clock: Clock) -> None:
    for run, error in ((int, ""), (failing, "RuntimeError"), (int, "")):
        run_sweep(sweep(run))
        assert reported().error == error


def test_a_quick_sweep_is_reported_once_a_minute(clock: Clock) -> None:
    run_sweep(sweep(int))
    first = reported().finished_at
    assert first is not None
    clock.seconds = 59
    run_sweep(sweep(int))
    assert reported().finished_at == first
    clock.seconds = 61
    run_sweep(sweep(int))
    later = reported().finished_at
    assert later is not None
    assert later > first


def test_a_report_that_cannot_be_written_stops_nobody_and_is_written_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(**_values: object) -> None:
        raise DatabaseError

    with monkeypatch.context() as patch:
        patch.setattr(SweepRun.objects, "update_or_create", refuse)
        run_sweep(sweep(int))
    assert not SweepRun.objects.exists()
    run_sweep(sweep(int))
    assert reported().error == ""


def test_the_worker_goes_on_with_the_other_sweeps_when_one_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    stop = Event()
    seen: list[int] = []

    def count() -> None:
        seen.append(len(seen))
        if len(seen) == 3:
            stop.set()

    monkeypatch.setattr(sweeps, "close_old_connections", lambda: None)
    monkeypatch.setattr(sweeps, "TICK_SECONDS", 0.01)
    monkeypatch.setattr("sipuma.config.sweeps.random.random", lambda: 0)
    monkeypatch.setattr(sweeps, "SWEEPS", (sweep(failing, "bad"), sweep(count, "good")))
    work(stop)
    assert seen == [0, 1, 2]
    assert (reported("bad").error, reported("good").error) == ("RuntimeError", "")


def test_each_sweep_keeps_its_own_rhythm(monkeypatch: pytest.MonkeyPatch) -> None:
    stop, runs = Event(), {"often": 0, "seldom": 0}

    def often() -> None:
        runs["often"] += 1
        if runs["often"] == 5:
            stop.set()

    def seldom() -> None:
        runs["seldom"] += 1

    monkeypatch.setattr(sweeps, "close_old_connections", lambda: None)
    monkeypatch.setattr(sweeps, "TICK_SECONDS", 0.001)
    monkeypatch.setattr("sipuma.config.sweeps.random.random", lambda: 0)
    table = (sweep(often, "often"), replace(sweep(seldom, "seldom"), period=timedelta(hours=1)))
    monkeypatch.setattr(sweeps, "SWEEPS", table)
    work(stop)
    assert runs == {"often": 5, "seldom": 1}


def test_a_worker_that_is_told_to_stop_before_it_starts_runs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    stop = Event()
    stop.set()
    monkeypatch.setattr(sweeps, "SWEEPS", (sweep(failing),))
    work(stop)
    assert not SweepRun.objects.exists()
