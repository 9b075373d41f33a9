"""Ciphertexts in the repository must go on opening: an upgrade that breaks stored ones fails here.

The files in tests/data/vault were written once. A new suite adds a file; none is ever made anew.
"""

from __future__ import annotations

import io
import json
from base64 import b64decode
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from sipuma import vault


def read(kept: Path, name: str) -> Any:  # the shape is the file's own
    return json.loads((kept / name).read_text())


def pattern(length: int) -> bytes:
    return bytes(at % 251 for at in range(length))


def test_seals_open(kept: Path) -> None:
    for case in read(kept, "hpke.json"):
        private = vault.PrivateKey(b64decode(case["private"]))
        assert private.public.raw == b64decode(case["public"])
        assert private.public.fingerprint.hex() == case["fingerprint"]
        sealed = b64decode(case["sealed"])
        assert vault.unseal(private, sealed, info=case["info"].encode()) == case["plaintext"].encode()


def test_chunked_messages_open(kept: Path) -> None:
    for case in read(kept, "chunked.json"):
        key, ciphertext = b64decode(case["key"]), b64decode(case["ciphertext"])
        context, plaintext = case["context"].encode(), pattern(case["length"])
        reader = vault.Reader(key, io.BytesIO(ciphertext), context=context)
        assert vault.decrypt(key, ciphertext, context=context) == plaintext
        assert reader.read(0, reader.size) == plaintext


@pytest.fixture
def stored(kept: Path) -> tuple[Any, vault.Context, list[vault.PrivateKey]]:
    data = read(kept, "envelope.json")
    case = data["context"]
    context = vault.Context(case["case"].encode(), case["object"].encode(), case["kind"])
    return data, context, [vault.PrivateKey(b64decode(raw)) for raw in data["readers"]]


def test_objects_open_for_each_reader(stored: tuple[Any, vault.Context, list[vault.PrivateKey]]) -> None:
    data, context, readers = stored
    case = data["object"]
    for reader in readers:
        seal = b64decode(case["seals"][reader.public.fingerprint.hex()])
        text = vault.open_object(b64decode(case["ciphertext"]), seal, reader, context=context)
        assert text.decode() == case["text"]


def test_objects_with_a_split_key_open(stored: tuple[Any, vault.Context, list[vault.PrivateKey]]) -> None:
    data, context, _ = stored
    case = data["halves"]
    key = vault.join(vault.Secret(b64decode(case["a"])), vault.Secret(b64decode(case["b"])))
    text = vault.open_with_key(b64decode(case["ciphertext"]), key, context=context)
    assert text.decode() == case["text"]


def test_files_open(stored: tuple[Any, vault.Context, list[vault.PrivateKey]]) -> None:
    data, context, _ = stored
    case = data["file"]
    file = io.BytesIO(b64decode(case["stored"]))
    reader = vault.file_reader(vault.Secret(b64decode(case["key"])), file, context=context)
    assert reader.read(0, reader.size) == pattern(case["length"])


def test_sealed_private_keys_open(stored: tuple[Any, vault.Context, list[vault.PrivateKey]]) -> None:
    data, context, (reader, second) = stored
    sealed = b64decode(data["private_key"]["sealed"])
    assert vault.open_private_key(sealed, reader, context=context) == second


def test_slots_and_wrapped_keys_open(kept: Path) -> None:
    data = read(kept, "slots.json")
    secret, context = b64decode(data["secret"]), data["context"].encode()
    for case in data["passwords"]:
        slot = b64decode(case["slot"])
        assert vault.open_password_slot(slot, case["password"], context=context) == secret
    kit = vault.RecoveryKit.parse(data["kit"]["kit"])
    assert vault.open_kit_slot(b64decode(data["kit"]["slot"]), kit, context=context) == secret
    wrapped = data["wrapped"]
    assert vault.unwrap(b64decode(wrapped["key"]), b64decode(wrapped["blob"]), context=context) == secret


def test_tokens_open_until_they_expire(kept: Path) -> None:
    data = read(kept, "token.json")
    keys, payload = [b64decode(data["key"])], data["payload"].encode()
    now = data["expires"] - 1
    assert vault.open_token(keys, data["token"], purpose=data["purpose"], now=now) == payload
    with pytest.raises(vault.Expired):
        vault.open_token(keys, data["token"], purpose=data["purpose"], now=now + 1)


def test_certificates_hold(kept: Path) -> None:
    data = read(kept, "certificate.json")
    chain = [vault.Certificate.from_bytes(b64decode(link)) for link in data["chain"]]
    pinned = vault.VerifyKey(b64decode(data["pinned"]))
    last = vault.verify_chain(chain, pinned=pinned, subjects=data["subjects"])
    assert [link.epoch for link in chain] == data["epochs"]
    assert all(link.issuer == before.verify for before, link in pairwise(chain))
    assert (last.encryption, last.verify) == (b64decode(data["encryption"]), b64decode(data["verify"]))


def test_signatures_hold_and_are_made_alike(kept: Path) -> None:
    data = read(kept, "certificate.json")
    signer, case = vault.SigningKey(b64decode(data["seed"])), data["signature"]
    signature, message = b64decode(case["signature"]), case["message"].encode()
    assert signer.verify_key.raw == b64decode(data["pinned"])
    signer.verify_key.verify(signature, message, label=case["label"])
    assert signer.sign(message, label=case["label"]) == signature


def test_tickets_give_the_same_keys(kept: Path) -> None:
    data = read(kept, "ticket.json")
    for case in data["tickets"]:
        keys = vault.Ticket.parse(case["ticket"]).keys(b64decode(data["pepper"]))
        assert keys.lookup.hex() == case["lookup"]
        assert keys.wrapping.reveal().hex() == case["wrapping"]


def test_derived_keys_and_lookup_ids_stay_the_same(kept: Path) -> None:
    data = read(kept, "ticket.json")
    derived, found = data["derived"], data["lookup_id"]
    assert vault.derive(b64decode(derived["key"]), label=derived["label"]).hex() == derived["bytes"]
    identity = vault.lookup_id(b64decode(found["key"]), found["value"].encode(), label=found["label"])
    assert identity.hex() == found["bytes"]
