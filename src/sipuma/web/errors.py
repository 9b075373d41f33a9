"""The pages for everything that goes wrong; they need no database, no session and no sane request."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from sipuma.web import context, languages, logs


@dataclass(frozen=True)
class Page:
    """An error page: HTTP status, heading, and what to do now."""

    status: int
    title: str | Promise
    text: str | Promise


# fmt: off
BAD_REQUEST: Final = Page(400, _("We could not read this request"),
    _("Go back, check what you entered and send it again."))
FORBIDDEN: Final = Page(403, _("This page is not open to you"),
    _("Your account has no task here. Sign in with another account, or ask your head of unit."))
EXPIRED: Final = Page(403, _("This page has expired"),
    _("Go back, load the page again and send the form once more. Staff pages need cookies."))
NOT_FOUND: Final = Page(404, _("There is no page at this address"),
    _("Check the address, or start from the home page."))
NOT_ALLOWED: Final = Page(405, _("This address does not work that way"),
    _("Go back and use the links and buttons on the page."))
TOO_LARGE: Final = Page(413, _("That was too much at once"),
    _("Nothing has been saved. Go back and send fewer or smaller files, or a shorter text."))
TOO_MANY: Final = Page(429, _("Too many attempts"),
    _("Wait a few minutes, then try again."))
BUSY: Final = Page(503, _("Too many people are sending something at this moment"),
    _("Nothing has been saved. Wait a minute, go back and send it again."))
FAILED: Final = Page(500, _("Something went wrong on our side"),
    _("Your last step was not completed. Wait a moment and try again."))
# fmt: on

_TOO_LARGE_ERRORS: Final = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)

# Used when even the template cannot be rendered.
_BARE: Final = (
    '<!doctype html><html lang="{language}"><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width"><title>{title} · SIPUMA</title>'
    '<main id="main"><h1>{title}</h1><p>{text}</p><p id="reference">{reference}</p></main></html>'
)


def error_response(request: HttpRequest, page: Page, *, reference: str = "") -> HttpResponse:
    """Answer with an error page in the language of the path, whatever else is broken."""
    language = languages.language_of(request.path_info)
    with translation.override(language):
        try:
            values = {**context.site(request), "request": request, "page": page, "reference": reference}
            body: str = render_to_string("web/error.html", values)
        except Exception as error:  # noqa: BLE001  an error page that fails would hide the first error
            logs.log_failure(request, reference=reference, error=error)
            body = _bare(page, language=language, reference=reference)
        response = HttpResponse(body, status=page.status)
    response.headers["Content-Language"] = language
    return response


def _bare(page: Page, *, language: str, reference: str) -> str:
    return _BARE.format(
        language=language, title=escape(page.title), text=escape(page.text), reference=escape(reference)
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """`handler400`; a request above one of Django's limits gets 413 and says so."""
    return error_response(request, TOO_LARGE if isinstance(exception, _TOO_LARGE_ERRORS) else BAD_REQUEST)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """`handler403`; the exception's words are not shown."""
    return error_response(request, FORBIDDEN)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """`handler404`: also for what exists but is out of reach."""
    return error_response(request, NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    """`handler500`: a random reference on the page and, with the exception's class and lines, in the log."""
    reference = logs.new_reference()
    logs.log_failure(request, reference=reference, error=sys.exc_info()[1])
    return error_response(request, FAILED, reference=reference)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """`CSRF_FAILURE_VIEW`."""
    return error_response(request, EXPIRED)


def method_not_allowed(request: HttpRequest, permitted: Iterable[str]) -> HttpResponse:
    """405 with the `Allow` header that HTTP asks for."""
    response = error_response(request, NOT_ALLOWED)
    response.headers["Allow"] = ", ".join(permitted)
    return response


def too_large(request: HttpRequest) -> HttpResponse:
    """413, before anything of the body has been read."""
    return error_response(request, TOO_LARGE)


def busy(request: HttpRequest, *, retry_after: int = 60) -> HttpResponse:
    """503, before anything of the body has been read; `retry_after` in seconds."""
    response = error_response(request, BUSY)
    response.headers["Retry-After"] = str(retry_after)
    return response


def too_many_requests(
    request: HttpRequest, exception: Exception | None = None, *, retry_after: int = 300
) -> HttpResponse:
    """429 (`handler429`); `retry_after` in seconds."""
    response = error_response(request, TOO_MANY)
    response.headers["Retry-After"] = str(retry_after)
    return response
