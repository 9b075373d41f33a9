"""A member's way in and out: invited, joined with an own password, let in by a key holder, disabled."""

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sipuma import safe, vault
from sipuma.offices.epochs import seal_epoch
from sipuma.offices.loading import KI, is_substitute
from sipuma.offices.models import (
    KeySlot,
    Member,
    Membership,
    Office,
    Rank,
    Session,
    SlotKind,
    Team,
    TeamKey,
    TeamKeySeal,
    TeamKind,
)
from sipuma.offices.nip import nip_mark
from sipuma.offices.passwords import check_password_strength, keep_slot, open_slot, sealed_slot
from sipuma.offices.refusal import Refused
from sipuma.offices.ring import KeyPair, Ring
from sipuma.offices.trust import current_key, seat_public

INVITATION_DAYS = 3
MOST_NAME = 150
USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}")
INVITATION_LABEL = "sipuma/invitation"


@dataclass(frozen=True)
class Seat:
    """A place in a team, as asked for when inviting."""

    team: Team
    rank: str = Rank.MEMBER


@transaction.atomic
def invite(
    *, username: str, name: str, email: str, office: Office, seats: list[Seat], nip: str = ""
) -> tuple[Member, str]:
    """Make an account without keys; return it with the one-time code that its owner joins with.

    Raises:
        Refused: the name is taken or odd, the address or the NIP none, or one person would hold both
            halves of identities.
    """
    check_account(username=username, name=name, email=email)
    mark = nip_mark(nip)
    users = get_user_model().objects
    if users.filter(username=username).exists():
        raise Refused(_("There is a member with this name already."), field="username")
    user = users.create(username=username, password=make_password(None))  # the slot has it
    member = Member.objects.create(user=user, office=office, name=name, email=email, nip=mark)
    for seat in seats:
        give_seat(member=member, seat=seat)
    return member, renew_invitation(member)


def check_account(*, username: str, name: str, email: str) -> None:
    """Refuse what could be mixed up or could not be stored: names are small letters, figures and `.-_`.

    Raises:
        Refused: names the field.
    """
    if not USERNAME.fullmatch(username):
        raise Refused(_("A user name has 2 to 60 small letters, digits, dots or hyphens."), field="username")
    if not 1 <= len(name.strip()) <= MOST_NAME:
        raise Refused(_("Give the member's name, at most 150 characters."), field="name")
    try:
        if email:
            validate_email(email)
    except ValidationError as error:
        raise Refused(_("This e-mail address is not complete."), field="email") from error


def give_seat(*, member: Member, seat: Seat) -> Membership:
    """Give a member a place in a team; a holder of its key must still let the member in.

    Raises:
        Refused: the member would hold both halves of identities (DESIGN section 4, custodians), or decide
            on complaints about Dit. KI while sitting there.
    """
    if seat.team.kind == TeamKind.CUSTODIAN:
        others = Membership.objects.filter(member=member, team__kind=TeamKind.CUSTODIAN)
        if others.exclude(team=seat.team).exists():
            raise Refused(_("One person can't be a custodian on two sides."), field="team")
    _check_substitute(member, seat.team)
    place, _made = Membership.objects.update_or_create(
        member=member, team=seat.team, defaults={"rank": seat.rank}
    )
    return place


def _check_substitute(member: Member, team: Team) -> None:
    held = Membership.objects.filter(member=member).select_related("team")
    teams = [team, *(place.team for place in held)]
    substitute = any(is_substitute(one.office_id, one.kind) for one in teams)
    if substitute and any(one.office_id == KI for one in teams):
        raise Refused(_("Who decides on complaints about Dit. KI sits in none of its teams."), field="team")


def renew_invitation(member: Member) -> str:
    """Give the member a fresh one-time code, three days valid; the one before stops working."""
    code = secrets.token_urlsafe(24)
    member.invitation = _invitation(code)
    member.invited_until = timezone.now() + timedelta(days=INVITATION_DAYS)
    member.save(update_fields=["invitation", "invited_until"])
    return code


def invited(code: str) -> Member | None:
    """Return the member whom this code invites, or None when it is unknown, used or too old."""
    found = Member.objects.filter(invitation=_invitation(code), disabled_at=None)
    return found.filter(invited_until__gt=timezone.now()).select_related("user", "office").first()


def join(*, member: Member, password: str) -> vault.RecoveryKit:
    """Make the member's keys behind the password and a recovery kit; return the kit, shown once.

    Raises:
        Refused: the password is too short or too common, or the one-time code was used in the meantime.
    """
    check_password_strength(password, member)
    pair, kit = KeyPair.generate(), vault.RecoveryKit.draw()
    slot = sealed_slot(member=member, secret=pair.to_bytes(), password=password)
    with transaction.atomic():
        if not Member.objects.filter(pk=member.pk, invitation=member.invitation).update(invitation=None):
            raise Refused(_("This one-time link has just been used. Ask for a new one."))
        _forget_keys(member)
        member.fingerprint = pair.private.public.fingerprint
        member.public = pair.private.public.raw
        member.verify = pair.signing.verify_key.raw
        member.invitation, member.invited_until = None, None
        member.save()
        keep_slot(member=member, blob=slot)
        blob = vault.kit_slot(pair.to_bytes(), kit, context=member.subject.encode())
        KeySlot.objects.create(member=member, kind=SlotKind.KIT, blob=blob)
    return kit


def recover(*, member: Member, kit: vault.RecoveryKit, password: str) -> None:
    """Set a new password with the recovery kit; the keys, and so all access, stay the same.

    Raises:
        Refused: the kit is another's, or the password is too weak.
    """
    slot = member.slots.filter(kind=SlotKind.KIT).first()
    check_password_strength(password, member)
    try:
        secret = vault.open_kit_slot(bytes(slot.blob if slot else b""), kit, context=member.subject.encode())
    except vault.Unopenable as error:
        raise Refused(_("The name and the recovery kit don't belong together.")) from error
    blob = sealed_slot(member=member, secret=secret, password=password)
    with transaction.atomic():
        keep_slot(member=member, blob=blob)
        Session.objects.filter(member=member).delete()


def change_password(*, member: Member, old: str, new: str) -> None:
    """Move the keys to a new password.

    Raises:
        Refused: the old password is wrong, or the new one is too weak.
    """
    check_password_strength(new, member)
    secret = open_slot(member=member, password=old)
    if secret is None:
        raise Refused(_("This isn't your present password."), field="old")
    keep_slot(member=member, blob=sealed_slot(member=member, secret=secret, password=new))


def key_code(member: Member) -> str:
    """Return the short code of the member's keys, which both sides compare before letting in.

    It stands for both keys that letting in vouches for: the one to seal to and the one to verify with.
    """
    if not member.public:
        return ""
    code = vault.derive(bytes(member.public) + bytes(member.verify or b""), label="sipuma/key-code", length=8)
    text = code.hex().upper()
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


def let_in(*, place: Membership, by: Ring, code: str | None = None) -> None:
    """Seal the team's key to the member, with the key of somebody who holds it.

    `code` is the key code that was compared; None where nobody compared one.

    Raises:
        Refused: the one who lets in does not hold the team's key, the member has not joined yet, or the
            keys are no longer those whose code was compared.
    """
    if code is not None and code != key_code(place.member):
        raise Refused(_("The code has changed since you looked. Compare it once more before you let in."))
    try:
        key, pair = by.team(place.team)
    except PermissionError as error:
        raise Refused(_("You don't hold this team's key.")) from error
    let_in_with(place=place, key=key, pair=pair, by=by.member)


@transaction.atomic
def let_in_with(*, place: Membership, key: TeamKey, pair: KeyPair, by: Member | None) -> None:
    """Seal a team's opened key to a member, and let the team vouch for the member's own key."""
    if place.member.public is None:
        raise Refused(_("This member hasn't joined yet: the one-time link is still unused."))
    vouch(place, pair)
    seal_epoch(key, pair, to=seat_public(place))
    place.let_in_at, place.let_in_by = timezone.now(), by
    place.save(update_fields=["let_in_at", "let_in_by"])


def vouch(place: Membership, pair: KeyPair) -> None:
    """Sign with a team's opened key that this member's key belongs to this place."""
    certificate = vault.certify(
        pair.signing,
        subject=place.subject,
        epoch=0,
        encryption=place.member.public_key,
        verify=vault.VerifyKey(bytes(place.member.verify or b"")),
    )
    place.certificate = certificate.to_bytes()
    place.save(update_fields=["certificate"])


def let_in_by_kit(*, place: Membership, kit: KeyPair) -> None:
    """Let in the first member of a team whose key only a printed kit opens.

    Raises:
        Refused: this kit does not open this team.
    """
    key = current_key(place.team)
    pair = Ring(place.member, kit).pair_of(bytes(key.fingerprint))
    if pair is None:
        raise Refused(_("This kit doesn't open this team's key."))
    let_in_with(place=place, key=key, pair=pair, by=None)


@transaction.atomic
def disable(member: Member) -> None:
    """End a member's access at once: sessions, slots and seals are deleted, the teams' keys made due."""
    Member.objects.filter(pk=member.pk).update(disabled_at=timezone.now(), invitation=None)
    get_user_model().objects.filter(pk=member.user_id).update(is_active=False)
    Team.objects.filter(memberships__member=member, memberships__let_in_at__isnull=False).update(renew=True)
    _forget_keys(member)


def _forget_keys(member: Member) -> None:
    """Shut what a member's keys opened: it stays shut until somebody lets new ones in."""
    member.sessions.all().delete()
    member.slots.all().delete()
    TeamKeySeal.objects.filter(reader=bytes(member.fingerprint or b"")).delete()
    member.memberships.update(let_in_at=None, let_in_by=None, certificate=None)


def _invitation(code: str) -> bytes:
    pepper = safe.at(settings.SIPUMA.secrets).pepper
    return vault.lookup_id(pepper, code.encode(), label=INVITATION_LABEL)
