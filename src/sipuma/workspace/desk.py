"""Who sits at the browser: what the middleware puts on a request and views take from it."""

from typing import Final

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from sipuma.offices.officer import Officer
from sipuma.web.headers import STAFF_PREFIX
from sipuma.web.languages import without_language

_OFFICER: Final = "officer"


def seat(request: HttpRequest, officer: Officer | None) -> None:
    """Note who is at work in this request."""
    setattr(request, _OFFICER, officer)


def present(request: HttpRequest) -> Officer | None:
    """Return the unlocked member of this request, or None."""
    officer: Officer | None = getattr(request, _OFFICER, None)
    return officer


def officer_of(request: HttpRequest) -> Officer:
    """Return the unlocked member of this request.

    Raises:
        PermissionDenied: nobody is signed in; the middleware lets no such request through to a staff view.
    """
    officer = present(request)
    if officer is None:
        raise PermissionDenied
    return officer


def is_staff_path(path: str) -> bool:
    return without_language(path).startswith(STAFF_PREFIX)
