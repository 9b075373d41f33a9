"""Which names, addresses and passwords an account may have."""

import pytest

from sipuma.offices.joining import invite, join
from sipuma.offices.models import Office
from sipuma.offices.refusal import Refused
from tests.world import PASSWORD, SABANG, World

# What was given, and the field that is named in the refusal.
ODD = [
    ({"username": ""}, "username"),
    ({"username": "a b/c<>"}, "username"),
    ({"username": "x" * 300}, "username"),
    ({"username": "SITI"}, "username"),
    ({"name": "  "}, "name"),
    ({"name": "n" * 151}, "name"),
    ({"email": "bukan"}, "email"),
]
WEAK = ["123456789012", "passwordpassword", "password1234!", "aaaaaaaaaaaa", "verifikator.siti", "pendek"]


def invited(**changes: str) -> dict[str, str]:
    return {"username": "siti.contoh", "name": "Petugas Contoh", "email": "siti@kantor.example"} | changes


@pytest.mark.parametrize(("changes", "field"), ODD)
def test_an_odd_account_is_refused_by_field(world: World, changes: dict[str, str], field: str) -> None:
    with pytest.raises(Refused) as refusal:
        invite(**invited(**changes), office=Office.objects.get(pk=SABANG), seats=[])
    assert refusal.value.field == field


@pytest.mark.parametrize("password", WEAK)
def test_a_password_that_is_easy_to_guess_is_refused(world: World, password: str) -> None:
    member, _code = invite(
        **invited(username="verifikator.siti"), office=Office.objects.get(pk=SABANG), seats=[]
    )
    with pytest.raises(Refused):
        join(member=member, password=password)
    assert not member.slots.exists()
    join(member=member, password=PASSWORD)
    assert member.slots.exists()
