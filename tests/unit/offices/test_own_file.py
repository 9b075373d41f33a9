"""An operator's own office file: kept out of the database's reach, and followed by keys and custodians."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from sipuma.complaints.custody import custodians_of
from sipuma.offices import loading
from sipuma.offices.models import Office, OfficeKind, Team, TeamKind
from tests.world import ACEH, KI, SABANG, World


@pytest.fixture
def own_file(world: World, tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "offices.csv"
    (settings.SIPUMA.secrets / loading.KEPT_FILE).unlink(missing_ok=True)
    loading._read_file.cache_clear()


def test_keys_and_custodians_follow_the_operators_own_file(own_file: Path) -> None:
    header = "code,name,kind,parent_code,city,province,timezone"
    rows = [
        f"{SABANG},Kantor Contoh,KPPBC,110000,Sabang,Aceh,Asia/Jakarta",
        "110000,K,KANWIL,,M,S,Asia/Makassar",
    ]
    own_file.write_text("\n".join([header, *rows]), encoding="utf-8")
    loading.trust_file(own_file)
    above = loading.supervising_team(Team.objects.get(office_id=SABANG, kind=TeamKind.VERIFICATION))
    assert above is not None
    assert above.office_id == "110000"
    assert custodians_of(Office.objects.get(pk=SABANG)).region.office_id == "110000"


def test_a_kind_changed_in_the_database_does_not_bring_both_halves_to_one_side(world: World) -> None:
    Office.objects.filter(pk=KI).update(kind=OfficeKind.KANWIL)
    custodians = custodians_of(Office.objects.get(pk=KI))
    assert custodians.region.office_id == loading.SECRETARIAT
    assert custodians.centre.office_id == KI


def test_an_office_under_a_kanwil_has_that_kanwils_custodians(world: World) -> None:
    assert custodians_of(Office.objects.get(pk=SABANG)).region.office_id == ACEH
