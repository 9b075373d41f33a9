"""What the log may know of a request or a failure: never an address, a path, a header or a value."""

import secrets
import traceback
from typing import Final

import structlog
from django.http import HttpRequest

log = structlog.get_logger("sipuma.web")

_REFERENCE_ALPHABET: Final = "23456789CFGHJKMPQRVWX"
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_UNROUTED: Final = "-"


def new_reference() -> str:
    """Eight random characters without look-alikes, as `K7QM-2XWF`, to read out over a telephone."""
    drawn = "".join(secrets.choice(_REFERENCE_ALPHABET) for _ in range(8))
    return f"{drawn[:4]}-{drawn[4:]}"


def route_name(request: HttpRequest) -> str:
    """The name of the matched route, or its pattern when it has none; never the path itself."""
    match = request.resolver_match
    return (match.view_name or match.route) if match else _UNROUTED


def log_request(request: HttpRequest, *, status: int, milliseconds: float) -> None:
    """One line a request. No address, no user agent, no path, no query string."""
    method = request.method if request.method in _METHODS else "OTHER"
    log.info("request", method=method, route=route_name(request), status=status, ms=round(milliseconds, 1))


def log_failure(request: HttpRequest, *, reference: str, error: BaseException | None) -> None:
    """The class of an exception and the lines it passed; its message and variables may hold case data."""
    log.error(
        "failure",
        reference=reference,
        route=route_name(request),
        exception=_class_name(error),
        where=places(error),
        cause=_class_name(error.__cause__ or error.__context__) if error else None,
    )


def _class_name(error: BaseException | None) -> str | None:
    return f"{type(error).__module__}.{type(error).__qualname__}" if error else None


def places(error: BaseException | None) -> list[str]:
    """Return where an error came from, line by line; never its text, which may hold what somebody wrote."""
    trace = error.__traceback__ if error else None
    return [
        f"{frame.f_code.co_filename}:{line} {frame.f_code.co_name}"
        for frame, line in traceback.walk_tb(trace)
    ]
