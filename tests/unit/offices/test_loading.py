"""The offices of DJBC come from one file, as often as it is loaded."""

import pytest

from sipuma.offices.loading import Loaded, load_offices, office_rows, supervising_team, supervisor_code
from sipuma.offices.models import Office, Team, TeamKind
from tests.world import ACEH, KI, SABANG, FileCase, World, move

Row = dict[str, str]
KINDS = {row["code"]: row["kind"] for row in office_rows()}


def row_of(code: str) -> Row:
    return next(row for row in office_rows() if row["code"] == code)


@pytest.mark.usefixtures("world")
def test_all_153_offices_are_there_and_loading_again_changes_nothing() -> None:
    before = list(Team.objects.order_by("pk").values())
    assert Office.objects.count() == 153
    assert load_offices() == Loaded(added=0, changed=0, unlisted=0)
    assert list(Team.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    ("code", "above"),
    [
        pytest.param(SABANG, ACEH, id="KPPBC under its Kanwil"),
        pytest.param("021800", "020400", id="PSO under a KPU"),
        pytest.param("XPSL01", ACEH, id="PSO under a Kanwil"),
        pytest.param("040500", KI, id="laboratory under Dit. KI"),
        pytest.param("001000", KI, id="head office unit under Dit. KI"),
        pytest.param("000000", KI, id="DJBC itself under Dit. KI"),
        pytest.param(ACEH, KI, id="Kanwil under Dit. KI"),
        pytest.param("040300", KI, id="KPU under Dit. KI"),
        pytest.param(KI, None, id="Dit. KI under nobody"),
    ],
)
@pytest.mark.usefixtures("world")
def test_the_supervisor_is_the_one_of_the_kind(code: str, above: str | None) -> None:
    assert supervisor_code(row_of(code), KINDS) == above
    assert Office.objects.get(pk=code).supervisor_id == above
    team = Team.objects.get(office_id=code, kind=TeamKind.VERIFICATION)
    assert (team.supervisor.office_id if team.supervisor else None) == above
    supervisor = supervising_team(team)
    assert (supervisor.office_id if supervisor else None) == above


def test_a_kppbc_under_a_kpu_is_supervised_by_it() -> None:
    row = row_of(SABANG) | {"parent_code": "040300"}
    assert supervisor_code(row, KINDS) == "040300"


def test_a_kppbc_with_an_odd_parent_is_supervised_by_dit_ki() -> None:
    row = row_of(SABANG) | {"parent_code": "110400"}
    assert supervisor_code(row, KINDS) == KI


@pytest.mark.parametrize(
    ("code", "kinds"),
    [
        (SABANG, {"reception", "verification", "unit"}),
        (ACEH, {"reception", "verification", "unit", "assessment", "custodian"}),
        ("040300", {"reception", "verification", "unit", "assessment", "custodian"}),
        (KI, {"reception", "verification", "unit", "assessment", "custodian", "pyb"}),
        ("001000", {"reception", "verification", "unit", "custodian", "pyb"}),
        ("040500", {"reception", "verification", "unit"}),
    ],
)
@pytest.mark.usefixtures("world")
def test_each_kind_of_office_has_its_teams(code: str, kinds: set[str]) -> None:
    assert set(Team.objects.filter(office_id=code).values_list("kind", flat=True)) == kinds


@pytest.mark.usefixtures("world")
def test_nobody_stands_above_the_substitute_for_dit_ki() -> None:
    substitute = Team.objects.get(office_id="001000", kind=TeamKind.PYB)
    assert substitute.supervisor is None
    assert supervising_team(substitute) is None


@pytest.mark.usefixtures("world")
def test_custodians_have_no_supervisor() -> None:
    custodians = Team.objects.filter(kind=TeamKind.CUSTODIAN)
    assert custodians.count() == 25
    assert not custodians.exclude(supervisor=None).exists()
    assert supervising_team(custodians.get(office_id=ACEH)) is None


@pytest.mark.usefixtures("world")
def test_a_changed_row_updates_its_office() -> None:
    rows = [row | {"name": "Kantor Sabang"} if row["code"] == SABANG else row for row in office_rows()]
    assert load_offices(rows) == Loaded(added=0, changed=1, unlisted=0)
    assert str(Office.objects.get(pk=SABANG)) == "Kantor Sabang"


@pytest.mark.usefixtures("world")
def test_a_new_office_is_added_with_its_teams() -> None:
    new = row_of(SABANG) | {"code": "139900", "name": "KPPBC Baru"}
    assert load_offices([*office_rows(), new]) == Loaded(added=1, changed=0, unlisted=0)
    assert Team.objects.get(office_id="139900", kind="unit").supervisor == Team.objects.get(
        office_id=ACEH, kind="unit"
    )


def test_an_office_that_left_the_file_stays_with_its_cases(world: World, file_case: FileCase) -> None:
    complaint, verifier = file_case(), world.officer("verifikator")
    rest = [row for row in office_rows() if row["code"] != SABANG]
    assert load_offices(rest) == Loaded(added=0, changed=0, unlisted=1)
    assert not Office.objects.get(pk=SABANG).listed
    move(complaint, "take", by=verifier)
    assert load_offices() == Loaded(added=0, changed=1, unlisted=0)
    assert Office.objects.get(pk=SABANG).listed


@pytest.mark.usefixtures("world")
def test_a_team_of_an_office_that_left_the_file_is_supervised_by_dit_ki() -> None:
    new = row_of(SABANG) | {"code": "139900", "name": "KPPBC Lama"}
    load_offices([*office_rows(), new])
    above = supervising_team(Team.objects.get(office_id="139900", kind="unit"))
    assert above is not None
    assert above.office_id == KI


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param([row_of(SABANG) | {"kind": "WARUNG"}], id="unknown kind"),
        pytest.param([row_of(SABANG) | {"timezone": "Europe/Berlin"}], id="unknown zone"),
        pytest.param([{k: v for k, v in row_of(SABANG).items() if k != "city"}], id="no city"),
        pytest.param([{k: v for k, v in row_of(SABANG).items() if k != "code"}], id="no code"),
        pytest.param([row_of(SABANG), row_of(SABANG)], id="twice"),
    ],
)
@pytest.mark.usefixtures("world")
def test_a_bad_row_is_refused_and_nothing_is_changed(broken: list[Row]) -> None:
    before = list(Office.objects.order_by("pk").values())
    with pytest.raises(ValueError, match=r"."):
        load_offices([row | {"name": "X"} for row in office_rows() if row["code"] != SABANG] + broken)
    assert list(Office.objects.order_by("pk").values()) == before


@pytest.mark.usefixtures("world")
def test_an_office_knows_its_zone() -> None:
    zones = {code: Office.objects.get(pk=code).zone for code in (SABANG, "110400", "120000")}
    assert zones == {SABANG: "WIB", "110400": "WITA", "120000": "WIT"}
