"""`sipuma doctor` names what is wrong, and `sipuma init` founds, upgrades and never overwrites."""

import csv
import shutil
from argparse import Namespace
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from sipuma import safe
from sipuma.config import checkup
from sipuma.config.verbs import doctor, init
from sipuma.offices import loading
from sipuma.offices.epochs import ORGANISATION
from sipuma.offices.loading import SUBSTITUTE
from sipuma.offices.models import Kit, Office, Team, TeamKey
from sipuma.outbox.models import Delivery, Message, SweepRun
from tests.world import KI, SABANG, World

Said = pytest.CaptureFixture[str]


def found(name: str) -> checkup.Finding:
    return next(one for one in checkup.examine() if one.name == name)


@pytest.fixture
def aside(world: World) -> Iterator[Path]:
    """Put the secrets folder aside for a test, and back afterwards."""
    folder = settings.SIPUMA.secrets
    kept = folder.with_name("secrets-aside")
    folder.rename(kept)
    safe.at.cache_clear()
    yield kept
    shutil.rmtree(folder, ignore_errors=True)
    kept.rename(folder)
    safe.at.cache_clear()


def test_a_sound_installation_passes(world: World, capsys: Said) -> None:
    for role in ("verifikator", "pyb", "pengkaji"):
        world.officer(role, KI)
    world.officer("pyb", SUBSTITUTE)
    SweepRun.objects.create(name="outbox", started_at=timezone.now(), finished_at=timezone.now())
    assert doctor.run(Namespace()) == 0
    assert "BAD" not in capsys.readouterr().out


def test_a_silent_worker_and_an_empty_top_are_named(world: World, capsys: Said) -> None:
    assert doctor.run(Namespace()) == 1
    said = capsys.readouterr().out
    assert "BAD worker" in said
    assert "BAD staff" in said


def test_a_failing_sweep_is_named(world: World) -> None:
    now = timezone.now()
    SweepRun.objects.create(name="deadlines", started_at=now, finished_at=now, error="ValueError")
    assert "deadlines: ValueError" in found("worker").text


def test_messages_that_wait_or_failed_are_counted(world: World) -> None:
    blank = {"channel": "email", "template": "news", "recipient": b"", "data": b""}
    Message.objects.create(**blank, created_at=timezone.now() - timedelta(hours=2))
    Message.objects.create(**blank, state=Delivery.FAILED)
    assert found("outbox") == checkup.Finding(
        "outbox", False, "1 waiting for over an hour, 1 failed in a day"
    )


def test_a_secret_that_others_can_read_is_named(world: World) -> None:
    pepper = settings.SIPUMA.secrets / "pepper"
    pepper.chmod(0o644)
    try:
        assert "pepper" in found("secrets").text
        assert not found("secrets").well
    finally:
        pepper.chmod(0o600)


def test_a_team_key_that_nobody_vouches_for_is_counted(world: World) -> None:
    mine, other = (TeamKey.objects.get(team__office=code, team__kind="unit") for code in (SABANG, KI))
    TeamKey.objects.filter(pk=mine.pk).update(certificate=bytes(other.certificate))
    assert found("team keys").text == "1 teams have a key that nobody vouches for"


def test_missing_secrets_end_the_examination(aside: Path) -> None:
    findings = checkup.examine()
    assert not findings[-1].well
    assert findings[-1].name == "secrets"


def test_init_on_an_installation_changes_nothing(world: World, capsys: Said) -> None:
    before = (settings.SIPUMA.secrets / "pepper").read_text()
    assert init.run(Namespace(offices=None, kits=None)) == 0
    assert "already" in capsys.readouterr().out
    assert (settings.SIPUMA.secrets / "pepper").read_text() == before


def test_init_does_not_found_over_a_database_whose_secrets_are_missing(aside: Path, capsys: Said) -> None:
    assert init.run(Namespace(offices=None, kits=None)) == 1
    assert "secrets folder is missing" in capsys.readouterr().out


@pytest.mark.parametrize("in_files", [True, False], ids=["files", "printed"])
def test_init_founds_and_hands_out_three_sheets(
    aside: Path, tmp_path: Path, capsys: Said, *, in_files: bool
) -> None:
    Kit.objects.all().delete()
    TeamKey.objects.all().delete()
    kits = tmp_path / "kits"
    assert init.run(Namespace(offices=None, kits=kits if in_files else None)) == 0
    said = capsys.readouterr().out
    texts = [path.read_text() for path in kits.iterdir()] if in_files else said.split("--- SIPUMA")[1:]
    assert len(texts) == 3
    assert ("recovery sheet" in said) is not in_files
    assert f"SIPUMA_ORGANISATION_KEY={safe.at(settings.SIPUMA.secrets).organisation.raw.hex()}" in said
    assert not Team.objects.filter(keys=None).exists()


@pytest.fixture
def more_offices(world: World, tmp_path: Path) -> Iterator[Path]:
    """Give a file with one office more, and forget it afterwards."""
    rows = loading.office_rows()
    rows.append(
        rows[-1] | {"code": "999900", "name": "Kantor Contoh", "kind": "KPPBC", "parent_code": "130000"}
    )
    path = tmp_path / "offices.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    yield path
    (settings.SIPUMA.secrets / loading.KEPT_FILE).unlink(missing_ok=True)
    loading._read_file.cache_clear()


def test_a_new_office_gets_keys_with_the_sheet(
    world: World, more_offices: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    monkeypatch.setenv("SIPUMA_KIT", world.sheets[ORGANISATION].kit.grouped)
    assert init.run(Namespace(offices=more_offices, kits=None)) == 0
    assert "1 added" in capsys.readouterr().out
    assert Office.objects.filter(pk="999900").exists()
    assert not Team.objects.filter(keys=None).exists()


def test_a_new_office_without_the_sheet_stays_without_keys(
    world: World, more_offices: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    monkeypatch.setenv("SIPUMA_KIT", "not the sheet")
    assert init.run(Namespace(offices=more_offices, kits=None)) == 1
    assert "belong" in capsys.readouterr().out
