"""Files the samples and walks each along its path, by the same functions that the pages call."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sipuma import vault
from sipuma.cases import flow
from sipuma.cases.models import ONLINE, Case
from sipuma.cases.tickets import Holder, find_holder, keys_of
from sipuma.cases.workflow import Field, Move
from sipuma.complaints import afterwards, tracking
from sipuma.complaints.evidence import add_by_desk
from sipuma.complaints.filing import file, handling_team
from sipuma.complaints.profiles import profile
from sipuma.complaints.reception import desks_of, record
from sipuma.complaints.workflow import WORKFLOW
from sipuma.config.demo.clock import MINUTE, Clock
from sipuma.config.demo.paths import PATHS, Step
from sipuma.config.demo.pictures import evidence
from sipuma.config.demo.samples import Sample, load_phrases, load_samples
from sipuma.config.demo.staff import Officers
from sipuma.offices.loading import KI
from sipuma.offices.officer import Officer

FALLBACK_UNIT = "130300"
TAKING_DOWN = timedelta(minutes=14)


class Untold(Exception):
    """A path asks for a word or a person that the demo does not have."""


@dataclass
class Walk:
    """One sample on its way: its case and ticket, who may act, and the moment it has got to."""

    sample: Sample
    case: Case
    ticket: vault.Ticket | None
    officers: Officers
    clock: Clock
    at: datetime
    joins: str = ""

    def make(self, number: int, step: Step) -> None:
        """Make one step, a while after the one before."""
        self.at = self._moment(number, step)
        self.case = ACTS.get(step.move, Walk.by_officer)(self, step)

    def _moment(self, number: int, step: Step) -> datetime:
        if step.move == "lapse" and self.case.due:
            return self.case.due
        if step.minutes:
            return min(self.at + step.minutes * MINUTE, self.clock.now)
        if step.ago:
            return max(self.clock.ago(step.ago, self.sample.time), self.at + MINUTE)
        return self.clock.after(self.at, step.after, variety=number)

    def by_officer(self, step: Step) -> Case:
        """Make a move as whoever of the staff may make it."""
        moves = [
            move for move in WORKFLOW.moves if move.name == step.move and self.case.state in move.sources
        ]
        if not moves:
            raise Untold(f"{self.sample.id}: {step.move} in {self.case.state}")
        move = moves[0]
        values = {field.name: self._value(step, field) for field in move.fields}
        case = flow.make(WORKFLOW, self.case, step.move, values, by=self._actor(move, step), at=self.at)
        # A case that went one level up goes on under its new number.
        return Case.objects.filter(predecessor=case).first() or case

    def by_complainant(self, step: Step) -> Case:
        """Write, answer, withdraw or ask for reopening with the ticket."""
        act = TICKET_ACTS.get(step.move, tracking.write)
        act(self._holder(), self._text(step, "message"), at=self.at)
        self.case.refresh_from_db()
        return self.case

    def rated(self, step: Step) -> Case:
        """Say with the ticket whether it helped."""
        helped, message = self._text(step, "helped"), self._text(step, "message")
        return afterwards.say_helped(self._holder(), helped, message, at=self.at)

    def _holder(self) -> Holder:
        holder = find_holder(keys_of(self.ticket)) if self.ticket else None
        if holder is None:
            raise Untold(f"{self.sample.id}: the ticket finds nothing")
        return holder

    def by_system(self, step: Step) -> Case:
        """Make a move that nobody makes: time has run out."""
        return flow.carry_out(WORKFLOW, flow.by_system(WORKFLOW, self.case, step.move, self.at))

    def _actor(self, move: Move, step: Step) -> Officer:
        """Return who makes the move: in the first of its roles that somebody here has."""
        held = [
            (move.by.index(role), name)
            for name, officer in self.officers.items()
            if name.startswith(step.by) and (role := flow.acting_role(move, self.case, officer))
        ]
        if not held:
            raise Untold(f"{self.sample.id}: nobody for {step.move} in {self.case.state}")
        return self.officers[min(held, key=lambda found: found[0])[1]]

    def _value(self, step: Step, field: Field) -> object:
        derive = DERIVED.get(field.name)
        text = self._text(step, field.name, required=field.required and derive is None)
        if field.kind == "date":
            return (self.at + timedelta(days=int(text))).date()
        return text or (derive(self) if derive else "")

    def _text(self, step: Step, name: str, *, required: bool = True) -> str:
        own, phrases = self.sample.texts.get(step.move, {}), load_phrases().get(step.move, {})
        text = own.get(name) or step.values.get(name) or phrases.get(name, "")
        if required and not text:
            raise Untold(f"{self.sample.id}: {step.move} needs {name}")
        return text


ACTS: dict[str, Callable[[Walk, Step], Case]] = {
    "answer": Walk.by_complainant,
    "write": Walk.by_complainant,
    "withdraw": Walk.by_complainant,
    "ask_reopening": Walk.by_complainant,
    "say_helped": Walk.rated,
    "lapse": Walk.by_system,
}
TICKET_ACTS: dict[str, Callable[..., Case]] = {
    "withdraw": tracking.withdraw,
    "ask_reopening": afterwards.ask_reopening,
}


def _assessing_office(walk: Walk) -> str:
    above = walk.case.office.supervisor_id or KI
    return above if f"pengkaji.{above}" in walk.officers else KI


def _unit_office(walk: Walk) -> str:
    here = walk.case.office_id
    return here if f"pengkaji-unit.{here}" in walk.officers else FALLBACK_UNIT


# Values that follow from the case rather than from anybody's words.
DERIVED: dict[str, Callable[[Walk], object]] = {
    "type": lambda walk: walk.sample.type,
    "category": lambda walk: walk.sample.category,
    "target": _assessing_office,
    "joins": lambda walk: walk.joins,
    "unit": _unit_office,
    "executor": _unit_office,
    "follow_up": lambda walk: str(
        walk.case.follow_ups.filter(reported_at=None).values_list("pk", flat=True)[0]
    ),
}


def make_samples(officers: Officers, *, now: datetime) -> Mapping[str, Walk]:
    """File and walk every sample, oldest first, so that register numbers rise with time; by sample id."""
    walks = {}
    for sample in load_samples():
        filing = sample.filing
        zone = handling_team(filing.office, conflict=filing.conflict).office.timezone
        clock = Clock(zone, now)
        walks[sample.id] = (clock.ago(sample.filed, sample.time), sample, clock)
    ordered = sorted(walks.values(), key=lambda found: found[0])
    made: dict[str, Walk] = {}
    for at, sample, clock in ordered:
        begin = _file if sample.channel in ONLINE else _record
        walk = begin(sample, officers, clock, at)
        walk.joins = made[sample.joins].case.register if sample.joins else ""
        made[sample.id] = _walked(walk)
    return made


def _walked(walk: Walk) -> Walk:
    """Go the sample's path, as far as the profile of this installation knows the way."""
    for number, step in enumerate(PATHS[walk.sample.path]):
        if step.move in profile().closed:
            break
        walk.make(number, step)
    return walk


def _file(sample: Sample, officers: Officers, clock: Clock, at: datetime) -> Walk:
    ticket = vault.Ticket.draw()
    files = [evidence(name) for name in sample.evidence]
    return Walk(sample, file(sample.filing, ticket, files=files, at=at).case, ticket, officers, clock, at)


def _record(sample: Sample, officers: Officers, clock: Clock, at: datetime) -> Walk:
    """Record a complaint as the desk of its office does; nobody holds a ticket of it."""
    receiver = officers[f"penerima.{sample.office}"]
    desk = desks_of(receiver)[0]
    started, once = at - TAKING_DOWN, uuid.uuid4()
    case = record(sample.recording, by=receiver, desk=desk, once=once, started=started, at=at)
    files = [evidence(name) for name in sample.evidence]
    add_by_desk(case, files, by=receiver, desk=desk, at=at + MINUTE)
    return Walk(sample, case, None, officers, clock, at + MINUTE)
