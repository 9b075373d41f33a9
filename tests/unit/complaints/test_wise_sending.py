"""A package's way to WISE: into a folder whole or not at all, again until it is there, once a case."""

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from sipuma import vault
from sipuma.cases.models import Entry
from sipuma.complaints.models import Dispatch
from sipuma.complaints.wise import adapters, making, sending
from sipuma.complaints.wise.adapters import FileDrop, Package, adapter_of
from sipuma.complaints.wise.gathering import content_of
from sipuma.complaints.wise.sending import send_waiting
from tests.ways import Walker
from tests.world import KI, Complaint, FileCase, World

LATER = timedelta(hours=2)


@dataclass
class FakeWise:
    """Answers with the same number for the same case; `failures` says how often it is away before."""

    failures: int = 0
    number: str = "WISE-2026-7"
    got: list[Package] = field(default_factory=list)

    def forward(self, package: Package) -> str | None:
        if self.failures:
            self.failures -= 1
            raise ConnectionError
        self.got.append(package)
        return self.number


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeWise:
    wise = FakeWise()
    monkeypatch.setattr(adapters, "ADAPTERS", {"fake": lambda _address: wise})
    monkeypatch.setattr(settings, "SIPUMA", settings.SIPUMA.model_copy(update={"wise_url": "fake://wise"}))
    return wise


@pytest.fixture
def drop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "kotak wise"
    folder.mkdir()
    url = folder.as_uri()
    monkeypatch.setattr(settings, "SIPUMA", settings.SIPUMA.model_copy(update={"wise_url": url}))
    return folder


Make = Callable[[Complaint], Package]


@pytest.fixture
def make(world: World) -> Make:
    """Return a function that makes the package of a case as the PYB does, forwarding it first."""

    def made(complaint: Complaint) -> Package:
        if complaint.now().state != "DITERUSKAN_WISE":
            walker = Walker(world, complaint)
            walker.verified()
            walker.step("route_pyb", "verifikator")
            walker.step("forward_wise", "pyb", KI)
        officer, case = world.officer("pyb", KI), complaint.now()
        said = content_of(case, officer, at=timezone.now())
        password = vault.ZipPassword.draw()
        return making.make(case, said, b"%PDF", password=password, schema_address="", by=officer).package

    return made


def dispatch_of(complaint: Complaint) -> Dispatch:
    return Dispatch.objects.get(case=complaint.case)


def test_without_an_address_nothing_is_sent_or_kept(file_case: FileCase, make: Make) -> None:
    make(file_case())
    assert adapter_of("") is None
    assert send_waiting() == 0
    assert not Dispatch.objects.exists()


def test_a_package_lands_in_the_folder_under_its_register_and_its_copy_is_erased(
    file_case: FileCase, make: Make, drop: Path
) -> None:
    complaint = file_case()
    package = make(complaint)
    assert send_waiting() == 1
    landed = drop / f"sipuma-{complaint.case.register}.zip"
    assert list(drop.iterdir()) == [landed]
    assert landed.read_bytes() == package.content
    assert stat.S_IMODE(landed.stat().st_mode) == 0o640
    row = dispatch_of(complaint)
    assert row.content is None
    assert row.delivered_at is not None
    assert row.sha256 == sha256(package.content).hexdigest()
    assert send_waiting() == 0


def test_made_again_it_takes_the_place_of_the_first(file_case: FileCase, make: Make, drop: Path) -> None:
    complaint = file_case()
    make(complaint)
    send_waiting()
    second = make(complaint)
    assert send_waiting() == 1
    assert [one.read_bytes() for one in drop.iterdir()] == [second.content]
    assert Dispatch.objects.filter(case=complaint.case).count() == 1
    assert Entry.objects.filter(case=complaint.case, kind=making.PACKAGE_MADE).count() == 2


def test_a_folder_that_is_away_is_tried_again_later_and_says_so(
    file_case: FileCase, make: Make, drop: Path
) -> None:
    complaint = file_case()
    make(complaint)
    drop.rmdir()
    assert send_waiting() == 0
    row = dispatch_of(complaint)
    assert (row.attempts, row.error) == (1, "FileNotFoundError")
    assert send_waiting() == 0  # its time has not come
    drop.mkdir()
    with time_machine.travel(timezone.now() + LATER):
        assert send_waiting() == 1
    assert dispatch_of(complaint).error == ""


def test_what_can_not_be_finished_leaves_nothing_behind(drop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "no space")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        FileDrop(drop).forward(Package("130300-2026-000001", b"isi"))
    assert list(drop.iterdir()) == []


def test_a_worker_that_dies_on_the_way_leaves_the_package_to_the_next(
    file_case: FileCase, make: Make, fake: FakeWise, monkeypatch: pytest.MonkeyPatch
) -> None:
    complaint = file_case()
    make(complaint)

    def killed(_self: FakeWise, _package: Package) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(FakeWise, "forward", killed)
        with pytest.raises(KeyboardInterrupt):
            send_waiting()
    assert send_waiting() == 0  # still in the hands of the one that died, for all one knows
    with time_machine.travel(timezone.now() + LATER):
        assert send_waiting() == 1
    assert len(fake.got) == 1


def test_what_another_worker_has_in_hand_is_left_alone(
    file_case: FileCase, make: Make, fake: FakeWise, monkeypatch: pytest.MonkeyPatch
) -> None:
    complaint = file_case()
    make(complaint)
    seen: list[int] = []

    def again(_self: FakeWise, _package: Package) -> None:
        seen.append(send_waiting())
        Dispatch.objects.update(next_at=timezone.now())  # as a worker that read the row before it was taken

    monkeypatch.setattr(FakeWise, "forward", again)
    assert send_waiting() == 1
    assert seen == [0]


def test_a_row_that_was_read_before_another_worker_took_it_is_not_sent(
    file_case: FileCase, make: Make, fake: FakeWise
) -> None:
    complaint = file_case()
    make(complaint)
    read_before = dispatch_of(complaint)
    fake.failures = 1
    send_waiting()
    assert not sending._send(read_before, fake)
    assert fake.got == []


def test_a_package_made_while_the_older_one_is_on_its_way_is_sent_as_well(
    file_case: FileCase, make: Make, fake: FakeWise, monkeypatch: pytest.MonkeyPatch
) -> None:
    complaint = file_case()
    make(complaint)
    newer: list[Package] = []

    def meanwhile(_self: FakeWise, _package: Package) -> None:
        newer.append(make(complaint))

    with monkeypatch.context() as patch:
        patch.setattr(FakeWise, "forward", meanwhile)
        assert send_waiting() == 0
    assert send_waiting() == 1
    assert [one.content for one in fake.got] == [newer[0].content]


def test_a_number_that_wise_answers_with_is_recorded_and_told_once(
    file_case: FileCase, make: Make, fake: FakeWise
) -> None:
    complaint = file_case()
    fake.failures = 1
    make(complaint)
    assert send_waiting() == 0
    with time_machine.travel(timezone.now() + LATER):
        assert send_waiting() == 1
    case = complaint.now()
    assert case.external_register == "WISE-2026-7"
    make(complaint)
    assert send_waiting() == 1
    told = Entry.objects.filter(case=case, kind="message", author="system")
    assert told.count() == 1


def test_another_number_than_the_one_recorded_changes_nothing(
    file_case: FileCase, make: Make, fake: FakeWise
) -> None:
    complaint = file_case()
    make(complaint)
    send_waiting()
    fake.number = "WISE-2026-8"
    make(complaint)
    assert send_waiting() == 1
    assert complaint.now().external_register == "WISE-2026-7"


def test_a_package_never_shows_its_content_in_a_log() -> None:
    assert "rahasia" not in repr(replace(Package("1", b""), content=b"rahasia"))
