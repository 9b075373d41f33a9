"""Places in the queue and spans of its due filter."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sipuma.cases.models import Case
from sipuma.workspace.queue import Cursor, Wanted
from sipuma.workspace.views.queue import spans
from tests.world import World

NOW = datetime(2026, 11, 23, 3, 30, tzinfo=UTC)  # 10.30 at Sabang


MOMENTS = st.integers(0, 4 * 10**15).map(
    lambda micros: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)
)


@given(MOMENTS, st.integers(1, 2**60))
def test_a_place_reads_back_to_the_microsecond(due: datetime, pk: int) -> None:
    assert Cursor.parse(Cursor.at(Case(pk=pk, due=due))) == Cursor(due, pk)


def test_a_place_in_the_list_of_all_has_no_due_date() -> None:
    assert Cursor.parse(Cursor.at(Case(pk=7, due=None)), backwards=True) == Cursor(None, 7, backwards=True)


@pytest.mark.parametrize("text", ["", "-", "x-1", "1-x", "1", "9" * 400 + "-1"])
def test_what_is_no_place_is_none(text: str) -> None:
    assert Cursor.parse(text) is None


def test_without_a_place_the_list_runs_forwards() -> None:
    assert not Wanted().backwards
    assert Wanted(cursor=Cursor(NOW, 1, backwards=True)).backwards


def test_a_day_ends_at_midnight_of_the_members_office(world: World) -> None:
    found = spans(world.officer("verifikator"), NOW)
    midnight = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    assert found["overdue"] == (None, NOW)
    assert found["today"] == (NOW, midnight)
    assert found["week"] == (NOW, midnight + timedelta(days=6))
