"""What every storage must do, as tests; each storage runs them with its own `url` fixture."""

import random
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Concatenate, ParamSpec
from uuid import uuid4

import pytest

from sipuma.files.store import Store, Unavailable, store_at

MIB = 2**20
WRITERS = 24
P = ParamSpec("P")


def a_name() -> str:
    return uuid4().hex


def a_content(size: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)  # noqa: S311  # the same bytes on every run


def put(kept: Store, name: str, content: bytes, *, at_once: int = MIB) -> None:
    incoming = kept.create(name)
    for start in range(0, len(content), at_once):
        incoming.write(content[start : start + at_once])
    incoming.commit()


def get(kept: Store, name: str) -> bytes:
    with kept.open(name) as file:
        return file.read()


def names(kept: Store) -> set[str]:
    return {found.name for found in kept.names()}


def begin_elsewhere(url: str, name: str, size: int) -> "subprocess.Popen[bytes]":
    """Start a process that has written so many bytes when this returns, and waits."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.unit.files.store_process", "begin", url, name, str(size)],
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"written\n"
    return process


class StoreContract:
    """The tests; nothing of one is left for the next, so each may look at all names."""

    @pytest.fixture
    def kept(self, url: str) -> Store:
        kept = store_at(url)
        for found in list(kept.names()):
            kept.delete(found.name)
        kept.sweep_unfinished(older_than=in_an_hour())
        return kept

    @pytest.mark.parametrize("size", [0, 1, 8 * MIB - 1, 8 * MIB, 8 * MIB + 1, 17 * MIB])
    def test_what_was_committed_comes_back_and_is_listed_with_its_size_and_time(
        self, kept: Store, size: int
    ) -> None:
        name, content, before = a_name(), a_content(size), datetime.now(UTC)
        put(kept, name, content)
        assert get(kept, name) == content
        [found] = kept.names()
        assert (found.name, found.size) == (name, size)
        assert before - timedelta(seconds=2) <= found.modified <= datetime.now(UTC) + timedelta(seconds=2)

    def test_bytes_written_at_once_or_in_odd_pieces_are_the_same_object(self, kept: Store) -> None:
        content = a_content(9 * MIB)
        whole, pieces = a_name(), a_name()
        put(kept, whole, content, at_once=len(content))
        put(kept, pieces, content, at_once=999_983)
        assert get(kept, whole) == get(kept, pieces) == content

    @pytest.mark.parametrize("size", [100, 9 * MIB])
    def test_nothing_is_there_before_the_commit_nor_after_an_abort(self, kept: Store, size: int) -> None:
        name = a_name()
        incoming = kept.create(name)
        incoming.write(a_content(size))
        assert_absent(kept, name)
        incoming.abort()
        incoming.abort()
        assert_absent(kept, name)
        assert kept.sweep_unfinished(older_than=in_an_hour()) == 0

    @pytest.mark.parametrize("size", [100, 9 * MIB])
    def test_an_abort_after_the_commit_does_nothing(self, kept: Store, size: int) -> None:
        name = a_name()
        incoming = kept.create(name)
        incoming.write(a_content(size))
        incoming.commit()
        incoming.abort()
        assert get(kept, name) == a_content(size)

    @pytest.mark.parametrize("end", ["commit", "abort"])
    def test_an_object_that_is_over_takes_nothing_more(self, kept: Store, end: str) -> None:
        incoming = kept.create(a_name())
        getattr(incoming, end)()
        with pytest.raises(ValueError, match=r"closed|committed or aborted"):
            incoming.write(b"more")
        with pytest.raises(ValueError, match=r"closed|committed or aborted"):
            incoming.commit()

    def test_a_name_that_is_not_there_can_be_deleted_but_not_opened(self, kept: Store) -> None:
        name = a_name()
        kept.delete(name)
        assert_absent(kept, name)

    def test_a_deleted_object_is_gone(self, kept: Store) -> None:
        stays, goes = a_name(), a_name()
        for name in (stays, goes):
            put(kept, name, a_content(9 * MIB))
        kept.delete(goes)
        assert_absent(kept, goes)
        assert names(kept) == {stays}

    def test_segments_have_names_of_their_own(self, kept: Store) -> None:
        name = a_name()
        segments = [f"{name}.{number}" for number in (0, 1, 12)]
        for segment in segments:
            put(kept, segment, segment.encode())
        assert [get(kept, segment) for segment in segments] == [segment.encode() for segment in segments]
        assert_absent(kept, name)
        assert names(kept) == set(segments)

    @pytest.mark.parametrize(
        "name",
        ["", "ab", "../" * 4 + "a" * 20, "A" * 32, "g" * 32, "a" * 33, "a" * 32 + ".", "a" * 32 + ".x",
         "a" * 32 + ".1.2", "a" * 32 + "\n", "a" * 32 + ".٣", "/" + "a" * 31, "incoming"],
    )  # fmt: skip
    def test_a_name_of_another_form_is_refused(self, kept: Store, name: str) -> None:
        for use in (kept.create, kept.open, kept.delete):
            with pytest.raises(ValueError, match="32 hexadecimal digits"):
                use(name)

    def test_a_file_seeks_and_reads_like_any_other(self, kept: Store) -> None:
        name, content = a_name(), a_content(9 * MIB)
        put(kept, name, content)
        with kept.open(name) as file:
            assert (file.readable(), file.seekable()) == (True, True)
            assert file.seek(-10, 2) == len(content) - 10
            assert file.read(100) == content[-10:]
            assert file.read(1) == b""
            assert file.seek(5 * MIB) == 5 * MIB
            assert file.read(3) == content[5 * MIB : 5 * MIB + 3]
            assert file.seek(7, 1) == file.tell() == 5 * MIB + 10
            assert file.read(2 * MIB) == content[5 * MIB + 10 : 7 * MIB + 10]
            assert file.read() == content[7 * MIB + 10 :]
            assert file.seek(100, 2) == len(content) + 100
            assert file.read() == b""
            with pytest.raises((ValueError, OSError, Unavailable)):
                file.seek(-1)

    def test_many_writers_at_once_do_not_disturb_each_other(self, kept: Store) -> None:
        contents = {a_name(): a_content(MIB // 2 + seed * 1000, seed) for seed in range(WRITERS - 2)}
        contents |= {a_name(): a_content(9 * MIB, seed) for seed in (98, 99)}

        def there_and_back(name: str) -> bytes:
            put(kept, name, contents[name], at_once=65_536)
            return get(kept, name)

        with ThreadPoolExecutor(WRITERS) as threads:
            assert dict(zip(contents, threads.map(there_and_back, contents), strict=True)) == contents
        assert names(kept) == set(contents)

    @pytest.mark.parametrize("size", [100, 9 * MIB])
    def test_of_two_writers_of_one_name_the_last_to_commit_wins_whole(self, kept: Store, size: int) -> None:
        name, first, second = a_name(), a_content(size, 1), a_content(size - 50, 2)
        one, other = kept.create(name), kept.create(name)
        one.write(first)
        other.write(second)
        other.commit()
        assert get(kept, name) == second
        one.commit()
        assert get(kept, name) == first
        assert len(list(kept.names())) == 1

    @pytest.mark.parametrize("size", [100, 9 * MIB])
    def test_of_two_writers_of_one_name_an_abort_leaves_the_other_alone(self, kept: Store, size: int) -> None:
        name = a_name()
        one, other = kept.create(name), kept.create(name)
        one.write(a_content(size, 1))
        other.write(a_content(size, 2))
        one.abort()
        other.commit()
        assert get(kept, name) == a_content(size, 2)

    def test_a_writer_killed_in_the_middle_leaves_nothing_but_what_the_sweep_removes(
        self, kept: Store, url: str
    ) -> None:
        name, before = a_name(), datetime.now(UTC) - timedelta(minutes=1)
        with begin_elsewhere(url, name, 20 * MIB) as process:
            process.kill()
        assert process.returncode == -signal.SIGKILL
        assert_absent(kept, name)
        assert kept.sweep_unfinished(older_than=before) == 0
        assert kept.sweep_unfinished(older_than=in_an_hour()) == 1
        assert kept.sweep_unfinished(older_than=in_an_hour()) == 0
        assert_absent(kept, name)

    def test_an_upload_swept_under_its_writer_is_never_half_there(self, kept: Store) -> None:
        name = a_name()
        incoming = kept.create(name)
        incoming.write(a_content(9 * MIB))
        assert kept.sweep_unfinished(older_than=in_an_hour()) == 1
        with pytest.raises(Unavailable):
            incoming.commit()
        incoming.abort()
        assert_absent(kept, name)

    def test_a_hundred_mebibytes_pass_in_flat_memory(self, kept: Store, url: str) -> None:
        command = [sys.executable, "-m", "tests.unit.files.store_process", "measure"]
        done = subprocess.run([*command, url, a_name(), str(100 * MIB)], check=True, capture_output=True)
        assert int(done.stdout) < 40 * MIB
        assert [found.size for found in kept.names()] == [100 * MIB]


def in_an_hour() -> datetime:
    return datetime.now(UTC) + timedelta(hours=1)


def assert_absent(kept: Store, name: str) -> None:
    with pytest.raises(FileNotFoundError):
        kept.open(name)
    assert name not in names(kept)


def refused(call: Callable[Concatenate[P], object], *args: P.args, **kwargs: P.kwargs) -> str:
    """Return what the storage says when it is unavailable."""
    with pytest.raises(Unavailable) as caught:
        call(*args, **kwargs)
    return str(caught.value)
