"""A team's text snippets: who keeps them, in which versions, and what they say in an answer."""

import pytest
from django.utils.translation import override

from sipuma.complaints import snippets
from sipuma.complaints.models import Snippet, SnippetVersion
from sipuma.complaints.snippets import add, change, remove, snippets_of, teams_of, versions_of
from sipuma.offices.models import Team, TeamKey, TeamKind
from sipuma.offices.officer import Officer
from sipuma.offices.refusal import Refused
from sipuma.offices.renewal import renew
from sipuma.web.dates import moment_text
from tests.world import ACEH, MALILI, SABANG, FileCase, World


@pytest.fixture
def verifier(world: World) -> Officer:
    return world.officer("verifikator")


def team_of(officer: Officer) -> Team:
    return teams_of(officer)[0]


def keep(officer: Officer, title: str = "Terima kasih", text: str = "Terima kasih.") -> Snippet:
    return add(team=team_of(officer), title=title, text=text, by=officer)


def titles(officer: Officer, *, removed: bool = False) -> list[str]:
    return [one.title for one in snippets_of(officer, removed=removed)]


def test_a_snippet_is_shared_in_the_team_and_by_nobody_else(world: World, verifier: Officer) -> None:
    keep(verifier)
    assert titles(world.officer("kepala-uki")) == ["Terima kasih"]
    for role, office in (
        ("verifikator", MALILI),
        ("penerima", SABANG),
        ("pengkaji", ACEH),
        ("kustodian", ACEH),
    ):
        assert titles(world.officer(role, office)) == []


def test_no_word_of_a_snippet_lies_open(verifier: Officer) -> None:
    keep(verifier, title="Judul rahasia", text="Isi rahasia")
    row = SnippetVersion.objects.get()
    stored = bytes(row.ciphertext) + bytes(row.sealed)
    assert b"rahasia" not in stored


@pytest.mark.parametrize(
    ("role", "office", "kind"),
    [
        ("penerima", SABANG, TeamKind.VERIFICATION),
        ("penerima", SABANG, TeamKind.RECEPTION),
        ("verifikator", MALILI, TeamKind.VERIFICATION),
        ("kustodian", ACEH, TeamKind.CUSTODIAN),
    ],
)
def test_only_members_of_a_team_that_writes_answers_keep_snippets(
    world: World, role: str, office: str, kind: str
) -> None:
    where = ACEH if kind == TeamKind.CUSTODIAN else SABANG
    team = Team.objects.get(office=where, kind=kind)
    with pytest.raises(Refused) as refusal:
        add(team=team, title="x", text="y", by=world.officer(role, office))
    assert refusal.value.field == "team"


def test_the_team_above_does_not_keep_the_snippets_of_an_empty_team(world: World) -> None:
    above = world.officer("kepala-uki", "110000")
    assert all(team.office_id == "110000" for team in teams_of(above))


def test_a_change_keeps_the_version_before(world: World, verifier: Officer) -> None:
    snippet = keep(verifier)
    change(snippet=snippet, title="Terima kasih", text="Kami berterima kasih.", seen=1, by=verifier)
    versions = versions_of(snippet, world.officer("kepala-uki"))
    assert [(one.number, one.text) for one in versions] == [
        (2, "Kami berterima kasih."),
        (1, "Terima kasih."),
    ]
    assert versions[0].by == verifier.member.name
    assert [one.text for one in snippets_of(verifier)] == ["Kami berterima kasih."]


@pytest.mark.parametrize("seen", [0, 1, 3, 10**18])
def test_who_saw_another_version_overwrites_nothing(world: World, verifier: Officer, seen: int) -> None:
    snippet = keep(verifier)
    change(snippet=snippet, title="B", text="B", seen=1, by=world.officer("kepala-uki"))
    with pytest.raises(Refused) as refusal:
        change(snippet=snippet, title="C", text="C", seen=seen, by=verifier)
    assert refusal.value.field is None
    with pytest.raises(Refused):
        remove(snippet=snippet, seen=seen, by=verifier)
    assert titles(verifier) == ["B"]


def test_a_removed_snippet_is_offered_no_more_and_its_versions_stay(verifier: Officer) -> None:
    snippet = keep(verifier)
    remove(snippet=snippet, seen=1, by=verifier)
    assert titles(verifier) == []
    assert titles(verifier, removed=True) == ["Terima kasih"]
    assert len(versions_of(snippet, verifier)) == 1
    with pytest.raises(Refused):
        change(snippet=snippet, title="x", text="y", seen=1, by=verifier)
    keep(verifier)  # the name is free again


@pytest.mark.parametrize("title", ["Terima kasih", "  terima KASIH "])
def test_a_name_is_given_once_in_a_team(verifier: Officer, title: str) -> None:
    keep(verifier)
    other = keep(verifier, title="Lain")
    with pytest.raises(Refused) as refusal:
        keep(verifier, title=title)
    assert refusal.value.field == "title"
    with pytest.raises(Refused):
        change(snippet=other, title=title, text="x", seen=1, by=verifier)
    change(snippet=other, title="lain", text="x", seen=1, by=verifier)


def test_a_team_keeps_a_bounded_number(verifier: Officer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snippets, "MOST", 1)
    keep(verifier)
    with pytest.raises(Refused, match=r"remove|Hapus|Remove"):
        keep(verifier, title="Kedua")


def test_snippets_open_after_the_teams_key_was_renewed(world: World, verifier: Officer) -> None:
    keep(verifier)
    renew(team=team_of(verifier), by=verifier.ring)
    assert TeamKey.objects.filter(team=team_of(verifier)).count() == 2
    fresh = world.officer("verifikator")
    keep(fresh, title="Baru")
    assert titles(fresh) == ["Baru", "Terima kasih"]


def test_a_damaged_or_foreign_version_closes_itself_alone(verifier: Officer) -> None:
    keep(verifier, title="Utuh")
    damaged, foreign = keep(verifier, title="Rusak"), keep(verifier, title="Asing")
    SnippetVersion.objects.filter(snippet=damaged).update(ciphertext=b"x" * 64)
    SnippetVersion.objects.filter(snippet=foreign).update(reader=b"y" * 16)
    assert titles(verifier) == ["Utuh"]


def test_the_register_number_and_the_due_date_are_filled_in(file_case: FileCase, verifier: Officer) -> None:
    keep(verifier, text="Nomor {register}, paling lambat {due}. {lain} {0} {{due}}")
    case = file_case().now()
    case.language = "id"
    assert case.due is not None
    with override("id"):
        due = moment_text(case.due, "Asia/Jakarta")
    with override("en"):  # the reader's language counts, not the page's
        text = snippets_of(verifier)[0].filled(case)
    assert text == f"Nomor {case.register}, paling lambat {due}. {{lain}} {{0}} {{{due}}}"
    case.due = None
    assert "{due}" in snippets_of(verifier)[0].filled(case)
