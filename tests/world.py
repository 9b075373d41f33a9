"""The world that most tests stand in: a founded installation, staff by role, and complaints."""

import shutil
import uuid
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from pytest_django import DjangoDbBlocker
from pytest_django.plugin import blocking_manager_key

from sipuma import safe, vault
from sipuma.cases import flow
from sipuma.cases.models import Case
from sipuma.complaints.filing import Filing, file
from sipuma.complaints.reception import Recording, desks_of, record
from sipuma.complaints.workflow import WORKFLOW
from sipuma.offices.epochs import CUSTODY_CENTRE, CUSTODY_REGIONS, ORGANISATION, kit_of
from sipuma.offices.founding import Sheet, found
from sipuma.offices.models import Member, Office
from sipuma.offices.officer import Officer
from sipuma.offices.passwords import open_slot
from sipuma.offices.ring import KeyPair
from sipuma.offices.staffing import enrol, seats_of

PASSWORD = "contoh-sandi-2026"
ELEMENTS = ("what", "who", "when", "where", "how")
SABANG, MALILI, ACEH, SULBAGSEL, KI = "130300", "110400", "130000", "110000", "001400"


@dataclass(frozen=True)
class World:
    """A founded installation. `officer("verifikator", "130300")` makes the person on first use."""

    sheets: dict[str, Sheet]
    # Opening a key slot takes a while on purpose; the keys of a fingerprint are always the same.
    _pairs: dict[bytes, KeyPair] = field(default_factory=dict)

    def officer(self, role: str, office: str = SABANG) -> Officer:
        """Return the unlocked member in this role at this office, freshly, as on a new request.

        The role `admin` sits in no team.
        """
        username = f"{role}.{office}"
        member = Member.objects.filter(user__username=username).first()
        if member is None:
            member = self._enrol(role, Office.objects.get(pk=office), username)
        return Officer(member, self._pair_of(member))

    def _pair_of(self, member: Member) -> KeyPair:
        fingerprint = bytes(member.fingerprint or b"")
        if fingerprint not in self._pairs:
            secret = open_slot(member=member, password=PASSWORD)
            assert secret is not None
            self._pairs[fingerprint] = KeyPair.from_bytes(secret)
        return self._pairs[fingerprint]

    def _enrol(self, role: str, office: Office, username: str) -> Member:
        seats = seats_of([] if role == "admin" else [role], office)
        member, _kit = enrol(
            username=username,
            name=f"Petugas {role} {office.pk}",
            office=office,
            seats=[(seat, self.sheets[kit_of(seat.team)].pair) for seat in seats],
            password=PASSWORD,
            email=f"{username}@kantor.example",
        )
        return member


@dataclass(frozen=True)
class Complaint:
    """A filed case with the ticket that only its complainant has."""

    case: Case
    ticket: vault.Ticket

    def now(self) -> Case:
        return Case.objects.select_related("team__office", "verification__office", "office", "reception").get(
            pk=self.case.pk
        )


def found_afresh() -> World:
    """Found an installation in the present database, with a new secrets folder."""
    shutil.rmtree(settings.SIPUMA.secrets, ignore_errors=True)
    safe.at.cache_clear()
    world = World(found())
    # At the top of the chain of units, so that every unit has somebody to work for it.
    world.officer("pengkaji-unit", KI)
    return world


_world: dict[str, World] = {}
_rows: list[Sequence[Model]] = []


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Found once for all tests of this process; each test's own changes are rolled back."""
    with django_db_blocker.unblock():
        _world["world"] = found_afresh()
        _rows[:] = [list(model._base_manager.all()) for model in apps.get_models(include_auto_created=True)]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None]:
    """Put back what was founded after a test with real transactions, which empties the database."""
    yield
    marker = item.get_closest_marker("django_db")
    # After the last test the database itself is gone.
    if nextitem is not None and marker is not None and marker.kwargs.get("transaction"):
        with item.config.stash[blocking_manager_key].unblock(), transaction.atomic():
            for rows in _rows:
                if rows and not type(rows[0])._base_manager.exists():
                    type(rows[0])._base_manager.bulk_create(rows)


@pytest.fixture
def world(db: None) -> World:
    """Return the founded installation."""
    return _world["world"]


@contextmanager
def world_for_a_module(blocker: DjangoDbBlocker) -> Iterator[World]:
    """Keep what is done here for all tests of one module, and take it back afterwards."""
    with blocker.unblock(), transaction.atomic():
        yield _world["world"]
        transaction.set_rollback(True)


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


RecordCase = Callable[..., Complaint]


@pytest.fixture
def record_case(world: World) -> RecordCase:
    """Return a function that records a complaint at a desk (Sabang's when none is named)."""

    def make(office: str = SABANG, **fields: object) -> Complaint:
        receiver = world.officer("penerima", office)
        texts: dict[str, object] = {"channel": "HELPDESK", "who": "", "when": "", "where": ""}
        texts |= {"what": "Petugas meminta uang.", "how": "Di loket.", "callback": "Telepon 0811 000 111"}
        texts |= {"unknown": frozenset({"who", "when", "where"})}
        recording = Recording(**(texts | fields))  # type: ignore[arg-type]
        desk = desks_of(receiver)[0]
        now = timezone.now()
        case = record(recording, by=receiver, desk=desk, once=uuid.uuid4(), started=now)
        return Complaint(case, vault.Ticket.draw())

    return make


def assessed(**changes: str) -> dict[str, str]:
    """Return the values of the move `assess`, every element clear and of type T1."""
    clear = {f"{element}_clarity": "jelas" for element in ELEMENTS}
    return clear | {"type": "T1", "category": "suap"} | changes


def move(complaint: Complaint, name: str, *, by: Officer, **values: object) -> Case:
    """Make a move on the complaint as it is now."""
    return flow.make(WORKFLOW, complaint.now(), name, values, by=by)


__all__ = ["CUSTODY_CENTRE", "CUSTODY_REGIONS", "ORGANISATION", "Complaint", "World", "assessed", "move"]
