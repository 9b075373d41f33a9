"""The addresses that a tus client talks to: for the desk that recorded a case, and its own uploads alone."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from threading import BoundedSemaphore
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from sipuma.cases.access import within_reach
from sipuma.cases.models import Case
from sipuma.complaints.reception import desks_of
from sipuma.files.store import Unavailable
from sipuma.offices.models import Team
from sipuma.offices.officer import Officer
from sipuma.offices.refusal import Refused
from sipuma.web.with_files import with_files
from sipuma.workspace.desk import present
from sipuma.workspace.models import Upload
from sipuma.workspace.uploads import finishing, keeping, protocol
from sipuma.workspace.uploads.protocol import said

View = Callable[..., HttpResponse]
# A part that arrives holds a thread for as long as the line takes: most of them stay free for pages.
MOST_AT_ONCE = 6
_places = BoundedSemaphore(MOST_AT_ONCE)


class Full(Exception):
    """As many parts are arriving as this process takes at a time."""


_NOT_NOW = gettext_lazy("The file can’t be stored at the moment. Try again in a few minutes.")
# What the virus scanner said of a file that is here whole; ours, tus has nothing for it.
SCAN = "Sipuma-Scan"
# The status and the words for each; without words the failure has its own.
FAILURES: dict[type[Exception], tuple[int, str | Promise]] = {
    protocol.Malformed: (400, ""),
    Refused: (422, ""),
    finishing.Busy: (423, gettext_lazy("This file is being checked already.")),
    Unavailable: (503, _NOT_NOW),
    Full: (503, _NOT_NOW),
}


def desk_of(case: Case, officer: Officer) -> Team | None:
    """Return the desk that recorded the case when the officer is a receiver there, or None."""
    return next((desk for desk in desks_of(officer) if desk.pk == case.reception_id), None)


def speaks_tus(view: View) -> View:
    """Give a view what all answers of the protocol share: the version, and 401 instead of a sign-in page."""

    @with_files
    @login_not_required
    @wraps(view)
    def speaking(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # Any: of the address
        try:
            response = _answer(view, request, *args, **kwargs)
        finally:
            protocol.drain(request)
        response.headers["Tus-Resumable"] = protocol.VERSION
        return response

    return speaking


def _answer(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # Any: as above
    if present(request) is None:
        return said(_("Your session has ended. Sign in to go on."), status=401)
    if request.method != "OPTIONS" and request.headers.get("Tus-Resumable") != protocol.VERSION:
        return HttpResponse(status=412, headers={"Tus-Version": protocol.VERSION})
    try:
        return view(request, *args, **kwargs)
    except tuple(FAILURES) as failure:
        status, text = next(told for kind, told in FAILURES.items() if isinstance(failure, kind))
        return said(str(text or failure), status=status)


@speaks_tus
@require_http_methods(["OPTIONS", "POST"])
def uploads(request: HttpRequest, register: str) -> HttpResponse:
    """Begin an upload, or say what this server can do."""
    case, officer, _desk = _at_the_desk(request, register)
    if request.method == "OPTIONS":
        return _abilities()
    length = protocol.number_in(request, "Upload-Length")
    if length > settings.SIPUMA.max_file_bytes:
        return _too_large()
    upload = keeping.begin(case, officer, name=protocol.file_name(request), length=length)
    response = HttpResponse(status=201, headers={"Location": _address(case, upload)})
    return protocol.state_of(upload, response)


@speaks_tus
@require_http_methods(["OPTIONS", "HEAD", "PATCH", "DELETE"])
def upload_of(request: HttpRequest, register: str, uid: uuid.UUID) -> HttpResponse:
    """Say how far an upload is, take its next part, or forget it."""
    case, officer, desk = _at_the_desk(request, register)
    if request.method == "OPTIONS":
        return _abilities()
    upload = keeping.find(case, officer, uid)
    if upload is None:
        raise Http404
    if request.method == "PATCH":
        return _take(request, upload, officer, desk)
    if request.method == "DELETE":
        keeping.cancel(upload)
        return HttpResponse(status=204)
    response = HttpResponse(headers={"Upload-Length": str(upload.length)})
    return protocol.state_of(upload, response)


def _take(request: HttpRequest, upload: Upload, officer: Officer, desk: Team) -> HttpResponse:
    if request.content_type != protocol.OFFSET_TYPE:
        return HttpResponse(status=415)
    announced = protocol.announced_bytes(request)
    if protocol.number_in(request, "Upload-Offset") != upload.offset:
        return HttpResponse(status=409)
    if upload.offset + announced > upload.length:
        return _too_large()
    with _place():
        if announced and not keeping.receive(upload, officer, protocol.body_of(request, most=announced)):
            return HttpResponse(status=409)
        whole = upload.offset == upload.length
        end = finishing.finish(upload, officer, desk) if whole else keeping.Envelope()
    if end.refusal:
        return said(end.refusal, status=422)
    response = HttpResponse(status=204)
    response.headers[SCAN] = end.scan
    return protocol.state_of(upload, response)


def _at_the_desk(request: HttpRequest, register: str) -> tuple[Case, Officer, Team]:
    officer = present(request)
    if officer is None:
        raise Http404
    cases = within_reach(officer).select_related("verification__office")
    case = get_object_or_404(cases, register=register)
    desk = desk_of(case, officer)
    if desk is None:
        raise Http404
    return case, officer, desk


@contextmanager
def _place() -> Iterator[None]:
    if not _places.acquire(blocking=False):
        raise Full
    try:
        yield
    finally:
        _places.release()


def _abilities() -> HttpResponse:
    response = HttpResponse(status=204)
    response.headers["Tus-Version"] = protocol.VERSION
    response.headers["Tus-Extension"] = protocol.EXTENSIONS
    response.headers["Tus-Max-Size"] = str(settings.SIPUMA.max_file_bytes)
    return response


def _too_large() -> HttpResponse:
    most = settings.SIPUMA.max_file_bytes // 1024**2
    return said(_("The file is too large: %(most)s at most.") % {"most": f"{most} MB"}, status=413)


def _address(case: Case, upload: Upload) -> str:
    return reverse("upload", kwargs={"register": case.register, "uid": upload.uid})
