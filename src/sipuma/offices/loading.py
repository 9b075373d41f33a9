"""Loads the offices of `offices.csv`: new ones are added, changed ones updated, none is ever deleted."""

import csv
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path

from django.conf import settings
from django.db import transaction

from sipuma.offices.models import Office, OfficeKind, Team, TeamKind
from sipuma.worktime import zone_label

KI = "001400"
SECRETARIAT = "001000"
KEPT_FILE = "offices.csv"
OWN_FIELDS = ("name", "kind", "parent_code", "city", "province", "timezone")

# Who decides in place of Dit. KI's PYB when Dit. KI itself is reported: a PYB team outside it (DOMAIN 7).
SUBSTITUTE = SECRETARIAT

# Which kinds of office have which teams (DESIGN section 4).
EVERYWHERE = (TeamKind.RECEPTION, TeamKind.VERIFICATION, TeamKind.UNIT)
REGIONAL = (OfficeKind.KANWIL, OfficeKind.KPU)


@dataclass(frozen=True)
class Loaded:
    """How many offices were added, changed, and left out of the file (they stay, unlisted)."""

    added: int
    changed: int
    unlisted: int


def office_rows() -> list[dict[str, str]]:
    """Return the rows of the package's own `offices.csv`."""
    text = resources.files("sipuma.offices").joinpath("data/offices.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def supervisor_code(row: dict[str, str], kinds: dict[str, str]) -> str | None:
    """Return who supervises an office: a Kanwil or KPU for KPPBC and PSO, Dit. KI for the rest.

    The column `parent_code` is where the office belongs; its supervisor in complaints may be another
    (head office units, Kanwil and KPU belong to DJBC, their complaints to Dit. KI).
    """
    if row["code"] == KI:
        return None
    if row["kind"] in {OfficeKind.KPPBC, OfficeKind.PSO} and kinds.get(row["parent_code"]) in REGIONAL:
        return row["parent_code"]
    return KI


def supervising_team(team: Team) -> Team | None:
    """Return the team one level up by the trusted file: keys follow this, not a changed row.

    An office that has left the file is Dit. KI's to supervise; custodians stand outside the chain.
    """
    code = supervising_office(team)
    found = Team.objects.select_related("office__supervisor").filter(office_id=code or "", kind=team.kind)
    return found.first()


def supervising_office(team: Team) -> str | None:
    """Return the code of the office whose team of the same kind stands above this one."""
    return None if stands_alone(team.office_id, team.kind) else _supervisors().get(team.office_id, KI)


def stands_alone(code: str, kind: str) -> bool:
    """Return whether no team stands above: custodians, for no key may open two halves, and the substitute."""
    return kind == TeamKind.CUSTODIAN or is_substitute(code, kind)


def is_substitute(code: str, kind: str) -> bool:
    """Return whether this is the team that decides in place of Dit. KI when Dit. KI itself is reported."""
    return (code, kind) == (SUBSTITUTE, TeamKind.PYB)


def custody_office(code: str) -> str:
    """Return whose custodians keep the regional half of an office's identities, by the trusted file."""
    kinds = _kinds(_trusted_file())
    above = _supervisors().get(code)
    return next((one for one in (code, above) if kinds.get(one or "") in REGIONAL), None) or SECRETARIAT


def trust_file(path: Path) -> None:
    """Keep the operator's own office file in the secrets folder, out of the database's reach."""
    kept = settings.SIPUMA.secrets / KEPT_FILE
    shutil.copyfile(path, kept)
    kept.chmod(0o600)
    _read_file.cache_clear()


def _trusted_file() -> tuple[tuple[str, str, str], ...]:
    kept = settings.SIPUMA.secrets / KEPT_FILE
    return _read_file(kept if kept.exists() else None)


@lru_cache(maxsize=4)
def _read_file(kept: Path | None) -> tuple[tuple[str, str, str], ...]:
    rows = list(csv.DictReader(kept.read_text(encoding="utf-8").splitlines())) if kept else office_rows()
    return tuple((row["code"], row["kind"], row["parent_code"]) for row in rows)


@lru_cache(maxsize=4)
def _kinds(rows: tuple[tuple[str, str, str], ...]) -> dict[str, str]:
    return {code: kind for code, kind, _parent in rows}


def _supervisors() -> dict[str, str | None]:
    return _supervisors_in(_trusted_file())


@lru_cache(maxsize=4)
def _supervisors_in(rows: tuple[tuple[str, str, str], ...]) -> dict[str, str | None]:
    kinds = _kinds(rows)
    named = ({"code": code, "kind": kind, "parent_code": parent} for code, kind, parent in rows)
    return {row["code"]: supervisor_code(row, kinds) for row in named}


def team_kinds(code: str, kind: str) -> Iterator[TeamKind]:
    """Yield the kinds of team that such an office has."""
    yield from EVERYWHERE
    if kind in REGIONAL or code == KI:
        yield TeamKind.ASSESSMENT
        yield TeamKind.CUSTODIAN
    if code in {KI, SUBSTITUTE}:
        yield TeamKind.PYB
    if code == SECRETARIAT:
        yield TeamKind.CUSTODIAN


@transaction.atomic
def load_offices(rows: list[dict[str, str]] | None = None) -> Loaded:
    """Bring offices and teams up to date with the file.

    Raises:
        ValueError: a row lacks a column, or names an unknown kind or time zone.
    """
    rows = office_rows() if rows is None else rows
    _check(rows)
    kinds = {row["code"]: row["kind"] for row in rows}
    before = {office.code: office for office in Office.objects.all()}
    changed = sum(_differs(before[row["code"]], row) for row in rows if row["code"] in before)
    _save_offices(rows, kinds)
    gone = Office.objects.exclude(pk__in=kinds).filter(listed=True).update(listed=False)
    _make_teams(kinds)
    return Loaded(added=len(kinds.keys() - before), changed=changed, unlisted=gone)


def _save_offices(rows: list[dict[str, str]], kinds: dict[str, str]) -> None:
    named = [
        Office(code=row["code"], listed=True, **{name: row[name] for name in OWN_FIELDS}) for row in rows
    ]
    fields = [*OWN_FIELDS, "listed"]
    Office.objects.bulk_create(named, update_conflicts=True, unique_fields=["code"], update_fields=fields)
    for office, row in zip(named, rows, strict=True):
        office.supervisor_id = supervisor_code(row, kinds)
    Office.objects.bulk_update(named, ["supervisor"])


def _check(rows: list[dict[str, str]]) -> None:
    for row in rows:
        if missing := {"code", *OWN_FIELDS} - row.keys():
            raise ValueError(f"a row of the offices lacks {sorted(missing)}")
        OfficeKind(row["kind"])
        zone_label(row["timezone"])
    if len({row["code"] for row in rows}) != len(rows):
        raise ValueError("an office stands twice in the file")


def _differs(office: Office, row: dict[str, str]) -> bool:
    return not office.listed or any(getattr(office, name) != row[name] for name in OWN_FIELDS)


def _make_teams(kinds: dict[str, str]) -> None:
    known = set(Team.objects.values_list("office_id", "kind"))
    wanted = ((code, one) for code, kind in kinds.items() for one in team_kinds(code, kind))
    Team.objects.bulk_create(
        Team(office_id=code, kind=kind) for code, kind in wanted if (code, kind) not in known
    )
    teams = {(team.office_id, team.kind): team for team in Team.objects.select_related("office")}
    moved = []
    for team in teams.values():
        above = teams.get((team.office.supervisor_id or "", team.kind))
        supervisor = None if above is None or stands_alone(team.office_id, team.kind) else above.pk
        if team.supervisor_id != supervisor:
            team.supervisor_id = supervisor
            moved.append(team)
    Team.objects.bulk_update(moved, ["supervisor"])
