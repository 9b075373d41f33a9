"""One piece of evidence as an officer reaches it, and whether it may be shown."""

import uuid

from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404

from sipuma import vault
from sipuma.cases.access import log_read, visible
from sipuma.cases.evidence import Piece, piece_of
from sipuma.cases.models import Evidence
from sipuma.cases.opening import Reader
from sipuma.complaints.evidence import scan_now
from sipuma.files.kinds import Kind, kind_by_mime
from sipuma.files.store import Unavailable
from sipuma.files.verdict import Verdict
from sipuma.offices.officer import Officer

# The file is gone, was altered, or the storage is away.
UNREADABLE = (FileNotFoundError, vault.Unopenable, Unavailable)
INLINE = ("picture", "audio", "video")


def reached(officer: Officer, *, register: str, uid: uuid.UUID) -> Piece:
    """Return a piece that one of the officer's keys opens, and note that the officer reads its case.

    Raises:
        Http404: there is none, the case is out of reach, or it is sealed for others.
    """
    case = get_object_or_404(visible(officer).select_related("team__office"), register=register)
    evidence = get_object_or_404(Evidence.objects.select_related("entry"), case=case, uid=uid)
    reader = Reader([case], officer.private, objects=[evidence.entry.uid])
    found = [piece for one in reader.timeline(pk=evidence.entry_id) if (piece := piece_of(one))]
    if not found:
        raise Http404
    log_read(case, officer)
    piece = found[0]
    piece.evidence.case = case
    return piece


def scanned(piece: Piece, officer: Officer) -> Verdict:
    """Return what a scanner says of a piece; one that none has looked at is scanned now, if one can.

    Raises:
        FileNotFoundError, vault.Unopenable, Unavailable: the file can't be read.
    """
    return Verdict(scan_now(piece, by=officer) if settings.SIPUMA.clamav else piece.evidence.scan)


def kind_shown(piece: Piece) -> Kind:
    """Return the kind of what is shown: of the cleaned copy where there is one."""
    return kind_by_mime(piece.shown_mime)
