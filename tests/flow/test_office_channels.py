"""An office keeps its own published channels, and everybody reads them on the public page (R28, R29, R88)."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from sipuma.offices.models import Draft, Office
from tests.flow.pages import Page
from tests.flow.staff import browser_of, sign_in, text_of
from tests.world import ACEH, MALILI, SABANG, World

PAGE = "/petugas/saluran/"
TYPED = {
    "office": SABANG,
    "address": "Jalan Contoh 1",
    "desk_hours": "Senin–Jumat 08.00–15.00 WIB",
    "phone": "(0652) 21105",
    "whatsapp": "0812-3456-7890",
    "email": "pengaduan@kantor.example",
    "fax": "0652 21106",
}


@pytest.mark.parametrize("role", ["penerima", "kepala-uki"])
def test_an_office_publishes_its_channels(world: World, role: str) -> None:
    client = browser_of(world, role)
    page = Page(client.get(PAGE).content.decode())
    sent = page.form("desk_hours").filled(**TYPED)
    assert client.post(f"/en{PAGE}", sent).headers["Location"] == f"/en{PAGE}"
    told = text_of(client.get(f"/en{PAGE}"))
    assert "Published: the channels of " in told
    assert f"by Petugas {role} {SABANG}." in told
    html = Client().get("/en/saluran/?q=sabang").content.decode()
    for link in ("tel:+6265221105", "https://wa.me/6281234567890", "mailto:pengaduan@kantor.example"):
        assert f'href="{link}"' in html
    for text in (TYPED["address"], TYPED["desk_hours"], TYPED["fax"]):
        assert text in html


@pytest.mark.parametrize(
    ("role", "office"),
    [
        ("verifikator", SABANG),
        ("pengkaji-unit", SABANG),
        ("pengkaji", ACEH),
        ("kustodian", ACEH),
        ("admin", "000000"),
    ],
)
def test_for_everybody_else_the_page_is_not_there(world: World, role: str, office: str) -> None:
    client = browser_of(world, role, office)
    assert client.get(PAGE).status_code == 404
    assert client.post(PAGE, TYPED | {"office": office}).status_code == 404
    assert f'href="{PAGE}"' not in client.get("/petugas/tim/").content.decode()
    assert Office.objects.get(pk=SABANG).phone == ""


def test_the_team_page_leads_there(world: World) -> None:
    for role in ("penerima", "kepala-uki"):
        assert f'href="{PAGE}"' in browser_of(world, role).get("/petugas/tim/").content.decode()


@pytest.mark.parametrize("office", [MALILI, ACEH, "999999", ""])
def test_other_offices_are_not_there(world: World, office: str) -> None:
    client = browser_of(world, "kepala-uki")
    assert client.post(PAGE, TYPED | {"office": office}).status_code == 404
    assert not Office.objects.exclude(phone="").exists()


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("phone", "0652 21105 ext. 3", "Write one number"),
        ("phone", "021-1 / 021-2", "Write one number"),
        ("fax", "tidak ada", "Write one number"),
        ("whatsapp", "1500225", "Write the whole number that has WhatsApp."),
        ("email", "pengaduan@", "No mail can go to this address."),
        ("email", "a@b.go.id, c@d.go.id", "No mail can go to this address."),
        ("address", "x" * 301, "Shorten this to 300 characters. It has 301 now."),
        ("desk_hours", "x" * 201, "Shorten this to 200 characters. It has 201 now."),
    ],
)
def test_what_cannot_be_is_said_and_the_typing_stays(world: World, field: str, typed: str, says: str) -> None:
    client = browser_of(world, "penerima")
    answer = client.post(f"/en{PAGE}", TYPED | {field: typed})
    assert answer.status_code == 422
    assert says in text_of(answer)
    assert f'href="#{SABANG}-{field}"' in answer.content.decode()
    values = Page(answer.content.decode()).form("desk_hours").values
    assert {name: values[name] for name in TYPED} == TYPED | {field: typed}
    assert Office.objects.get(pk=SABANG).channels_changed_at is None


def test_a_number_that_is_too_long_is_told_once(world: World) -> None:
    answer = browser_of(world, "penerima").post(f"/en{PAGE}", TYPED | {"whatsapp": "0812" * 30})
    summary = text_of(answer).partition("Something needs your attention")[2].partition("Address")[0]
    assert "Shorten this to 40 characters." in summary
    assert "Write" not in summary


def test_the_desk_leads_to_the_channels(world: World) -> None:
    assert f'href="{PAGE}"' in browser_of(world, "penerima").get("/petugas/penerimaan/").content.decode()
    assert (
        f'href="{PAGE}"' not in browser_of(world, "verifikator").get("/petugas/penerimaan/").content.decode()
    )


def test_hostile_text_stays_text(world: World) -> None:
    client = browser_of(world, "penerima")
    client.post(PAGE, TYPED | {"address": "<script>alert(1)</script>", "desk_hours": '"><b>'})
    for page in (client.get(PAGE), Client().get("/saluran/?q=sabang")):
        assert "&lt;script&gt;" in page.content.decode()
        assert "<script>" not in page.content.decode()
        assert "<b>" not in page.content.decode()


def test_what_was_typed_outlives_the_session(world: World) -> None:
    with time_machine.travel(datetime.now(tz=UTC), tick=False) as clock:
        client = browser_of(world, "penerima")
        clock.shift(timedelta(minutes=46))
        assert client.post(PAGE, TYPED).status_code == 302
        again = sign_in(f"penerima.{SABANG}", client=client)
        values = Page(again.get(PAGE).content.decode()).form("desk_hours").values
        assert {name: values[name] for name in TYPED} == TYPED
        assert Office.objects.get(pk=SABANG).phone == ""
        assert again.post(PAGE, TYPED).status_code == 302
    assert Office.objects.get(pk=SABANG).phone == TYPED["phone"]
    assert not Draft.objects.exists()


@pytest.mark.usefixtures("world")
def test_the_public_page_is_free_of_charge_and_names_lapor_and_wise() -> None:
    html = Client().get("/en/saluran/").content.decode()
    assert "Every channel is free of charge." in html
    for link in (
        "https://www.lapor.go.id/",
        "https://www.wise.kemenkeu.go.id/",
        "tel:+62211500225",
        "mailto:pengaduan.beacukai@customs.go.id",
    ):
        assert f'href="{link}"' in html


def test_an_office_in_two_hands_of_one_member_stands_there_once(world: World) -> None:
    assert Page(browser_of(world, "kepala-uki", ACEH).get(PAGE).content.decode()).text.count("WhatsApp") == 1


def test_a_page_that_is_older_than_the_channels_overwrites_nothing(world: World) -> None:
    receiver, head = browser_of(world, "penerima"), browser_of(world, "kepala-uki")
    old = Page(receiver.get(PAGE).content.decode()).form("desk_hours").filled(**TYPED)
    assert head.post(PAGE, TYPED | {"phone": "0652 9999"}).status_code == 302
    answer = receiver.post(f"/en{PAGE}", old)
    assert answer.status_code == 422
    assert "Somebody else has changed these channels meanwhile." in text_of(answer)
    assert "Telephone: 0652 9999" in text_of(answer)
    assert Office.objects.get(pk=SABANG).phone == "0652 9999"
    again = Page(answer.content.decode()).form("desk_hours")
    assert {name: again.values[name] for name in TYPED} == TYPED
    assert receiver.post(PAGE, again.filled()).status_code == 302
    assert Office.objects.get(pk=SABANG).phone == TYPED["phone"]
