"""Staff at their browsers: signed-in clients, and what a page says."""

import html
import re
from typing import Protocol

from django.contrib.auth import SESSION_KEY
from django.test import Client

from tests.world import PASSWORD, SABANG, World

SIGN_IN = "/petugas/masuk/"
QUEUE = "/petugas/"


def page_of(register: str) -> str:
    return f"/petugas/kasus/{register}/"


class Answer(Protocol):
    """What a client gets back."""

    @property
    def content(self) -> bytes: ...


def text_of(response: Answer) -> str:
    """Return what a page says, without its markup."""
    content = response.content.decode()
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", content)).split())


def field_of(response: Answer, name: str) -> str:
    """Return the value of the first hidden or text input of this name."""
    found = re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())
    return html.unescape(found.group(1)) if found else ""


def sign_in(username: str, *, password: str = PASSWORD, client: Client | None = None) -> Client:
    """Sign in with the form; the client stays signed out when the password is wrong."""
    client = client or Client()
    client.post(SIGN_IN, {"login": username, "password": password})
    return client


def browser_of(world: World, role: str, office: str = SABANG) -> Client:
    """Return the signed-in browser of a member in this role, made on first use."""
    world.officer(role, office)
    client = sign_in(f"{role}.{office}")
    assert SESSION_KEY in client.session
    return client
