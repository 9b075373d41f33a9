"""The engine: checks a move, compares and sets the state, saves all it does in one transaction."""

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from sipuma.cases.assignment import ends_assignment
from sipuma.cases.entries import SYSTEM, Signature, append
from sipuma.cases.exclusions import is_barred
from sipuma.cases.models import Author, Case, Seal
from sipuma.cases.resealing import (
    drop_seals,
    hand_case_key,
    hand_everything,
    save_seals,
)
from sipuma.cases.staleness import refuse_stale
from sipuma.cases.workflow import Attempt, Effects, Handover, Move, Text, Values, Workflow
from sipuma.offices.models import Member, Team, TeamKey, TeamKind
from sipuma.offices.officer import Officer
from sipuma.offices.places import Role
from sipuma.offices.refusal import Refused
from sipuma.outbox.models import Message


@dataclass(frozen=True)
class Option:
    """A move that somebody may make here; `obstacle` says why it can't be made yet."""

    move: Move
    role: Role
    obstacle: Text | None


def available(workflow: Workflow, case: Case, officer: Officer) -> list[Option]:
    """Return the moves that the officer's roles allow in the case's state: the buttons of the page."""
    if is_barred(case, officer.member):
        return []
    options = []
    for move in workflow.moves:
        role = acting_role(move, case, officer) if case.state in move.sources else None
        if role is not None:
            options.append(Option(move, role, obstacle(move, case, member=officer.member)))
    return options


def acting_role(move: Move, case: Case, officer: Officer) -> Role | None:
    """Return the role in which the officer may make this move on this case, or None."""
    held = HELD[move.where](case, officer)
    return next((role for role in move.by if role in held), None)


def _held_roles(case: Case, officer: Officer) -> frozenset[Role]:
    """Return the roles in the teams that hold the case key, the handling and the verifying team first."""
    teams = {team.pk: team for team in officer.reach.teams() if team.kind != TeamKind.UNIT}
    holding = teams.keys() & {case.team_id, case.verification_id}
    if not holding:
        readers = Seal.objects.filter(_opening(case)).values("reader")
        keys = TeamKey.objects.filter(team__in=teams, fingerprint__in=readers)
        holding = set(keys.values_list("team_id", flat=True))
    return frozenset[Role]().union(*(officer.reach.roles_in(teams[pk]) for pk in holding))


def _opening(case: Case) -> Q:
    """Return which seals open the case: those on its key, and on the key of the case that it joined."""
    own = Q(case=case, object=case.uid)
    return own | Q(case=case.joins, object=case.joins.uid) if case.is_joined and case.joins else own


def _executing_roles(case: Case, officer: Officer) -> frozenset[Role]:
    executors = Team.objects.filter(follow_ups__case=case, follow_ups__reported_at=None)
    found = [officer.reach.roles_in(team) for team in executors]
    return frozenset[Role]().union(officer.reach.roles_in(case.team), *found)


def _receiving_roles(case: Case, officer: Officer) -> frozenset[Role]:
    return officer.reach.roles_in(case.reception) if case.reception else frozenset()


def _roles_unless_theirs(case: Case, officer: Officer) -> frozenset[Role]:
    return officer.reach.roles_in(case.team) if case.assignee_id != officer.member.pk else frozenset()


def _roles_if_assigned(case: Case, officer: Officer) -> frozenset[Role]:
    return officer.reach.roles_in(case.team) if case.assignee_id is not None else frozenset()


# How the roles that count for a move are found, by the move's `where`.
Held = Callable[[Case, Officer], frozenset[Role]]
HELD: Mapping[str, Held] = {
    "team": lambda case, officer: officer.reach.roles_in(case.team),
    "office": lambda case, officer: officer.reach.roles_at(case.team.office_id),
    "held": _held_roles,
    "executor": _executing_roles,
    "reception": _receiving_roles,
    "not-theirs": _roles_unless_theirs,
    "assigned": _roles_if_assigned,
    "verification": lambda case, officer: officer.reach.roles_in(case.verification),
}


def obstacle(move: Move, case: Case, at: datetime | None = None, member: Member | None = None) -> Text | None:
    """Return the first reason why the move can't be made yet, at this moment, or by this member."""
    found = chain(
        (ready(case) for ready in move.ready),
        (timely(case, at or timezone.now()) for timely in move.timely),
        (personal(case, member) for personal in move.personal if member),
    )
    return next((why for why in found if why is not None), None)


def make(
    workflow: Workflow,
    case: Case,
    name: str,
    values: Values,
    *,
    by: Officer,
    at: datetime | None = None,
    seen: int | None = None,
) -> Case:
    """Make a move as a member of the staff; the capacity is the team that gives the role.

    `seen` is the newest entry that the member's page showed: a page that misses what matters is refused.

    Raises:
        Refused: no such move here, no right to it, a guard says no, or somebody else was faster.
    """
    move = next((move for move in workflow.moves if move.name == name and case.state in move.sources), None)
    role = acting_role(move, case, by) if move and not is_barred(case, by.member) else None
    if move is None or role is None:
        raise Refused(_("This step isn't possible here: the case has moved on, or it is another's to take."))
    signature = Signature(Author.MEMBER, by.member, capacity(case, role, by))
    attempt = Attempt(case, move, values, role, signature, at or timezone.now(), by, seen)
    return carry_out(workflow, attempt)


def capacity(case: Case, role: Role, officer: Officer) -> Any:  # Team, as a foreign key takes it
    """Return the team in whose name the officer acts: the handling one, one of its office, or an own one."""
    teams = officer.reach.teams()
    here = [team for team in teams if team.office_id == case.team.office_id]
    desk = [case.reception] if case.reception else []
    nearest_first = (case.team, case.verification, *desk, *here, *teams)
    return next(team for team in nearest_first if role in officer.reach.roles_in(team))


def carry_out(workflow: Workflow, attempt: Attempt) -> Case:
    """Check an attempt by anybody (member, complainant, system) and make it happen.

    Raises:
        Refused: not ready, a guard says no, or the case changed in the meantime.
    """
    if (why := _obstacle_of(attempt)) is not None:
        raise Refused(why)
    check_fields(attempt)
    for guard in attempt.move.guards:
        guard(attempt)
    effects = attempt.move.effect(attempt)
    _retarget(workflow, attempt, effects)
    if ends_assignment(attempt.case, effects.changes):
        effects.changes.setdefault("assignee", None)
    _save(workflow, attempt, effects, _handed_seals(attempt, effects.handovers))
    attempt.case.refresh_from_db()
    return attempt.case


def _save(workflow: Workflow, attempt: Attempt, effects: Effects, seals: Sequence[Seal]) -> None:
    with transaction.atomic():
        _change(attempt, effects)
        refuse_stale(attempt)  # now that the case's row is held, nobody adds anything in between
        entries = append(attempt.case, effects.sealed, by=attempt.by, at=attempt.at)
        save_seals(seals)
        for team in effects.drop:
            drop_seals(attempt.case, team)
        Message.objects.bulk_create(effects.messages)
        saved = {entry.kind: entry for entry in entries}
        for step in effects.after:
            step(saved)
        for case, name in effects.follow:
            carry_out(workflow, by_system(workflow, case, name, attempt.at))


def _obstacle_of(attempt: Attempt) -> Text | None:
    return obstacle(attempt.move, attempt.case, attempt.at, attempt.by.member)


def by_system(workflow: Workflow, case: Case, name: str, at: datetime) -> Attempt:
    """Return an attempt that nobody makes: time has run out, or another case brings it about."""
    return Attempt(case, workflow.move(name), {}, Role.SYSTEM, SYSTEM, at)


def check_fields(attempt: Attempt) -> None:
    """Check what was sent against the move's fields, whichever face it came from.

    Raises:
        Refused: something required is missing, too long, or not among the choices; names the field.
    """
    for field in attempt.move.fields:
        value = attempt.values.get(field.name)
        given = value.strip() if isinstance(value, str) else value
        if given in (None, "", False):
            if field.required:
                raise Refused(_("Fill this in."), field=field.name)
        elif field.kind in {"choice", "office"}:
            if str(given) not in {str(code) for code, _label in field.options(attempt.case)}:
                raise Refused(_("Choose one of the list."), field=field.name)
        elif (field.kind == "date") != isinstance(given, date) or len(str(given)) > field.maximum:
            raise Refused(_("This can’t be used here. Check it, or make it shorter."), field=field.name)


def _retarget(workflow: Workflow, attempt: Attempt, effects: Effects) -> None:
    target = attempt.move.target
    if target is None:
        return
    effects.changes.setdefault("state", target)
    effects.changes.setdefault("since", attempt.at)
    moved = copy(attempt.case)
    if isinstance(team := effects.changes.get("team"), Team):
        moved.team = team  # the next stage runs on its own team's clock
    effects.changes.setdefault("escalated_at", None)
    due = workflow.due(moved, target, attempt.at)
    effects.changes.setdefault("due", due)
    if due != attempt.case.due:
        effects.changes.setdefault("counted_from", attempt.at)
    if workflow.state(target).final:
        effects.changes.setdefault("closed_at", attempt.at)


def _handed_seals(attempt: Attempt, handovers: Sequence[Handover]) -> list[Seal]:
    seals: list[Seal] = []
    for handover in handovers:
        if attempt.officer is None:
            raise PermissionError(attempt.case.register)
        if handover.keep:
            seals.append(hand_case_key(attempt.case, to=handover.to, officer=attempt.officer))
        else:
            seals += hand_everything(
                attempt.case, source=attempt.case.team, to=handover.to, officer=attempt.officer
            )
    return seals


def _change(attempt: Attempt, effects: Effects) -> None:
    """Compare-and-set: two people at once never both win, and a stale page changes nothing."""
    case = attempt.case
    # What rules looked at is compared too: a study that was sent back meanwhile is not approved.
    seen = {"state": case.state, "team": case.team_id, "since": case.since}
    judged = {
        "type": case.type,
        "study": case.study,
        "external_register": case.external_register,
        "reminded": case.reminded,
        "assignee": case.assignee_id,
        "reopening": case.reopening,
        "helped": case.helped,
        "closing": case.closing,
        "joins": case.joins_id,
    }
    unchanged = Case.objects.filter(pk=case.pk, **seen, **judged)
    changed = unchanged.update(**(effects.changes or {"state": case.state}))
    if not changed:
        raise Refused(_("Somebody else has just moved this case. Look at it again before you go on."))
