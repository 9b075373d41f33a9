"""Founding makes every key once; three sheets of paper open everything, each only its own part."""

from pathlib import Path

import pytest
from django.conf import settings

from sipuma import safe, vault
from sipuma.offices.epochs import kit_of
from sipuma.offices.founding import KITS, found, key_new_teams, open_kit
from sipuma.offices.loading import load_offices, office_rows
from sipuma.offices.models import Kit, Team, TeamKey, TeamKind
from sipuma.offices.ring import Ring
from sipuma.offices.trust import Untrusted, current_key, team_public
from tests.world import ACEH, KI, ORGANISATION, SABANG, World


def test_every_team_has_one_key_that_its_kit_opens_and_the_other_kits_do_not(world: World) -> None:
    member = world.officer("admin").member
    rings = {name: Ring(member, sheet.pair) for name, sheet in world.sheets.items()}
    for team in Team.objects.select_related("supervisor__supervisor__supervisor").filter(
        office_id__in=(SABANG, ACEH, KI, "001000", "021800")
    ):
        fingerprint = bytes(current_key(team).fingerprint)
        openers = {name for name, ring in rings.items() if ring.pair_of(fingerprint)}
        assert openers == {kit_of(team)}, team
    assert not Team.objects.filter(keys=None).exists()


def test_a_printed_kit_opens_its_own_sheet_only(world: World) -> None:
    for name in KITS:
        opened = open_kit(name, world.sheets[name].kit)
        assert opened.to_bytes() == world.sheets[name].pair.to_bytes()
        for other in set(KITS) - {name}:
            with pytest.raises(vault.Unopenable):
                open_kit(other, world.sheets[name].kit)


def test_no_single_sheet_opens_both_sides_of_the_custodians(world: World) -> None:
    sides = {kit_of(team) for team in Team.objects.filter(kind=TeamKind.CUSTODIAN)}
    assert len(sides) == 2
    assert ORGANISATION not in sides


def test_an_installation_is_founded_once(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kits = list(Kit.objects.order_by("name").values_list("public", flat=True))
    with pytest.raises(FileExistsError):
        found()
    # Neither where the secrets folder is lost but the database is not.
    monkeypatch.setattr(settings, "SIPUMA", settings.SIPUMA.model_copy(update={"data": tmp_path}))
    with pytest.raises(FileExistsError):
        found()
    assert not list(tmp_path.iterdir())
    assert list(Kit.objects.order_by("name").values_list("public", flat=True)) == kits


def test_new_teams_get_keys_from_the_organisation_only(world: World) -> None:
    row = next(row for row in office_rows() if row["code"] == SABANG)
    load_offices([*office_rows(), row | {"code": "139900", "name": "KPPBC Baru"}])
    team = Team.objects.get(office_id="139900", kind=TeamKind.VERIFICATION)
    with pytest.raises(Untrusted):
        team_public(team)
    assert key_new_teams(world.sheets[ORGANISATION].pair) == 3
    assert key_new_teams(world.sheets[ORGANISATION].pair) == 0
    assert team_public(team).fingerprint == bytes(team.keys.get().fingerprint)


def test_keys_of_a_false_organisation_are_refused(world: World) -> None:
    TeamKey.objects.filter(team__office_id=SABANG, team__kind=TeamKind.UNIT).delete()
    key_new_teams(world.sheets[KITS[1]].pair)
    with pytest.raises(Untrusted):
        team_public(Team.objects.get(office_id=SABANG, kind=TeamKind.UNIT))


def test_a_key_pinned_in_the_configuration_counts_before_the_folder(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    team = Team.objects.get(office_id=SABANG, kind=TeamKind.UNIT)
    folder = safe.at(settings.SIPUMA.secrets).organisation.raw.hex()
    for pinned, fits in ((folder, True), (vault.SigningKey.generate().verify_key.raw.hex(), False)):
        changed = settings.SIPUMA.model_copy(update={"organisation_key": pinned})
        monkeypatch.setattr(settings, "SIPUMA", changed)
        if fits:
            assert team_public(team).fingerprint == bytes(team.keys.get().fingerprint)
        else:
            with pytest.raises(Untrusted):
                team_public(team)
