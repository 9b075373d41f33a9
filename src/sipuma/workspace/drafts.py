"""What a member was typing when the session ended: sealed to the member, shown again after signing in."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from sipuma import vault
from sipuma.offices.models import Draft, Member
from sipuma.offices.officer import Officer
from sipuma.offices.trust import Untrusted, member_public
from sipuma.workspace.desk import bare_path

# A browser that goes on sending after its session ended can't fill the table.
MOST = 5


@dataclass(frozen=True)
class Kept:
    """A form as it was sent: where to (without the language) and its fields by name."""

    pk: int
    path: str
    values: Mapping[str, str] = field(repr=False)

    @property
    def move(self) -> str:
        return self.values.get("move", "")


def keep(member: Member, *, path: str, values: Mapping[str, str]) -> bool:
    """Seal a form that came too late; false when the member's key is not vouched for, so nothing was kept."""
    try:
        public = member_public(member)
    except Untrusted:
        return False
    plain = json.dumps({"path": bare_path(path), "values": dict(values)}).encode()
    Draft.objects.create(member=member, sealed=vault.seal(public, vault.pad(plain), info=_info(member)))
    newest = Draft.objects.filter(member=member).order_by("-pk").values_list("pk", flat=True)[:MOST]
    Draft.objects.filter(member=member).exclude(pk__in=list(newest)).delete()
    return True


def kept_by(officer: Officer, *, path: str = "") -> list[Kept]:
    """Return the member's kept forms, newest first; with `path` only those of that page."""
    rows = Draft.objects.filter(member=officer.member).order_by("-pk")
    opened = [kept for row in rows if (kept := _open(row, officer)) is not None]
    return [kept for kept in opened if not path or kept.path == bare_path(path)]


def discard(officer: Officer, *, path: str, move: str) -> None:
    """Delete the kept form of a move on a page: it has been sent, or is no longer wanted."""
    done = [kept.pk for kept in kept_by(officer, path=path) if kept.move == move]
    Draft.objects.filter(pk__in=done).delete()


def _open(row: Draft, officer: Officer) -> Kept | None:
    private = officer.ring.pair.private
    try:
        plain = vault.unpad(vault.unseal(private, bytes(row.sealed), info=_info(officer.member)))
    except vault.Unopenable:
        return None  # sealed to keys that the member had before joining anew
    content = json.loads(plain)
    return Kept(row.pk, content["path"], content["values"])


def _info(member: Member) -> bytes:
    return f"sipuma/draft/{member.subject}".encode()
