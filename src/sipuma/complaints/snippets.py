"""Texts that a team writes again and again: shared by its members, sealed to its key, kept in versions."""

import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from sipuma import vault
from sipuma.cases.models import Case
from sipuma.complaints.models import Snippet, SnippetVersion
from sipuma.offices.models import Team, TeamKind
from sipuma.offices.officer import Officer
from sipuma.offices.refusal import Refused
from sipuma.offices.trust import team_public
from sipuma.web.dates import moment_text

WRITING: Final = (TeamKind.VERIFICATION, TeamKind.PYB, TeamKind.ASSESSMENT, TeamKind.UNIT)
LONGEST_TITLE: Final = 80
LONGEST_TEXT: Final = 4_000
MOST: Final = 100
REGISTER: Final = "{register}"
DUE: Final = "{due}"
KIND: Final = "snippet"


@dataclass(frozen=True)
class Version:
    """One version of a snippet as a member of its team reads it."""

    snippet: Snippet
    number: int
    by: str
    at: datetime
    title: str = field(repr=False)
    text: str = field(repr=False)

    def filled(self, case: Case) -> str:
        """Return the text with what it leaves open: the register number, and when the stage is due."""
        with override(case.language):
            due = moment_text(case.due, case.team.office.timezone) if case.due else DUE
        return self.text.replace(REGISTER, case.register).replace(DUE, due)


def teams_of(officer: Officer) -> list[Team]:
    """Return the member's own teams that write to complainants."""
    return [team for team in officer.reach.teams(*WRITING) if officer.reach.places[team.pk].own]


def snippets_of(officer: Officer, *, removed: bool = False) -> list[Version]:
    """Return the newest version of each snippet of the member's teams, by title."""
    teams = teams_of(officer)
    found = Snippet.objects.filter(team__in=teams, removed_at__isnull=not removed)
    newest = _newest(officer, list(found.select_related("team__office", "removed_by")))
    return sorted(newest, key=lambda one: (one.title.casefold(), one.snippet.pk))


def versions_of(snippet: Snippet, officer: Officer) -> list[Version]:
    """Return all versions of a snippet that the officer can open, the newest first."""
    rows = SnippetVersion.objects.filter(snippet=snippet).select_related("member")
    return [version for row in rows if (version := _open(row, snippet, officer)) is not None]


def add(*, team: Team, title: str, text: str, by: Officer) -> Snippet:
    """Keep a new snippet for a team.

    Raises:
        Refused: the member isn't in the team, the title is taken, or there are very many already.
    """
    _check_place(team, by)
    with transaction.atomic():
        others = _locked(team, by)
        if len(others) >= MOST:
            raise Refused(_("Your team has very many snippets. Remove one first."), field="title")
        _check_title(title, others)
        snippet = Snippet.objects.create(team=team)
        _save_version(snippet, 1, title=title, text=text, by=by)
    return snippet


def change(*, snippet: Snippet, title: str, text: str, seen: int, by: Officer) -> None:
    """Keep a new version of a snippet; `seen` is the version that the form showed.

    Raises:
        Refused: the member isn't in the team, the title is taken, or somebody else was faster.
    """
    _check_place(snippet.team, by)
    with transaction.atomic():
        others = _locked(snippet.team, by)
        _check_title(title, (one for one in others if one.snippet.pk != snippet.pk))
        unchanged = Snippet.objects.filter(pk=snippet.pk, version=seen, removed_at=None)
        if not unchanged.update(version=seen + 1):
            raise _too_late()
        _save_version(snippet, seen + 1, title=title, text=text, by=by)


def remove(*, snippet: Snippet, seen: int, by: Officer) -> None:
    """Take a snippet out of use; its versions stay.

    Raises:
        Refused: the member isn't in the team, or somebody else was faster.
    """
    _check_place(snippet.team, by)
    unchanged = Snippet.objects.filter(pk=snippet.pk, version=seen, removed_at=None)
    if not unchanged.update(removed_at=timezone.now(), removed_by=by.member):
        raise _too_late()


def _too_late() -> Refused:
    return Refused(_("A colleague has changed this snippet meanwhile. Compare, then save once more."))


def _check_place(team: Team, officer: Officer) -> None:
    if team.pk not in {own.pk for own in teams_of(officer)}:
        raise Refused(_("Only members of the team change its snippets."), field="team")


def _locked(team: Team, officer: Officer) -> list[Version]:
    """Return the team's snippets, with nobody else of the team changing any until the transaction ends."""
    Team.objects.select_for_update().get(pk=team.pk)
    return [one for one in snippets_of(officer) if one.snippet.team_id == team.pk]


def _check_title(title: str, others: Iterable[Version]) -> None:
    if title.strip().casefold() in {one.title.casefold() for one in others}:
        raise Refused(_("Your team has a snippet of this name already."), field="title")


def _save_version(snippet: Snippet, number: int, *, title: str, text: str, by: Officer) -> None:
    plain = json.dumps({"title": title.strip(), "text": text}, ensure_ascii=False).encode()
    public = team_public(snippet.team)
    made = vault.seal_object(plain, context=_context(snippet, number), readers=[public])
    SnippetVersion.objects.create(
        snippet=snippet,
        number=number,
        ciphertext=made.ciphertext,
        reader=public.fingerprint,
        sealed=made.seals[public.fingerprint],
        member=by.member,
        at=timezone.now(),
    )


def _newest(officer: Officer, snippets: Sequence[Snippet]) -> list[Version]:
    by_id = {one.pk: one for one in snippets}
    rows = SnippetVersion.objects.filter(snippet__in=by_id, number=F("snippet__version"))
    opened = (_open(row, by_id[row.snippet_id], officer) for row in rows.select_related("member"))
    return [version for version in opened if version is not None]


def _open(row: SnippetVersion, snippet: Snippet, officer: Officer) -> Version | None:
    """Open a version, or return None when it was sealed to a key that the officer doesn't hold."""
    private = officer.private(bytes(row.reader))
    if private is None:
        return None
    context = _context(snippet, row.number)
    try:
        plain = vault.open_object(bytes(row.ciphertext), bytes(row.sealed), private, context=context)
    except vault.Unopenable:
        return None  # one damaged row closes itself, not the list that it stands in
    content = json.loads(plain)
    return Version(snippet, row.number, row.member.name, row.at, content["title"], content["text"])


def _context(snippet: Snippet, number: int) -> vault.Context:
    version = uuid.uuid5(snippet.uid, str(number))
    return vault.Context(case=snippet.uid.bytes, object=version.bytes, kind=KIND)
