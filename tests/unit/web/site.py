"""A small site of its own for the tests of the room `web`, and a reader of the HTML it answers."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from django import forms
from django.conf.urls.i18n import i18n_patterns
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST

from sipuma.web import errors
from sipuma.web import forms as web_forms
from sipuma.web.public import public

SECRET = "a sentence that only the complainant may read"


class Report(web_forms.SipumaForm):
    """One field of every kind."""

    what = forms.CharField(
        label="What happened?",
        help_text="One sentence is enough.",
        widget=forms.Textarea,
        max_length=10_000,
        error_messages={"required": "Write what happened."},
    )
    who = forms.CharField(label="Who?", required=False)
    office = forms.ChoiceField(label="Office", choices=[("", "Choose"), ("130300", "Sabang")])
    when = web_forms.DateField(label="When?", required=False)
    category = forms.ChoiceField(
        label="About what?", widget=forms.RadioSelect, choices=[("a", "Service"), ("b", "Levies")]
    )
    paths = forms.MultipleChoiceField(
        label="How may we reach you?",
        widget=forms.CheckboxSelectMultiple,
        choices=[("Writing", [("mail", "Mail")]), ("sms", "SMS")],
        required=False,
    )
    disclose = forms.BooleanField(label="I agree", help_text="You can take it back.", required=False)
    email = forms.EmailField(
        label="Mail",
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "class": "wide"}),
    )
    token = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, object]:
        if self.cleaned_data.get("who") == "nobody":
            raise forms.ValidationError("Someone must have done it.")
        return self.cleaned_data


@public
def hello(request: HttpRequest) -> HttpResponse:
    return render(request, "web/public.html")


@public
def report(request: HttpRequest) -> HttpResponse:
    form = Report(request.POST or None)
    return render(request, "web/public.html", {"form": form})


@public
def careless(request: HttpRequest) -> HttpResponse:
    response = HttpResponse("ok")
    response.set_cookie("tracked", "yes")
    return response


@csrf_protect
def staff(request: HttpRequest) -> HttpResponse:
    return render(request, "web/workspace.html", {"member": "Verifier, Sabang", "sign_out": "/out/"})


@public
def boom(request: HttpRequest) -> HttpResponse:
    sentence = request.POST.get("what", SECRET)
    raise RuntimeError(sentence)


def denied(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied(SECRET)


def missing(request: HttpRequest, secret: str = "") -> HttpResponse:
    raise Http404(SECRET)


def odd(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation(SECRET)


@public
def reads_body(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(len(request.POST)))


@require_POST
def posts_only(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


class Urls:
    """Stands in for a URLconf module."""

    urlpatterns = i18n_patterns(
        path("", hello, name="home"),
        path("lapor/", report, name="report"),
        path("lacak/", hello, name="track"),
        path("careless/", careless, name="careless"),
        path("petugas/", staff, name="staff"),
        path("petugas/kasus/<str:secret>/", missing, name="case"),
        path("boom/", boom, name="boom"),
        path("denied/", denied),
        path("odd/", odd),
        path("body/", reads_body),
        path("post/", posts_only),
        prefix_default_language=False,
    )
    handler400 = staticmethod(errors.bad_request)
    handler403 = staticmethod(errors.permission_denied)
    handler404 = staticmethod(errors.page_not_found)
    handler500 = staticmethod(errors.server_error)


@dataclass
class Element:
    """A start tag, its attributes and the text up to the next tag, in document order."""

    tag: str
    attrs: dict[str, str]
    text: str = ""

    def has_class(self, name: str) -> bool:
        return name in self.attrs.get("class", "").split()


@dataclass
class Page(HTMLParser):
    """The elements of a page in document order."""

    html: str
    elements: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.html)
        for element in self.elements:
            element.text = element.text.strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        if self.elements:
            self.elements[-1].text += data

    def all(self, tag: str) -> list[Element]:
        return [element for element in self.elements if element.tag == tag]

    def by_id(self, ident: str) -> Element:
        [found] = [element for element in self.elements if element.attrs.get("id") == ident]
        return found

    def named(self, name: str) -> list[Element]:
        return [element for element in self.elements if element.attrs.get("name") == name]
