"""Records a complaint that came by letter, phone or at the desk (S1 3 to 5; moves 2 and 3)."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from sipuma import vault
from sipuma.cases.entries import Sealed, Signature, Step, seal_text
from sipuma.cases.filing import NewCase, open_case
from sipuma.cases.models import Audience, Author, Case
from sipuma.complaints.conflict import first_due_with, first_state
from sipuma.complaints.custody import custodians_of, seal_identity
from sipuma.complaints.filing import CONTACT_PATH, FILED, handling_team
from sipuma.complaints.models import Reception
from sipuma.complaints.notices import case_waits, people_of
from sipuma.complaints.words import ELEMENTS, SERVICE
from sipuma.offices.models import Team, TeamKind
from sipuma.offices.officer import Officer
from sipuma.offices.places import Role
from sipuma.offices.trust import public_key, trusted_keys

COMPLETENESS = "completeness"
NORM_MINUTES = 30


@dataclass(frozen=True)
class Recording:
    """What a receiver takes down. Each of the five elements has a text, or stands in `unknown` (R15).

    `incomplete` says what is missing or unclear; empty when all is complete and clear (R85).
    """

    channel: str
    what: str
    who: str
    when: str
    where: str
    how: str
    unknown: frozenset[str] = frozenset()
    category: str = ""
    conflict: bool = False
    name: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    disclose: bool = False
    callback: str = field(default="", repr=False)
    incomplete: str = field(default="", repr=False)

    @property
    def matter(self) -> dict[str, object]:
        """Return the five elements, what they are about, and which of them nobody knows."""
        given = {name: getattr(self, name) for name, _label in ELEMENTS}
        return given | {"category": self.category, "unknown": sorted(self.unknown)}

    @property
    def identity(self) -> dict[str, str]:
        """Return who the complainant is, as far as given; empty when nothing was."""
        given = {name: getattr(self, name) for name in ("name", "address", "email", "phone")}
        return given if any(given.values()) else {}


def judged(payload: Mapping[str, object]) -> str:
    """Return in words what the check of completeness came to (R85)."""
    if payload.get("complete"):
        return _("Complete and clear.")
    return _("Incomplete or unclear: %(what)s") % {"what": payload.get("text", "")}


def desks_of(officer: Officer) -> list[Team]:
    """Return the reception teams in which the officer is a receiver, own ones first."""
    reach = officer.reach
    return [team for team in reach.teams(TeamKind.RECEPTION) if Role.RECEIVER in reach.roles_in(team)]


def record(
    recording: Recording,
    *,
    by: Officer,
    desk: Team,
    once: uuid.UUID,
    started: datetime,
    at: datetime | None = None,
) -> Case:
    """Record a complaint at a desk: it gets a register number, and no ticket (move 2; R14 to R17).

    The same form (`once`) again gives the same case. While reception is open the desk reads what it recorded.

    Raises:
        PermissionError: the officer is no receiver at this desk.
    """
    if Role.RECEIVER not in by.reach.roles_in(desk):
        raise PermissionError(desk.subject)
    at = at or timezone.now()
    team = handling_team(desk.office, conflict=recording.conflict)
    new, entries = _sealed(recording, team, desk, at)
    people = people_of(team)

    def keep(case: Case) -> None:
        Reception.objects.create(
            case=case,
            once=once,
            member=by.member,
            complete=not recording.incomplete,
            started_at=min(started, at),
            saved_at=at,
        )

    try:
        return open_case(
            new,
            entries=entries,
            ticket=None,
            by=Signature(Author.MEMBER, by.member, desk),
            messages=lambda register: case_waits(people, register),
            after=keep,
        )
    except IntegrityError:
        before = _recorded_before(once, by)
        if before is None:
            raise
        return before


def _recorded_before(once: uuid.UUID, by: Officer) -> Case | None:
    """Return the case of the same form by the same member; nobody learns of a colleague's by its form."""
    before = Reception.objects.filter(once=once, member=by.member).select_related("case").first()
    return before.case if before else None


def _sealed(recording: Recording, team: Team, desk: Team, at: datetime) -> tuple[NewCase, list[Sealed]]:
    custodians = custodians_of(team.office) if recording.identity else None
    trusted = trusted_keys((team, desk, *(custodians.teams if custodians else ())))
    team_public, here = public_key(trusted[team.pk]), public_key(trusted[desk.pk])
    new = NewCase(
        service=SERVICE,
        channel=recording.channel,
        team=team,
        team_public=team_public,
        state=first_state(team),
        at=at,
        due=first_due_with(team, at),
        category=recording.category,
        reception=desk,
        complainant=None,
    )
    entries = _texts(recording, new, (new.private.public, here))
    if recording.callback:
        payload, who = {"text": recording.callback}, (team_public, here)
        entries.append(seal_text(new.uid, CONTACT_PATH, payload, audience=Audience.VERIFICATION, readers=who))
    if custodians:
        readers = [here, team_public] if recording.disclose else [here]
        sides, wish = custodians.public(trusted), recording.disclose
        entries.append(
            seal_identity(new.uid, recording.identity, disclose=wish, custodians=sides, readers=readers)
        )
    return new, entries


def _texts(recording: Recording, new: NewCase, readers: tuple[vault.PublicKey, ...]) -> list[Sealed]:
    step = Step("record", "", new.state)
    completeness = {"complete": not recording.incomplete, "text": recording.incomplete}
    return [
        seal_text(
            new.uid, FILED, recording.matter, audience=Audience.COMPLAINANT, readers=readers, step=step
        ),
        seal_text(new.uid, COMPLETENESS, completeness, audience=Audience.HANDLERS, readers=readers),
    ]
