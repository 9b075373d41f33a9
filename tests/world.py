"""The world that most tests stand in: a founded installation, staff by role, and complaints."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.conf import settings
from pytest_django import DjangoDbBlocker

from sipuma import safe, vault
from sipuma.cases import flow
from sipuma.cases.models import Case
from sipuma.complaints.filing import Filing, file
from sipuma.complaints.workflow import WORKFLOW
from sipuma.offices.founding import CUSTODY_CENTRE, CUSTODY_REGIONS, ORGANISATION, Sheet, found, kit_of
from sipuma.offices.joining import Seat
from sipuma.offices.models import Member, Office, Team, TeamKind
from sipuma.offices.officer import Officer
from sipuma.offices.passwords import open_slot
from sipuma.offices.ring import KeyPair
from sipuma.offices.staffing import enrol

PASSWORD = "contoh-sandi-2026"
ELEMENTS = ("what", "who", "when", "where", "how")
SABANG, MALILI, ACEH, SULBAGSEL, KI = "130300", "110400", "130000", "110000", "001400"

# Which teams a role sits in, and as what.
SEATS: dict[str, tuple[tuple[TeamKind, str], ...]] = {
    "penerima": ((TeamKind.RECEPTION, "member"),),
    "verifikator": ((TeamKind.VERIFICATION, "member"),),
    "kepala-uki": ((TeamKind.VERIFICATION, "head"), (TeamKind.ASSESSMENT, "head")),
    "pengkaji": ((TeamKind.ASSESSMENT, "member"),),
    "pengkaji-unit": ((TeamKind.UNIT, "member"),),
    "pyb": ((TeamKind.PYB, "member"),),
    "kustodian": ((TeamKind.CUSTODIAN, "member"),),
    "admin": (),
}


@dataclass(frozen=True)
class World:
    """A founded installation. `officer("verifikator", "130300")` makes the person on first use."""

    sheets: dict[str, Sheet]

    def officer(self, role: str, office: str = SABANG) -> Officer:
        """Return the unlocked member in this role at this office, freshly, as on a new request."""
        username = f"{role}.{office}"
        member = Member.objects.filter(user__username=username).first()
        if member is None:
            member = self._enrol(role, office, username)
        secret = open_slot(member=member, password=PASSWORD)
        assert secret is not None
        return Officer(member, KeyPair.from_bytes(secret))

    def _enrol(self, role: str, office: str, username: str) -> Member:
        teams = Team.objects.filter(office_id=office)
        seats = [
            (Seat(team, rank), self.sheets[kit_for(team)].pair)
            for kind, rank in SEATS[role]
            for team in teams.filter(kind=kind)
        ]
        member, _kit = enrol(
            username=username,
            name=f"Petugas {role} {office}",
            office=Office.objects.get(pk=office),
            seats=seats,
            password=PASSWORD,
            email=f"{username}@kantor.example",
        )
        return member


def kit_for(team: Team) -> str:
    """Return which printed kit opens this team, through its supervisors."""
    while team.supervisor is not None:
        team = team.supervisor
    return kit_of(team)


@dataclass(frozen=True)
class Complaint:
    """A filed case with the ticket that only its complainant has."""

    case: Case
    ticket: vault.Ticket

    def now(self) -> Case:
        return Case.objects.select_related("team__office", "verification__office", "office").get(
            pk=self.case.pk
        )


def found_afresh() -> World:
    """Found an installation in the present database, with a new secrets folder."""
    shutil.rmtree(settings.SIPUMA.secrets, ignore_errors=True)
    safe.at.cache_clear()
    return World(found())


_world: dict[str, World] = {}


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Found once for all tests of this process; each test's own changes are rolled back."""
    with django_db_blocker.unblock():
        _world["world"] = found_afresh()


@pytest.fixture
def world(db: None) -> World:
    """Return the founded installation; refounded when a test with real transactions emptied it."""
    if not Office.objects.exists():
        _world["world"] = found_afresh()
    return _world["world"]


FileCase = Callable[..., Complaint]


@pytest.fixture
def file_case(world: World) -> FileCase:
    """Return a function that files a complaint at an office (Sabang when none is named)."""

    def make(office: str | None = SABANG, **fields: object) -> Complaint:
        texts: dict[str, object] = {"what": "Petugas meminta uang.", "how": "Di loket, secara lisan."}
        ticket = vault.Ticket.draw()
        place = Office.objects.get(pk=office) if office else None
        filing = Filing(**(texts | {"office": place} | fields))  # type: ignore[arg-type]
        return Complaint(file(filing, ticket).case, ticket)

    return make


def assessed(**changes: str) -> dict[str, str]:
    """Return the values of the move `assess`, every element clear and of type T1."""
    clear = {f"{element}_clarity": "jelas" for element in ELEMENTS}
    return clear | {"type": "T1", "category": "suap"} | changes


def move(complaint: Complaint, name: str, *, by: Officer, **values: object) -> Case:
    """Make a move on the complaint as it is now."""
    return flow.make(WORKFLOW, complaint.now(), name, values, by=by)


__all__ = ["CUSTODY_CENTRE", "CUSTODY_REGIONS", "ORGANISATION", "Complaint", "World", "assessed", "move"]
