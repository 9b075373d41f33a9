"""Which numbers can be dialled and opened, and who may change what an office publishes."""

import pytest
from django.utils.translation import override

from sipuma.offices.channels import (
    PUBLISHED,
    change_channels,
    changeable_by,
    is_number,
    lines,
    telephone_url,
    whatsapp_url,
)
from sipuma.offices.loading import load_offices, office_rows
from sipuma.offices.models import Office
from sipuma.offices.refusal import Refused
from tests.world import ACEH, MALILI, SABANG, World

FILLED = {
    "address": "Jalan Contoh 1\nSabang",
    "phone": "(0652) 21105",
    "fax": "0652 21106",
    "email": "pengaduan@kantor.example",
    "whatsapp": "0812-3456-7890",
    "desk_hours": "Senin–Jumat 08.00–15.00 WIB",
}


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("(0652) 21105", "tel:+6265221105"),
        ("0652 21105", "tel:+6265221105"),
        ("+62 652 21105", "tel:+6265221105"),
        ("(+62) 652-21105", "tel:+6265221105"),
        ("0812-3456-7890", "tel:+6281234567890"),
        ("1500225", "tel:1500225"),
        ("110", "tel:110"),
    ],
)
def test_a_number_is_dialled_as_it_is_meant(text: str, address: str) -> None:
    assert is_number(text)
    assert telephone_url(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12",
        "0652 21105 ext. 3",
        "0652/21105",
        "+62+652",
        "65+2 21105",
        "٠٦٥٢٢١١٠٥",
        "1" * 16,
        "0652\n21105",
    ],
)
def test_what_is_no_number_gets_no_link(text: str) -> None:
    assert not is_number(text)
    assert telephone_url(text) == ""
    assert whatsapp_url(text) == ""


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("0812-3456-7890", "https://wa.me/6281234567890"),
        ("+62 812 3456 7890", "https://wa.me/6281234567890"),
        ("(021) 4890966", "https://wa.me/62214890966"),
        ("1500225", ""),
        ("110", ""),
        ("0812", ""),
    ],
)
def test_whatsapp_opens_for_whole_numbers_only(text: str, address: str) -> None:
    assert whatsapp_url(text) == address


def test_lines_leave_out_what_an_office_does_not_have() -> None:
    assert lines(Office()) == ()
    shown = [(line.text, line.url) for line in lines(Office(**FILLED))]
    assert shown == [
        ("(0652) 21105", "tel:+6265221105"),
        ("0812-3456-7890", "https://wa.me/6281234567890"),
        ("pengaduan@kantor.example", "mailto:pengaduan@kantor.example"),
        ("0652 21106", ""),
    ]


@pytest.mark.parametrize(
    ("role", "office", "kept"),
    [
        ("penerima", SABANG, [SABANG]),
        ("kepala-uki", SABANG, [SABANG]),
        ("kepala-uki", ACEH, [ACEH]),  # the empty teams below are no office of theirs
        ("verifikator", SABANG, []),
        ("pengkaji", ACEH, []),
        ("pengkaji-unit", SABANG, []),
        ("admin", SABANG, []),
    ],
)
def test_receivers_and_heads_keep_the_channels_of_their_own_office(
    world: World, role: str, office: str, kept: list[str]
) -> None:
    assert [one.pk for one in changeable_by(world.officer(role, office))] == kept


def test_a_change_notes_who_and_when_and_no_change_notes_nothing(world: World) -> None:
    office, receiver = Office.objects.get(pk=SABANG), world.officer("penerima")
    change_channels(office=office, values=dict.fromkeys(PUBLISHED, ""), by=receiver, seen="")
    office.refresh_from_db()
    assert office.channels_changed_at is None
    change_channels(office=office, values=FILLED, by=receiver, seen="")
    office.refresh_from_db()
    assert {name: getattr(office, name) for name in PUBLISHED} == FILLED
    assert office.channels_changed_by == receiver.member
    assert office.channels_changed_at is not None


def test_nobody_changes_the_channels_of_another_office(world: World) -> None:
    with override("en"), pytest.raises(Refused, match="Only receivers"):
        change_channels(
            office=Office.objects.get(pk=MALILI), values=FILLED, by=world.officer("penerima"), seen=""
        )
    assert Office.objects.get(pk=MALILI).phone == ""


def test_loading_the_offices_again_keeps_what_an_office_has_published(world: World) -> None:
    change_channels(
        office=Office.objects.get(pk=SABANG), values=FILLED, by=world.officer("penerima"), seen=""
    )
    published = Office.objects.filter(pk=SABANG).values(*PUBLISHED, "channels_changed_by_id").get()
    load_offices([row | {"phone": "0", "address": "X"} for row in office_rows()])
    assert Office.objects.filter(pk=SABANG).values(*PUBLISHED, "channels_changed_by_id").get() == published
