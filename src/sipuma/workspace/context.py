"""What every template knows: the site, and on staff pages the member and the navigation."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from sipuma.complaints.profiles import identity_required
from sipuma.web.context import Link, site
from sipuma.workspace.desk import present
from sipuma.workspace.desk_queries import remit_of


def surroundings(request: HttpRequest) -> dict[str, object]:
    """Context processor; the session stays untouched, so public pages depend on no cookie."""
    known = site(request) | {"identity_required": identity_required()}
    officer = present(request)
    if officer is None:
        return known
    return known | {
        "member": officer.member.name,
        "navigation": navigation(request),
        "sign_out": reverse("account_logout"),
        "workspace_home": reverse("queue"),
    }


def navigation(request: HttpRequest) -> list[Link]:
    """Return the links of the staff bar, the present page marked."""
    here = request.resolver_match.view_name if request.resolver_match else ""
    return [Link(label, reverse(name), current=name == here) for name, label in _pages(request)]


def _pages(request: HttpRequest) -> Iterator[tuple[str, str]]:
    officer = present(request)
    yield "queue", _("What needs you")
    yield "search", _("Search")
    if officer is not None and remit_of(officer).offices:
        yield "reception", _("Reception")
    yield "team", _("Team")
    yield "account", _("Account")
