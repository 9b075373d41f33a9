"""Assigning several cases at once: each by the same move as alone, each saved or skipped by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sipuma.cases import flow
from sipuma.cases.models import Case
from sipuma.complaints.workflow import WORKFLOW
from sipuma.offices.models import Member
from sipuma.offices.officer import Officer
from sipuma.offices.places import active_memberships
from sipuma.offices.refusal import Refused

ASSIGN = "assign"


@dataclass(frozen=True)
class Outcome:
    """How many cases were assigned, and the register numbers of the others by the reason."""

    done: int
    skipped: Mapping[str, Sequence[str]]


def assignable(officer: Officer) -> list[Member]:
    """Return the people of the officer's own teams, by name."""
    own = [pk for pk, place in officer.reach.places.items() if place.own]
    places = active_memberships().filter(team__in=own).select_related("member__user")
    people = {place.member_id: place.member for place in places}
    return sorted(people.values(), key=lambda one: one.name)


def assign_many(
    cases: Sequence[Case], *, assignee: str, by: Officer, seen: Mapping[str, int | None]
) -> Outcome:
    """Assign each case to the member of this user name; `seen` as for `flow.make`, by register number."""
    done, skipped = 0, dict[str, list[str]]()
    for case in cases:
        values = {"assignee": assignee, "note": ""}
        try:
            flow.make(WORKFLOW, case, ASSIGN, values, by=by, seen=seen.get(case.register))
        except Refused as refused:
            skipped.setdefault(str(refused), []).append(case.register)
        else:
            done += 1
    return Outcome(done, skipped)
