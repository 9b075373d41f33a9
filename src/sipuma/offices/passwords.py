"""Passwords open key slots: Argon2id, one at a time across processes, to spare the machine's memory."""

import fcntl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from secrets import token_hex

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sipuma import vault
from sipuma.offices.models import KeySlot, Member, SlotKind
from sipuma.offices.refusal import Refused

MINIMUM_LENGTH = 12
MAXIMUM_LENGTH = 200
# How many requests of one process may wait for their turn. Each holds a thread (`blocking_threads`), and a
# crowd of strangers at the sign-in must leave some to those who file and track.
MOST_WAITING = 18
# A slot of nobody: an unknown name costs as much time as a wrong password.
NOBODY = "member:"


def check_password_strength(password: str, member: Member) -> None:
    """Refuse passwords that are too short or made of the member's own name (ASVS 6.2.1, 6.2.9, 6.2.11).

    Raises:
        Refused: says what to do.
    """
    if not MINIMUM_LENGTH <= len(password) <= MAXIMUM_LENGTH:
        raise Refused(
            _("Choose a password of %(least)d to %(most)d characters. A sentence of four words is good.")
            % {"least": MINIMUM_LENGTH, "most": MAXIMUM_LENGTH},
            field="password",
        )
    username = member.user.get_username().casefold()
    plain = username in password.casefold() or len(set(password)) < MINIMUM_LENGTH // 2
    if plain or password.isdigit() or _is_common(password):
        raise Refused(
            _("This password is easy to guess. Leave your name out and use more different characters."),
            field="password",
        )


def _is_common(password: str) -> bool:
    """Tell whether a password, or the word that it repeats or ends in figures, is on Django's list."""
    word = password.casefold().rstrip("0123456789!.-_ ")
    try:
        for one in {password, word, word[: len(word) // 2]} - {""}:
            _common_passwords().validate(one)
    except ValidationError:
        return True
    return False


@lru_cache
def _common_passwords() -> CommonPasswordValidator:
    """Read the list once: it takes a tenth of a second."""
    return CommonPasswordValidator()


def sealed_slot(*, member: Member, secret: bytes, password: str) -> bytes:
    """Return the member's private keys behind a password.

    It waits for its turn, so it belongs before a transaction, in which everybody else would wait too.
    """
    cost = vault.ArgonCost(memory_kib=settings.SIPUMA.argon_memory_kib)
    with _one_at_a_time():
        return vault.password_slot(secret, password, context=member.subject.encode(), cost=cost)


def keep_slot(*, member: Member, blob: bytes) -> None:
    """Put a slot made by `sealed_slot` in the place of the one before."""
    KeySlot.objects.update_or_create(member=member, kind=SlotKind.PASSWORD, defaults={"blob": blob})


def open_slot(*, member: Member | None, password: str) -> bytes | None:
    """Return the private keys behind the password, or None; an unknown member takes the same time.

    Raises:
        Busy: too many others wait for the same.
    """
    slot = member.slots.filter(kind=SlotKind.PASSWORD).first() if member else None
    subject = member.subject if member and slot else NOBODY
    with _one_at_a_time():
        try:
            return vault.open_password_slot(
                bytes(slot.blob) if slot else _nobody(), password, context=subject.encode()
            )
        except vault.Unopenable:
            return None


@lru_cache
def _nobody() -> bytes:
    cost = vault.ArgonCost(memory_kib=settings.SIPUMA.argon_memory_kib)
    return vault.password_slot(b"nobody", token_hex(), context=b"sipuma/nobody", cost=cost)


_waiting = threading.BoundedSemaphore(MOST_WAITING)


class Busy(Refused):
    """So many passwords are being checked that one more would keep everybody else waiting."""


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    if not _waiting.acquire(blocking=False):
        raise Busy(_("Many people are signing in just now. Wait half a minute, then try again."))
    try:
        settings.SIPUMA.data.mkdir(parents=True, exist_ok=True)
        with (settings.SIPUMA.data / "password.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    finally:
        _waiting.release()
