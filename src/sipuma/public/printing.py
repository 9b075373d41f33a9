"""The print view: complaint, register number and ticket on one sheet of A5, with the ticket as a QR code."""

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from sipuma import vault
from sipuma.cases.tickets import Holder
from sipuma.complaints.tracking import Tracked
from sipuma.complaints.words import ELEMENTS, Category
from sipuma.public.review import Row


def tracking_address() -> str:
    """Return the address at which a ticket is typed in, to be copied from paper."""
    return f"{settings.SIPUMA.base_url.rstrip('/')}{reverse('track')}"


def qr_code(ticket: vault.Ticket) -> SafeString:
    """Return the ticket's text as inline SVG. It names no address: who finds the sheet learns little."""
    code = segno.make_qr(ticket.grouped, error="m")
    return SafeString(code.svg_inline(svgclass="qr", lineclass=None, omitsize=True))


def matter_rows(tracked: Tracked) -> list[Row]:
    """Return the complaint as it was filed, without what was left empty."""
    filed = tracked.matter
    found = [Row(label, filed[name], 0) for name, label in ELEMENTS if filed.get(name)]
    if category := filed.get("category"):
        found.append(Row(_("What it is about"), Category(category).label, 0))
    return found


def print_view(request: HttpRequest, ticket: vault.Ticket, holder: Holder) -> HttpResponse:
    """Answer with the sheet (R4)."""
    tracked = Tracked(holder)
    context = {
        "ticket": ticket,
        "tracked": tracked,
        "case": tracked.case,
        "rows": matter_rows(tracked),
        "qr": qr_code(ticket),
        "address": tracking_address(),
    }
    return render(request, "public/print.html", context)
