"""The secrets folder: for its owner only, never overwritten, delivery keys that come and go."""

import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sipuma import safe, vault
from sipuma.safe import MissingSecret, Safe

NAMES = {
    "pepper",
    "draft.key",
    "django.key",
    "organisation.pub",
    "contact.pub",
    "delivery.pub",
    "worker/contact.key",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "secrets"


@pytest.fixture
def home(folder: Path) -> Safe:
    made = Safe(folder)
    made.create(vault.SigningKey.generate().verify_key)
    return made


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def files(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_every_secret_is_for_its_owner_alone_whatever_the_umask(folder: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        Safe(folder).create(vault.SigningKey.generate().verify_key)
    finally:
        os.umask(before)
    assert {mode(path) for path in files(folder) if path.suffix != ".pub"} == {0o600}
    # Public keys may be read by the group, and are changed by nobody else.
    assert {mode(path) & ~0o640 for path in files(folder)} == {0}
    assert mode(folder) == mode(folder / "worker") == 0o700


def test_creation_makes_exactly_the_documented_files_and_leaves_nothing_beside_them(
    home: Safe, folder: Path
) -> None:
    made = {str(path.relative_to(folder)) for path in files(folder)}
    assert made - NAMES == {f"worker/delivery-{home.delivery.id}.key"}
    assert made >= NAMES


def test_an_installation_is_never_overwritten(home: Safe, folder: Path) -> None:
    before = {path: path.read_bytes() for path in files(folder)}
    with pytest.raises(FileExistsError):
        home.create(vault.SigningKey.generate().verify_key)
    assert {path: path.read_bytes() for path in files(folder)} == before


def test_an_interrupted_creation_can_be_finished(home: Safe, folder: Path) -> None:
    (folder / "pepper").unlink()  # the last file that creation writes
    key = vault.SigningKey.generate().verify_key
    Safe(folder).create(key)
    assert Safe(folder).organisation == key


def test_the_halves_of_the_contact_key_belong_together(home: Safe) -> None:
    assert home.contact_private.public.raw == home.contact_public.raw
    assert len(home.pepper) == 32
    assert [len(key) for key in home.draft_keys] == [32]


def test_old_draft_keys_stay_readable_behind_the_newest(home: Safe, folder: Path) -> None:
    old = home.draft_keys[0]
    (folder / "draft.key").write_text(f"{'ab' * 32}\n{old.hex()}\n")
    assert Safe(folder).draft_keys == (bytes.fromhex("ab" * 32), old)


def test_rotation_changes_the_key_and_keeps_the_one_before(home: Safe) -> None:
    before = home.delivery
    after = home.rotate_delivery()
    assert home.delivery.id == after.id != before.id
    assert home.delivery_private(before.id).public.raw == before.public.raw
    assert home.delivery_private(after.id).public.raw == after.public.raw


def test_destruction_spares_the_named_keys_and_todays(home: Safe) -> None:
    first = home.delivery
    second, third = home.rotate_delivery(), home.rotate_delivery()
    assert home.destroy_deliveries(keep=frozenset({second.id})) == 1
    for kept in (second, third):
        assert home.delivery_private(kept.id).public.raw == kept.public.raw
    with pytest.raises(MissingSecret):
        home.delivery_private(first.id)


def test_destruction_overwrites_the_key_before_it_unlinks_it(home: Safe, folder: Path) -> None:
    path = folder / "worker" / f"delivery-{home.delivery.id}.key"
    second_name = folder / "kept"
    os.link(path, second_name)
    home.rotate_delivery()
    home.destroy_deliveries(keep=frozenset())
    assert set(second_name.read_bytes()) == {0}


def test_the_age_of_the_delivery_key_is_known(home: Safe) -> None:
    assert timedelta(0) <= datetime.now(tz=UTC) - home.delivery_since < timedelta(minutes=1)


@pytest.mark.parametrize("key_id", ["../contact", "..", "", "zz", "1/../../pepper"])
def test_a_key_id_that_is_no_number_reaches_no_file(home: Safe, key_id: str) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        home.delivery_private(key_id)


@pytest.mark.parametrize("name", ["pepper", "draft.key", "organisation.pub", "contact.pub", "delivery.pub"])
def test_a_missing_file_is_named(home: Safe, folder: Path, name: str) -> None:
    home.check()
    (folder / name).unlink()
    with pytest.raises(MissingSecret, match=name):
        home.check()


def test_the_same_folder_gives_the_same_safe(folder: Path) -> None:
    assert safe.at(folder) is safe.at(folder)
