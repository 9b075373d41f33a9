"""What the whole country observes: national holidays, joint leave and the months of Ramadan."""

import csv
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

Kind = Literal["national", "joint_leave", "local"]

# The `holidays` package files joint leave (cuti bersama) under "government".
CATEGORIES: Mapping[Kind, str] = {"joint_leave": "government", "national": "public"}


class MissingJointLeave(UserWarning):
    """A date was worked out in a year whose joint leave is not known: the result may be days too early."""


@dataclass(frozen=True)
class Closure:
    """A day that is not worked, with its Indonesian name; `kind` is national, joint_leave or local."""

    day: date
    name: str
    kind: Kind


@dataclass(frozen=True)
class Ramadan:
    """One month of fasting; estimated until the government has fixed its first day (sidang isbat)."""

    year: int
    first: date
    last: date
    estimated: bool


def national_closure(day: date) -> Closure | None:
    """The national holiday or joint leave on a day; warns when the year's joint leave is unknown."""
    if not joint_leave_is_known(day.year):
        warnings.warn(
            f"No joint leave (cuti bersama) is known for {day.year}: deadlines may come out too early. "
            "Add the days of the decree as closures, or update the holidays package.",
            MissingJointLeave,
            stacklevel=2,
        )
    return _closures(day.year).get(day)


def national_closures(year: int) -> tuple[Closure, ...]:
    """The national holidays and joint leave of a year, by date."""
    return tuple(closure for _day, closure in sorted(_closures(year).items()))


def joint_leave_is_known(year: int) -> bool:
    """Whether the data holds the year's joint leave, which a decree sets the year before."""
    return any(closure.kind == "joint_leave" for closure in _closures(year).values())


@cache
def ramadans() -> tuple[Ramadan, ...]:
    """The months of Ramadan that are on record, oldest first."""
    text = files("sipuma.worktime").joinpath("data/ramadan.csv").read_text(encoding="utf-8")
    return tuple(
        Ramadan(
            year=int(row["year"]),
            first=date.fromisoformat(row["first"]),
            last=date.fromisoformat(row["last"]),
            estimated=row["estimated"] == "yes",
        )
        for row in csv.DictReader(text.splitlines())
    )


@cache
def _closures(year: int) -> Mapping[date, Closure]:
    # The package takes a fifth of a second to load, which starting the pages need not wait for.
    from holidays import country_holidays  # noqa: PLC0415

    # National holidays come last, so that they win where both fall on one day.
    return MappingProxyType(
        {
            day: Closure(day, name, kind)
            for kind, category in CATEGORIES.items()
            for day, name in country_holidays(
                "ID", years=year, expand=False, language="id", categories=(category,)
            ).items()
        }
    )
