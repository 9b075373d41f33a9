"""What the evidence page shows and saves, at addresses where nothing but files is: no page, no script."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sipuma.cases.evidence import Piece
from sipuma.files.pages import page_picture
from sipuma.files.rejected import Rejected
from sipuma.files.verdict import Verdict
from sipuma.workspace.desk import officer_of
from sipuma.workspace.handing_out import copy_of, picture_of, shown_of
from sipuma.workspace.originals import is_open, only_original
from sipuma.workspace.pieces import INLINE, UNREADABLE, kind_shown, reached, scanned


@require_safe
def shown(request: HttpRequest, register: str, uid: uuid.UUID) -> HttpResponseBase:
    """Give a picture, sound or film to the page's own element; the cleaned copy where there is one."""
    piece = _sound_piece(request, register, uid)
    # What could not be cleaned is an original: it asks for a reason (R61).
    if kind_shown(piece).view not in INLINE or (only_original(piece) and not is_open(request, piece)):
        raise Http404
    try:
        return shown_of(request, piece)
    except UNREADABLE as error:
        raise Http404 from error


@require_safe
def page(request: HttpRequest, register: str, uid: uuid.UUID, number: int) -> HttpResponseBase:
    """Give one page of a PDF as a picture."""
    piece = _sound_piece(request, register, uid)
    if kind_shown(piece).view != "pdf":
        raise Http404
    try:
        with piece.open_shown() as file:
            return picture_of(page_picture(file, number))
    except (ValueError, Rejected, *UNREADABLE) as error:
        raise Http404 from error


@require_safe
def copy(request: HttpRequest, register: str, uid: uuid.UUID) -> HttpResponseBase:
    """Give the cleaned copy to be saved; without one there is only the original, which asks for a reason."""
    piece = _sound_piece(request, register, uid)
    if not piece.cleaned:
        raise Http404
    try:
        return copy_of(piece)
    except UNREADABLE:
        messages.error(request, _("This file can’t be read at the moment. Try again in a few minutes."))
        return redirect("evidence", register=register, uid=uid)


def _sound_piece(request: HttpRequest, register: str, uid: uuid.UUID) -> Piece:
    """Return a piece within reach in which no virus was found."""
    officer = officer_of(request)
    piece = reached(officer, register=register, uid=uid)
    try:
        verdict = scanned(piece, officer)
    except UNREADABLE as error:
        raise Http404 from error
    if verdict == Verdict.INFECTED:
        raise Http404
    return piece
