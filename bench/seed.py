"""Fills an installation with cases of one team: real ones at the top of the queue, copies of one below."""

import json
import sys
import uuid
from datetime import datetime, timedelta

import django
from django.db import connection, transaction
from django.utils import timezone

REAL = 200
BATCH = 2_000


def fill(count: int, office: str) -> None:
    """File `REAL` complaints that are due first, and copy one of them for the rest."""
    from sipuma.cases.models import Case
    from sipuma.complaints.filing import Filing, file
    from sipuma.offices.models import Office
    from sipuma.vault import Ticket

    place, long_ago = Office.objects.get(pk=office), timezone.now() - timedelta(days=90)
    for number in range(REAL):
        text = f"Petugas di loket meminta uang tanpa tanda terima, kejadian ke-{number}."
        filing = Filing(what=text, how="Secara lisan.", office=place)
        last = file(filing, Ticket.draw(), at=long_ago + timedelta(minutes=number)).case
    pattern = Case.objects.get(pk=last.pk)
    for start in range(REAL, count, BATCH):
        _copy(pattern, range(start, min(start + BATCH, count)), long_ago + timedelta(days=30))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@transaction.atomic
def _copy(pattern: "Case", numbers: range, since: datetime) -> None:  # noqa: F821
    """Save cases with the pattern's keys, entry and seals under numbers and due dates of their own."""
    from sipuma.cases.models import Case, Entry, Seal

    entry, seals = pattern.entries.get(), list(pattern.seals.all())
    known = {field.attname: getattr(pattern, field.attname) for field in Case._meta.concrete_fields}
    cases = []
    for number in numbers:
        at = since + timedelta(minutes=number / 4)
        own = {"id": None, "uid": uuid.uuid4(), "register": f"{pattern.office_id}-2000-{number:06d}"}
        cases.append(Case(**known | own | {"received_at": at, "since": at, "due": at + timedelta(days=3)}))
    cases = Case.objects.bulk_create(cases)
    entries = [
        Entry(case=case, kind=entry.kind, author=entry.author, audience=entry.audience, ciphertext=entry.ciphertext,
              target=entry.target, move=entry.move, at=case.received_at)
        for case in cases
    ]  # fmt: skip
    Entry.objects.bulk_create(entries)
    Seal.objects.bulk_create(
        Seal(case=case, object=case.uid if seal.object == pattern.uid else one.uid, reader=seal.reader, sealed=seal.sealed)
        for case, one in zip(cases, entries, strict=True)
        for seal in seals
    )


if __name__ == "__main__":
    django.setup()
    fill(**json.load(sys.stdin))
    print("null")
