"""What happens to every request and answer: headers, language, log line, size limit, no public cookies.

Order in `MIDDLEWARE`: RequestLog, SecurityHeaders, django-csp, WhiteNoise, PathLocale, RequestSize,
ErrorReference, NoPublicCookies, then sessions, CSRF and sign-in.
"""

from collections.abc import Callable
from contextlib import suppress
from time import perf_counter
from typing import Final

from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.http.multipartparser import MultiPartParserError
from django.middleware.locale import LocaleMiddleware
from django.urls import Resolver404, resolve
from django.utils import translation

from sipuma.web import errors, headers, languages, logs
from sipuma.web.places import Places
from sipuma.web.public import is_public
from sipuma.web.source import is_told, source_of
from sipuma.web.with_files import takes_files

# Django turns these into 400, 403 and 404 by the handlers of the root URLconf.
_DJANGO_ANSWERS: Final = (Http404, PermissionDenied, BadRequest, SuspiciousOperation, MultiPartParserError)

GetResponse = Callable[[HttpRequest], HttpResponseBase]

DRAIN_PIECE_BYTES: Final = 64 * 1024
WITH_BODY: Final = ("POST", "PUT", "PATCH", "DELETE")
# Of the 24 threads of a process, and of the eight files that arrive at a time.
MOST_SENDING: Final = 16
MOST_OF_ONE_SOURCE: Final = 4
_sending = Places(MOST_SENDING, of_one=MOST_OF_ONE_SOURCE)


class _Middleware:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response


class SecurityHeaders(_Middleware):
    """Sets the headers of `sipuma.web.headers` on every answer, errors and static files included."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        path = languages.without_language(request.path_info)
        for name, value in headers.EVERYWHERE.items():
            response.headers[name] = value
        staff = path.startswith(headers.STAFF_PREFIX)
        response.headers["Referrer-Policy"] = headers.STAFF_REFERRER if staff else headers.PUBLIC_REFERRER
        if path.startswith(headers.UNLISTED_PREFIXES):
            response.headers["X-Robots-Tag"] = "noindex"
        if not _is_static(request):
            response.headers["Cache-Control"] = "no-store"
        return response


def _is_static(request: HttpRequest) -> bool:
    return bool(settings.STATIC_URL) and request.path.startswith(settings.STATIC_URL)


class RequestLog(_Middleware):
    """Writes one line a request: method, route name, status, milliseconds."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = perf_counter()
        response = self.get_response(request)
        elapsed = (perf_counter() - started) * 1000
        logs.log_request(request, status=response.status_code, milliseconds=elapsed)
        return response


class PathLocale(LocaleMiddleware):
    """Takes the language from the path alone; no cookie, and `Accept-Language` plays no part."""

    def process_request(self, request: HttpRequest) -> None:
        translation.activate(languages.language_of(request.path_info))
        request.LANGUAGE_CODE = translation.get_language() or settings.LANGUAGE_CODE

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        response.headers.setdefault("Content-Language", languages.language_of(request.path_info))
        return response


class RequestSize(_Middleware):
    """Refuses what announces more bytes than its view takes before reading any of it.

    Bodies with files come straight from the line, however slow that is, and each holds a thread: beyond
    `MOST_SENDING` at a time they are refused, so that pages go on; beyond `MOST_OF_ONE_SOURCE` from one
    source too, so that a few slow lines of one sender leave room for others.
    """

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        brings_files = request.method in WITH_BODY and _brings_files(request)
        if _announced_bytes(request) > _most_bytes(brings_files=brings_files):
            return errors.too_large(request)
        if not brings_files:
            return self._answer(request)
        with _sending.place(source_of(request) if is_told(request) else "") as given:
            return self._answer(request) if given else errors.busy(request)

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method in WITH_BODY:
            _drain(request)
        return response


def _brings_files(request: HttpRequest) -> bool:
    try:
        return takes_files(resolve(request.path_info).func)
    except Resolver404:
        return False


def _most_bytes(*, brings_files: bool) -> int:
    """Return how much a view takes: a form's worth, or files too."""
    name = "SIPUMA_MAX_UPLOAD_BYTES" if brings_files else "SIPUMA_MAX_REQUEST_BYTES"
    return int(getattr(settings, name))


def _drain(request: HttpRequest) -> None:
    """Read what a view left of the body: else a browser sees a broken line instead of the answer."""
    stream = getattr(request, "_stream", None)
    with suppress(OSError):  # nobody is there any more
        while stream is not None and stream.read(DRAIN_PIECE_BYTES):
            pass  # bounded by the announced size, which was checked before


def _announced_bytes(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


class ErrorReference(_Middleware):
    """Answers a failed view with a reference, and Django's empty 405 with the page that other errors have."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        empty = isinstance(response, HttpResponse) and not response.content
        if response.status_code == errors.NOT_ALLOWED.status and empty:
            return errors.method_not_allowed(request, response.headers.get("Allow", "").split(", "))
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, _DJANGO_ANSWERS):
            return None
        got_request_exception.send(sender=type(self), request=request)
        return errors.server_error(request)


class NoPublicCookies(_Middleware):
    """Takes cookies off the answers of views marked `@public`, and says so in the log."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        match = request.resolver_match
        if match and is_public(match.func) and response.cookies:
            logs.log.error(
                "cookie on a public page", route=logs.route_name(request), names=[*response.cookies]
            )
            response.cookies.clear()
        return response
