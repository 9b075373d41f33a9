"""Finds the unlocked member of a staff request; ends idle sessions without losing what was typed."""

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _

from sipuma.offices.models import Member
from sipuma.offices.officer import Officer
from sipuma.offices.ring import KeyPair
from sipuma.web.with_files import takes_files
from sipuma.workspace import drafts, presence
from sipuma.workspace.desk import is_staff_path, present, seat
from sipuma.workspace.upkeep import keep_up

View = Callable[..., HttpResponseBase]
_MARK: Final = "sipuma_keeps_typing"
FILES_LOST: Final = "belum"


def keeps_typing(view: View) -> View:
    """Mark a view whose forms are kept, sealed, when they arrive after the session has ended."""
    setattr(view, _MARK, True)
    return view


class UnlockedMember:
    """`request.officer` on staff paths; elsewhere the session is not even looked at."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        seat(request, None)
        if not is_staff_path(request.path_info):
            request.user = AnonymousUser()  # Django's own would look into the session
            return self.get_response(request)
        arrived = unlock(request)
        seat(request, arrived)
        request.user = arrived.member.user if arrived else AnonymousUser()
        response = self.get_response(request)
        officer = present(request)
        if officer is not None and request.session.session_key:
            presence.mark(request, response, officer.member)
            if request.method == "POST" and arrived is not None:
                keep_up(officer)
        elif arrived is not None:
            presence.forget(response)
        return response

    def process_view(
        self, request: HttpRequest, view: View, _args: Any, _kwargs: Any
    ) -> HttpResponseBase | None:  # Any: what the address holds is the view's affair
        public = not getattr(view, "login_required", True)
        if public or not is_staff_path(request.path_info) or present(request) is not None:
            return None
        if request.method == "POST" and getattr(view, _MARK, False) and _keep(request):
            messages.info(request, _("Your session had ended. What you typed is kept: sign in and go on."))
        elif presence.read(request) is not None:
            messages.info(request, _("Your session has ended. Sign in to go on."))
        return redirect_to_login(_way_back(request, view), resolve_url("account_login"))


def _way_back(request: HttpRequest, view: View) -> str:
    """Return where to go after signing in; a page that files were sent to says that they did not come in."""
    lost = request.method == "POST" and takes_files(view)
    return f"{request.path}?{FILES_LOST}=1" if lost else request.get_full_path()


def unlock(request: HttpRequest) -> Officer | None:
    """Return the member whose keys the session holds; a session past its limits ends here and now."""
    session = request.session
    if "keys" not in session:
        return None
    pair = KeyPair.from_bytes(bytes.fromhex(session["keys"]))
    member = _member(session["member"])
    same = member is not None and bytes(member.fingerprint or b"") == pair.private.public.fingerprint
    if member is None or not same or not presence.is_fresh(request, member):
        session.flush()
        return None
    return Officer(member, pair)


def _member(pk: int) -> Member | None:
    members = Member.objects.filter(pk=pk, disabled_at=None, user__is_active=True)
    return members.select_related("user", "office").first()


def _keep(request: HttpRequest) -> bool:
    seen = presence.read(request)
    member = _member(seen.member) if seen else None
    values = {name: value for name, value in request.POST.items() if name != "csrfmiddlewaretoken"}
    return member is not None and drafts.keep(
        member, path=request.path_info, values={name: str(value) for name, value in values.items()}
    )
