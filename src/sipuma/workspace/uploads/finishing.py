"""The end of an upload: its segments become one file of the case, once, however often it is asked for."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from sipuma import vault
from sipuma.complaints.evidence import Added, add_by_desk
from sipuma.files.acceptance import Acceptance, Accepted
from sipuma.files.rejected import Rejected
from sipuma.files.store import Unavailable
from sipuma.offices.models import Team
from sipuma.offices.officer import Officer
from sipuma.offices.refusal import Refused
from sipuma.workspace.models import Upload
from sipuma.workspace.uploads.keeping import Envelope, drop_segments, open_envelope, seal_envelope
from sipuma.workspace.uploads.segments import placed, read_segments

# Longer than the largest file takes to be scanned and cleaned.
CLAIM = timedelta(minutes=5)


class Busy(Exception):
    """Another request puts this very file together."""


def finish(upload: Upload, officer: Officer, desk: Team) -> Envelope:
    """Put a file that is here whole into its case; return how it ended. Repeatable.

    Raises:
        Busy: another request is about it.
        Unavailable: the storage can't be used now; everything is kept, to be tried again.
    """
    with _claimed(upload):
        envelope = open_envelope(upload, officer)
        if upload.ended_at is not None:
            return envelope
        try:
            accepted = _accepted(upload, envelope)
            _into_case(upload, accepted, officer, desk)
        except (Rejected, Refused) as refused:
            if isinstance(refused.__cause__, Unavailable):
                raise refused.__cause__ from refused
            refusal = Envelope(refusal=str(refused))
            _end(upload, officer, refusal)
            return refusal
    return Envelope(scan=accepted.scan)


@contextmanager
def _claimed(upload: Upload) -> Iterator[None]:
    now = timezone.now()
    free = Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIM)
    if not Upload.objects.filter(free, pk=upload.pk).update(claimed_at=now):
        raise Busy
    try:
        upload.refresh_from_db()
        yield
    finally:
        Upload.objects.filter(pk=upload.pk, claimed_at=now).update(claimed_at=None)


def _accepted(upload: Upload, envelope: Envelope) -> Accepted:
    """Read the segments once through everything that a file goes through on its way in."""
    acceptance = Acceptance(envelope.name, limit=settings.SIPUMA.max_file_bytes)
    try:
        for piece in read_segments(upload.uid, envelope.secret, placed(upload.segments)):
            acceptance.write(piece)
    except (FileNotFoundError, vault.Unopenable) as error:
        acceptance.abort()
        raise Rejected(_("A part of this file was lost on the way. Send the file once more.")) from error
    except BaseException:
        acceptance.abort()
        raise
    return acceptance.finish()


def _into_case(upload: Upload, accepted: Accepted, officer: Officer, desk: Team) -> None:
    """Add the file and end the upload in one step, so that it is added once."""
    try:
        with transaction.atomic():
            _mark_ended(upload, officer, Envelope(scan=accepted.scan))
            _refuse_repeated(add_by_desk(upload.case, [accepted], by=officer, desk=desk))
    except BaseException:
        accepted.discard()
        raise
    drop_segments(upload)


def _refuse_repeated(added: Added) -> None:
    if added.repeats:
        raise Refused(added.repeats[0])


def _end(upload: Upload, officer: Officer, envelope: Envelope) -> None:
    _mark_ended(upload, officer, envelope)
    drop_segments(upload)


def _mark_ended(upload: Upload, officer: Officer, envelope: Envelope) -> None:
    open_still = Upload.objects.filter(pk=upload.pk, ended_at=None)
    sealed = seal_envelope(upload, officer, envelope)
    if not open_still.update(ended_at=timezone.now(), sealed=sealed, segments=[]):
        raise Busy
