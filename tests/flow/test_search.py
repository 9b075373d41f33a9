"""The search: who finds what by words, numbers and filters; what it answers to odd questions; saved views."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sipuma.cases.models import Case
from sipuma.offices.models import IndexKey
from sipuma.vault import Ticket
from sipuma.workspace import search
from sipuma.workspace.models import SavedView
from sipuma.workspace.saved_views import View
from tests.flow.staff import browser_of, field_of, page_of, text_of
from tests.world import ACEH, KI, MALILI, SABANG, Complaint, FileCase, World, move

SEARCH = "/en/petugas/cari/"
KEEP = "/en/petugas/cari/simpan/"


@pytest.fixture
def verifier(world: World) -> Client:
    return browser_of(world, "verifikator")


def opened(client: Client, *complaints: Complaint) -> list[str]:
    """Open the pages of cases, which fills the index; return their register numbers."""
    for one in complaints:
        assert client.get(page_of(one.case.register)).status_code == 200
    return [one.case.register for one in complaints]


def found(client: Client, words: str = "", **filters: str) -> str:
    """Return what the page says after a search."""
    response = client.post(SEARCH, {"words": words, **filters}, follow=True)
    assert response.status_code == 200
    return text_of(response)


def test_a_case_is_found_by_any_form_of_its_words_once_it_was_opened(
    verifier: Client, file_case: FileCase
) -> None:
    complaint = file_case(what="Petugas menahan kiriman.")
    assert "No case fits" in found(verifier, "ditahan")
    (register,) = opened(verifier, complaint)
    assert register in found(verifier, "penahanan pengiriman")
    assert "No case fits" in found(verifier, "ditahan pungutan")


def test_cases_that_nobody_opened_are_counted_in_words(verifier: Client, file_case: FileCase) -> None:
    first, _second = file_case(), file_case()
    assert "2 cases that no one of this team has opened yet" in text_of(verifier.get(SEARCH))
    opened(verifier, first)
    assert "1 case that no one of this team has opened yet" in text_of(verifier.get(SEARCH))


def test_words_stand_in_no_address_and_filters_do(verifier: Client, file_case: FileCase) -> None:
    opened(verifier, file_case(what="Kontainer"))
    with_words = verifier.post(SEARCH, {"words": "kontainer", "state": "DITERIMA"})
    assert with_words.status_code == 200
    assert 'href="' in with_words.content.decode()
    assert "words=" not in with_words.content.decode()
    without = verifier.post(SEARCH, {"words": "", "state": "DITERIMA", "sort": "due"})
    assert without.headers["Location"] == f"{SEARCH}?state=DITERIMA&sort=due"
    assert verifier.get(SEARCH, {"words": "kontainer"}).context["asked"] is False


@pytest.mark.parametrize(
    ("role", "office"), [("verifikator", MALILI), ("pyb", KI), ("pengkaji", ACEH), ("kustodian", ACEH)]
)
def test_members_of_other_teams_find_nothing(
    world: World, file_case: FileCase, verifier: Client, role: str, office: str
) -> None:
    (register,) = opened(verifier, file_case(what="Kontainer"))
    other = browser_of(world, role, office)
    for page in (found(other, "kontainer"), found(other, register=register), found(other, state="DITERIMA")):
        assert register not in page
        assert "No case fits" in page


def test_after_a_transfer_the_old_team_finds_it_no_more_and_the_new_one_does(
    world: World, file_case: FileCase, verifier: Client
) -> None:
    complaint = file_case(what="Kontainer")
    (register,) = opened(verifier, complaint)
    officer = world.officer("verifikator")
    move(complaint, "take", by=officer)
    move(complaint, "transfer", by=officer, target=MALILI, reason="Salah kantor.")
    assert "No case fits" in found(verifier, "kontainer")
    there = browser_of(world, "verifikator", MALILI)
    opened(there, complaint)
    assert register in found(there, "kontainer")


@pytest.mark.parametrize(
    "typed", ["130300-{year}-000001", "000001", "1", "{year}-1", "１３０３００ {year} 000001"]
)
def test_a_number_or_its_end_finds_a_case_that_nobody_opened(
    verifier: Client, file_case: FileCase, typed: str
) -> None:
    register = file_case().case.register
    year = register.split("-")[1]
    number = typed.format(year=year).replace("000001", register[-6:])
    number = number if typed not in {"1", "{year}-1"} else number.replace("1", register[-6:].lstrip("0"))
    assert register in found(verifier, register=number)
    assert "No case fits" in found(verifier, register="999999")


def test_filters_narrow_and_the_order_is_as_asked(verifier: Client, file_case: FileCase) -> None:
    first, second, third = (file_case(category="suap"), file_case(category="pungli"), file_case())
    now = timezone.now()
    Case.objects.filter(pk=first.case.pk).update(due=now + timedelta(days=9), received_at=now - timedelta(40))
    Case.objects.filter(pk=second.case.pk).update(due=now - timedelta(days=1))
    Case.objects.filter(pk=third.case.pk).update(due=None, state="SELESAI", channel="LETTER")
    numbers = [one.case.register for one in (first, second, third)]

    def seen(**filters: str) -> list[str]:
        page = found(verifier, **filters)
        return sorted((number for number in numbers if number in page), key=page.index)

    assert seen(sort="newest") == numbers[::-1]
    assert seen(sort="due") == [numbers[1], numbers[0]]
    assert seen(due="overdue") == [numbers[1]]
    assert seen(state="SELESAI") == [numbers[2]]
    assert seen(category="suap") == [numbers[0]]
    assert seen(channel="LETTER") == [numbers[2]]
    since = (now - timedelta(days=10)).date().isoformat()
    assert seen(since=since) == [numbers[2], numbers[1]]
    assert seen(until=since) == [numbers[0]]


@pytest.mark.parametrize("sort", ["newest", "due"])
@pytest.mark.parametrize("common", [0, 1_000])
@pytest.mark.parametrize("words", ["", "kontainer kapal"])
def test_pages_follow_one_another_there_and_back(
    verifier: Client,
    file_case: FileCase,
    monkeypatch: pytest.MonkeyPatch,
    sort: str,
    common: int,
    words: str,
) -> None:
    monkeypatch.setattr(search, "SIZE", 2)
    monkeypatch.setattr(search, "COMMON", common)
    cases = [file_case(what="Kontainer", how="Kapal") for _ in range(5)]
    numbers = opened(verifier, *cases)
    order = numbers if sort == "due" else numbers[::-1]

    def turn(response: object, side: str) -> object:
        context = response.context[side]  # type: ignore[attr-defined]
        if words:
            place = {context["side"]: context["place"]}
            return verifier.post(SEARCH, {"words": words, "sort": sort, **place})
        return verifier.get(context["url"])

    def shown(response: object) -> list[str]:
        return [line.case.register for line in response.context["lines"]]  # type: ignore[attr-defined]

    first = verifier.post(SEARCH, {"words": words, "sort": sort}, follow=True)
    second = turn(first, "next")
    third = turn(second, "next")
    assert [*shown(first), *shown(second), *shown(third)] == order
    assert not third.context["next"]  # type: ignore[attr-defined]
    back = turn(third, "previous")
    assert shown(back) == shown(second)
    assert shown(turn(back, "previous")) == shown(first)


def test_the_number_of_queries_does_not_grow_with_the_cases(verifier: Client, file_case: FileCase) -> None:
    opened(verifier, file_case(what="Kontainer"))

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            verifier.post(SEARCH, {"words": "kontainer"})
        return len(asked)

    queries()
    few = queries()
    opened(verifier, *(file_case(what="Kontainer") for _ in range(4)))
    assert queries() == few


ODD = {
    "ten thousand characters": ("a" * 10_000, "Shorten this to 200 characters. It has 10000 now."),
    "only function words": ("yang dan di", "Every text holds these words, or they are none."),
    "emoji": ("🙂🙈", "Every text holds these words, or they are none."),
    "control characters": ("kon\x00tainer", "This text held a character that cannot be stored."),
    "too many words": (" ".join(f"kode{n}" for n in range(11)), "Use at most 10 words."),
    "a ticket": (Ticket.draw().grouped, "This is a ticket number"),
}


@pytest.mark.parametrize("name", ODD)
def test_what_can_not_be_looked_for_is_said_beside_the_field(verifier: Client, name: str) -> None:
    typed, answer = ODD[name]
    response = verifier.post(SEARCH, {"words": typed})
    assert response.status_code == 422
    assert answer in text_of(response)
    assert response.context["asked"] is False


@pytest.mark.parametrize(
    "typed",
    [
        "'; DROP TABLE cases_case; --",
        '" OR 1=1',
        "%",
        "kontainer%' OR '1'='1",
        "\u202ekontainer",
        "../../etc",
    ],
)
def test_hostile_words_are_words_and_nothing_more(verifier: Client, file_case: FileCase, typed: str) -> None:
    opened(verifier, file_case(what="Petugas meminta uang."))
    response = verifier.post(SEARCH, {"words": typed})
    assert response.status_code in {200, 422}
    assert "130300-" not in text_of(response).replace("130300-2026-000042", "")
    assert Case.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "answer"),
    [
        ("register", "abc", "A register number is made of digits"),
        ("register", "1" * 61, "A register number is shorter."),
        ("since", "kemarin", "Write the day as 2026-03-24."),
        ("state", "APA SAJA", "Choose one of the list."),
        ("team", "9999", "Choose one of the list."),
        ("sort", "random", "Choose one of the list."),
    ],
)
def test_a_filter_that_can_not_be_read_says_why(
    verifier: Client, field: str, value: str, answer: str
) -> None:
    response = verifier.get(SEARCH, {field: value})
    assert response.status_code == 422
    assert answer in text_of(response)


def test_days_in_the_wrong_order_are_refused(verifier: Client) -> None:
    response = verifier.get(SEARCH, {"since": "2026-03-02", "until": "2026-03-01"})
    assert "The last day is before the first one." in text_of(response)


@pytest.mark.parametrize("place", ["x", "1-", "-", "99999999999999999999999-1", "-9999999999999999999999"])
def test_a_place_that_is_none_is_no_error(verifier: Client, file_case: FileCase, place: str) -> None:
    file_case()
    assert verifier.get(SEARCH, {"state": "DITERIMA", "sort": "due", "after": place}).status_code == 200


def test_an_index_whose_key_was_swapped_is_not_used_and_that_is_said(
    verifier: Client, file_case: FileCase
) -> None:
    opened(verifier, file_case(what="Kontainer"))
    IndexKey.objects.filter(team__office=SABANG).update(sealed=b"x")
    page = found(verifier, "kontainer")
    assert "its key isn’t the one that the team made" in page
    assert "No case fits" in page


def test_nobody_searches_without_signing_in(world: World) -> None:
    for path in (SEARCH, KEEP, f"{SEARCH}tampilan/1/", f"{SEARCH}tampilan/1/hapus/"):
        response = Client().get(path)
        assert response.status_code == 302
        assert "/masuk/" in response.headers["Location"]


# Saved views.


def keep(client: Client, name: str, **asked: str) -> object:
    return client.post(KEEP, {"name": name, **(asked or {"state": "DITERIMA"})}, follow=True)


def number_of(name: str, client: Client) -> int:
    views: list[View] = client.get(SEARCH).context["views"]
    return next(view.pk for view in views if view.name == name)


def test_a_search_is_kept_under_a_name_and_runs_again(verifier: Client, file_case: FileCase) -> None:
    (register,) = opened(verifier, file_case(what="Kontainer"))
    keep(verifier, "Kapal", words="kontainer", state="DITERIMA")
    keep(verifier, "Baru", state="DITERIMA")
    again = verifier.post(SEARCH, {"view": number_of("Kapal", verifier)})
    assert register in text_of(again)
    without = verifier.post(SEARCH, {"view": number_of("Baru", verifier)})
    assert without.headers["Location"] == f"{SEARCH}?state=DITERIMA"


def test_a_view_lies_sealed_and_only_its_member_has_it(world: World, verifier: Client) -> None:
    keep(verifier, "Kontainer merah", words="manifes")
    row = SavedView.objects.get()
    assert not any(word in bytes(row.sealed) for word in (b"Kontainer", b"manifes"))
    head = browser_of(world, "kepala-uki")
    assert "Kontainer merah" not in text_of(head.get(SEARCH))
    for path in (f"{SEARCH}tampilan/{row.pk}/", f"{SEARCH}tampilan/{row.pk}/hapus/"):
        assert head.get(path).status_code == 404
    assert head.post(SEARCH, {"view": row.pk}).status_code == 404
    assert head.post(SEARCH, {"view": "x"}).status_code == 404


def test_a_view_is_renamed_and_deleted_after_a_look_back(verifier: Client) -> None:
    keep(verifier, "Lama")
    page = f"{SEARCH}tampilan/{number_of('Lama', verifier)}/"
    assert field_of(verifier.get(page), "name") == "Lama"
    verifier.post(page, {"name": "Baru"})
    assert [view.name for view in verifier.get(SEARCH).context["views"]] == ["Baru"]
    assert "is gone for good then" in text_of(verifier.get(f"{page}hapus/"))
    assert SavedView.objects.count() == 1
    verifier.post(f"{page}hapus/")
    assert not SavedView.objects.exists()
    assert verifier.post(f"{page}hapus/").status_code == 404


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("", "Give the view a name that you will know again."),
        ("x" * 61, "Shorten this to 60 characters."),
        ("LAMA", "You have a view of this name already."),
    ],
)
def test_a_name_that_can_not_be_is_refused_with_the_reason(verifier: Client, name: str, answer: str) -> None:
    keep(verifier, "Lama")
    response = keep(verifier, name)
    assert answer in text_of(response)  # type: ignore[arg-type]
    keep(verifier, "Lain")
    renamed = verifier.post(f"{SEARCH}tampilan/{number_of('Lain', verifier)}/", {"name": name})
    assert renamed.status_code == 422
    assert answer in text_of(renamed)
    assert SavedView.objects.count() == 2


def test_twenty_views_are_enough(verifier: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sipuma.workspace.saved_views.MOST", 1)
    keep(verifier, "Satu")
    assert "You have 1 views. Delete one" in text_of(keep(verifier, "Dua"))  # type: ignore[arg-type]


def test_a_search_that_asks_for_nothing_or_nonsense_is_not_kept(verifier: Client) -> None:
    assert verifier.post(KEEP, {"name": "Kosong"}).status_code == 200
    assert verifier.post(KEEP, {"name": "Salah", "state": "APA"}).status_code == 422
    assert not SavedView.objects.exists()


def test_views_sealed_to_keys_of_before_are_left_out(verifier: Client) -> None:
    keep(verifier, "Lama")
    SavedView.objects.update(sealed=b"x")
    assert verifier.get(SEARCH).context["views"] == []


def test_who_is_in_no_team_can_keep_no_view(world: World) -> None:
    response = keep(browser_of(world, "admin"), "Apa")
    assert "once a colleague has let you into a team" in text_of(response)  # type: ignore[arg-type]
