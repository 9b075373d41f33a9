"""The page of the procedure: drawn and told from the table, once for each language."""

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from sipuma.complaints.procedure import Norm, Procedure, norms_in_force, procedure_of, table_of_profile
from sipuma.public.diagram import Drawing, draw
from sipuma.web.public import public

Norms = tuple[tuple[str, Norm], ...]


@dataclass(frozen=True)
class Shown:
    """The procedure in words and as a picture."""

    procedure: Procedure
    drawings: tuple[Drawing, ...]


# Compressed, as nothing on this page is secret and nothing comes from whoever asks for it.
@public
@gzip_page
@require_safe
def procedure(request: HttpRequest) -> HttpResponse:
    norms = tuple(norms_in_force().items())
    shown = shown_in(get_language() or settings.LANGUAGE_CODE, settings.SIPUMA, norms)
    return render(request, "public/procedure.html", {"shown": shown})


@lru_cache(maxsize=16)
def shown_in(language: str, environment: object, norms: Norms) -> Shown:
    """Return what the page shows, made anew for another language, other settings or other norms."""
    one = procedure_of(dict(norms), table_of_profile())
    return Shown(one, tuple(draw(stage, one.finals) for stage in one.parts))
