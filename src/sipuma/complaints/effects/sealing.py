"""How a move's texts are sealed, as the entries that record it."""

from collections.abc import Callable, Iterable, Mapping

from django.utils.translation import gettext as _

from sipuma import vault
from sipuma.cases.entries import Sealed, Step, readers_of, seal_text
from sipuma.cases.models import Audience
from sipuma.cases.workflow import Attempt, Effects
from sipuma.complaints.models import Reception
from sipuma.offices.models import Team, TeamKind
from sipuma.offices.refusal import Refused
from sipuma.offices.trust import team_public

Effect = Callable[[Attempt], Effects]


def team_of(code: str, kind: str, *, field: str = "target") -> Team:
    """Return an office's team of this kind.

    Raises:
        Refused: the office has none.
    """
    found = Team.objects.select_related("office", "supervisor").filter(office_id=code, kind=kind).first()
    if found is None:
        raise Refused(_("This office has no team for that. Choose another office."), field=field)
    return found


def step_of(attempt: Attempt) -> Step:
    """Return the move that the attempt's entries record."""
    return Step(attempt.move.name, attempt.case.state, attempt.move.target or "")


def sealed_entry(
    attempt: Attempt,
    kind: str,
    audience: str,
    payload: Mapping[str, object],
    *,
    unit: Team | None = None,
    also: Iterable[vault.PublicKey] = (),
) -> Sealed:
    """Seal a payload for an audience, for the unit that belongs to it if any, and for `also`."""
    readers = readers_of(attempt.case, audience, unit=team_public(unit) if unit else None)
    return seal_text(
        attempt.case.uid,
        kind,
        payload,
        audience=audience,
        readers=[*readers, *desk_readers(attempt), *also],
        step=step_of(attempt),
    )


def desk_readers(attempt: Attempt) -> list[vault.PublicKey]:
    """Return the key of the desk that writes, while its reception is open; later it reads nothing back."""
    desk = attempt.by.capacity
    if desk is None or desk.kind != TeamKind.RECEPTION:
        return []
    is_open = Reception.objects.filter(case=attempt.case, completed_at=None).exists()
    return [team_public(desk)] if is_open else []


def text(attempt: Attempt, kind: str, audience: str, *names: str, unit: Team | None = None) -> Sealed:
    """Seal the named values of the form for an audience."""
    return sealed_entry(attempt, kind, audience, _payload(attempt, names), unit=unit)


def inside(attempt: Attempt, kind: str, *names: str, also: Iterable[vault.PublicKey] = ()) -> Sealed:
    """Seal the named values for those who have the case now: handlers, and the unit if it is with one."""
    unit = if_unit(attempt.case.team)
    audience = Audience.UNIT if unit else Audience.HANDLERS
    return sealed_entry(attempt, kind, audience, _payload(attempt, names), unit=unit, also=also)


def letter(attempt: Attempt, kind: str, name: str) -> Sealed:
    """Seal one value as a text to the complainant; a unit that wrote it keeps reading it."""
    payload = {"text": attempt.text(name)}
    return sealed_entry(attempt, kind, Audience.COMPLAINANT, payload, unit=if_unit(attempt.by.capacity))


def if_unit(team: Team | None) -> Team | None:
    """Return the team if it is a related unit, which reads only what is addressed to it."""
    return team if team is not None and team.kind == TeamKind.UNIT else None


def _payload(attempt: Attempt, names: Iterable[str]) -> dict[str, str]:
    return {name: attempt.text(name) for name in names}
