"""What a package says (DOMAIN section 10): plain values, from which both the PDF and the JSON are made."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Final

SCHEMA_ID: Final = "urn:sipuma:wise-package:1"
VERSION: Final = 1
SCHEMA_FILE: Final = "wise-paket-1.json"


@dataclass(frozen=True)
class Word:
    """A word of a fixed list: its code, and what it is called."""

    code: str
    label: str


@dataclass(frozen=True)
class Element:
    """One of the five elements: as filed, None when not known; and the verifier's judgement, if any."""

    name: str
    label: str
    text: str | None = field(repr=False)
    clarity: Word | None


@dataclass(frozen=True)
class Statement:
    """What was said after filing: asked, answered, added or put right, without anybody's name."""

    at: datetime
    kind: Word
    by: str
    text: str = field(repr=False)
    reason: str = field(repr=False)


@dataclass(frozen=True)
class Reported:
    """A reported employee; texts are empty where nothing is known."""

    name: str = field(repr=False)
    nip: str = field(repr=False)
    post: str = field(repr=False)
    office: str = field(repr=False)
    state: Word


@dataclass(frozen=True)
class Verification:
    """What the verifier found at last."""

    at: datetime
    type: Word
    category: Word
    assessment: str = field(repr=False)
    finding: str = field(repr=False)


@dataclass(frozen=True)
class Decision:
    """The PYB's ground and reason for forwarding."""

    at: datetime
    ground: Word
    reason: str = field(repr=False)


@dataclass(frozen=True)
class Event:
    """One change of state: what was done, by which team, never by whom."""

    at: datetime
    step: str
    by: str
    state: Word


@dataclass(frozen=True)
class File:
    """A piece of evidence: `type` its MIME type, `size` in bytes, `sha256` in hex, all of the original."""

    name: str = field(repr=False)
    type: str
    size: int
    sha256: str
    at: datetime


@dataclass(frozen=True)
class Complainant:
    """Who complained: `identity` is `none`, `sealed`, or `disclosed` with the texts."""

    identity: str
    name: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)


@dataclass(frozen=True)
class Content:
    """The whole package. Moments are aware; `zone` is the IANA zone that people there read them in."""

    register: str
    office: Word
    zone: str
    channel: Word
    received_at: datetime
    made_at: datetime
    elements: tuple[Element, ...]
    category: Word | None
    complainant: Complainant
    statements: tuple[Statement, ...]
    reported: tuple[Reported, ...]
    verification: Verification | None
    decision: Decision | None
    timeline: tuple[Event, ...]
    evidence: tuple[File, ...]

    def to_json(self, *, address: str) -> bytes:
        """Return the JSON, which names its schema; `address` is where the schema is published."""
        schema = {"id": SCHEMA_ID, "version": VERSION, "address": address}
        frame: Mapping[str, object] = {"schema": schema, **asdict(self)}
        return json.dumps(frame, ensure_ascii=False, indent=1, default=datetime.isoformat).encode()


@cache
def schema() -> bytes:
    """Return the published JSON schema (draft 2020-12)."""
    return resources.files("sipuma.complaints.wise").joinpath("data", SCHEMA_FILE).read_bytes()
