"""The original of a piece of evidence: why an officer opens it, and what is open in this session (R61)."""

from typing import Final

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from sipuma.cases.evidence import Piece
from sipuma.web.forms import SipumaForm
from sipuma.workspace.pieces import INLINE, kind_shown

_OPENED: Final = "originals"
HERE: Final = "here"


class OriginalForm(SipumaForm):
    """Why an officer needs a file as it was sent, with all that it tells about whoever made it."""

    reason = forms.CharField(
        label=gettext_lazy("Why you need the original"),
        help_text=gettext_lazy("The reason is entered in the timeline with your name."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Write why you need the original. One sentence is enough.")},
    )


def only_original(piece: Piece) -> bool:
    """Say whether a browser could show the piece, but no copy without metadata exists."""
    return kind_shown(piece).view in INLINE and not piece.cleaned


def let_open(request: HttpRequest, piece: Piece) -> None:
    """Let this session look at the original on its page: the reason was given and entered."""
    opened = request.session.get(_OPENED, [])
    request.session[_OPENED] = [*opened, piece.evidence.uid.hex]


def is_open(request: HttpRequest, piece: Piece) -> bool:
    return piece.evidence.uid.hex in request.session.get(_OPENED, [])
