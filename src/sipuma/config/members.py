"""The acts behind `sipuma member`."""

import argparse
from collections.abc import Callable

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from sipuma.cases.assignment import release
from sipuma.config.founding import ask_kit
from sipuma.offices import joining
from sipuma.offices.epochs import kit_of
from sipuma.offices.models import Member, Membership, Office
from sipuma.offices.nip import nip_mark
from sipuma.offices.refusal import Refused
from sipuma.offices.staffing import seats_of


def add(options: argparse.Namespace) -> int:
    office = Office.objects.filter(pk=options.office).first()
    if office is None:
        raise Refused(_("There is no office with the code %(code)s.") % {"code": options.office})
    member, code = joining.invite(
        username=options.username,
        name=options.name,
        email=options.email,
        office=office,
        seats=seats_of(options.role, office),
        nip=options.nip,
    )
    print(f"{member} joins within {joining.INVITATION_DAYS} days at {_join_link(code)}")
    print("Then somebody who holds the team's key lets them in, or: sipuma member let-in", options.username)
    return 0


def renew(options: argparse.Namespace) -> int:
    print(_join_link(joining.renew_invitation(member_named(options.username))))
    return 0


def set_nip(options: argparse.Namespace) -> int:
    """Set or clear the employee number by which a reported employee is recognised as a member (R60)."""
    member = member_named(options.username)
    member.nip = nip_mark(options.nip)
    member.save(update_fields=["nip"])
    print("The NIP is kept as a keyed hash." if member.nip else "The NIP is cleared.")
    return 0


def let_in(options: argparse.Namespace) -> int:
    member = member_named(options.username)
    print("Compare with the member's screen:", joining.key_code(member))
    kits = {kit_of(place.team) for place in _waiting(member)}
    for name in sorted(kits):
        pair = ask_kit(name)
        if pair is None:
            return 1
        for place in _waiting(member):
            if kit_of(place.team) == name:
                joining.let_in_by_kit(place=place, kit=pair)
                print("let in:", place.team)
    return 0


def disable(options: argparse.Namespace) -> int:
    member = member_named(options.username)
    joining.disable(member)
    release(member)
    print("Disabled: sessions, key slots and seals are gone. The next teammate who signs in renews the keys.")
    return 0


def list_all(_options: argparse.Namespace) -> int:
    for member in Member.objects.select_related("user", "office").prefetch_related("memberships__team"):
        seats = ", ".join(_seat(place) for place in member.memberships.all()) or "-"
        print(f"{member.user.get_username():24} {member.office_id}  {state_of(member):10} {seats}  {member}")
    return 0


def state_of(member: Member) -> str:
    """Return disabled, invited (not joined yet) or active."""
    if member.disabled_at:
        return "disabled"
    return "active" if member.public else "invited"


def member_named(username: str) -> Member:
    """Return the member; Refused when there is none."""
    member = Member.objects.select_related("user").filter(user__username=username).first()
    if member is None:
        raise Refused(_("There is no member named %(name)s.") % {"name": username})
    return member


def _waiting(member: Member) -> list[Membership]:
    return list(member.memberships.filter(let_in_at=None).select_related("team__supervisor", "member__user"))


def _seat(place: Membership) -> str:
    waiting = "" if place.let_in_at else " (waits)"
    return f"{place.team.kind}/{place.rank}{waiting}"


def _join_link(code: str) -> str:
    return settings.SIPUMA.base_url.rstrip("/") + reverse("join", args=[code])


ACTS: dict[str, Callable[[argparse.Namespace], int]] = {
    "add": add,
    "renew": renew,
    "nip": set_nip,
    "let-in": let_in,
    "disable": disable,
    "list": list_all,
}
