"""The mark of a page for everyone: no account, no cookie, nothing of what was sent in any report."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

_MARK: Final = "sipuma_public"


def public(view: View[P]) -> View[P]:
    """Open a view to everyone.

    Such a view has no cookie to protect, so it carries no CSRF token: its forms carry a sealed token of
    their own. `NoPublicCookies` takes away any cookie that still gets set.
    """

    @wraps(view)
    def marked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    opened = login_not_required(csrf_exempt(sensitive_post_parameters()(marked)))
    setattr(opened, _MARK, True)
    return opened


def is_public(
    view: Callable[..., Any],
) -> bool:  # Any: what a view takes beyond the request is its own affair
    """Whether a view carries the mark of `public`."""
    return getattr(view, _MARK, False) is True
