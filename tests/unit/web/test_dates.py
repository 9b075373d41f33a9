"""Days and times as people read them."""

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.utils import translation

from sipuma.web.dates import moment_text

LATE = datetime(2026, 3, 24, 16, 59, tzinfo=UTC)

# fmt: off
READINGS = [
    ("id", "Asia/Jakarta",   "Selasa, 24 Maret 2026, 23.59 WIB"),
    ("id", "Asia/Pontianak", "Selasa, 24 Maret 2026, 23.59 WIB"),
    ("id", "Asia/Makassar",  "Rabu, 25 Maret 2026, 00.59 WITA"),
    ("id", "Asia/Jayapura",  "Rabu, 25 Maret 2026, 01.59 WIT"),
    ("en", "Asia/Jakarta",   "Tuesday, 24 March 2026, 23:59 WIB"),
]
# fmt: on


def rendered(source: str, *, language: str, **values: object) -> str:
    with translation.override(language):
        return Template("{% load sipuma %}" + source).render(Context(values))


@pytest.mark.parametrize(("language", "zone", "text"), READINGS)
def test_a_moment_reads_as_the_office_clock_shows_it(language: str, zone: str, text: str) -> None:
    assert rendered("{{ when|moment:zone }}", language=language, when=LATE, zone=zone) == text


def test_the_day_of_a_moment_is_the_day_at_the_office() -> None:
    day = rendered("{{ when|day:zone }}", language="id", when=LATE, zone="Asia/Jayapura")
    assert day == "Rabu, 25 Maret 2026"


def test_a_bare_date_is_the_same_day_in_every_zone() -> None:
    day = rendered("{{ when|day:zone }}", language="en", when=date(2026, 3, 24), zone="Asia/Jayapura")
    assert day == "Tuesday, 24 March 2026"


@pytest.mark.parametrize("name", ["moment", "day"])
def test_no_date_reads_as_nothing(name: str) -> None:
    assert rendered(f"{{{{ when|{name}:zone }}}}", language="id", when=None, zone="Asia/Jakarta") == ""


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a time zone"):
        moment_text(LATE.replace(tzinfo=None), "Asia/Jakarta")


def test_a_moment_is_told_in_a_zone_of_our_offices_only() -> None:
    with pytest.raises(ValueError, match="No Indonesian time zone"):
        moment_text(LATE, "UTC")
