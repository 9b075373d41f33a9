"""The papers of a reception: the complaint form, blank or filled (R25), and the complainant's receipt."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy

from sipuma.cases.models import OFFLINE
from sipuma.cases.workflow import Text
from sipuma.complaints.words import ELEMENTS
from sipuma.offices.channels import NATIONAL
from sipuma.offices.models import Office
from sipuma.workspace.papers.paper import paper

Row = tuple[str, str]


@dataclass(frozen=True)
class FilledForm:
    """What a filled form says, as texts only.

    `zone` is the office's IANA zone. `elements` has texts under the names of `words.ELEMENTS`; one that is
    missing or empty is not known. `identity` and `contact` are rows of label and text, empty when withheld.
    `employees`, `evidence` and `additions` have a text each; `completeness` is the judgement of R85.
    """

    register: str
    received_at: datetime
    zone: str
    channel: str
    receiver: str = ""
    elements: Mapping[str, str] = field(default_factory=dict, repr=False)
    identity: tuple[Row, ...] = field(default=(), repr=False)
    contact: tuple[Row, ...] = field(default=(), repr=False)
    employees: tuple[str, ...] = field(default=(), repr=False)
    evidence: tuple[str, ...] = field(default=(), repr=False)
    completeness: str = field(default="", repr=False)
    additions: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Receipt:
    """What a complainant takes home: the number and the moment; no matter, and nobody's name.

    `papers`: sheets or things that were handed in, None when nobody counted them.
    """

    register: str
    received_at: datetime
    zone: str
    channel: str
    files: int = 0
    papers: int | None = None


@dataclass(frozen=True)
class Question:
    """One part of the blank form: what is asked, what helps to answer, and how many lines to write on."""

    name: str
    label: Text
    hint: Text
    lines: int


# fmt: off
QUESTIONS: Final = {
    "what":  (gettext_lazy("Say it in your own words."), 5),
    "who":   (gettext_lazy("Names, posts or what the person looked like, as far as you know."), 2),
    "when":  (gettext_lazy("Day and time, as far as you know."), 2),
    "where": (gettext_lazy("Office, counter or place."), 2),
    "how":   (gettext_lazy("What happened first, and what then?"), 6),
}
# Rows to write in by hand.
IDENTITY: Final = (
    Question("name", gettext_lazy("Name"), "", 1),
    Question("address", gettext_lazy("Address"), "", 2),
    Question("phone", gettext_lazy("Telephone or mobile"), "", 1),
    Question("email", gettext_lazy("E-mail"), "", 1),
    Question("other", gettext_lazy("Another way to reach you"), "", 1),
)
# fmt: on
EMPLOYEE_ROWS: Final = 3
EVIDENCE_ROWS: Final = 4


def complaint_form(office: Office, form: FilledForm | None, *, language: str) -> bytes:
    """Return the complaint form (Formulir Pengaduan) as PDF: blank on one sheet, or filled (R25, S1 2).

    Raises:
        Refused: this machine can't make papers.
    """
    if form is None:
        return paper("workspace/papers/form_blank.html", _blank(), office=office, language=language)
    filled = {"form": form, "elements": [(label, form.elements.get(name, "")) for name, label in ELEMENTS]}
    return paper(
        "workspace/papers/form_filled.html", filled, office=office, language=language, title=form.register
    )


def _blank() -> dict[str, object]:
    return {
        "channels": [channel.label for channel in OFFLINE],
        "identity": IDENTITY,
        "questions": [Question(name, label, *QUESTIONS[name]) for name, label in ELEMENTS],
        "employee_rows": EMPLOYEE_ROWS,
        "evidence_rows": EVIDENCE_ROWS,
    }


def receipt(office: Office, receipt: Receipt, *, language: str) -> bytes:
    """Return the receipt (Tanda Terima) as PDF, one page of A5.

    Raises:
        Refused: this machine can't make papers.
    """
    values = {"receipt": receipt, "tracking": _tracking_address(language), "national": NATIONAL}
    return paper(
        "workspace/papers/receipt.html", values, office=office, language=language, title=receipt.register
    )


def _tracking_address(language: str) -> str:
    with translation.override(language):
        return f"{settings.SIPUMA.base_url.rstrip('/')}{reverse('track')}"
