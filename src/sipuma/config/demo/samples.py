"""The made-up complaints: read from `data/*.toml`, each with the path it has gone since."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import time
from functools import lru_cache
from importlib import resources
from typing import Any

from sipuma.cases.models import Channel
from sipuma.complaints.filing import Filing
from sipuma.complaints.reception import Recording
from sipuma.complaints.words import ELEMENTS
from sipuma.offices.models import Office

PHRASES = "phrases.toml"
FILING_FIELDS = (
    *("what", "who", "when", "where", "how", "category", "conflict"),
    *("name", "address", "email", "phone", "callback", "disclose"),
)
Texts = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Age:
    """How long ago something was: so many calendar days, or so many working days of the office."""

    count: int
    working: bool

    @classmethod
    def parse(cls, text: str) -> "Age":
        """Read `40 days` or `3 working days`; ValueError for anything else."""
        count, _, unit = text.partition(" ")
        if not count.isdecimal() or unit not in {"days", "working days"}:
            raise ValueError(f"An age reads «3 days» or «3 working days»: {text!r}")
        return cls(int(count), unit == "working days")


@dataclass(frozen=True)
class Sample:
    """One complaint. `office` empty: the complainant doesn't know; `texts`: what is said, by move, field.

    `joins`: the sample, filed earlier, that this one is a duplicate of.
    """

    id: str
    path: str
    office: str
    filed: Age
    time: time
    type: str
    given: Mapping[str, Any]  # Any: texts and ticks, as `Filing` takes them
    texts: Texts = field(default_factory=dict)
    channel: str = Channel.WEB
    incomplete: str = ""
    evidence: tuple[str, ...] = ()
    joins: str = ""

    @property
    def recording(self) -> Recording:
        """Return what a desk took down; what was not said nobody knew."""
        elements: dict[str, Any] = {name: self.given.get(name, "") for name, _label in ELEMENTS}
        rest = {name: value for name, value in self.given.items() if name not in elements}
        unknown = frozenset(name for name, text in elements.items() if not text)
        return Recording(
            channel=self.channel, **elements, unknown=unknown, incomplete=self.incomplete, **rest
        )

    @property
    def filing(self) -> Filing:
        place = Office.objects.get(pk=self.office) if self.office else None
        return Filing(office=place, **self.given)

    @property
    def category(self) -> str:
        """Return the category that the verifier settles on."""
        return str(self.texts.get("assess", {}).get("category") or self.given["category"])


def load_samples() -> list[Sample]:
    """Return every sample of the package.

    Raises:
        KeyError, ValueError: a file lacks something, or says it wrongly.
    """
    return [_sample(row) for name, table in _tables() if name != PHRASES for row in table["case"]]


@lru_cache(maxsize=1)
def load_phrases() -> Texts:
    """Return what is said where a sample has no words of its own, by move and field."""
    return dict(_tables())[PHRASES]


def _tables() -> Iterator[tuple[str, dict[str, Any]]]:  # Any: TOML's own values
    folder = resources.files("sipuma.config.demo").joinpath("data")
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            yield file.name, tomllib.loads(file.read_text(encoding="utf-8"))


def _sample(row: dict[str, Any]) -> Sample:
    given = {name: row[name] for name in FILING_FIELDS if name in row}
    return Sample(
        id=row["id"],
        path=row["path"],
        office=row["office"],
        filed=Age.parse(row["filed"]),
        time=row["time"],
        type=row["type"],
        given={"category": "", **given},
        texts={name: value for name, value in row.items() if isinstance(value, dict)},
        channel=row.get("channel", Channel.WEB),
        incomplete=row.get("incomplete", ""),
        evidence=tuple(row.get("evidence", ())),
        joins=row.get("joins", ""),
    )
