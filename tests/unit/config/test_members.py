"""`sipuma member`: from the invitation to the printed sheet that lets somebody in, and out again."""

from argparse import Namespace

import pytest
from django.conf import settings

from sipuma import vault
from sipuma.config.verbs import member
from sipuma.offices.epochs import ORGANISATION
from sipuma.offices.joining import invited, join
from sipuma.offices.models import Member
from sipuma.offices.nip import members_with
from tests.world import ACEH, KI, PASSWORD, SABANG, World

Said = pytest.CaptureFixture[str]
SITI = "siti.contoh"


def run(act: str, **options: object) -> int:
    return member.run(Namespace(act=act, **{"nip": ""} | options))


def added(capsys: Said, *, office: str = SABANG, role: str = "verifikator") -> Member:
    """Add a member and let them join with the link that was printed."""
    name = {"username": SITI, "name": "Siti Contoh", "email": ""}
    assert run("add", **name, office=office, role=[role]) == 0
    said = capsys.readouterr().out
    assert settings.SIPUMA.base_url in said
    code = next(word for word in said.split() if "/gabung/" in word).rstrip("/").rsplit("/", 1)[-1]
    found = invited(code)
    assert found is not None
    join(member=found, password=PASSWORD)
    return found


def test_a_member_is_added_joins_and_is_let_in_with_the_sheet(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    siti = added(capsys)
    assert run("list") == 0
    assert "verification/member (waits)" in capsys.readouterr().out
    monkeypatch.setenv("SIPUMA_KIT", world.sheets[ORGANISATION].kit.grouped)
    assert run("let-in", username=SITI) == 0
    assert siti.memberships.get().let_in_at is not None
    assert run("list") == 0
    said = capsys.readouterr().out
    assert "active" in said
    assert "(waits)" not in next(line for line in said.splitlines() if line.startswith(SITI))


@pytest.mark.parametrize(
    "kit", ["nothing like it", vault.RecoveryKit.draw().grouped], ids=["words", "foreign"]
)
def test_a_sheet_of_another_place_lets_nobody_in(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: Said, kit: str
) -> None:
    siti = added(capsys)
    monkeypatch.setenv("SIPUMA_KIT", kit)
    assert run("let-in", username=SITI) == 1
    assert siti.memberships.get().let_in_at is None


def test_a_disabled_member_is_listed_as_such(world: World, capsys: Said) -> None:
    added(capsys)
    assert run("disable", username=SITI) == 0
    assert run("list") == 0
    assert "disabled" in next(line for line in capsys.readouterr().out.splitlines() if line.startswith(SITI))


def test_a_fresh_link_replaces_the_one_before(world: World, capsys: Said) -> None:
    name = {"username": SITI, "name": "Siti Contoh", "email": ""}
    run("add", **name, office=ACEH, role=["kepala-uki"])
    first = capsys.readouterr().out
    assert run("renew", username=SITI) == 0
    assert capsys.readouterr().out.strip() not in first
    assert run("list") == 0
    assert "invited" in capsys.readouterr().out


WRONG = {
    "office": {"office": "999999", "role": ["verifikator"]},
    "role": {"office": SABANG, "role": ["pyb"]},
    "name": {"office": KI, "role": ["none"], "username": "A B"},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_what_cannot_be_is_said_in_one_line(world: World, capsys: Said, wrong: dict[str, object]) -> None:
    options = {"username": SITI, "name": "Siti Contoh", "email": ""} | wrong
    assert run("add", **options) == 1
    assert len(capsys.readouterr().out.strip().splitlines()) == 1
    assert not Member.objects.filter(user__username=SITI).exists()


@pytest.mark.parametrize("act", ["renew", "let-in", "disable"])
def test_nobody_of_that_name_is_said(world: World, capsys: Said, act: str) -> None:
    assert run(act, username="tiada") == 1
    assert "tiada" in capsys.readouterr().out


def test_a_nip_is_set_recognised_and_cleared(world: World, capsys: Said) -> None:
    siti = added(capsys)
    assert run("nip", username=SITI, nip="19850717 201012 1 003") == 0
    assert list(members_with("198507172010121003")) == [siti]
    said = capsys.readouterr().out
    assert "hash" in said
    assert "1985" not in said
    assert run("nip", username=SITI, nip="") == 0
    assert list(members_with("198507172010121003")) == []


@pytest.mark.parametrize("nip", ["12", "satu", "1" * 19])
def test_a_nip_that_is_none_is_refused_in_one_line(world: World, capsys: Said, nip: str) -> None:
    added(capsys)
    assert run("nip", username=SITI, nip=nip) == 1
    assert "18" in capsys.readouterr().out
    options = {
        "username": "budi.contoh",
        "name": "Budi Contoh",
        "email": "",
        "office": SABANG,
        "role": ["none"],
    }
    assert run("add", **options, nip=nip) == 1
    assert not Member.objects.filter(user__username="budi.contoh").exists()
