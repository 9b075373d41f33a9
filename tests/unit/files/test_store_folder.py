"""The storage in a folder: the contract, and what is particular to a disk."""

import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from errno import EBADF, ENOSPC
from pathlib import Path
from stat import S_IMODE

import pytest
from django.conf import settings

from sipuma.files.folder import Folder
from sipuma.files.store import Store, Unavailable, store, store_at
from tests.unit.files.store_contract import MIB, StoreContract, a_name, begin_elsewhere, names, put, refused

FULL = os.strerror(ENOSPC)
NO_MOUNT = 77


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "with space" / "files"


@pytest.fixture
def url(root: Path) -> str:
    return root.as_uri()


@pytest.fixture
def folder(url: str) -> Store:
    return store_at(url)


class TestFolder(StoreContract):
    """The contract, kept by a folder."""


def modes(root: Path) -> set[tuple[bool, str]]:
    return {(path.is_dir(), f"{S_IMODE(path.stat().st_mode):o}") for path in [root, *root.rglob("*")]}


def test_without_a_setting_files_lie_in_the_data_folder() -> None:
    name = a_name()
    put(store(), name, b"content")
    path = settings.SIPUMA.data / "files" / name[:2] / name[2:4] / name
    assert path.read_bytes() == b"content"
    assert store() is store()


def test_only_the_owner_can_read_whatever_the_umask(root: Path, folder: Store) -> None:
    before = os.umask(0)
    try:
        put(folder, a_name(), b"content")
    finally:
        os.umask(before)
    assert modes(root) == {(True, "700"), (False, "600")}


def test_a_root_opened_to_a_group_opens_what_is_made_in_it(root: Path) -> None:
    root.mkdir(parents=True)
    root.chmod(0o2770)
    put(store_at(root.as_uri()), a_name(), b"content")
    assert modes(root) == {(True, "2770"), (False, "660")}


def test_the_sweep_takes_only_what_was_not_written_to_since(root: Path, url: str, folder: Store) -> None:
    with begin_elsewhere(url, a_name(), MIB) as process:
        process.kill()
    running = folder.create(a_name())
    running.write(b"still at it")
    [left] = [path for path in (root / "incoming").iterdir() if path.stat().st_size == MIB]
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    os.utime(left, (0, an_hour_ago.timestamp() - 1))
    assert folder.sweep_unfinished(older_than=an_hour_ago) == 1
    assert not left.exists()
    running.commit()


def test_other_files_in_the_folder_are_not_ours(root: Path, folder: Store) -> None:
    name = a_name()
    put(folder, name, b"content")
    (root / "README").write_text("a note")
    (root / name[:2] / name[2:4] / "lost+found").mkdir()
    assert names(folder) == {name}


def test_the_free_room_is_the_disk_s(root: Path, folder: Store) -> None:
    free = folder.free_bytes()
    assert free is not None
    assert abs(free - shutil.disk_usage(root).free) < 1024 * MIB


def test_a_full_disk_is_told_and_leaves_room_again(tmp_path: Path) -> None:
    small, name = tmp_path / "small", a_name()
    small.mkdir()
    mount = f"mount -t tmpfs -o size=2m none {small} || exit {NO_MOUNT}"
    command = ["unshare", "--map-root-user", "--mount", "sh", "-c", f'{mount}; exec "$@"', "sh"]
    overfill = [sys.executable, "-m", "tests.unit.files.store_process", "overfill"]
    done = subprocess.run(
        [*command, *overfill, small.as_uri(), name, str(4 * MIB)], check=False, capture_output=True, text=True
    )
    if done.returncode == NO_MOUNT or done.stderr.startswith("unshare:"):
        pytest.skip("this machine lets nobody make a small disk")
    told, listed, free = done.stdout.splitlines()
    assert told == f"the storage can't be used: {FULL}"
    assert listed == f"{name} 10"
    assert int(free) > MIB


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_disk_that_fails_at_the_last_moment_leaves_nothing(
    root: Path, folder: Store, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    incoming = folder.create(a_name())
    incoming.write(b"content")

    def full(*_args: object) -> None:
        raise OSError(ENOSPC, FULL)

    with monkeypatch.context() as patch:
        patch.setattr(os if call == "fsync" else Path, call, full)
        assert FULL in refused(incoming.commit)
        incoming.abort()
    assert [path for path in root.rglob("*") if path.is_file()] == []


def test_a_commit_is_on_the_disk_before_it_is_visible(
    root: Path, folder: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, steps, fsync, replace = a_name(), list[str](), os.fsync, Path.replace

    def synced(file: int) -> None:
        path = Path(f"/proc/self/fd/{file}").readlink()
        steps.append(path.suffix or str(path.relative_to(root.parent)))
        fsync(file)

    def replaced(self: Path, target: Path) -> Path:
        steps.append("replace")
        return replace(self, target)

    put(folder, name[:4] + a_name()[4:], b"its folders are there")
    incoming = folder.create(name)
    incoming.write(b"content")
    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", replaced)
    incoming.commit()
    assert steps == [
        ".part", "replace", f"files/{name[:2]}/{name[2:4]}", f"files/{name[:2]}", "files",
    ]  # fmt: skip


def test_a_broken_disk_is_told_without_a_path(folder: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    name = a_name()
    put(folder, name, b"content")
    file = folder.open(name)
    closed = os.open(os.devnull, os.O_WRONLY)
    os.dup2(closed, file.fileno())  # reading from it fails now
    os.close(closed)
    said = {refused(file.read), refused(file.read, 3)}
    file.close()
    assert said == {f"the storage can't be used: {os.strerror(EBADF)}"}


def test_a_folder_that_went_away_is_told_and_not_taken_for_an_empty_one(root: Path, folder: Store) -> None:
    name = a_name()
    put(folder, name, b"content")
    shutil.rmtree(root)
    for use in (folder.free_bytes, lambda: list(folder.names()), lambda: folder.open(name)):
        assert str(root) not in refused(use)


def test_a_folder_with_something_in_its_way_is_told(root: Path, folder: Store) -> None:
    (root / "incoming").write_text("not a folder")
    assert str(root) not in refused(folder.create, a_name())


@pytest.mark.parametrize(
    "address",
    [
        "files",
        "/srv/files",
        "file:files",
        "file://host/srv/files",
        "ftp://key:rahasia@host/b",
        "file://[::/x",
    ],
)
def test_an_address_that_can_t_be_is_refused_without_repeating_it(address: str) -> None:
    assert "rahasia" not in refused(store_at, address)


def test_a_folder_that_can_t_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Unavailable):
        Folder(tmp_path / "file" / "files")
