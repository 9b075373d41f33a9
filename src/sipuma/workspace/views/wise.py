"""The package for WISE: its password is shown once, then the file is made, entered and saved or sent."""

import binascii
from base64 import b64decode, b64encode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sipuma import vault
from sipuma.cases.access import log_read, visible
from sipuma.cases.models import Case
from sipuma.complaints.wise import making
from sipuma.complaints.wise.gathering import LANGUAGE, content_of
from sipuma.offices.officer import Officer
from sipuma.offices.refusal import Refused
from sipuma.workspace.desk import officer_of
from sipuma.workspace.papers.wise import wise_paper
from sipuma.workspace.views.papers import attached
from sipuma.workspace.wise_card import makings_of, wise_card

RELATED = ("team__office", "verification__office", "office")
ZIP = "application/zip"


@require_http_methods(["GET", "HEAD", "POST"])
def wise_page(request: HttpRequest, register: str) -> HttpResponse:
    """Show how far the package is; draw a password; make the package under the password that was drawn."""
    officer = officer_of(request)
    case = get_object_or_404(visible(officer).select_related(*RELATED), register=register)
    if making.acting_as(case, officer) is None:
        raise Http404
    log_read(case, officer)
    if request.method != "POST":
        return _show(request, officer, case)
    if "sealed" in request.POST:
        return _make(request, officer, case)
    return _show(request, officer, case, password=vault.ZipPassword.draw())


def _make(request: HttpRequest, officer: Officer, case: Case) -> HttpResponse:
    now = timezone.now()
    try:
        password = making.open_password(_bytes(request.POST["sealed"]), case, officer, at=now)
        content = content_of(case, officer, at=now)
        paper = wise_paper(content, office=case.team.office)
    except Refused as refused:
        return _show(request, officer, case, refusal=str(refused))
    except ImportError:
        return render(request, "workspace/reception_no_papers.html", status=503)
    made = making.make(case, content, paper, password=password, schema_address=_schema_address(), by=officer)
    if not made.sent:
        return attached(made.package.content, made.package.name, mime=ZIP)
    messages.success(request, _("The package is made. It is put into the folder within a minute."))
    return redirect("wise", register=case.register)


def _bytes(sealed: str) -> bytes:
    try:
        return b64decode(sealed, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _show(
    request: HttpRequest,
    officer: Officer,
    case: Case,
    *,
    password: vault.ZipPassword | None = None,
    refusal: str = "",
) -> HttpResponse:
    values = {
        "case": case,
        "card": wise_card(case, officer),
        "makings": makings_of(case, officer),
        "zone": case.team.office.timezone,
        "schema": _schema_address(),
        "refusal": refusal,
        "password": password.grouped if password else "",
        "sealed": _sealed(password, case, officer) if password else "",
    }
    return render(request, "workspace/wise.html", values, status=422 if refusal else 200)


def _sealed(password: vault.ZipPassword, case: Case, officer: Officer) -> str:
    return b64encode(making.seal_password(password, case, officer, at=timezone.now())).decode()


def _schema_address() -> str:
    with translation.override(LANGUAGE):
        return f"{settings.SIPUMA.base_url.rstrip('/')}{reverse('wise-schema')}"
