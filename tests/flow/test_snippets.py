"""The pages of text snippets, and putting one into an answer without scripts and without losing a word."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from sipuma.cases.models import Entry
from sipuma.complaints.models import Snippet
from sipuma.complaints.snippets import LONGEST_TEXT, add, teams_of
from tests.flow.pages import Page
from tests.flow.staff import browser_of, field_of, page_of, sign_in, text_of
from tests.ways import Walker
from tests.world import ACEH, MALILI, SABANG, Complaint, FileCase, World

LIST, NEW = "/en/petugas/teks/", "/en/petugas/teks/baru/"
TITLE, TEXT = "Terima kasih", "Terima kasih, nomor Anda {register}."


def keep(world: World, title: str = TITLE) -> Snippet:
    verifier = world.officer("verifikator")
    return add(team=teams_of(verifier)[0], title=title, text=TEXT, by=verifier)


def edit(snippet: Snippet) -> str:
    return f"{LIST}{snippet.uid}/"


def typed(client: Client, **values: str) -> dict[str, object]:
    return dict(Page(client.get(NEW).content.decode()).form("title").filled(**values))


def test_a_snippet_is_written_changed_and_removed(world: World) -> None:
    client = browser_of(world, "verifikator")
    assert "Your team has no snippet yet" in text_of(client.get(LIST))
    page = text_of(client.post(NEW, typed(client, title=TITLE, text=TEXT), follow=True))
    assert "The snippet is saved." in page
    assert TITLE in page
    snippet = Snippet.objects.get()
    form = Page(client.get(edit(snippet)).content.decode()).form("title")
    assert form.values["text"] == TEXT
    client.post(edit(snippet), form.filled(text="Salam."))
    page = text_of(client.get(edit(snippet)))
    assert "Salam." in page
    assert TEXT in page
    gone = client.post(f"{edit(snippet)}hapus/", {"seen": "2"}, follow=True)
    assert "The snippet is removed." in text_of(gone)
    assert "Removed" in text_of(client.get(edit(snippet)))
    assert 'name="title"' not in client.get(edit(snippet)).content.decode()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"title": ""}, "Give the snippet a name."),
        ({"title": "x" * 81}, "Shorten this to"),
        ({"text": "  "}, "Write the text."),
        ({"text": "x" * (LONGEST_TEXT + 1)}, "Shorten this to"),
        ({"team": "0"}, "Choose one of the list."),
        ({"team": ""}, "Choose one of the list."),
        ({"title": TITLE.upper()}, "Your team has a snippet of this name already."),
    ],
)
def test_a_gap_is_said_and_the_typing_stays(world: World, change: dict[str, str], says: str) -> None:
    keep(world)
    client = browser_of(world, "verifikator")
    sent = typed(client, title="Lain", text="Isi panjang saya.") | change
    answer = client.post(NEW, sent)
    assert answer.status_code == 422
    assert says in text_of(answer)
    values = Page(answer.content.decode()).form("title").values
    assert values["title"] == sent["title"]
    assert values["text"].strip() == str(sent["text"]).strip()
    assert Snippet.objects.count() == 1


def test_an_old_page_overwrites_nothing_and_shows_the_newer_version(world: World) -> None:
    snippet = keep(world)
    verifier, head = browser_of(world, "verifikator"), browser_of(world, "kepala-uki")
    old = Page(verifier.get(edit(snippet)).content.decode()).form("title").filled(text="Versi saya.")
    head.post(edit(snippet), {"title": TITLE, "text": "Versi kepala.", "seen": "1"})
    answer = verifier.post(edit(snippet), old)
    assert answer.status_code == 422
    assert "A colleague has changed this snippet meanwhile." in text_of(answer)
    assert "Versi kepala." in text_of(answer)
    form = Page(answer.content.decode()).form("title")
    assert form.values["text"] == "Versi saya."
    assert verifier.post(edit(snippet), form.filled(title="")).status_code == 422
    assert verifier.post(edit(snippet), form.filled()).status_code == 302
    late = verifier.post(f"{edit(snippet)}hapus/", {"seen": "1"}, follow=True)
    assert "A colleague has changed this snippet meanwhile." in text_of(late)


@pytest.mark.parametrize(
    ("role", "office"),
    [("penerima", SABANG), ("kustodian", ACEH), ("admin", "000000"), ("verifikator", MALILI)],
)
def test_for_others_the_snippets_are_not_there(world: World, role: str, office: str) -> None:
    snippet, client = keep(world), browser_of(world, role, office)
    assert client.get(edit(snippet)).status_code == 404
    assert client.post(edit(snippet), {"title": "x", "text": "y", "seen": "1"}).status_code == 404
    assert client.post(f"{edit(snippet)}hapus/", {"seen": "1"}).status_code == 404
    own_list = client.get(LIST)
    assert own_list.status_code == (200 if role == "verifikator" else 404)
    assert TITLE not in text_of(own_list)


def test_each_post_takes_a_token(world: World) -> None:
    snippet, strict = keep(world), Client(enforce_csrf_checks=True)
    strict.cookies = browser_of(world, "verifikator").cookies
    for path in (NEW, edit(snippet), f"{edit(snippet)}hapus/"):
        assert strict.post(path, {"title": "x", "text": "y"}).status_code == 403


@pytest.fixture
def complaint(world: World, file_case: FileCase) -> Complaint:
    """Return a case in verification."""
    complaint = file_case()
    Walker(world, complaint).verified()
    return complaint


def english(complaint: Complaint) -> str:
    return f"/en{page_of(complaint.case.register)}"


def test_a_snippet_goes_below_what_was_typed_and_nothing_is_saved(world: World, complaint: Complaint) -> None:
    snippet, client = keep(world), browser_of(world, "verifikator")
    seen = field_of(client.get(english(complaint)), "seen")
    sent = {"insert": "not_actionable", "snippet": str(snippet.uid), "seen": seen}
    sent |= {"reason": "A", "explanation": "Yang terhormat,"}
    entries = Entry.objects.count()
    answer = client.post(english(complaint), sent)
    assert answer.status_code == 200
    html = answer.content.decode()
    form = next(form for form in Page(html).forms if "explanation" in form.values)
    filled = f"Terima kasih, nomor Anda {complaint.case.register}."
    assert form.values["explanation"].split("\n\n") == ["Yang terhormat,", filled]
    assert form.values["reason"] == "A"
    assert form.values["seen"] == seen
    assert html.count('<details class="govuk-details" open>') == 1
    assert Entry.objects.count() == entries
    assert complaint.now().state == "VERIFIKASI"


def test_an_empty_text_takes_the_snippet_alone(world: World, complaint: Complaint) -> None:
    snippet, client = keep(world), browser_of(world, "verifikator")
    answer = client.post(
        english(complaint), {"insert": "message", "snippet": str(snippet.uid), "message": " "}
    )
    form = next(form for form in Page(answer.content.decode()).forms if "message" in form.values)
    assert form.values["message"].strip().startswith("Terima kasih, nomor Anda")


@pytest.mark.parametrize("chosen", ["", "x", "00000000-0000-0000-0000-000000000000"])
def test_without_a_choice_the_page_says_so_and_keeps_the_text(
    world: World, complaint: Complaint, chosen: str
) -> None:
    keep(world)
    client = browser_of(world, "verifikator")
    answer = client.post(english(complaint), {"insert": "message", "snippet": chosen, "message": "Isi saya."})
    assert "Choose a text snippet first." in text_of(answer)
    form = next(form for form in Page(answer.content.decode()).forms if "message" in form.values)
    assert form.values["message"] == "Isi saya."


@pytest.mark.parametrize("name", ["note", "take", "close_follow_up", "nonsense", ""])
def test_where_no_answer_is_written_no_snippet_goes_and_the_text_comes_back(
    world: World, complaint: Complaint, name: str
) -> None:
    snippet, client = keep(world), browser_of(world, "verifikator")
    sent = {"insert": name, "snippet": str(snippet.uid), "answer": "Isi saya.", "note": "Catatan saya."}
    answer = client.post(english(complaint), sent)
    assert answer.status_code == 422
    assert "This step isn't possible here" in text_of(answer)
    kept = {"note": "Catatan saya.", "close_follow_up": "Isi saya."}
    assert kept.get(name, "") in text_of(answer)


def test_a_step_without_an_answer_and_a_team_without_snippets_offer_none(
    world: World, complaint: Complaint
) -> None:
    client = browser_of(world, "verifikator")
    assert 'name="insert"' not in client.get(english(complaint)).content.decode()
    keep(world)
    html = client.get(english(complaint)).content.decode()
    assert 'name="insert" value="message"' in html
    assert 'name="insert" value="note"' not in html


def test_the_first_button_of_a_form_still_makes_the_step(world: World, complaint: Complaint) -> None:
    keep(world)
    html = browser_of(world, "verifikator").get(english(complaint)).content.decode()
    assert html.index('name="move" value="message"') < html.index('name="insert" value="message"')


def test_what_was_typed_outlives_the_session_when_the_snippet_came_too_late(
    world: World, complaint: Complaint
) -> None:
    snippet = keep(world)
    with time_machine.travel(datetime.now(tz=UTC), tick=False) as clock:
        client = browser_of(world, "verifikator")
        clock.shift(timedelta(minutes=16))
        sent = {"insert": "message", "snippet": str(snippet.uid), "message": "Isi saya."}
        assert client.post(english(complaint), sent).status_code == 302
        again = sign_in(f"verifikator.{SABANG}", client=client)
        form = next(
            form
            for form in Page(again.get(english(complaint)).content.decode()).forms
            if "message" in form.values
        )
        assert form.values["message"] == "Isi saya."


def test_a_snippet_in_the_making_outlives_the_session_too(world: World) -> None:
    with time_machine.travel(datetime.now(tz=UTC), tick=False) as clock:
        client = browser_of(world, "verifikator")
        sent = typed(client, title="Baru", text="Isi.")
        clock.shift(timedelta(minutes=16))
        assert client.post(NEW, sent).status_code == 302
        again = sign_in(f"verifikator.{SABANG}", client=client)
        values = Page(again.get(NEW).content.decode()).form("title").values
        assert (values["title"], values["text"]) == ("Baru", "Isi.")
