"""When a member gets notices by e-mail: at once, together in the morning, or of what is overdue alone."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from sipuma.complaints.digests import choose
from sipuma.offices.models import Notices
from sipuma.web.forms import SipumaForm
from sipuma.workspace.desk import officer_of


class NoticesForm(SipumaForm):
    """One of the three ways."""

    notices = forms.ChoiceField(
        label=_("When do you want notices?"),
        choices=Notices.choices,
        widget=forms.RadioSelect,
        help_text=_("They hold register numbers and counts, never what a case is about."),
        error_messages={
            "required": _("Choose when you want notices."),
            "invalid_choice": _("Choose one of the three."),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def notices_page(request: HttpRequest) -> HttpResponse:
    member = officer_of(request).member
    sent = request.POST if request.method == "POST" else None
    form = NoticesForm(sent, initial={"notices": member.notices})
    if form.is_valid():
        choose(member=member, choice=form.cleaned_data["notices"])
        messages.success(request, gettext("Saved: when you get notices."))
        return redirect("account")
    values = {"form": form, "address": member.email}
    return render(request, "workspace/notices.html", values, status=422 if form.errors else 200)
