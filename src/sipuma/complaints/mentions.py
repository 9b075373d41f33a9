"""Colleagues named in a note: `@` and a user name. Each is told, and nothing is told of who can't read it."""

import re
from collections.abc import Callable
from typing import Any, Final

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from sipuma.cases.access import visible
from sipuma.cases.exclusions import is_barred
from sipuma.cases.models import Case, ReadLog, Seal
from sipuma.cases.workflow import Attempt
from sipuma.complaints import notices
from sipuma.complaints.effects.sealing import if_unit
from sipuma.complaints.models import Mention
from sipuma.offices.models import Member
from sipuma.offices.officer import Officer
from sipuma.offices.places import Reach
from sipuma.offices.refusal import Refused
from sipuma.outbox.models import Message

MENTIONED: Final = "staff-mention"
MOST: Final = 10
MOST_LISTED: Final = 25
# An address like nama@kantor.go.id mentions nobody.
_NAME: Final = re.compile(r"(?<![\w.+-])@([a-z0-9][a-z0-9._-]*)", re.IGNORECASE | re.ASCII)


def names_in(text: str) -> list[str]:
    """Return the user names mentioned in a text, each once; a full stop after one is not part of it."""
    found = (name.rstrip("._-").lower() for name in _NAME.findall(text))
    return list(dict.fromkeys(found))


def mentions_can_read(attempt: Attempt) -> None:
    """Refuse a note that mentions somebody who can't read it; whether there is such a person stays untold."""
    names = names_in(attempt.text("note"))
    if len(names) > MOST:
        raise Refused(_("Mention at most %(most)d colleagues in one note.") % {"most": MOST}, field="note")
    found = {one.user.get_username() for one in mentioned(attempt)}
    if missing := [f"@{name}" for name in names if name not in found]:
        text = _("Nobody by this name can read this case: %(names)s. Correct it, or leave out the @.")
        raise Refused(text % {"names": ", ".join(missing)}, field="note")


def mentioned(attempt: Attempt) -> list[Member]:
    """Return the colleagues whom a note mentions and who can read it."""
    named = Member.objects.filter(user__username__in=names_in(attempt.text("note")), disabled_at=None)
    return [one for one in named.select_related("user") if _can_read(attempt.case, one)]


def notices_of(attempt: Attempt) -> list[Message]:
    """Return a notice for each who is mentioned but did not write the note."""
    register = attempt.case.register
    others = [one for one in mentioned(attempt) if one != attempt.by.member]
    return [row for one in others for row in notices.to_member(one, register, MENTIONED)]


def keep_mentions(attempt: Attempt, kind: str) -> Callable[[dict[str, Any]], None]:
    """Return what saves the mentions of the entry of this kind, in its transaction."""
    people = [one for one in mentioned(attempt) if one != attempt.by.member]

    def save(saved: dict[str, Any]) -> None:
        rows = (
            Mention(case=attempt.case, entry=saved[kind], member=one, at=timezone.now()) for one in people
        )
        Mention.objects.bulk_create(rows)

    return save


def open_mentions(officer: Officer) -> dict[int, str]:
    """Return the register numbers, by case id, where somebody has mentioned the officer since they looked."""
    read = ReadLog.objects.filter(
        case=OuterRef("case"), member=OuterRef("member"), last_at__gte=OuterRef("at")
    )
    unread = Mention.objects.filter(~Exists(read), member=officer.member).order_by("-at")
    cases = dict(unread.values_list("case_id", "case__register")[:MOST_LISTED])
    # Most of the time there is none, and the queue asks nothing more.
    readable = visible(officer).filter(pk__in=cases).values_list("pk", "register") if cases else ()
    return dict(readable)


def _can_read(case: Case, member: Member) -> bool:
    if is_barred(case, member):
        return False
    reach = Reach(member)
    keys = [*reach.fingerprints(), bytes(member.fingerprint or b"")]
    if if_unit(case.team) is not None and reach.roles_in(case.team):
        return True
    return Seal.objects.filter(case=case, object=case.uid, reader__in=keys).exists()
