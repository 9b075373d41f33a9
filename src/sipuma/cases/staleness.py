"""A page that does not show the newest entries can't overwrite them: its form comes back with them shown."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from sipuma.cases.models import Author, Entry
from sipuma.cases.workflow import Attempt
from sipuma.offices.refusal import Refused


class Stale(Refused):
    """The page was older than the case; `newer` are the ids of the entries that it lacked."""

    def __init__(self, reason: str, newer: frozenset[int]) -> None:
        super().__init__(reason)
        self.newer = newer


def refuse_stale(attempt: Attempt) -> None:
    """Refuse a move from a page that lacks an entry which matters to it; the case's row is held.

    Raises:
        Stale: the same thing was said anew, by others or by the same form sent twice; the case has moved; or
            the complainant, who will read this, has written.
    """
    if attempt.seen is None:
        return
    newer = Entry.objects.filter(case=attempt.case, pk__gt=attempt.seen)
    if again := _ids(newer.filter(member=attempt.by.member, move=attempt.move.name)):
        text = _("You have just saved this step. Look at the timeline before you send it once more.")
        raise Stale(text, again)
    if missed := _ids(newer.exclude(member=attempt.by.member).filter(_matters(attempt))):
        raise Stale(
            _("Others have added to this case since you opened the page. Read it, then send once more."),
            missed,
        )


def _matters(attempt: Attempt) -> Q:
    move = attempt.move
    matters = Q(move__in=(move.name, *move.rivals))
    if move.where != "reception":  # a desk adds to a case wherever it has got to
        matters |= ~Q(target="")
    if "complainant" in move.notify:
        matters |= Q(author=Author.COMPLAINANT)
    return matters


def _ids(entries: QuerySet[Entry]) -> frozenset[int]:
    return frozenset(entries.values_list("pk", flat=True))
