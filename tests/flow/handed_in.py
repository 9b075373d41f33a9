"""Files as they are handed in at a desk, and the addresses where staff find them."""

import io
from dataclasses import dataclass
from typing import Any

from django.test import Client

from sipuma.cases.models import Case
from sipuma.complaints.evidence import add_by_desk, pieces_for
from sipuma.files.acceptance import Acceptance, Accepted
from sipuma.files.store import store
from tests.world import World

# Sound without a cleaner, so that what is stored is what is shown: a header of ADTS and then anything.
SOUND = b"\xff\xf1\x50\x80\x02\x1f\xfc" + bytes(number * 7 % 251 for number in range(100_000))
TEXT = b"Kuitansi: Rp 500.000\n"

Answer = Any  # Any: the test client adds to its answers, by types of its own


@dataclass(frozen=True)
class Places:
    """Where one piece of evidence is found."""

    register: str
    uid: str

    @property
    def page(self) -> str:
        return f"/en/petugas/kasus/{self.register}/bukti/{self.uid}/"

    @property
    def shown(self) -> str:
        return self.content("tampil")

    @property
    def copy(self) -> str:
        return self.content("salinan")

    def content(self, name: str) -> str:
        return f"/en/petugas/isi/{self.register}/{self.uid}/{name}"

    @property
    def everywhere(self) -> tuple[str, ...]:
        return (self.page, self.shown, self.copy, self.content("halaman/1.png"))


def taken(content: bytes, name: str) -> Accepted:
    arriving = Acceptance(name, limit=10**9)
    arriving.write(content)
    return arriving.finish()


def hand_in(world: World, case: Case, content: bytes, name: str) -> Places:
    """Have the desk that recorded the case add a file."""
    officer = world.officer("penerima")
    assert case.reception is not None
    [file] = add_by_desk(case, [taken(content, name)], by=officer, desk=case.reception).files
    piece = next(one for one in pieces_for(case, officer) if one.evidence.uid.hex == file.uid)
    return Places(case.register, str(piece.evidence.uid))


def open_here(client: Client, places: Places) -> Answer:
    """Give a reason for looking at an original on its page."""
    return client.post(places.page, {"reason": "Untuk uji", "here": "1"})


def list_of(case: Case) -> str:
    return f"/en/petugas/kasus/{case.register}/bukti/"


def upload(client: Client, case: Case, *files: tuple[str, bytes], **fields: str) -> Answer:
    """Send the form of the evidence list as a browser without scripts does."""
    named = [_named(name, content) for name, content in files]
    return client.post(list_of(case), {"evidence": named, **fields})


def _named(name: str, content: bytes) -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = name
    return file


def stored() -> set[str]:
    """Return the names of everything in the storage."""
    return {one.name for one in store().names()}
