"""The complaint form, blank and filled, and the receipt: what they say; nothing typed breaks them."""

import builtins
import socket
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from pytest_django import Settings

from sipuma.cases.models import OFFLINE
from sipuma.offices.models import Office
from sipuma.offices.refusal import Refused
from sipuma.workspace.papers.forms import FilledForm, Receipt, complaint_form, receipt
from sipuma.workspace.papers.letterhead import LARGEST_EMBLEM, emblem, letterhead
from tests.unit.workspace.pdf import read

A4, A5 = 210, 148
AT = datetime(2026, 3, 24, 2, 5, tzinfo=UTC)
REGISTER = "130300-2026-000123"
LONG = "".join(f"kata{number:06d} " for number in range(1000))[:10_000]
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src="http://127.0.0.1:9/x.png"><b>',
    "{{ sheet.register }} {% now 'Y' %}",
    "&lt;b&gt; &amp; ]]> --> <!-- ",
    "url(file:///etc/passwd)",
    "</p></main></body></html>",
)


@pytest.fixture
def office() -> Office:
    return Office(
        code="130300",
        name="KPPBC Tipe Madya Pabean C Sabang",
        city="Sabang",
        province="Aceh",
        timezone="Asia/Jakarta",
        address="Jalan Contoh No. 1",
        phone="(0652) 21105",
        fax="0652 21106",
        email="pengaduan@kantor.example",
        desk_hours="Senin–Jumat 08.00–15.00 WIB",
    )


FILLED = FilledForm(
    register=REGISTER,
    received_at=AT,
    zone="Asia/Jakarta",
    channel="Complaint desk",
    receiver="Meja pengaduan",
    elements={"what": "Meminta uang.", "who": "Petugas loket 3.", "when": "Senin pagi.", "how": "Lisan."},
    identity=(("Name", "Pengadu Contoh"), ("Address", "Jalan Lain 2")),
    contact=(("Mobile", "0812-3456-7890"),),
    employees=("Pegawai A, retired", "Pegawai B"),
    evidence=("foto.jpg", "rekaman.mp3"),
    completeness="Information incomplete: the place is missing.",
)
RECEIPT = Receipt(REGISTER, AT, "Asia/Jayapura", "Complaint desk", files=2, papers=7)


def form_with(office: Office, **changes: Any) -> bytes:  # Any: fields of FilledForm
    return complaint_form(office, replace(FILLED, **changes), language="en")


class TestEveryPaper:
    """Tagged PDF/UA-1 with a title and a language, under the office's letterhead."""

    @pytest.mark.parametrize("language", ["en", "id"])
    @pytest.mark.parametrize("kind", ["blank", "filled", "receipt"])
    def test_it_is_tagged_and_says_so(self, office: Office, kind: str, language: str) -> None:
        if kind == "receipt":
            pdf = receipt(office, RECEIPT, language=language)
        else:
            pdf = complaint_form(office, FILLED if kind == "filled" else None, language=language)
        found = read(pdf)
        assert found.tagged
        assert found.universal == "1"
        assert found.language == language
        assert found.title
        assert (REGISTER in found.title) == (kind != "blank")

    def test_the_letterhead_says_how_to_reach_the_office(self, office: Office) -> None:
        for pdf in (complaint_form(office, None, language="en"), receipt(office, RECEIPT, language="en")):
            found = read(pdf)
            for text in (office.name, office.address, office.phone, office.fax, office.email):
                assert found.says(text)

    def test_an_office_that_published_nothing_yet_has_its_town(self) -> None:
        bare = Office(code="1", name="Kantor", city="Sabang", province="Aceh")
        head = letterhead(bare)
        assert (head.name, head.where, head.ways) == ("Kantor", "Sabang, Aceh", ())
        assert read(complaint_form(bare, None, language="id")).says("Sabang, Aceh")

    def test_making_one_opens_no_connection(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_args: object) -> None:
            raise AssertionError("a paper wanted to talk to somebody")

        monkeypatch.setattr(socket, "socket", refuse)
        monkeypatch.setattr(socket, "getaddrinfo", refuse)
        assert form_with(office, elements=dict.fromkeys(FILLED.elements, HOSTILE[1]))

    def test_without_pango_one_reads_what_to_do(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real = builtins.__import__

        def without(name: str, *args: Any) -> Any:  # Any: the signature is Python's
            if name == "weasyprint":
                raise OSError("cannot load library 'pango'")
            return real(name, *args)

        monkeypatch.setattr(builtins, "__import__", without)
        with pytest.raises(Refused, match=r"."):
            complaint_form(office, None, language="en")


class TestBlankForm:
    """Printed and written on by hand: one sheet, both sides at most (S1 2)."""

    @pytest.mark.parametrize("language", ["en", "id"])
    def test_it_fits_on_both_sides_of_one_sheet(self, office: Office, language: str) -> None:
        office.address, office.name = "Jalan Panjang " * 21, "Kantor Pengawasan dan Pelayanan " * 4
        found = read(complaint_form(office, None, language=language))
        assert found.pages == 2
        assert set(found.widths) == {A4}

    def test_it_asks_for_everything_and_is_free(self, office: Office) -> None:
        found = read(complaint_form(office, None, language="en"))
        with translation.override("en"):
            channels = [str(channel.label) for channel in OFFLINE]
        for part in (
            *("free of charge", "Register number", "Date", "WITA", "You may leave this part empty"),
            *(
                "Name",
                "Address",
                "Telephone or mobile",
                "E-mail",
                "Another way to reach you",
                "ticket number",
            ),
            *("What happened", "Who is reported", "When", "Where", "How it happened"),
            *("Reported employees", "NIP", "Evidence handed in", "Check of completeness"),
            *("incomplete, because", "Register number told", "Signatures", "Receiver of the complaint"),
            *channels,
        ):
            assert found.says(part), part


class TestFilledForm:
    """What was recorded, for the file of the office."""

    def test_it_says_all_that_was_recorded(self, office: Office) -> None:
        found = read(complaint_form(office, FILLED, language="en"))
        texts = (*FILLED.elements.values(), *FILLED.employees, *FILLED.evidence)
        rows = (text for row in (*FILLED.identity, *FILLED.contact) for text in row)
        for text in (*texts, *rows, REGISTER, FILLED.channel, FILLED.receiver, FILLED.completeness):
            assert found.says(text), text
        assert found.says("Tuesday, 24 March 2026, 09:05 WIB")
        assert found.says("free of charge")
        assert found.says("Not known.")  # where it happened was not said

    def test_what_is_withheld_is_said(self, office: Office) -> None:
        bare = FilledForm(REGISTER, AT, "Asia/Makassar", "Letter")
        found = read(complaint_form(office, bare, language="en"))
        for text in ("Withheld. It may be left out.", "None given.", "None recorded.", "10:05 WITA"):
            assert found.says(text)
        assert found.squeezed.count("Notknown.") == 5

    @pytest.mark.parametrize("text", HOSTILE)
    def test_hostile_text_stays_text(self, office: Office, text: str) -> None:
        pdf = form_with(
            office,
            elements=dict.fromkeys(FILLED.elements, text),
            identity=((text, text),),
            contact=((text, text),),
            employees=(text,),
            evidence=(text,),
            completeness=text,
            receiver=text,
            channel=text,
        )
        found = read(pdf)
        assert found.squeezed.count("".join(text.split())) == 13
        assert found.says("Signatures")
        assert b"/URI" not in pdf
        assert b"/JavaScript" not in pdf

    def test_ten_thousand_characters_everywhere_are_not_cut(self, office: Office) -> None:
        found = read(
            form_with(
                office,
                elements=dict.fromkeys(("what", "who", "when", "where", "how"), LONG),
                identity=(("Name", LONG),),
                employees=(LONG,),
                evidence=(LONG,),
                completeness=LONG,
            )
        )
        unbroken = found.squeezed
        for number in range(len(LONG) // 11):
            assert unbroken.count(f"kata{number:06d}") >= 9 - found.pages  # a page may end within a word
        assert unbroken.count("kata") >= 9 * 909 - found.pages

    def test_a_word_without_end_is_broken_and_not_cut(self, office: Office) -> None:
        found = read(form_with(office, elements={"what": "w" * 10_000}, identity=(("Name", "q" * 10_000),)))
        assert found.squeezed.count("w") >= 10_000
        assert found.squeezed.count("q") >= 10_000

    @pytest.mark.parametrize(
        "text",
        [
            pytest.param("😀👩‍👩‍👧🇮🇩" * 500, id="emoji"),
            pytest.param("\u202egnp.otof\u202c \u200fשלום", id="right to left"),
            pytest.param("\x00\x07\x1b[31m\ud800\ufffe", id="control characters"),
            pytest.param("a" + "\u0301" * 5000, id="marks"),
            pytest.param("\u200b\u00ad\u2028" * 500, id="invisible"),
            pytest.param("\n" * 3000, id="empty lines"),
        ],
    )
    def test_odd_text_breaks_nothing(self, office: Office, text: str) -> None:
        found = read(form_with(office, elements={"what": f"Awal {text} akhir"}, evidence=(text,)))
        for part in ("Awal", "akhir", "Signatures"):
            assert found.says(part)

    def test_right_to_left_letters_are_all_there(self, office: Office) -> None:
        found = read(form_with(office, elements={"what": "مرحبا " * 200}))
        assert found.text.count("م") == 200

    def test_what_it_says_stands_in_no_log_line(self) -> None:
        shown = repr(FILLED)
        assert REGISTER in shown
        assert not any(word in shown for word in ("Meminta", "Pengadu", "0812", "Pegawai", "foto", "missing"))


class TestReceipt:
    """What a complainant takes home."""

    def test_it_says_number_moment_and_what_was_handed_in(self, office: Office) -> None:
        found = read(receipt(office, RECEIPT, language="en"))
        assert found.pages == 1
        assert found.widths == (A5,)
        for text in (
            *(REGISTER, "Tuesday, 24 March 2026, 11:05 WIT", "Complaint desk", "free of charge"),
            *("Evidence files received 2", "Papers received 7", "ticket number", "/en/lacak/"),
            *("how far the complaint is", office.desk_hours),
        ):
            assert found.says(text), text

    def test_of_an_office_without_channels_it_names_the_national_ones(self) -> None:
        bare = Office(code="1", name="Kantor", city="Sabang", province="Aceh")
        found = read(receipt(bare, RECEIPT, language="id"))
        assert found.pages == 1
        assert found.says("(021) 1500 225")
        assert not found.says("di bagian atas lembar ini")

    def test_a_long_letterhead_leaves_it_on_one_page(self, office: Office) -> None:
        office.address, office.name = "Jalan Panjang " * 15, "Kantor Pengawasan dan Pelayanan " * 3
        assert read(receipt(office, RECEIPT, language="id")).pages == 1


def put(settings: Settings, root: Path, address: str) -> None:
    settings.STATIC_ROOT = root / "static"
    settings.SIPUMA = settings.SIPUMA.model_copy(update={"emblem": address})
    settings.STATIC_ROOT.mkdir(exist_ok=True)


SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'


class TestEmblem:
    """The office's own emblem, from the static files of this machine alone."""

    def test_it_is_on_the_paper(self, office: Office, settings: Settings, tmp_path: Path) -> None:
        without = complaint_form(office, None, language="en")
        put(settings, tmp_path, "/static/emblem.svg")
        (tmp_path / "static" / "emblem.svg").write_text(SVG)
        assert emblem().startswith("data:image/svg+xml;base64,")
        assert len(complaint_form(office, None, language="en")) > len(without)

    @pytest.mark.parametrize(
        "address",
        [
            *("", "https://cdn.example/static/emblem.svg", "//cdn.example/static/emblem.svg"),
            *("/emblem.svg", "/static/../secret.svg", "/static/%2e%2e/secret.svg", "/static/none.svg"),
            *("/static/page.html", "file:///etc/passwd", "/static/large.svg", "data:image/svg+xml,x"),
        ],
    )
    def test_any_other_address_is_left_out(self, settings: Settings, tmp_path: Path, address: str) -> None:
        put(settings, tmp_path, address)
        files: Mapping[str, str] = {
            "secret.svg": SVG,
            "static/page.html": SVG,
            "static/large.svg": " " * (LARGEST_EMBLEM + 1),
        }
        for name, content in files.items():
            (tmp_path / name).write_text(content)
        assert emblem() == ""

    def test_a_broken_emblem_spoils_no_paper(
        self, office: Office, settings: Settings, tmp_path: Path
    ) -> None:
        put(settings, tmp_path, "/static/emblem.svg")
        evil = SVG.replace("<rect", '<image href="file:///etc/hostname" width="9" height="9"/><rect')
        for content in ("no picture", evil):
            (tmp_path / "static" / "emblem.svg").write_text(content)
            assert read(receipt(office, RECEIPT, language="en")).says(REGISTER)
