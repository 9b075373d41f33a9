"""R60: the whole case goes one level up, out of reach of the office whose own people it is about."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from sipuma.cases.entries import Step, append, mark, seal_text
from sipuma.cases.models import Audience, Case
from sipuma.cases.moving import Destination, Moving, prepare, save
from sipuma.cases.workflow import Attempt, Effects
from sipuma.complaints import notices
from sipuma.complaints.conflict import first_due_with, first_state, next_level
from sipuma.complaints.contact_file import carried
from sipuma.complaints.custody import seal_identity_again
from sipuma.complaints.effects.sealing import step_of, team_of
from sipuma.complaints.models import Reception
from sipuma.complaints.states import S
from sipuma.offices.models import Team, TeamKind
from sipuma.outbox.models import Message

MOVED_UP = "moved-up"


def escalate_conflict(attempt: Attempt) -> Effects:
    """A new case with its own keys, sealed to the team above; the old row keeps its number, «dialihkan»."""
    case = attempt.case
    if attempt.officer is None:
        raise PermissionError(case.register)
    team = next_level(case)
    moving = prepare(
        case,
        to=Destination(team, first_state(team), _desk(case, team)),
        officer=attempt.officer,
        seal_identity=seal_identity_again(team, complainant=case.complainant_key),
    )
    told = _told(attempt, moving)

    def finish(saved: dict[str, Any]) -> None:
        contacts = carried(case, moving.key.public.raw)
        # The clock of the verification goes on; the substitute decides, which is another stage.
        stage = {"due": first_due_with(team, attempt.at), "counted_from": attempt.at}
        due = stage if moving.to.state == S.PYB else {}
        new = save(moving, at=attempt.at, own=list(saved.values()), **contacts, **due)
        append(new, told, by=attempt.by, at=attempt.at)
        Reception.objects.filter(case=case, completed_at=None).update(
            completed_at=attempt.at, completed_by=attempt.by.member
        )
        news = [*notices.to_team(team, new.register), *notices.to_complainant(new)]
        Message.objects.bulk_create(news)

    moved = mark(MOVED_UP, audience=Audience.COMPLAINANT, step=step_of(attempt))
    return Effects(sealed=[moved], after=[finish])


def _desk(case: Case, team: Team) -> Team | None:
    """Return the desk that goes on with a complaint that came to a desk: the receiving office's own."""
    return team_of(team.office_id, TeamKind.RECEPTION) if case.reception_id else None


def _told(attempt: Attempt, moving: Moving) -> list[Any]:
    """Return what the new case begins with: the reason, for handlers, and a line to the complainant."""
    step = Step(attempt.move.name, attempt.case.state, moving.to.state)
    reason = {"reason": attempt.text("reason")}
    with override(attempt.case.language):
        words = _(
            "Your complaint is now handled one level above the office, and has a new register number. "
            "Your ticket number stays the same."
        )
    texts = (
        (MOVED_UP, reason, Audience.HANDLERS, step),
        ("message", {"text": words}, Audience.COMPLAINANT, Step()),
    )
    return [
        seal_text(moving.uid, kind, payload, audience=who, readers=moving.readers(who), step=step)
        for kind, payload, who, step in texts
    ]
