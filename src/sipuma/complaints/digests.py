"""The daily digest: what was held for a member, and what is overdue; register numbers and counts alone."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from sipuma.cases.exclusions import barred
from sipuma.cases.models import Case
from sipuma.complaints.states import S
from sipuma.offices.calendars import calendar_of
from sipuma.offices.models import Member, Notices, Office
from sipuma.offices.places import Reach
from sipuma.outbox.models import Channel, Delivery, Message
from sipuma.outbox.posting import Address, message, seal_once

DIGEST = "staff-digest"
OPENS = time(7, 30)
MOST = 50


def choose(*, member: Member, choice: str) -> None:
    """Set when a member gets notices. What was held goes out by the sweep, whatever they chose."""
    chosen = Member.objects.filter(pk=member.pk).exclude(notices=choice)
    chosen.update(notices=choice, digested_at=timezone.now())


def send_digests() -> int:
    """Put each digest that is due into the outbox; return how many.

    A digest, what it tells of and that it was made are saved at once: killed, it is made again; after days of
    sleep there is one, not one for each day.
    """
    now = timezone.now()
    _give_up_unreachable()
    waiting = set(_held().values_list("reader", flat=True))
    people = _reachable().filter(Q(pk__in=waiting) | ~Q(notices=Notices.AT_ONCE)).select_related("office")
    due = [one for one in people if is_due(one, now, waits=one.pk in waiting)]
    return sum(_send(one, now) for one in due)


def is_due(member: Member, now: datetime, *, waits: bool) -> bool:
    """Return whether the member's digest is to be made; who has changed the choice gets the rest at once."""
    if waits and member.notices != Notices.DAILY:
        return True
    return member.digested_at is None or member.digested_at < last_opening(member.office, now)


def last_opening(office: Office, now: datetime) -> datetime:
    """Return the last 07:30 of a working day of the office that has passed."""
    calendar = calendar_of(office)
    local = now.astimezone(calendar.zone)
    day = local.date() if local.time() >= OPENS else local.date() - timedelta(days=1)
    while not calendar.is_working_day(day):
        day -= timedelta(days=1)
    return datetime.combine(day, OPENS, tzinfo=calendar.zone)


def _send(member: Member, now: datetime) -> bool:
    with transaction.atomic():
        mine = Member.objects.filter(pk=member.pk, digested_at=member.digested_at, notices=member.notices)
        if not mine.update(digested_at=now):
            return False  # another worker makes it, or the member has just chosen anew
        rows = list(_held().filter(reader=member.pk).order_by("pk"))
        late = _overdue(member, now) if member.notices != Notices.AT_ONCE else []
        Message.objects.filter(pk__in=[row.pk for row in rows]).update(state=Delivery.DIGEST, sent_at=now)
        if rows or late:
            _digest(member, Counter(row.reference for row in rows), late).save()
    return bool(rows or late)


def _digest(member: Member, waiting: Counter[str], late: list[str]) -> Message:
    with override(settings.LANGUAGE_CODE):
        told = [f"{register} ({count})" if count > 1 else register for register, count in waiting.items()]
        data = {
            "waiting": str(len(waiting)),
            "waiting_list": _listed(told),
            "overdue": str(len(late)) if len(late) <= MOST else _("more than %(most)d") % {"most": MOST},
            "overdue_list": _listed(late),
        }
    return message(seal_once(Address(Channel.EMAIL, member.email)), template=DIGEST, data=data)


def _listed(lines: list[str]) -> str:
    more = [_("and more: the queue shows all")] if len(lines) > MOST else []
    return "\n".join([*lines[:MOST], *more]) or "–"


def _overdue(member: Member, now: datetime) -> list[str]:
    """Return the register numbers of what is late in the member's teams, one more than a mail lists.

    A request that nobody answered is no delay of the office's.
    """
    teams = [team.pk for team in Reach(member).teams()]
    open_cases = Case.objects.filter(~barred(member), team__in=teams).exclude(state=S.WAITING)
    late = open_cases.filter(due__lte=now).order_by("due", "pk")
    return list(late.values_list("register", flat=True)[: MOST + 1])


def _held() -> QuerySet[Message]:
    return Message.objects.filter(state=Delivery.HELD)


def _reachable() -> QuerySet[Member]:
    return Member.objects.filter(disabled_at=None).exclude(email="")


def _give_up_unreachable() -> None:
    """Give up what was held for somebody who has left, or has no address any more."""
    reachable: Iterable[int] = _reachable().values_list("pk", flat=True)
    _held().exclude(reader__in=reachable).update(state=Delivery.FAILED, error="no address")
