"""The files of one request: those that just came, those kept from the page before, those refused."""

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import BoundedSemaphore
from typing import Final, Self

from django.conf import settings
from django.utils.translation import gettext as _

from sipuma import safe, vault
from sipuma.files.acceptance import Acceptance, Accepted
from sipuma.files.rejected import Rejected
from sipuma.files.store import Unavailable, store

PURPOSE: Final = "files"
LIFE_SECONDS: Final = 24 * 3600
RESERVE_BYTES: Final = 1024**3
# Files arrive slowly and hold a thread each: most of the 24 stay free for pages.
MOST_AT_ONCE: Final = 8
_places = BoundedSemaphore(MOST_AT_ONCE)


@dataclass(frozen=True)
class Refusal:
    """A file that was not taken, and why."""

    name: str = field(repr=False)
    reason: str


class Basket:
    """What files a request brings. Leaving it deletes every file that was not kept.

    `files` are taken and durable; `refused` say why not. Use it as a context.
    """

    def __init__(self) -> None:
        self.files: list[Accepted] = []
        self.refused: list[Refusal] = []
        self._arriving: Acceptance | None = None
        self._kept: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self._drop()
        for one in self.files:
            if one.uid not in self._kept:
                one.discard()

    def begin(self, name: str, *, announced: int) -> bool:
        """Begin to take a file of a request of `announced` bytes; false when it is refused."""
        try:
            self._begin(name, announced)
        except Rejected as rejected:
            self._refuse(name, rejected)
        return self._arriving is not None

    def write(self, data: bytes) -> bool:
        """Take the next bytes of the file that arrives; false when it is refused."""
        if self._arriving is None:
            return False
        try:
            # What others send at the same time was not counted when this one began.
            _refuse_without_room(len(data))
            self._arriving.write(data)
        except Rejected as rejected:
            self._refuse(self._arriving.name, rejected)
        return self._arriving is not None

    def finish(self) -> None:
        """Take the file that arrived whole."""
        if self._arriving is None:
            return
        try:
            self.files.append(self._arriving.finish())
        except Rejected as rejected:
            self._refuse(self._arriving.name, rejected)
        else:
            self._leave()

    def take_kept(self, sealed: str) -> None:
        """Put the files back that a page before carried; what is altered or too old carries none."""
        keys = safe.at(settings.SIPUMA.secrets).draft_keys
        try:
            raw = vault.open_token(keys, sealed, purpose=PURPOSE, now=int(time.time()))
        except (vault.Expired, vault.Unopenable):
            return
        kept = [Accepted.from_dict(one) for one in json.loads(raw)]
        self.files[:0] = kept
        self._kept |= {one.uid for one in kept}

    def seal(self) -> str:
        """Keep all files for the next page; return the hidden field that carries them, good for a day."""
        self.keep(self.files)
        if not self.files:
            return ""
        key = safe.at(settings.SIPUMA.secrets).draft_keys[0]
        raw = json.dumps([one.to_dict() for one in self.files]).encode()
        return vault.seal_token(key, raw, purpose=PURPOSE, expires=int(time.time()) + LIFE_SECONDS)

    def keep(self, files: Iterable[Accepted]) -> None:
        """Leave these files where they are: they belong to a case now, or to the next page."""
        self._kept |= {one.uid for one in files}

    def remove(self, uid: str) -> None:
        """Take one file out, at the person's wish."""
        for one in [one for one in self.files if one.uid == uid]:
            self.files.remove(one)
            self._kept.discard(uid)
            one.discard()

    def _begin(self, name: str, announced: int) -> None:
        self._drop()
        if len(self.files) >= settings.SIPUMA.max_files:
            most = _("At most %(most)d files at a time. Send the others afterwards.")
            raise Rejected(most % {"most": settings.SIPUMA.max_files})
        _refuse_without_room(announced)
        if not _places.acquire(blocking=False):
            raise Rejected(_("Many files are arriving at this moment. Try again in a few minutes."))
        try:
            self._arriving = Acceptance(name, limit=settings.SIPUMA.max_file_bytes)
        except BaseException:
            _places.release()
            raise

    def _refuse(self, name: str, rejected: Rejected) -> None:
        self.refused.append(Refusal(name, rejected.reason))
        self._drop()

    def _drop(self) -> None:
        if self._arriving is not None:
            self._arriving.abort()
            self._leave()

    def _leave(self) -> None:
        self._arriving = None
        _places.release()


def _refuse_without_room(size: int) -> None:
    try:
        free = store().free_bytes()
    except Unavailable:
        return  # writing to it tells
    if free is not None and size > free - RESERVE_BYTES:
        raise Rejected(_("There is no room for this file at the moment. Hand it in at the office."))
