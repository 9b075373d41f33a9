"""Removes what nobody will ask for again: expired uploads, and stored objects that belong to nothing."""

import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice

from django.utils import timezone

from sipuma.cases.models import Evidence
from sipuma.files.store import store
from sipuma.workspace.models import Upload
from sipuma.workspace.uploads.segments import delete_segments, placed

# Longer than any page carries files along (24 hours), or an upload may pause.
AGE = timedelta(hours=48)
BATCH = 500
# More than this at once, and more than there is evidence, is no litter but the storage of another database.
MOST = 1000


class StrangeStorage(Exception):
    """Most of what is stored is unknown here: a wrong database, or an old one restored; all is kept."""


def sweep_uploads(*, at: datetime | None = None) -> int:
    """Remove expired uploads with their segments; return how many."""
    at = at or timezone.now()
    removed = 0
    for upload in Upload.objects.filter(expires_at__lte=at).iterator(chunk_size=BATCH):
        # The row first: whoever sends a part at this moment finds that it counts no more.
        gone, _rows = Upload.objects.filter(pk=upload.pk, expires_at__lte=at).delete()
        if gone:
            delete_segments(upload.uid, placed(upload.segments))
            removed += 1
    return removed


def sweep_orphans(*, at: datetime | None = None) -> int:
    """Remove stored objects that are older than two days and neither evidence nor part of an upload.

    Such are left by a process that was killed, and by pages that were never sent. Returns how many.

    Raises:
        StrangeStorage: there are so many that something else must be wrong.
    """
    before = (at or timezone.now()) - AGE
    old = (stored.name for stored in store().names() if stored.modified < before)
    orphans: list[str] = []
    while names := list(islice(old, BATCH)):
        orphans += _unclaimed(names)
    if len(orphans) > max(MOST, Evidence.objects.count()):
        raise StrangeStorage
    for name in orphans:
        store().delete(name)
    return len(orphans) + store().sweep_unfinished(older_than=before)


def _unclaimed(names: Iterable[str]) -> Iterator[str]:
    """Give the names that no row knows."""
    uids = {name: uuid.UUID(name.partition(".")[0]) for name in names}
    known = {
        *Evidence.objects.filter(uid__in=uids.values()).values_list("uid", flat=True),
        *Evidence.objects.filter(copy__in=uids.values()).values_list("copy", flat=True),
        *Upload.objects.filter(uid__in=uids.values()).values_list("uid", flat=True),
    }
    return (name for name, uid in uids.items() if uid not in known)
