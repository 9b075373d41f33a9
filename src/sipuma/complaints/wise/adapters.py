"""Ways to WISE: each takes an encrypted package, and returns its number there if it learns it."""

import os
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True)
class Package:
    """An encrypted archive, and the register number of its case; `name` is the same at every making."""

    register: str
    content: bytes = field(repr=False)

    @property
    def name(self) -> str:
        return f"sipuma-{self.register}.zip"


class Adapter(Protocol):
    """A way to WISE. Forwarding the same case again replaces what came before, and makes no second case."""

    def forward(self, package: Package) -> str | None:
        """Return the number at WISE, or None where a person types it back.

        Raises:
            OSError: it did not arrive; it is tried again.
        """


class FileDrop:
    """A folder that the Inspectorate General's side collects from: one file a case, never half a file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def forward(self, package: Package) -> None:
        """Write beside, then rename: whoever looks sees the old file or the new one, whole."""
        handle, beside = tempfile.mkstemp(prefix=".", suffix=".part", dir=self.folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(package.content)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(beside, 0o640)  # noqa: PTH101  # the group collects; mkstemp lets the owner alone read
            Path(beside).replace(self.folder / package.name)
        except BaseException:
            with suppress(OSError):
                Path(beside).unlink()
            raise
        self._sync()

    def _sync(self) -> None:
        """Write the folder itself down: after a power cut the name is there as well."""
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


MakeAdapter = Callable[[str], Adapter]

# By the scheme of `SIPUMA_WISE_URL`. An empty address is not here: then the PYB hands the file over.
ADAPTERS: Mapping[str, MakeAdapter] = {
    "file": lambda address: FileDrop(Path(unquote(urlsplit(address).path))),
}


def adapter_of(address: str) -> Adapter | None:
    """Return the way to WISE behind an address, or None for the manual one: a person carries the file."""
    return ADAPTERS[urlsplit(address).scheme](address) if address else None
