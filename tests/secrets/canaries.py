"""Words that stand nowhere else in the world, and every disguise in which they might lie about."""

import base64
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, quote_plus

import psycopg
from psycopg import sql

# Larger files in shared folders are somebody else's.
LARGEST = 256 * 1024**2


def canary(kind: str) -> str:
    """Return a name for the eye and a word of two parts that nobody else has."""
    return f"{kind} {secrets.token_hex(6)}-{secrets.token_hex(6)}"


@dataclass(frozen=True)
class Needles:
    """The disguises of some secrets, in lower case, by the secret's name."""

    secrets: dict[str, str]
    disguises: dict[str, frozenset[bytes]] = field(init=False)

    def __post_init__(self) -> None:
        found = {name: frozenset(_disguises(text)) for name, text in self.secrets.items()}
        object.__setattr__(self, "disguises", found)

    def but(self, *names: str) -> "Needles":
        """Return the needles without these, for a place that may hold them."""
        return Needles({name: text for name, text in self.secrets.items() if name not in names})

    def names_in(self, content: bytes) -> set[str]:
        """Return the names of the secrets that the content holds in any disguise."""
        low = content.lower()
        return {name for name, forms in self.disguises.items() if any(form in low for form in forms)}


def _disguises(secret: str) -> Iterator[bytes]:
    for part in {secret, re.sub(r"[\W_]", "", secret), secret.rsplit(maxsplit=1)[-1]}:
        raw = part.encode()
        for text in {raw, raw.lower(), raw.upper()}:
            yield from (one.lower() for one in _encodings(text))


def _encodings(raw: bytes) -> Iterator[bytes]:
    text = raw.decode()
    yield raw
    yield text.encode("utf-16-le")
    yield text.encode("utf-16-be")
    yield raw.hex().encode()
    yield quote(text, safe="").encode()
    yield quote_plus(text).encode()
    yield from _base64(raw)


def _base64(raw: bytes) -> Iterator[bytes]:
    """Yield what base64 makes of the text wherever it begins, without the characters at the seams."""
    for before in range(3):
        whole = base64.b64encode(bytes(before) + raw)
        inner = whole[-(-before * 4 // 3) : len(whole) - 4]
        yield inner
        yield inner.translate(bytes.maketrans(b"+/", b"-_"))


def leaks(needles: Needles, places: Iterable[tuple[str, bytes]]) -> dict[str, set[str]]:
    """Return which secrets lie in which places."""
    found = {name: needles.names_in(content) for name, content in places}
    return {name: names for name, names in found.items() if names}


def files(folder: Path, *, newer_than: float = 0.0, but: Iterable[Path] = ()) -> Iterator[tuple[str, bytes]]:
    """Yield every file below a folder, names included; what vanishes meanwhile is left out."""
    skipped = {str(path) for path in but}
    for place, folders, names in os.walk(folder):  # passes over folders that vanish
        folders[:] = [name for name in folders if str(Path(place, name)) not in skipped]
        for path in (Path(place, name) for name in names if str(Path(place, name)) not in skipped):
            try:
                if not path.is_file() or path.is_symlink():
                    continue
                if path.stat().st_mtime < newer_than or path.stat().st_size > LARGEST:
                    continue
                yield str(path), path.name.encode() + b"\n" + path.read_bytes()
            except OSError:
                continue


def columns(address: str) -> Iterator[tuple[str, bytes]]:
    """Yield every table as COPY writes it, and with its bytes as they are."""
    with psycopg.connect(address) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        assert len(tables) > 10
        for (name,) in tables:
            for form in ("text", "binary"):
                copying = sql.SQL("COPY {} TO STDOUT (FORMAT {})").format(sql.Identifier(name), sql.SQL(form))
                with connection.cursor().copy(copying) as copy:
                    yield f"{name} as {form}", b"".join(bytes(part) for part in copy)


def unnamed_files(processes: Iterable[int]) -> Iterator[tuple[str, bytes]]:
    """Yield what processes hold open and no folder names any more; what memory alone holds is left out."""
    for number in processes:
        for opened in Path(f"/proc/{number}/fd").iterdir():
            try:
                target = str(opened.readlink())
                if target.endswith(" (deleted)") and not target.startswith("/memfd:"):
                    yield f"{number}: {target}", opened.read_bytes()
            except OSError:
                continue


def words_of(processes: Iterable[int]) -> Iterator[tuple[str, bytes]]:
    """Yield the arguments and the environment of processes, which others on the machine may read."""
    for number in processes:
        for name in ("cmdline", "environ"):
            yield f"{number}: {name}", Path(f"/proc/{number}/{name}").read_bytes()
