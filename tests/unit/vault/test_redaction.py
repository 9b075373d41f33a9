"""No secret shows itself, whichever way it is printed, logged, copied or stored."""

from __future__ import annotations

import base64
import copy
import io
import json
import logging
import operator
import pickle
import pprint
import traceback
from collections.abc import Callable
from typing import Any

import pytest

from sipuma import vault
from sipuma.vault.secret import Redacted

SECRETS: dict[str, Callable[[], Redacted]] = {
    "Secret": vault.new_key,
    "Ticket": vault.Ticket.draw,
    "RecoveryKit": vault.RecoveryKit.draw,
    "PrivateKey": vault.generate,
    "SigningKey": vault.SigningKey.generate,
}


def logged(secret: object) -> str:
    stream = io.StringIO()
    record = logging.LogRecord("vault", logging.ERROR, __file__, 1, "opened %s %r", (secret, secret), None)
    logging.StreamHandler(stream).handle(record)
    return stream.getvalue()


def traced(secret: object) -> str:
    """As an error page shows it: the exception's arguments, and the local variables of every frame."""
    with pytest.raises(RuntimeError) as caught:
        fail(secret)
    shown = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    return "".join(shown.format())


def fail(secret: object) -> None:
    raise RuntimeError(secret)


PRINTED: dict[str, Callable[[object], str]] = {
    "repr": repr,
    "str": str,
    "ascii": lambda secret: ascii(secret).encode().decode("unicode_escape"),
    "format": format,
    "format with a width": lambda secret: format(secret, ">40"),
    "f-string": lambda secret: f"{secret}",
    "f-string of repr": lambda secret: f"{secret!r}",
    "percent s": lambda secret: operator.mod("%s", secret),
    "percent r": lambda secret: operator.mod("%r", secret),
    "str.format": lambda secret: str.format("{0} {0!r}", secret),
    "in a list": lambda secret: str([secret]),
    "in a dict": lambda secret: pprint.pformat({"secret": secret}),
    "logging": logged,
    "traceback": traced,
}


def forms(secret: Any) -> list[str]:
    """The ways in which a secret could be seen in a text; each kind gives itself out differently."""
    if isinstance(secret, vault.Ticket | vault.RecoveryKit):
        return [secret.text, secret.grouped, *secret.groups]
    raw = secret if isinstance(secret, vault.Secret) else secret.raw
    value = raw.reveal()
    return [value.hex(), repr(value), base64.b64encode(value).decode(), value.decode("latin-1")]


@pytest.mark.parametrize("way", PRINTED)
@pytest.mark.parametrize("kind", SECRETS)
def test_a_printed_secret_shows_its_type_and_nothing_else(kind: str, way: str) -> None:
    secret = SECRETS[kind]()
    printed = PRINTED[way](secret)
    assert f"{kind}(…)" in printed
    assert not [form for form in forms(secret) if form in printed]


def test_the_keys_of_a_ticket_show_no_wrapping_key() -> None:
    keys = vault.Ticket.draw().keys(bytes(32))
    assert "wrapping=Secret(…)" in repr(keys)
    assert repr(keys.wrapping.reveal()) not in repr(keys)


@pytest.mark.parametrize("kind", SECRETS)
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_secret_refuses_to_be_pickled(kind: str, protocol: int) -> None:
    with pytest.raises(TypeError, match="not serialised"):
        pickle.dumps(SECRETS[kind](), protocol)


@pytest.mark.parametrize("kind", SECRETS)
@pytest.mark.parametrize("way", [copy.copy, copy.deepcopy, json.dumps])
def test_a_secret_refuses_to_be_copied_or_written_as_json(kind: str, way: Callable[[object], object]) -> None:
    with pytest.raises(TypeError):
        way(SECRETS[kind]())


@pytest.mark.parametrize("kind", SECRETS)
def test_a_secret_equals_its_twin_alone_and_cannot_be_a_dictionary_key(kind: str) -> None:
    secret, other = SECRETS[kind](), SECRETS[kind]()
    text: object = "anything else"
    twin = secret
    assert secret == twin
    assert secret != other
    assert secret != text
    with pytest.raises(TypeError):
        hash(secret)


def test_equal_secrets_are_equal_and_know_their_length() -> None:
    assert vault.Secret(b"abc") == vault.Secret(b"abc")
    assert vault.Secret(b"abc") != vault.Secret(b"abcd")
    assert vault.Secret(b"abc") != b"abc"
    assert len(vault.Secret(b"abc")) == 3
    assert vault.Secret(b"abc").reveal() == b"abc"


@pytest.mark.parametrize("value", ["text", 5, None, [1, 2]])
def test_a_secret_is_made_of_bytes_only(value: Any) -> None:  # any wrong type is the test
    with pytest.raises(TypeError, match="made of bytes"):
        vault.Secret(value)


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_a_secret_keeps_its_own_copy_of_any_kind_of_bytes(kind: Callable[[bytes], Any]) -> None:
    assert vault.Secret(kind(b"abc")).reveal() == b"abc"


def test_a_secret_cannot_be_turned_into_bytes_by_accident() -> None:
    secret: Any = vault.new_key()
    for turn in (bytes, list, b"".join):
        with pytest.raises(TypeError):
            turn(secret)


def test_an_expired_token_keeps_its_text_out_of_the_traceback() -> None:
    token = vault.seal_token(bytes(32), b"the officer asked for money", purpose="draft", expires=1)
    with pytest.raises(vault.Expired) as caught:
        vault.open_token([bytes(32)], token, purpose="draft", now=2)
    assert caught.value.payload == b"the officer asked for money"
    assert "money" not in "".join(traceback.format_exception(caught.value))
