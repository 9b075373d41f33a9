"""Signing in and out by django-allauth: the password is checked by opening the member's key slot."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm
from allauth.account.views import LoginView, LogoutView
from django import forms
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from sipuma.offices.models import Member
from sipuma.offices.officer import Officer
from sipuma.offices.passwords import Busy, open_slot
from sipuma.offices.ring import KeyPair
from sipuma.web.errors import too_many_requests
from sipuma.web.forms import SipumaForm
from sipuma.web.source import source_of
from sipuma.workspace import presence
from sipuma.workspace.desk import seat
from sipuma.workspace.upkeep import keep_up

TOO_MANY = "too_many_login_attempts"
BUSY_SECONDS = 30
_PARKED = "sipuma_parked"


class SlotBackend(BaseBackend):
    """Knows a member by the key slot that the password opens; there is no other hash of it."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **_more: Any,
    ) -> User | None:  # Any: Django hands every backend whatever credentials there are
        """Return the member's user, the opened keys parked on the request; an unknown name takes as long."""
        active = Member.objects.filter(disabled_at=None, user__is_active=True)
        member = (
            active.filter(user__username=(username or "").casefold()).select_related("user", "office").first()
        )
        secret = open_slot(member=member, password=password or "")
        if member is None or secret is None or request is None:
            return None
        setattr(request, _PARKED, Officer(member, KeyPair.from_bytes(secret)))
        return member.user

    def get_user(self, user_id: int) -> User | None:
        return User.objects.filter(pk=user_id, is_active=True, member__disabled_at=None).first()


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """What SIPUMA does otherwise than allauth: no sign-up, no addresses in keys, keys into the session."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _(
            "The name and the password don’t belong together. Check both and try again."
        ),
        TOO_MANY: _("Too many attempts. Wait five minutes, then try again."),
    }

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return source_of(request)

    def add_message(self, *args: Any, **kwargs: Any) -> None:  # Any: allauth's signature
        """Say nothing: the page that follows says it."""

    def login(self, request: HttpRequest, user: User) -> None:
        officer: Officer = getattr(request, _PARKED)
        token = request.META.get("CSRF_COOKIE")
        seen = presence.read(request)
        super().login(request, user)
        if seen is not None and seen.member == officer.member.pk:
            # The same person again: forms left open in other tabs stay good.
            request.META["CSRF_COOKIE"] = token
        open_session(request, officer)


def open_session(request: HttpRequest, officer: Officer) -> None:
    """Put the opened keys into the session, which only the browser's cookie can open again."""
    request.session["keys"] = officer.ring.pair.to_bytes().hex()
    request.session["member"] = officer.member.pk
    request.session["started"] = time.time()
    seat(request, officer)
    keep_up(officer)


class SignInForm(SipumaForm, LoginForm):  # type: ignore[misc]  # allauth ships no types
    """User name and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: handed on to allauth
        super().__init__(*args, **kwargs)
        plain = {"autocapitalize": "none", "spellcheck": "false"}
        self.fields["login"] = forms.CharField(
            label=_("User name"),
            max_length=150,
            widget=forms.TextInput(attrs={"autocomplete": "username", **plain}),
            error_messages={"required": _("Enter your user name.")},
        )
        self.fields["password"] = forms.CharField(
            label=_("Password"),
            strip=False,
            widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
            error_messages={"required": _("Enter your password.")},
        )
        self.order_fields(["login", "password"])


class SignInView(LoginView):  # type: ignore[misc]  # allauth ships no types
    template_name = "workspace/sign_in.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # Any: allauth's own
        try:
            answer: HttpResponse = super().post(request, *args, **kwargs)
        except Busy:
            return too_many_requests(request, retry_after=BUSY_SECONDS)
        return answer

    def form_invalid(self, form: SignInForm) -> HttpResponse:
        limited = form.has_error("__all__", code=TOO_MANY)
        status = 429 if limited else 422
        return render(self.request, self.template_name, self.get_context_data(form=form), status=status)


@method_decorator(login_not_required, name="dispatch")
class SignOutView(LogoutView):  # type: ignore[misc]  # allauth ships no types
    template_name = "workspace/sign_out.html"


@login_not_required
def sign_in_help(request: HttpRequest) -> HttpResponse:
    """Stand in for sign-up, password reset and inactive accounts: say who helps."""
    return render(request, "workspace/help.html")
