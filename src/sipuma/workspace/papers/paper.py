"""Makes a tagged PDF of a template; nothing is fetched, neither from the network nor the disk."""

import logging
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Final

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from sipuma.offices.models import Office
from sipuma.offices.refusal import Refused
from sipuma.web.text import normalise
from sipuma.workspace.papers.letterhead import letterhead

ACCESSIBLE: Final = "pdf/ua-1"
ARCHIVED: Final = "pdf/a-2a"  # for decades, tagged, every letter with its meaning; holds no other files
STYLE: Final = "templates/workspace/papers/paper.css"
# Pages of nothing but line ends would keep the server busy.
_EMPTY_LINES: Final = re.compile(r"\n(?:[ \t]*\n){2,}")
# It tells every step of every paper, at a level that our logs keep.
logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)


def paper(
    template: str,
    values: Mapping[str, object],
    *,
    office: Office,
    language: str,
    title: str = "",
    variant: str = ACCESSIBLE,
) -> bytes:
    """Return a template as PDF, under the office's letterhead, in this language.

    `title` is what readers list the document under: no word of a complaint stands in it. `variant` is the
    standard it keeps to, `ACCESSIBLE` or `ARCHIVED`.

    Raises:
        Refused: this machine has no Pango, which lays out the pages.
    """
    with translation.override(language):
        known = {"letterhead": letterhead(office), "office": office, "language": language, "document": title}
        html = render_to_string(template, known | dict(values))
        return _pdf(_EMPTY_LINES.sub("\n\n", normalise(html)), variant)


@cache
def style_sheet() -> str:
    """Return the style sheet of the papers, as it lies in the package."""
    return resources.files("sipuma.workspace").joinpath(STYLE).read_text(encoding="utf-8")


def _pdf(html: str, variant: str) -> bytes:
    try:
        import weasyprint  # noqa: PLC0415  (loads Pango, without which the rest of SIPUMA must still start)
    except OSError as error:
        why = _("The server can't make papers: its Pango library is missing. Tell the administrator.")
        raise Refused(why) from error
    # The emblem comes as a data address; whatever a picture or a text may point to stays where it is.
    fetcher = weasyprint.urls.URLFetcher(allowed_protocols=("data",))
    style = weasyprint.CSS(string=style_sheet(), url_fetcher=fetcher)
    document = weasyprint.HTML(string=html, url_fetcher=fetcher)
    made: bytes = document.write_pdf(stylesheets=[style], pdf_variant=variant)
    return made
