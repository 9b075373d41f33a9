"""Which stored public keys may be used: those with an unbroken chain up to the pinned organisation key.

A key that somebody with write access to the database swapped is refused, because its certificate
is not signed by the organisation (first epoch) or by the same team's epoch before (later ones).
"""

from functools import lru_cache

from django.conf import settings

from sipuma import safe, vault
from sipuma.offices.models import Kit, Member, Membership, Team, TeamKey, TeamKind

# Which teams hand out tickets, and so vouch for complainants' keys.
ISSUERS = (TeamKind.RECEPTION, TeamKind.VERIFICATION)


class Untrusted(Exception):
    """A stored key has no valid chain to the organisation's key; nothing is sealed to it."""


def current_key(team: Team) -> TeamKey:
    """Return the team's newest key that has a valid chain.

    Raises:
        Untrusted: there is none, or the newest was put there by somebody without the right.
    """
    return trusted_keys((team,))[team.pk]


def trusted_keys(teams: tuple[Team, ...]) -> dict[int, TeamKey]:
    """Return each team's newest key, its chain checked, with one query for all of them."""
    keys: dict[int, list[TeamKey]] = {team.pk: [] for team in teams}
    for key in TeamKey.objects.filter(team__in=keys).order_by("epoch"):
        keys[key.team_id].append(key)
    for team in teams:
        _check_chain(team.subject, tuple(bytes(key.certificate) for key in keys[team.pk]))
    return {pk: found[-1] for pk, found in keys.items()}


def public_key(key: TeamKey) -> vault.PublicKey:
    """Return the public key inside an already checked certificate."""
    return _parsed(bytes(key.certificate))


def team_public(team: Team) -> vault.PublicKey:
    """Return the checked public key that things for this team are sealed to."""
    return public_key(current_key(team))


def seat_public(place: Membership) -> vault.PublicKey:
    """Return a member's public key when the team's newest key vouches for it in this very place.

    A certificate by another team, or by an epoch that somebody who left still knows, does not count.

    Raises:
        Untrusted: the member was never let in, or the row or the key was put there by somebody else.
    """
    subject, team = place.subject, place.team
    keys = team.keys.order_by("epoch").values_list("certificate", flat=True)
    chain = (*map(bytes, keys), bytes(place.certificate or b""))
    _verify(chain, (team.subject,) * (len(chain) - 1) + (subject,))
    public = _parsed(chain[-1])
    if public.raw != bytes(place.member.public or b""):
        raise Untrusted(subject)
    return public


def member_public(member: Member) -> vault.PublicKey:
    """Return a member's public key when every team that let the member in vouches for it.

    Raises:
        Untrusted: nobody let the member in, or one of the teams vouches for another key.
    """
    places = member.memberships.filter(let_in_at__isnull=False).select_related("team", "member__user")
    found = {seat_public(place) for place in places}
    if len(found) != 1:
        raise Untrusted(member.subject)
    return found.pop()


def issued_key(team: Team, certificate: bytes, *, subject: str) -> vault.PublicKey:
    """Return the key inside a certificate that one of the team's epochs signed for this subject.

    The epoch may be an older one: what a team vouched for stays true after its key was renewed.

    Raises:
        Untrusted: no epoch of this team signed it, or the team has no business to.
    """
    keys = [bytes(raw) for raw in team.keys.order_by("epoch").values_list("certificate", flat=True)]
    issuer = _issuer_of(certificate)
    verifying = [vault.Certificate.from_bytes(raw).verify for raw in keys]
    if team.kind not in ISSUERS or issuer not in verifying:
        raise Untrusted(subject)
    signed_by = verifying.index(issuer) + 1
    _verify((*keys[:signed_by], certificate), (team.subject,) * signed_by + (subject,))
    return _parsed(certificate)


def _issuer_of(certificate: bytes) -> bytes:
    try:
        return vault.Certificate.from_bytes(certificate).issuer
    except vault.BadSignature as error:
        raise Untrusted("") from error


def kit_public(name: str) -> vault.PublicKey:
    """Return the public key of a printed sheet, which the organisation's key vouches for.

    Raises:
        Untrusted: it does not; the row was put there by somebody else.
    """
    certificate = bytes(Kit.objects.get(pk=name).certificate)
    _verify((certificate,), (Kit.subject(name),))
    return _parsed(certificate)


def pinned_key() -> bytes:
    """Return the organisation's verify key: the configuration's, or the secrets folder's."""
    configured = settings.SIPUMA.organisation_key
    return bytes.fromhex(configured) if configured else safe.at(settings.SIPUMA.secrets).organisation.raw


def _check_chain(subject: str, chain: tuple[bytes, ...]) -> None:
    _verify(chain, (subject,) * len(chain))


def _verify(chain: tuple[bytes, ...], subjects: tuple[str, ...]) -> None:
    _verify_pinned(chain, subjects, pinned_key())


@lru_cache(maxsize=4096)
def _verify_pinned(chain: tuple[bytes, ...], subjects: tuple[str, ...], pinned: bytes) -> None:
    try:
        certificates = [vault.Certificate.from_bytes(raw) for raw in chain]
        vault.verify_chain(certificates, pinned=vault.VerifyKey(pinned))
    except (vault.BadSignature, ValueError) as error:
        raise Untrusted(subjects[-1] if subjects else "") from error
    named = [certificate.subject for certificate in certificates]
    # A member's certificate starts its own count: epochs must rise by one within the team's part.
    teams = [certificate.epoch for certificate in certificates if certificate.subject.startswith("team:")]
    if named != list(subjects) or teams != list(range(len(teams))):
        raise Untrusted(subjects[-1])


@lru_cache(maxsize=4096)
def _parsed(raw: bytes) -> vault.PublicKey:
    return vault.PublicKey(vault.Certificate.from_bytes(raw).encryption)
