"""Several cases assigned at once from the queue, each by itself, and nothing chosen is lost on the way."""

import pytest
from django.test import Client

from sipuma.outbox.models import Message
from tests.flow.pages import Page
from tests.flow.staff import QUEUE, browser_of, text_of
from tests.world import MALILI, SABANG, Complaint, FileCase, World, move

PAGE = "/petugas/tugaskan/"
HEAD = f"kepala-uki.{SABANG}"


def assignees(*complaints: Complaint) -> list[str]:
    found = [one.now().assignee for one in complaints]
    return [member.user.get_username() if member else "" for member in found]


def chosen(*complaints: Complaint) -> dict[str, object]:
    return {"case": [one.case.register for one in complaints], "assignee": HEAD}


@pytest.fixture
def client(world: World) -> Client:
    """Return the browser of a verifier who has a colleague."""
    world.officer("kepala-uki")
    return browser_of(world, "verifikator")


def test_the_chosen_cases_are_assigned_and_no_others(client: Client, file_case: FileCase) -> None:
    first, second, third = file_case(), file_case(), file_case()
    form = Page(client.get(f"{QUEUE}?state=DITERIMA").content.decode()).form("assignee")
    sent = form.filled(assignee=HEAD) | chosen(first, third)
    answer = client.post(f"/en{PAGE}", sent)
    assert answer.headers["Location"] == f"/en{QUEUE}?state=DITERIMA"
    assert "2 cases assigned." in text_of(client.get(answer.headers["Location"]))
    assert assignees(first, second, third) == [HEAD, "", HEAD]
    assert Message.objects.filter(template="staff-assigned").count() == 2


def test_each_case_that_could_not_be_assigned_is_named_with_the_reason(
    world: World, client: Client, file_case: FileCase
) -> None:
    free, taken = file_case(), file_case()
    move(taken, "take_on", by=world.officer("kepala-uki"))
    answer = client.post(f"/en{PAGE}", chosen(free, taken), follow=True)
    page = text_of(answer)
    assert "1 case assigned." in page
    assert f"Not assigned: {taken.case.register}. Petugas kepala-uki {SABANG} has this case already." in page


def test_a_case_that_somebody_has_taken_since_is_left_to_them(
    world: World, client: Client, file_case: FileCase
) -> None:
    complaint = file_case()
    form = Page(client.get(QUEUE).content.decode()).form("assignee")
    move(complaint, "assign", by=world.officer("kepala-uki"), assignee=f"verifikator.{SABANG}", note="")
    answer = client.post(f"/en{PAGE}", form.filled(assignee=HEAD) | chosen(complaint), follow=True)
    assert "Others have added to this case" in text_of(answer)
    assert assignees(complaint) == [f"verifikator.{SABANG}"]


def test_cases_out_of_reach_are_passed_over_like_unknown_ones(
    world: World, client: Client, file_case: FileCase
) -> None:
    world.officer("verifikator", MALILI)
    own, other = file_case(), file_case(MALILI)
    both = client.post(f"/en{PAGE}", chosen(own, other), follow=True)
    assert other.case.register not in text_of(both)
    assert assignees(own, other) == [HEAD, ""]
    for registers in (["130300-2026-999999"], [other.case.register], ["' OR 1=1 --"]):
        sent = {"case": registers, "assignee": HEAD}
        assert "0 cases assigned." in text_of(client.post(f"/en{PAGE}", sent, follow=True))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"assignee": ""}, "Choose a colleague."),
        ({"assignee": f"verifikator.{MALILI}"}, "Choose a colleague of the list."),
        ({"case": []}, "Choose at least one case."),
        ({"case": [f"130300-2026-{n:06d}" for n in range(900, 926)]}, "Choose at most 25 cases."),
    ],
)
def test_a_mistake_is_said_and_the_choice_stays(
    client: Client, file_case: FileCase, change: dict[str, object], says: str
) -> None:
    complaint, other = file_case(), file_case()
    sent = chosen(complaint) | {"back": "state=DITERIMA&due=week"} | change
    answer = client.post(f"/en{PAGE}", sent)
    assert answer.status_code == 422
    assert says in text_of(answer)
    html = answer.content.decode()
    kept = "case" not in change
    assert (f'value="{complaint.case.register}" checked' in html) is kept
    assert f'value="{other.case.register}" checked' not in html
    assert 'name="back" value="state=DITERIMA&amp;due=week"' in html
    assert assignees(complaint) == [""]


def test_the_way_back_leads_to_the_queue_and_nowhere_else(client: Client, file_case: FileCase) -> None:
    back = "next=https://elsewhere.example&after=1-1&state=DITERIMA"
    answer = client.post(PAGE, chosen(file_case()) | {"back": back})
    assert answer.headers["Location"] == f"{QUEUE}?state=DITERIMA&after=1-1"


def test_it_takes_a_token_and_no_get(world: World, client: Client, file_case: FileCase) -> None:
    complaint = file_case()
    assert client.get(PAGE).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert strict.post(PAGE, chosen(complaint)).status_code == 403
    assert Client().post(PAGE, chosen(complaint)).headers["Location"].startswith("/petugas/masuk/")
    assert assignees(complaint) == [""]


def test_closed_cases_and_cases_of_others_offer_no_choice(
    world: World, client: Client, file_case: FileCase
) -> None:
    complaint, verifier = file_case(), world.officer("verifikator")
    assert 'name="assignee"' in client.get(QUEUE).content.decode()
    move(complaint, "take", by=verifier)
    move(complaint, "request_data", by=verifier, question="Kapan?")
    world.officer("kustodian", "130000")
    empty = browser_of(world, "admin").get(QUEUE).content.decode()
    assert 'name="assignee"' not in empty
