"""What messages say, in every language: complete, without any matter, and an SMS in one part."""

from itertools import product
from string import Formatter

import pytest
from django.conf import settings as configured
from django.utils.translation import override
from pytest_django import Settings

from sipuma.outbox.models import Channel
from sipuma.outbox.texts import TEMPLATES, UnknownTemplate, render
from tests.unit.outbox.box import TICKET

# GSM 03.38, basic set and extension; one of the extension counts twice.
GSM_7 = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_7_TWICE = set("^{}\\[~]|€\f")
SMS_CHARACTERS = 160

# Longer than the address of any office's site is likely to be: 66 characters.
LONG_BASE = "https://pengaduan-masyarakat.kanwil-aceh.beacukai.kemenkeu.go.id/"
DATA = {"ticket": TICKET, "register": "130300-2026-000123"}
# All that a message may name: no field of a complaint is among them (R64).
ALLOWED = {"channels", "ticket", "register", "track", "queue"}

LANGUAGES = [code for code, _name in configured.LANGUAGES]
EVERY = list(product(TEMPLATES, LANGUAGES))


@pytest.fixture(autouse=True)
def _long_address(settings: Settings) -> None:
    settings.SIPUMA = settings.SIPUMA.model_copy(update={"base_url": LONG_BASE})


def septets(text: str) -> int:
    assert set(text) <= GSM_7 | GSM_7_TWICE, set(text) - GSM_7 - GSM_7_TWICE
    return len(text) + sum(character in GSM_7_TWICE for character in text)


@pytest.mark.parametrize(("template", "language"), EVERY)
def test_an_sms_is_one_part_of_160_characters(template: str, language: str) -> None:
    words = render(template, channel=Channel.SMS, language=language, data=DATA)
    assert words.subject == ""
    assert septets(words.body) <= SMS_CHARACTERS, f"{septets(words.body)}: {words.body}"


@pytest.mark.parametrize(("template", "language"), EVERY)
def test_a_mail_has_a_subject_of_one_line_and_a_filled_body(template: str, language: str) -> None:
    words = render(template, channel=Channel.EMAIL, language=language, data=DATA)
    assert 0 < len(words.subject) <= 78
    assert "\n" not in words.subject
    assert "{" not in words.subject + words.body
    assert "https://" in words.body


@pytest.mark.parametrize(("template", "language"), EVERY)
def test_no_words_ask_for_more_than_numbers_and_addresses(template: str, language: str) -> None:
    words = TEMPLATES[template]
    with override(language):
        for text in (words.subject, words.body, words.sms):
            named = {name for _text, name, _spec, _conversion in Formatter().parse(str(text)) if name}
            assert named <= ALLOWED


@pytest.mark.parametrize(("template", "language"), EVERY)
def test_only_the_ticket_message_carries_a_ticket_and_never_in_its_subject(
    template: str, language: str
) -> None:
    mail = render(template, channel=Channel.EMAIL, language=language, data=DATA)
    sms = render(template, channel=Channel.SMS, language=language, data=DATA)
    assert TICKET not in mail.subject
    assert {TICKET in mail.body, TICKET in sms.body} == {template == "ticket"}


@pytest.mark.parametrize("template", [name for name in TEMPLATES if not name.startswith("staff-")])
def test_what_a_complainant_gets_names_no_register_number(template: str) -> None:
    for channel in Channel.values:
        words = render(template, channel=channel, language="id", data=DATA)
        assert DATA["register"] not in words.subject + words.body


@pytest.mark.parametrize(("language", "address"), [("id", "go.id/lacak/"), ("en", "go.id/en/lacak/")])
def test_a_message_leads_to_the_page_in_its_own_language(language: str, address: str) -> None:
    assert address in render("news", channel=Channel.EMAIL, language=language, data={}).body


def test_staff_are_led_to_the_queue() -> None:
    assert "go.id/petugas/" in render("staff-case", channel="email", language="id", data=DATA).body


@pytest.mark.parametrize(("template", "data"), [("unheard-of", DATA), ("ticket", {}), ("staff-case", {})])
def test_words_that_are_not_there_are_said_to_be_unknown(template: str, data: dict[str, str]) -> None:
    with pytest.raises(UnknownTemplate):
        render(template, channel=Channel.EMAIL, language="id", data=data)


def test_a_value_is_never_read_as_words() -> None:
    words = render("ticket", channel=Channel.SMS, language="en", data={"ticket": "{queue}"})
    assert "{queue}" in words.body
