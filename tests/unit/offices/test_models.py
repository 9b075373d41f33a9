"""How offices, teams and members show themselves."""

import pytest

from sipuma.offices.models import Member, Office, Team
from tests.world import SABANG, World


def test_a_team_is_named_with_its_office(world: World) -> None:
    office = Office.objects.get(pk=SABANG)
    for team in Team.objects.filter(office=office):
        assert str(team) == f"{team.get_kind_display()}, {office.name}"
        assert team.subject == f"team:{SABANG}:{team.kind}"


def test_a_member_is_named_and_has_no_key_before_joining(world: World) -> None:
    member = world.officer("verifikator").member
    assert str(member) == member.name
    assert member.subject == f"member:verifikator.{SABANG}"
    with pytest.raises(ValueError, match=r"."):
        _ = Member().public_key
