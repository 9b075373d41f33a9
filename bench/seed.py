"""Fills an installation with cases of one team: real ones at the top of the queue, copies of one below."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from sipuma.cases.models import Case, Entry, Seal
from sipuma.complaints.filing import Filing, file
from sipuma.offices.models import Office
from sipuma.vault import Ticket

REAL = 200
BATCH = 2_000


def fill(count: int, office: str) -> None:
    """File `REAL` complaints that are due first, and copy one of them for the rest."""
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
def _copy(pattern: Case, numbers: range, since: datetime) -> None:
    """Save cases with the pattern's keys, entry and seals under numbers and due dates of their own."""
    entry, seals = pattern.entries.get(), list(pattern.seals.all())
    # __dict__ holds the row by column name, and Django's own note of where it came from.
    known = {name: value for name, value in vars(pattern).items() if name not in {"_state", "id", "uid"}}
    text = {
        name: value for name, value in vars(entry).items() if name not in {"_state", "id", "uid", "case_id"}
    }
    cases = Case.objects.bulk_create(
        Case(**known | _dates(number, since) | {"register": f"{pattern.office_id}-2000-{number:06d}"})
        for number in numbers
    )
    entries = Entry.objects.bulk_create(Entry(**text, case=case) for case in cases)
    Seal.objects.bulk_create(
        Seal(
            case=case,
            object=case.uid if seal.object == pattern.uid else one.uid,
            reader=seal.reader,
            sealed=seal.sealed,
        )
        for case, one in zip(cases, entries, strict=True)
        for seal in seals
    )


def _dates(number: int, since: datetime) -> dict[str, datetime]:
    at = since + timedelta(seconds=15 * number)
    return {"received_at": at, "since": at, "due": at + timedelta(days=3)}
