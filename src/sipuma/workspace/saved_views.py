"""A member's own saved views: a name, filters and words, sealed to the member as drafts are."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from sipuma import vault
from sipuma.offices.models import Member
from sipuma.offices.officer import Officer
from sipuma.offices.refusal import Refused
from sipuma.offices.trust import Untrusted, member_public
from sipuma.workspace.models import SavedView

MOST: Final = 20
WORDS: Final = "words"


@dataclass(frozen=True)
class View:
    """A saved view, opened: what it is called, and what it asks for by the names of the search form."""

    pk: int
    name: str = field(repr=False)
    values: Mapping[str, str] = field(repr=False)

    @property
    def has_words(self) -> bool:
        """Whether it looks for words, which stand in no address."""
        return bool(self.values.get(WORDS))


def views_of(officer: Officer) -> list[View]:
    """Return the member's views by name; what was sealed to keys of before is left out."""
    rows = SavedView.objects.filter(member=officer.member)
    opened = [view for row in rows if (view := _open(row, officer)) is not None]
    return sorted(opened, key=lambda view: view.name.casefold())


def view_of(officer: Officer, pk: int) -> View | None:
    """Return the member's own view with this id; others' are not there."""
    return next((view for view in views_of(officer) if view.pk == pk), None)


def save_view(officer: Officer, *, name: str, values: Mapping[str, str]) -> None:
    """Save a view under a new name.

    Raises:
        Refused: the name is taken, there are too many, or the member's key is not vouched for.
    """
    content = _sealed(officer.member, name, values)
    with transaction.atomic():
        _lock(officer.member)
        _check_name(officer, name)
        if SavedView.objects.filter(member=officer.member).count() >= MOST:
            raise Refused(_("You have %(most)d views. Delete one that you need no more.") % {"most": MOST})
        SavedView.objects.create(member=officer.member, sealed=content)


def rename_view(officer: Officer, view: View, *, name: str) -> None:
    """Give a view another name.

    Raises:
        Refused: as for `save_view`.
    """
    content = _sealed(officer.member, name, view.values)
    with transaction.atomic():
        _lock(officer.member)
        _check_name(officer, name, but=view.pk)
        SavedView.objects.filter(member=officer.member, pk=view.pk).update(sealed=content)


def delete_view(officer: Officer, view: View) -> None:
    SavedView.objects.filter(member=officer.member, pk=view.pk).delete()


def _lock(member: Member) -> None:
    """Let two windows of one member save one after the other."""
    Member.objects.select_for_update().only("pk").get(pk=member.pk)


def _check_name(officer: Officer, name: str, *, but: int = 0) -> None:
    taken = {view.name.casefold() for view in views_of(officer) if view.pk != but}
    if name.casefold() in taken:
        raise Refused(_("You have a view of this name already. Choose another one."), field="name")


def _sealed(member: Member, name: str, values: Mapping[str, str]) -> bytes:
    content = vault.pad(json.dumps({"name": name, "values": dict(values)}).encode())
    try:
        return vault.seal(member_public(member), content, info=_info(member))
    except Untrusted as error:
        raise Refused(_("Views can be saved once a colleague has let you into a team.")) from error


def _open(row: SavedView, officer: Officer) -> View | None:
    private = officer.ring.pair.private
    try:
        plain = vault.unpad(vault.unseal(private, bytes(row.sealed), info=_info(officer.member)))
    except vault.Unopenable:
        return None
    content = json.loads(plain)
    return View(row.pk, content["name"], content["values"])


def _info(member: Member) -> bytes:
    return f"sipuma/saved-view/{member.subject}".encode()
