"""Taking a complaint down at the desk: one page, nothing typed is lost, and one form makes one case."""

import json
import re
import threading
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from sipuma.cases.models import OFFLINE, ONLINE, Case, ReadLog, Ticket
from sipuma.complaints.models import Reception
from sipuma.complaints.words import ELEMENTS
from sipuma.offices.models import Draft, Member, Membership, Team, TeamKind
from sipuma.workspace import drafts
from sipuma.workspace.sheets import Sheet, seal_sheet
from tests.flow.pages import Page
from tests.flow.staff import SIGN_IN, browser_of, page_of, sign_in, text_of
from tests.unit.cases.test_filing import columns, forms
from tests.world import ACEH, MALILI, PASSWORD, SABANG, World

PAGE = "/en/petugas/penerimaan/baru/"
DRAFTS = "/en/petugas/penerimaan/konsep/"
NAME = f"penerima.{SABANG}"
MORNING = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
GIVEN = {
    "channel": "HELPDESK",
    "what": "Petugas meminta uang.",
    "who": "Pegawai di loket 3.",
    "when": "Senin pagi.",
    "where": "Kantor pelayanan.",
    "how": "Secara lisan, dua kali.",
    "complete": "yes",
}
HTMX = {"HX-Request": "true"}
TICKET = re.compile(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){5}\b")


def shown(client: Client, path: str = PAGE) -> Page:
    answer = client.get(path)
    assert answer.status_code == 200
    return Page(answer.content.decode())


def sent(client: Client, path: str = PAGE, **changes: str) -> dict[str, str]:
    """Return what a browser sends that opens the form now and fills it in."""
    values = shown(client, path).form("sheet").filled(**(GIVEN | changes))
    return {name: value for name, value in values.items() if value}


def recorded(client: Client, **changes: str) -> Case:
    answer = client.post(PAGE, sent(client, **changes))
    assert answer.status_code == 302, text_of(answer)
    return Case.objects.get(register=answer.headers["Location"].strip("/").rpartition("/")[2])


@pytest.mark.parametrize(
    ("role", "office"),
    [
        ("verifikator", SABANG),
        ("kepala-uki", SABANG),
        ("pengkaji-unit", SABANG),
        ("pengkaji", ACEH),
        ("kustodian", ACEH),
        ("admin", "000000"),
    ],
)
def test_only_receivers_record(world: World, role: str, office: str) -> None:
    client = browser_of(world, role, office)
    for path in (PAGE, DRAFTS, f"{DRAFTS}{uuid.uuid4()}/"):
        assert client.get(path).status_code == 404
        assert client.post(path, GIVEN).status_code == 404
    assert not Case.objects.exists()
    assert not Draft.objects.exists()


@pytest.mark.usefixtures("world")
def test_nobody_records_without_signing_in() -> None:
    for path in (PAGE, DRAFTS):
        assert Client().get(path).headers["Location"].startswith("/en/petugas/masuk/")
        assert Client().post(path, GIVEN).status_code == 302
    assert not Case.objects.exists()


def test_save_gives_a_register_number_and_leads_to_the_case(world: World) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        client = browser_of(world, "penerima")
        values = sent(client)
        clock.shift(timedelta(minutes=12))
        answer = client.post(PAGE, values)
        page = client.get(answer.headers["Location"])
    case = Case.objects.get()
    assert answer.headers["Location"] == f"/en{page_of(case.register)}"
    assert case.register == f"{SABANG}-2026-000001"
    assert (case.channel, case.state, case.reception) == (
        "HELPDESK",
        "DITERIMA",
        Team.objects.get(office_id=SABANG, kind=TeamKind.RECEPTION),
    )
    told = text_of(page)
    assert f"Recorded under the number {case.register}." in told
    assert all(GIVEN[name] in told for name, _label in ELEMENTS)
    kept = Reception.objects.get()
    assert (kept.complete, kept.started_at, kept.saved_at) == (True, MORNING, MORNING + timedelta(minutes=12))


def test_neither_the_form_nor_any_answer_shows_a_ticket(world: World) -> None:
    client = browser_of(world, "penerima")
    page = client.get(PAGE)
    answer = client.post(PAGE, sent(client, email="warga@surat.example", phone="081234567890"))
    after = client.get(answer.headers["Location"])
    assert not any(TICKET.search(one.content.decode()) for one in (page, answer, after))
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("channel", OFFLINE)
def test_each_channel_that_is_not_online_can_be_recorded(world: World, channel: str) -> None:
    assert recorded(browser_of(world, "penerima"), channel=channel).channel == channel


def test_each_element_may_be_unknown(world: World) -> None:
    client = browser_of(world, "penerima")
    for name, _label in ELEMENTS:
        case = recorded(client, **{name: "", f"{name}_unknown": "on"})
        assert "Not known (tidak diketahui)" in text_of(client.get(f"/en{page_of(case.register)}"))


def test_an_incomplete_complaint_is_accepted_with_what_is_missing(world: World) -> None:
    recorded(browser_of(world, "penerima"), complete="no", incomplete="Nama pegawai tidak jelas.")
    assert Reception.objects.get().complete is False


def test_a_conflict_of_interest_goes_one_level_up(world: World) -> None:
    case = recorded(browser_of(world, "penerima"), conflict="yes")
    assert case.register.startswith(ACEH)


LONG = "Kalimat. " * 1_200
# fmt: off
WRONG = [
    ({"channel": ""},                           "channel",    "Choose how the complaint came in."),
    ({"channel": "PIGEON"},                     "channel",    "Choose how the complaint came in."),
    *(({"channel": one},                        "channel",    "Choose how the complaint") for one in ONLINE),
    ({"what": ""},                              "what",       "«What happened» is empty."),
    ({"who": " \n\t "},                         "who",        "«Who is reported» is empty."),
    ({"when": "\x07\x1b"},                      "when",       "«When» is empty."),
    ({"where_unknown": "on"},                   "where",      "«Where» has a text and is marked"),
    ({"how_unknown": "on"},                     "how",        "«How it happened» has a text and is marked"),
    ({"what": "x" * 10_001},                    "what",       "10000 characters. It has 10001 now."),
    ({"how": "x" * 1_000_000},                  "how",        "Shorten this to 10000 characters."),
    ({"who": "x" * 2_001},                      "who",        "Shorten this to 2000 characters."),
    ({"name": "N" * 10_000},                    "name",       "Shorten this to 200 characters."),
    ({"address": "A" * 501},                    "address",    "Shorten this to 500 characters."),
    ({"email": "e" * 255},                      "email",      "Shorten this to 254 characters."),
    ({"phone": "0" * 41},                       "phone",      "Shorten this to 40 characters."),
    ({"callback": "c" * 501},                   "callback",   "Shorten this to 500 characters."),
    ({"category": "naga"},                      "category",   "Choose one of the entries of the list"),
    ({"conflict": "maybe"},                     "conflict_0", "Choose one of the entries of the list"),
    ({"complete": ""},                          "complete_0", "Say whether identity and information"),
    ({"complete": "perhaps"},                   "complete_0", "Say whether identity and information"),
    ({"complete": "no"},                        "incomplete", "Write what is missing or unclear."),
    ({"incomplete": "Tanggal."},                "incomplete", "You wrote what is missing. Choose «No» above"),
    ({"what": "Uang\x00 suap"},                 "what",       "This text held a character that cannot"),
]
# fmt: on


@pytest.mark.parametrize(("changes", "field", "says"), WRONG)
def test_a_mistake_is_said_at_its_field_and_the_typing_stays(
    world: World, changes: dict[str, str], field: str, says: str
) -> None:
    client = browser_of(world, "penerima")
    typed = sent(client, name="Warga", callback="Telepon malam hari.") | changes
    answer = client.post(PAGE, typed)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert says in text_of(answer)
    assert f'<a href="#id_{field}">' in html
    assert f'id="id_{field}"' in html
    values = Page(html).form("sheet").values
    lists = {"channel", "category", "conflict", "complete", "sheet", "csrfmiddlewaretoken"}
    clean = str.maketrans("", "", "\x00\x07\x1b")
    for name in typed.keys() - lists:
        assert values[name] == typed[name].translate(clean)
    assert not Case.objects.exists()


def test_nothing_at_all_names_everything_that_is_needed(world: World) -> None:
    client = browser_of(world, "penerima")
    answer = client.post(PAGE, {"sheet": sent(client)["sheet"]})
    links = re.findall(r'<li><a href="#(\w+)">', answer.content.decode())
    assert links == ["id_channel", "id_what", "id_who", "id_when", "id_where", "id_how", "id_complete_0"]
    assert text_of(answer).startswith("Error: Record a complaint")


def test_more_than_a_form_holds_is_refused_before_it_is_read(world: World) -> None:
    client = browser_of(world, "penerima")
    assert client.post(PAGE, sent(client, what="x" * 3_200_000)).status_code == 413


@pytest.mark.parametrize(
    "text",
    [
        "x" * 10_000,
        "👩🏽‍💻🔥" * 100,
        "مرحبا بالعالم",
        "<script>alert(1)</script>",
        "{{ 7 }} %s %(x)s",
        "=cmd()|' /C'",
    ],
)
def test_any_text_within_the_limit_is_kept_as_it_is(world: World, text: str) -> None:
    client = browser_of(world, "penerima")
    case = recorded(client, what=text)
    answer = client.get(page_of(case.register))
    assert " ".join(text.split()) in " ".join(Page(answer.content.decode()).text.split())
    assert "<script>alert" not in answer.content.decode()


def test_the_same_form_twice_is_one_case(world: World) -> None:
    client = browser_of(world, "penerima")
    values = sent(client)
    first, second = client.post(PAGE, values), client.post(PAGE, values)
    assert first.headers["Location"] == second.headers["Location"]
    assert recorded(client).register.endswith("000002")
    assert Case.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_many_saves_at_once_get_numbers_without_a_gap(world: World) -> None:
    browsers = [browser_of(world, "penerima") for _one in range(2)]
    posts = [(client, sent(client)) for client in browsers for _form in range(3)]
    posts += [posts[0], posts[0]]
    answers: list[int] = []
    failures: list[BaseException] = []

    def work(client: Client, values: dict[str, str]) -> None:
        own = Client()
        for name, cookie in client.cookies.items():
            own.cookies[name] = cookie.value
        try:
            answers.append(own.post(PAGE, values).status_code)
        except BaseException as error:  # noqa: BLE001 - a thread's failure must reach the test
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=post) for post in posts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (failures, answers) == ([], [302] * 8)
    registers = sorted(Case.objects.values_list("register", flat=True))
    assert [one[-6:] for one in registers] == [f"{n:06d}" for n in range(1, 7)]


def test_a_receiver_of_several_desks_chooses_one_of_them(world: World) -> None:
    client = browser_of(world, "penerima", ACEH)
    desks = shown(client).form("sheet").choices["desk"]
    sabang = Team.objects.get(office_id=SABANG, kind=TeamKind.RECEPTION)
    malili = Team.objects.get(office_id=MALILI, kind=TeamKind.RECEPTION)
    assert str(sabang.pk) in desks
    assert str(malili.pk) not in desks
    for desk in ("", str(malili.pk), "nowhere"):
        answer = client.post(PAGE, sent(client, desk=desk))
        assert "Choose the desk that you record for." in text_of(answer)
    assert recorded(client, desk=str(sabang.pk)).reception == sabang


def test_with_one_desk_nothing_is_asked(world: World) -> None:
    assert "desk" not in shown(browser_of(world, "penerima")).form("sheet").names


def test_the_page_says_when_it_was_begun_and_the_norm(world: World) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        client = browser_of(world, "penerima")
        values = sent(client, what="")
        assert "Begun 09:00 WIB · norm 30 minutes" in text_of(client.get(PAGE))
        clock.shift(timedelta(minutes=20))
        assert "Begun 09:00 WIB · norm 30 minutes" in text_of(client.post(PAGE, values))


# Drafts


def later(client: Client, **changes: str) -> None:
    answer = client.post(PAGE, sent(client, **changes) | {"later": "1"})
    assert answer.headers["Location"] == DRAFTS


def continued(client: Client) -> str:
    """Return the address under which the first draft of the list goes on."""
    found = re.search(r'href="([^"]*\?konsep=[^"]*)"', client.get(DRAFTS).content.decode())
    assert found
    return found.group(1)


def test_a_half_finished_form_is_kept_and_found_again_after_signing_in(world: World) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        client = browser_of(world, "penerima")
        later(client, what="Baru separuh.", who="", complete="", name="Warga")
        clock.shift(timedelta(days=3))
        sign_in(NAME, client=client)
        told = text_of(client.get(DRAFTS))
        assert "Unfinished, begun Monday, 23 November 2026, 09:00 WIB: Baru separuh." in told
        address = continued(client)
        page = shown(client, address)
        assert "This recording is unfinished." in page.text
        values = page.form("sheet").values
        assert (values["what"], values["name"], values["channel"]) == ("Baru separuh.", "Warga", "HELPDESK")
        answer = client.post(PAGE, sent(client, address, what="Sekarang lengkap."))
    assert answer.status_code == 302
    assert Reception.objects.get().started_at == MORNING
    assert not Draft.objects.exists()


def test_keeping_for_later_checks_nothing_and_records_nothing(world: World) -> None:
    client = browser_of(world, "penerima")
    later(client, channel="", what="x" * 20_000, complete="")
    assert not Case.objects.exists()
    assert shown(client, continued(client)).form("sheet").values["what"] == "x" * 20_000


def test_a_new_form_is_empty_though_another_is_unfinished(world: World) -> None:
    client = browser_of(world, "penerima")
    later(client)
    assert shown(client).form("sheet").values["what"] == ""


def test_a_draft_is_thrown_away_after_asking(world: World) -> None:
    client = browser_of(world, "penerima")
    later(client)
    address = f"{DRAFTS}{continued(client).partition('=')[2]}/"
    assert "Throw this recording away?" in text_of(client.get(address))
    assert Draft.objects.count() == 1
    assert client.post(address).headers["Location"] == DRAFTS
    assert not Draft.objects.exists()
    assert "Nothing is unfinished" in text_of(client.get(DRAFTS))
    assert client.get(address).status_code == 404


def test_a_draft_is_nobody_elses(world: World) -> None:
    client = browser_of(world, "penerima")
    later(client, what="Hanya untuk saya.")
    address = continued(client)
    other = browser_of(world, "penerima", MALILI)
    assert "Hanya untuk saya." not in text_of(other.get(DRAFTS))
    assert other.get(address).status_code == 404
    assert other.post(f"{DRAFTS}{address.partition('=')[2]}/").status_code == 404
    assert Draft.objects.count() == 1


@pytest.mark.parametrize("once", ["bukan-nomor", "0", str(uuid.UUID(int=0))])
def test_a_draft_that_is_not_there_is_not_found(world: World, once: str) -> None:
    assert browser_of(world, "penerima").get(f"{PAGE}?konsep={once}").status_code == 404


def test_saving_by_itself_says_when_and_a_newer_draft_takes_the_place_of_the_older(world: World) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        client = browser_of(world, "penerima")
        values = sent(client, what="Pertama.")
        client.post(DRAFTS, values, headers=HTMX)
        clock.shift(timedelta(minutes=3))
        answer = client.post(DRAFTS, values | {"what": "Kedua."}, headers=HTMX)
        assert (answer.status_code, answer.content) == (204, b"")
        assert json.loads(answer.headers["HX-Trigger"]) == {"draft-saved": {"at": "09:03 WIB"}}
        assert Draft.objects.count() == 1
        assert "Kedua." in text_of(client.get(DRAFTS))
    assert not Case.objects.exists()


def test_a_draft_that_arrives_after_the_case_was_saved_does_not_come_back(world: World) -> None:
    client = browser_of(world, "penerima")
    values = sent(client)
    client.post(DRAFTS, values)
    client.post(PAGE, values)
    assert not Draft.objects.exists()
    assert client.post(DRAFTS, values).status_code == 204
    assert not Draft.objects.exists()


def test_of_twenty_one_drafts_the_oldest_goes_and_other_forms_stay(world: World) -> None:
    client = browser_of(world, "penerima")
    officer = world.officer("penerima")
    drafts.keep(officer.member, path="/petugas/saluran/", values={"phone": "1"})
    for number in range(21):
        drafts.keep_recording(officer, Sheet.begin(), {"what": f"Nomor {number}."})
    assert [one.about for one in drafts.unfinished(officer)] == [f"Nomor {n}." for n in range(20, 0, -1)]
    assert len(drafts.kept_by(officer)) == 1
    drafts.keep_recording(officer, drafts.unfinished(officer)[-1].sheet, {"what": "Lagi."})
    assert len(drafts.unfinished(officer)) == 20
    assert "Text that you had not sent" in text_of(client.get("/en/petugas/"))


def test_the_list_costs_the_same_for_one_draft_and_for_many(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    officer = world.officer("penerima")
    for count in (1, 9):
        for _one in range(count):
            drafts.keep_recording(officer, Sheet.begin(), {"what": "Nomor."})
        with django_assert_num_queries(2):
            drafts.unfinished(officer)


def test_nothing_is_kept_for_a_member_whose_key_nobody_vouches_for(world: World) -> None:
    client = browser_of(world, "penerima")
    values = sent(client)
    Membership.objects.filter(member__user__username=NAME).update(certificate=None)
    assert client.post(DRAFTS, values).status_code == 409
    answer = client.post(PAGE, values | {"later": "1"})
    assert answer.status_code == 422
    assert "This could not be kept" in text_of(answer)
    assert Page(answer.content.decode()).form("sheet").values["what"] == GIVEN["what"]
    assert not Draft.objects.exists()


@pytest.mark.parametrize("path", [PAGE, DRAFTS])
def test_what_arrives_after_the_session_ended_is_there_again_with_its_sheet(world: World, path: str) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        client = browser_of(world, "penerima")
        values = sent(client, what="Diketik lama.", complete="no", disclose="on")
        clock.shift(timedelta(minutes=46))
        for _try in range(2):
            assert client.post(path, values).status_code == 302
        answer = client.post(SIGN_IN, {"login": NAME, "password": PASSWORD, "next": PAGE})
        page = shown(client, answer.headers["Location"])
        assert "What you typed before your session ended is back in this form." in page.text
        again = page.form("sheet").values
        assert {name: again[name] for name in GIVEN} == GIVEN | {"what": "Diketik lama.", "complete": "no"}
        assert again["disclose"] == "on"
        again |= {"incomplete": "Tanggal."}
        assert client.post(PAGE, again).status_code == 302
        assert client.post(PAGE, values | {"incomplete": "Tanggal."}).status_code == 302
    assert Case.objects.count() == 1
    assert Reception.objects.get().started_at == MORNING
    assert not Draft.objects.exists()


def test_beside_an_interrupted_form_a_new_one_can_be_begun(world: World) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        client = browser_of(world, "penerima")
        values = sent(client)
        clock.shift(timedelta(minutes=46))
        client.post(PAGE, values)
        sign_in(NAME, client=client)
        assert shown(client, f"{PAGE}?baru").form("sheet").values["what"] == ""
        assert shown(client).form("sheet").values["what"] == GIVEN["what"]


# The sheet


def test_after_a_day_the_typing_stays_and_the_form_is_good_once_more(world: World) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        client = browser_of(world, "penerima")
        values = sent(client)
        clock.shift(timedelta(hours=24))
        sign_in(NAME, client=client)
        answer = client.post(PAGE, values)
        assert answer.status_code == 422
        assert "This page lay open for more than a day." in text_of(answer)
        assert not Case.objects.exists()
        again = Page(answer.content.decode()).form("sheet").values
        assert {name: again[name] for name in GIVEN} == GIVEN
        assert client.post(PAGE, again).status_code == 302
    assert Reception.objects.get().started_at == MORNING


def test_a_form_that_was_saved_a_day_ago_is_still_the_same_case(world: World) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        client = browser_of(world, "penerima")
        values = sent(client)
        client.post(PAGE, values)
        clock.shift(timedelta(hours=25))
        sign_in(NAME, client=client)
        again = Page(client.post(PAGE, values).content.decode()).form("sheet").values
        assert client.post(PAGE, again).status_code == 302
    assert Case.objects.count() == 1


@pytest.mark.parametrize("sheet", ["", "x", "AAAA" * 100, "🔥", "cut", "other"])
def test_a_sheet_that_is_not_ours_is_replaced_and_the_typing_stays(world: World, sheet: str) -> None:
    client = browser_of(world, "penerima")
    values = sent(client)
    other = seal_sheet(Sheet.begin(), world.officer("penerima", MALILI).member)
    given = {"cut": values["sheet"][:-4], "other": other}.get(sheet, sheet)
    answer = client.post(PAGE, values | {"sheet": given})
    assert answer.status_code == 422
    assert "This page was damaged on its way." in text_of(answer)
    again = Page(answer.content.decode()).form("sheet").values
    assert {name: again[name] for name in GIVEN} == GIVEN
    assert client.post(DRAFTS, values | {"sheet": given}).status_code == 409
    assert not Draft.objects.exists()
    assert client.post(PAGE, again).status_code == 302


def test_a_sheet_cannot_be_made_older_or_newer(world: World) -> None:
    """Every character of the sealed text counts."""
    client = browser_of(world, "penerima")
    values = sent(client)
    for place in (0, 40, len(values["sheet"]) // 2, -1):
        altered = list(values["sheet"])
        altered[place] = "A" if altered[place] != "A" else "B"
        assert client.post(PAGE, values | {"sheet": "".join(altered)}).status_code == 422
    assert not Case.objects.exists()


# Secrets, scripts and looking


def test_no_table_holds_a_word_of_what_was_typed(world: World) -> None:
    names = ("what", "who", "when", "where", "how", "name", "address", "callback", "incomplete")
    canaries = {name: f"Kenari{name.title()}Kuning" for name in names}
    email, phone = "kenari.pelapor@surat.example", "081234567890"
    with time_machine.travel(datetime.now(tz=UTC), tick=False) as clock:
        client = browser_of(world, "penerima")
        changes = canaries | {"email": email, "phone": phone, "complete": "no", "disclose": "on"}
        recorded(client, **changes)
        later(client, **changes)
        client.post(DRAFTS, sent(client, **changes), headers=HTMX)
        values = sent(client, **changes)
        clock.shift(timedelta(minutes=46))
        client.post(PAGE, values)
    assert Draft.objects.count() == 3
    needles = [needle for text in (*canaries.values(), email, phone, "kenari") for needle in forms(text)]
    cells = list(columns())
    assert {(table, n) for table, cell in cells for n in needles if n in cell or n in cell.lower()} == set()


def test_a_script_is_told_where_to_go_and_gets_the_page_with_its_mistakes(world: World) -> None:
    client = browser_of(world, "penerima")
    values = sent(client)
    wrong = client.post(PAGE, values | {"what": ""}, headers=HTMX)
    assert wrong.status_code == 422
    assert '<main id="main"' in wrong.content.decode()
    answer = client.post(PAGE, values, headers=HTMX)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["HX-Redirect"] == f"/en{page_of(Case.objects.get().register)}"


def directives(client: Client, path: str) -> dict[str, str]:
    policy = client.get(path).headers["Content-Security-Policy"]
    return dict(part.strip().split(" ", 1) for part in policy.split(";"))


def test_staff_pages_may_run_our_own_scripts_and_public_pages_none(world: World) -> None:
    client = browser_of(world, "penerima")
    for path in (PAGE, "/petugas/", "/en/petugas/tim/", "/petugas/tidak-ada/", SIGN_IN):
        found = directives(client, path)
        assert (found["script-src"], found["connect-src"], found["default-src"]) == (
            "'self'",
            "'self'",
            "'none'",
        )
    for path in ("/", "/lapor/", "/en/lacak/", "/en/tidak-ada/", "/petugas"):
        assert not {"script-src", "connect-src"} & directives(client, path).keys()
        assert directives(client, path)["default-src"] == "'none'"


def test_scripts_are_loaded_where_they_are_needed_and_none_is_inline(world: World) -> None:
    client = browser_of(world, "penerima")
    html = client.get(PAGE).content.decode()
    assert re.findall(r"<script[^>]*>", html) == [
        '<script src="/static/sipuma/htmx.min.js" defer>',
        '<script src="/static/sipuma/desk.js" defer>',
    ]
    assert not re.search(r"\son\w+=|javascript:|<script[^>]*>[^<]", html)
    config = re.search(r"name=\"htmx-config\" content='([^']*)'", html)
    assert config
    settings = json.loads(config.group(1))
    assert (settings["allowEval"], settings["includeIndicatorStyles"]) == (False, False)
    assert settings["historyCacheSize"] == 0
    for path in ("/petugas/", "/petugas/tim/", DRAFTS):
        assert "<script" not in client.get(path).content.decode()


def test_save_is_the_first_button_and_the_first_field_has_the_focus(world: World) -> None:
    html = browser_of(world, "penerima").get(PAGE).content.decode()
    form = Page(html).form("sheet")
    assert form.buttons == [("", ""), ("later", "1")]
    assert re.findall(r"<\w+ [^>]*\bautofocus\b[^>]*>", html) == re.findall(
        r'<select name="channel"[^>]*>', html
    )


def test_looking_writes_nothing(world: World) -> None:
    client = browser_of(world, "penerima")
    later(client)
    paths = [PAGE, DRAFTS, continued(client), f"{DRAFTS}{continued(client).partition('=')[2]}/"]
    before = dict(rows())
    for path in paths:
        assert client.get(path).status_code == 200
    assert dict(rows()) == before


def rows() -> Iterator[tuple[str, list[object]]]:
    for model in apps.get_models():
        if model is not ReadLog:
            yield model._meta.label, list(model._base_manager.values())


def test_another_methods_answer_is_405(world: World) -> None:
    client = browser_of(world, "penerima")
    assert {client.put(path).status_code for path in (PAGE, DRAFTS)} == {405}
    assert Member.objects.filter(user__username=NAME).exists()
