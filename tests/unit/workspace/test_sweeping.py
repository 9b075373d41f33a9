"""The sweep of orphans removes litter, and nothing when the storage is another database's."""

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from sipuma.files.store import store
from sipuma.workspace.uploads import sweeping
from sipuma.workspace.uploads.sweeping import StrangeStorage, sweep_orphans

LATER = timedelta(hours=49)


@pytest.fixture(autouse=True)
def litter(db: None) -> Iterator[set[str]]:
    """Store three objects that no row names."""
    for one in list(store().names()):
        store().delete(one.name)
    names = {uuid.uuid4().hex for _one in range(3)}
    for name in names:
        incoming = store().create(name)
        incoming.write(b"x")
        incoming.commit()
    yield names
    for name in names:
        store().delete(name)


def stored() -> set[str]:
    return {one.name for one in store().names()}


def test_litter_of_two_days_is_removed(litter: set[str]) -> None:
    assert sweep_orphans(at=timezone.now() + timedelta(hours=47)) == 0
    assert stored() == litter
    assert sweep_orphans(at=timezone.now() + LATER) == 3
    assert stored() == set()


def test_where_most_is_unknown_nothing_is_removed(litter: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "MOST", 2)
    with pytest.raises(StrangeStorage):
        sweep_orphans(at=timezone.now() + LATER)
    assert stored() == litter
