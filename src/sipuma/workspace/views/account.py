"""A member's own affairs: joining, recovering with the kit, the password, and sessions elsewhere."""

from datetime import datetime, timedelta

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from sipuma import vault
from sipuma.offices.joining import change_password, invited, join, key_code, recover
from sipuma.offices.models import Member, Session
from sipuma.offices.officer import Officer
from sipuma.offices.passwords import check_password_strength
from sipuma.offices.refusal import Refused
from sipuma.offices.sessions import session_id
from sipuma.web.errors import too_many_requests
from sipuma.web.forms import SipumaForm
from sipuma.workspace.desk import officer_of
from sipuma.workspace.forms import ChangePasswordForm, PasswordForm, RecoverForm

METHODS = ["GET", "HEAD", "POST"]


@login_not_required
@sensitive_post_parameters()
@require_http_methods(METHODS)
def join_page(request: HttpRequest, code: str) -> HttpResponse:
    """Take a one-time link: an own password makes the keys; the recovery kit is shown this once."""
    member = invited(code)
    if member is None:
        return render(request, "workspace/join_closed.html", status=404)
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            kit = join(member=member, password=form.cleaned_data["password"])
        except Refused as refused:
            _refuse(form, refused)
        else:
            values = {"kit": kit.groups, "code": key_code(member), "joined": member}
            return render(request, "workspace/joined.html", values)
    values = {"form": form, "joining": member}
    return render(request, "workspace/join.html", values, status=_status(form))


@login_not_required
@sensitive_post_parameters()
@require_http_methods(METHODS)
def recover_page(request: HttpRequest) -> HttpResponse:
    form = RecoverForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        login = form.cleaned_data["login"].strip()
        if not ratelimit.consume(request, action="reset_password", key=login):
            return too_many_requests(request)
        try:
            _recover(login, form.cleaned_data["kit"], form.cleaned_data["password"])
        except Refused as refused:
            _refuse(form, refused)
        else:
            messages.success(request, _("Your password is changed. Sign in with the new one."))
            return redirect("account_login")
    return render(request, "workspace/recover.html", {"form": form}, status=_status(form))


@sensitive_variables()
def _recover(login: str, typed: str, password: str) -> None:
    """Recover the account; an unknown name is refused like a kit that does not fit."""
    members = Member.objects.filter(user__username=login, disabled_at=None).select_related("user")
    member = members.first()
    check_password_strength(password, member or Member(user=User(username=login)))
    try:
        kit = vault.RecoveryKit.parse(typed)
    except vault.TicketMalformed as error:
        text = _("This can’t be a recovery kit: it has 36 letters and digits. Check each group of four.")
        raise Refused(text, field="kit") from error
    if member is None:
        raise Refused(_("The name and the recovery kit don't belong together."))
    recover(member=member, kit=kit, password=password)


@sensitive_post_parameters()
@require_http_methods(METHODS)
def account_page(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    if "end_others" in request.POST:
        _others(request, officer).delete()
        messages.success(request, _("Your other sessions have ended."))
        return redirect("account")
    form = ChangePasswordForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if not ratelimit.consume(request, action="change_password", user=officer.member.user):
            return too_many_requests(request)
        try:
            change_password(
                member=officer.member, old=form.cleaned_data["old"], new=form.cleaned_data["password"]
            )
        except Refused as refused:
            _refuse(form, refused)
        else:
            _others(request, officer).delete()
            messages.success(request, _("Your password is changed, and your other sessions have ended."))
            return redirect("account")
    return _show_account(request, officer, form)


def _show_account(request: HttpRequest, officer: Officer, form: SipumaForm) -> HttpResponse:
    values = {
        "form": form,
        "sessions": [_started(session) for session in _others(request, officer)],
        "zone": officer.member.office.timezone,
        "code": key_code(officer.member),
        "notices": officer.member.get_notices_display(),
    }
    return render(request, "workspace/account.html", values, status=_status(form))


def _others(request: HttpRequest, officer: Officer) -> QuerySet[Session]:
    """Return the member's sessions in other browsers, the newest first."""
    here = session_id(request.session.session_key or "-" * 32)
    return Session.objects.filter(member=officer.member).exclude(pk=here).order_by("-expires_at")


def _started(session: Session) -> datetime:
    return session.expires_at - timedelta(seconds=settings.SESSION_COOKIE_AGE)


def _refuse(form: SipumaForm, refused: Refused) -> None:
    form.add_error(refused.field if refused.field in form.fields else None, str(refused))


def _status(form: SipumaForm) -> int:
    return 422 if form.errors else 200
