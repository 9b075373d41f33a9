"""What a forwarded case's pages say of its package: where it is made, what was made, how far it got."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from sipuma.cases.models import Case
from sipuma.cases.opening import Reader
from sipuma.complaints.models import Dispatch
from sipuma.complaints.wise.making import PACKAGE_MADE, acting_as
from sipuma.offices.officer import Officer


@dataclass(frozen=True)
class WiseCard:
    """The package's page, and its delivery: None where nothing is on its way by itself."""

    url: str
    register: str
    dispatch: Dispatch | None
    is_sent: bool


@dataclass(frozen=True)
class Making:
    """One package that was made: when, by whom, and the digest of the file."""

    at: datetime
    by: str
    digest: str


def wise_card(case: Case, officer: Officer) -> WiseCard | None:
    """Return the card for those who may make the package, None for all others and before forwarding."""
    if acting_as(case, officer) is None:
        return None
    dispatch = Dispatch.objects.filter(case=case).defer("content").first()
    url = reverse("wise", kwargs={"register": case.register})
    return WiseCard(url, case.external_register, dispatch, is_sent=bool(settings.SIPUMA.wise_url))


def makings_of(case: Case, officer: Officer) -> list[Making]:
    """Return the packages that were made, newest first."""
    opened = Reader([case], officer.private).timeline(kind=PACKAGE_MADE)
    return [
        Making(one.entry.at, one.entry.member.name, str((one.payload or {}).get("text", "")))
        for one in reversed(opened)
        if one.entry.member is not None
    ]
