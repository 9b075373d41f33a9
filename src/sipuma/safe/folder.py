"""Reads and writes the secrets folder: folders 0700, files 0600, public keys 0640."""

import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from pathlib import Path

from sipuma import vault

KEY_BYTES = 32
WEB_FILES = ("pepper", "draft.key", "organisation.pub", "contact.pub", "delivery.pub")


class MissingSecret(Exception):
    """A file of the secrets folder is not there: `sipuma init` has not been run here."""


@dataclass(frozen=True)
class DeliveryKey:
    """The public half that messages are sealed to today; `id` names the private half's file."""

    id: str
    public: vault.PublicKey


@dataclass(frozen=True)
class Safe:
    """The secrets folder at `folder`. Values are read once and kept; the delivery key is read each time."""

    folder: Path

    @cached_property
    def pepper(self) -> bytes:
        return bytes.fromhex(self._read("pepper"))

    @cached_property
    def draft_keys(self) -> tuple[bytes, ...]:
        return tuple(bytes.fromhex(line) for line in self._read("draft.key").split())

    @cached_property
    def organisation(self) -> vault.VerifyKey:
        return vault.VerifyKey(bytes.fromhex(self._read("organisation.pub")))

    @cached_property
    def contact_public(self) -> vault.PublicKey:
        return vault.PublicKey(bytes.fromhex(self._read("contact.pub")))

    @cached_property
    def contact_private(self) -> vault.PrivateKey:
        return vault.PrivateKey(bytes.fromhex(self._read("worker/contact.key")))

    @property
    def delivery(self) -> DeliveryKey:
        key_id, public = self._read("delivery.pub").split()
        return DeliveryKey(key_id, _parsed(public))

    @property
    def delivery_since(self) -> datetime:
        """Return when today's delivery key was made."""
        return datetime.fromtimestamp((self.folder / "delivery.pub").stat().st_mtime, tz=UTC)

    def delivery_private(self, key_id: str) -> vault.PrivateKey:
        return vault.PrivateKey(bytes.fromhex(self._read(f"worker/delivery-{int(key_id, 16):032x}.key")))

    def rotate_delivery(self) -> DeliveryKey:
        """Make a new delivery key; messages from now on are sealed to it."""
        private, key_id = vault.generate(), secrets.token_hex(16)
        self._write(f"worker/delivery-{key_id}.key", private.raw.reveal().hex())
        self._write("delivery.pub", f"{key_id} {private.public.raw.hex()}")
        return DeliveryKey(key_id, private.public)

    def destroy_deliveries(self, *, keep: frozenset[str]) -> int:
        """Delete every private delivery key but those in `keep` and today's; return how many."""
        kept = {f"delivery-{key_id}.key" for key_id in keep | {self.delivery.id}}
        doomed = [p for p in (self.folder / "worker").glob("delivery-*.key") if p.name not in kept]
        for path in doomed:
            _overwrite(path)
            path.unlink()
        return len(doomed)

    def create(self, organisation: vault.VerifyKey) -> None:
        """Make every secret of a new installation.

        Raises:
            FileExistsError: there is one here already; nothing is ever overwritten.
        """
        if (self.folder / "pepper").exists():
            raise FileExistsError(self.folder)
        contact = vault.generate()
        self._write("worker/contact.key", contact.raw.reveal().hex())
        self._write("contact.pub", contact.public.raw.hex())
        self.rotate_delivery()
        self._write("organisation.pub", organisation.raw.hex())
        self._write("django.key", secrets.token_hex(KEY_BYTES))
        self._write("draft.key", secrets.token_hex(KEY_BYTES))
        self._write("pepper", secrets.token_hex(KEY_BYTES))

    def check(self) -> None:
        """Read what the web process needs.

        Raises:
            MissingSecret: `sipuma init` has not been run here.
        """
        for name in WEB_FILES:
            self._read(name)

    def _read(self, name: str) -> str:
        try:
            return (self.folder / name).read_text(encoding="ascii").strip()
        except FileNotFoundError as error:
            raise MissingSecret(name) from error

    def _write(self, name: str, text: str) -> None:
        """Write durably and whole: a new file beside it, flushed, then renamed over it."""
        path = self.folder / name
        for folder in (self.folder, path.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        # The worker makes public keys that the web process, another user of its group, has to read.
        mode = 0o640 if path.suffix == ".pub" else 0o600
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)


@lru_cache(maxsize=2)
def _parsed(public: str) -> vault.PublicKey:
    """Return the key of a delivery file: read for each message, the same one all day."""
    return vault.PublicKey(bytes.fromhex(public))


def _overwrite(path: Path) -> None:
    """Write zeros over a file in place, down to the disk as far as the file system lets us."""
    with path.open("r+b") as file:
        file.write(bytes(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
