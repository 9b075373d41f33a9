"""When a browser was last seen: a signed cookie bound to its session, so that reading writes no row."""

import time
from dataclasses import asdict, dataclass
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

from sipuma.offices.models import Member, TeamKind
from sipuma.offices.places import active_memberships
from sipuma.offices.sessions import session_id

SALT = "sipuma.workspace.presence"
IDLE = timedelta(minutes=15)
# At the reception desk a conversation may take longer than that.
IDLE_RECEPTION = timedelta(minutes=45)
# For so long after the end of a session, what its browser still sends is kept as a draft.
KEPT = timedelta(hours=24)


@dataclass(frozen=True)
class Presence:
    """Which member's session, by the hash that it is filed under, was seen when (seconds since 1970)."""

    member: int
    session: str
    at: float


def cookie_name() -> str:
    return settings.SESSION_COOKIE_NAME.replace("session", "seen")


def read(request: HttpRequest) -> Presence | None:
    """Return what the browser's cookie says, or None when there is none, or an old or forged one."""
    try:
        payload = signing.loads(request.COOKIES.get(cookie_name(), ""), salt=SALT, max_age=KEPT)
        return Presence(**payload)
    except (signing.BadSignature, TypeError):
        return None


def mark(request: HttpRequest, response: HttpResponseBase, member: Member) -> None:
    """Note in the browser that its session was used just now."""
    seen = Presence(member.pk, _session(request), time.time())
    response.set_cookie(
        cookie_name(),
        signing.dumps(asdict(seen), salt=SALT),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget(response: HttpResponseBase) -> None:
    """Take the cookie away, at signing out."""
    response.delete_cookie(cookie_name(), samesite="Lax")


def is_fresh(request: HttpRequest, member: Member) -> bool:
    """Return whether this very session was used within the member's idle limit."""
    seen = read(request)
    if seen is None or seen.member != member.pk or seen.session != _session(request):
        return False
    idle = timedelta(seconds=time.time() - seen.at)
    return idle <= IDLE or (idle <= IDLE_RECEPTION and _receives(member))


def _receives(member: Member) -> bool:
    return active_memberships().filter(member=member, team__kind=TeamKind.RECEPTION).exists()


def _session(request: HttpRequest) -> str:
    return session_id(request.session.session_key or "-" * 32).hex()
