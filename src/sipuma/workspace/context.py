"""What every template knows: the site, and on staff pages the member and the navigation."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from sipuma.web.context import Link, site
from sipuma.workspace.desk import present


def surroundings(request: HttpRequest) -> dict[str, object]:
    """Context processor; the session stays untouched, so public pages depend on no cookie."""
    known = site(request)
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
    pages = (("queue", _("What needs you")), ("team", _("Team")), ("account", _("Account")))
    return [Link(label, reverse(name), current=name == here) for name, label in pages]
