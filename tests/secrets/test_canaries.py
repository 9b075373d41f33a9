"""The search itself: a secret is found in every disguise, so that finding none means something."""

import base64
from urllib.parse import quote_plus

import pytest

from tests.secrets.canaries import Needles, canary

SECRET = canary("apa")
TICKET = "7K2M-9QXW-4ZTB-0HJR-6NVC-8DPE"
DISGUISES = {
    "raw": SECRET.encode(),
    "upper case": SECRET.upper().encode(),
    "without separators": SECRET.replace(" ", "").replace("-", "").encode(),
    "its last word": SECRET.split()[1].encode(),
    "UTF-16": SECRET.encode("utf-16-le"),
    "hex": SECRET.encode().hex().encode(),
    "hex in capitals": SECRET.encode().hex().upper().encode(),
    "form encoded": quote_plus(SECRET).encode(),
    "a ticket in small letters": TICKET.lower().encode(),
    "a ticket without hyphens": TICKET.replace("-", "").encode(),
    "base64 of a ticket": base64.b64encode(b"x" + TICKET.encode()),
} | {f"base64 after {n}": base64.b64encode(b"x" * n + SECRET.encode() + b"y" * n) for n in range(4)}


@pytest.mark.parametrize("content", DISGUISES.values(), ids=DISGUISES.keys())
def test_a_secret_is_found_in_every_disguise(content: bytes) -> None:
    needles = Needles({"secret": SECRET, "ticket": TICKET})
    assert needles.names_in(b"\0before " + content + b" after\xff")


def test_what_holds_no_secret_is_clean() -> None:
    needles = Needles({"secret": SECRET, "ticket": TICKET})
    assert not needles.names_in(b"apa " * 1000 + b"130300-2026-000001" + bytes(range(256)))


def test_a_place_that_may_hold_one_secret_may_hold_no_other() -> None:
    needles = Needles({"secret": SECRET, "ticket": TICKET}).but("ticket")
    assert needles.names_in(f"{SECRET} {TICKET}".encode()) == {"secret"}
