"""Evidence: a file's keys and name in a sealed entry of the case, its ciphertext in the storage."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from sipuma import vault
from sipuma.cases.entries import Sealed, Stored, seal_text
from sipuma.cases.models import Evidence
from sipuma.cases.opening import Opened
from sipuma.files.acceptance import Accepted
from sipuma.files.plain import open_plain

EVIDENCE = "evidence"


@dataclass(frozen=True)
class Piece:
    """A piece of evidence that its reader can open: `shown` is the cleaned copy where there is one."""

    evidence: Evidence
    name: str = field(repr=False)
    mime: str
    size: int
    sha256: str
    signature: str
    lies: bool
    removed: tuple[str, ...]
    cleaned: bool
    shown_mime: str
    shown_size: int
    _key: vault.Secret
    _copy_key: vault.Secret | None

    def open_shown(self) -> BinaryIO:
        """Open what staff look at: the cleaned copy, or the original when none could be made.

        Raises:
            FileNotFoundError: the copy that was made is not there any more.
        """
        if self._copy_key is None:
            return self.open_original()
        if self.evidence.copy is None:  # its row was changed: the original asks for a reason
            raise FileNotFoundError
        return open_plain(self.evidence.copy, self._copy_key)

    def open_original(self) -> BinaryIO:
        return open_plain(self.evidence.uid, self._key)


def seal_evidence(
    case_uid: uuid.UUID, file: Accepted, *, audience: str, readers: Iterable[vault.PublicKey]
) -> Sealed:
    """Seal what opens a file to its readers, as an entry that brings the file into the case when saved."""
    payload = {name: value for name, value in file.to_dict().items() if name not in {"scan", "uid"}}
    sealed = seal_text(case_uid, EVIDENCE, payload, audience=audience, readers=readers)
    copy = uuid.UUID(file.copy.uid) if file.copy else None
    return replace(sealed, file=Stored(uuid.UUID(file.uid), copy, file.scan, file.size))


def piece_of(opened: Opened) -> Piece | None:
    """Return the evidence that an opened entry stands for, or None for one that its reader can't open."""
    payload = opened.payload
    # A row that somebody deleted takes its own file away, not the page of its case.
    if opened.entry.kind != EVIDENCE or not payload or not hasattr(opened.entry, "evidence"):
        return None
    copy = payload["copy"]
    shown: Mapping[str, object] = copy if isinstance(copy, Mapping) else payload
    removed = payload["removed"]
    return Piece(
        evidence=opened.entry.evidence,
        name=str(payload["name"]),
        mime=str(payload["mime"]),
        size=int(str(payload["size"])),
        sha256=str(payload["sha256"]),
        signature=str(payload["signature"]),
        lies=payload["lies"] is True,
        removed=tuple(map(str, removed)) if isinstance(removed, list) else (),
        cleaned=shown is copy,
        shown_mime=str(shown["mime"]),
        shown_size=int(str(shown["size"])),
        _key=_secret(payload["key"]),
        _copy_key=_secret(shown["key"]) if shown is copy else None,
    )


def _secret(key: object) -> vault.Secret:
    return vault.Secret(bytes.fromhex(str(key)))


def unclaimed(files: Iterable[Accepted]) -> list[Accepted]:
    """Return the files that belong to no case yet: the same page sent twice brings each of them once."""
    files = list(files)
    taken = Evidence.objects.filter(uid__in=[one.uid for one in files]).values_list("uid", flat=True)
    known = {one.hex for one in taken}
    return [one for one in files if one.uid not in known]
