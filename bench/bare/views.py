"""The rival's views: a filing's seals and rows, one row alone, the tracking template, files thrown away."""

import os
import uuid
from datetime import UTC, datetime
from types import SimpleNamespace

from django.core.files.uploadhandler import FileUploadHandler
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from bench.bare.models import Case, Entry, Message, Number, Seal, Ticket
from bench.forms import ANSWERS
from sipuma import vault
from sipuma.complaints.states import BY_NAME, S
from sipuma.complaints.words import ELEMENTS
from sipuma.files.plain import PIECE_BYTES
from sipuma.public.forms import MessageForm

TEAM, REGION, CENTRE, CONTACT, DELIVERY = (vault.generate().public for _ in range(5))
WRAPPING = os.urandom(32)
ADDRESS = b"x" * 64


def ready(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("ready\n")


@csrf_exempt
def file(request: HttpRequest) -> HttpResponse:
    """Make what one filing with a name and an e-mail address makes: 2 key pairs, 11 seals, 13 rows."""
    text = request.POST["draft"][:700].encode()
    own, private, uid, matter, identity = (
        vault.generate(),
        vault.generate(),
        *(uuid.uuid4() for _ in range(3)),
    )
    filed = vault.seal_object(text, context=_context(uid, matter), readers=(private.public, own.public))
    key = vault.new_key()
    readers = (own.public, REGION, CENTRE)
    seals = [
        (identity, one.fingerprint, vault.seal_key(key, one, context=_context(uid, identity)))
        for one in readers
    ]
    seals += [(matter, reader, sealed) for reader, sealed in filed.seals.items()]
    seals.append((uid, TEAM.fingerprint, vault.seal_private_key(private, TEAM, context=_context(uid, uid))))
    hidden = vault.encrypt_with_key(text[:200], key, context=_context(uid, identity))
    wrapped = vault.wrap(WRAPPING, own.raw.reveal(), context=b"bare")
    contact = vault.seal(CONTACT, ADDRESS, info=b"contact")
    messages = [Message(recipient=_sealed(), data=_sealed()) for _ in range(2)]
    with transaction.atomic():
        Number.objects.create(n=1)
        case = Case.objects.create(
            register="1", public=private.public.raw, complainant_public=own.public.raw, contact=contact
        )
        Ticket.objects.create(case=case, lookup=uid.bytes * 2, wrapped=wrapped)
        Entry.objects.bulk_create(
            Entry(case=case, uid=one, ciphertext=sealed)
            for one, sealed in ((matter, filed.ciphertext), (identity, hidden))
        )
        Seal.objects.bulk_create(
            Seal(case=case, object=one, reader=reader, sealed=sealed) for one, reader, sealed in seals
        )
        Message.objects.bulk_create(messages)
    return HttpResponse("filed\n")


@csrf_exempt
def insert(request: HttpRequest) -> HttpResponse:
    """Save one small row durably."""
    Number.objects.create(n=len(request.body))
    return HttpResponse("filed\n")


@csrf_exempt
def track(request: HttpRequest) -> HttpResponse:
    """Render the tracking page of a case that was just filed, from values that are at hand."""
    label, register = BY_NAME[S.RECEIVED].public, "130300-2026-000001"
    tracked = SimpleNamespace(status=label, register=register, reason="", answer_by=None, is_open=True)
    context = {
        "tracked": tracked,
        "zone": "Asia/Jakarta",
        "history": [{"title": label, "when": datetime.now(UTC)}],
        "letters": [],
        "matter": [{"label": name, "value": ANSWERS[element]} for element, name in ELEMENTS],
        "token": "x" * len(request.body),
        "form": MessageForm(),
        "notice": None,
    }
    return render(request, "public/case.html", context)


class Nowhere(FileUploadHandler):
    """Takes files as Django's parser gives them, and keeps nothing."""

    chunk_size = PIECE_BYTES

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Let it go."""

    def file_complete(self, file_size: int) -> None:
        """There is no file."""


@csrf_exempt
def upload(request: HttpRequest) -> HttpResponse:
    """Read a form with a file to its end."""
    request.upload_handlers = [Nowhere(request)]
    return HttpResponse("filed\n" if request.POST else "empty\n")


def _context(case: uuid.UUID, one: uuid.UUID) -> vault.Context:
    return vault.Context(case=case.bytes, object=one.bytes, kind="bare")


def _sealed() -> bytes:
    return vault.seal(DELIVERY, ADDRESS, info=b"bare")
