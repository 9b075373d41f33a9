"""A process of its own that writes into a storage: to be killed, measured, or given a small disk."""

import resource
import sys
import time

from sipuma.files.store import Incoming, Store, Unavailable, store_at

PIECE = bytes(64 * 1024)


def fill(incoming: Incoming, size: int) -> None:
    for _ in range(size // len(PIECE)):
        incoming.write(PIECE)


def begin(kept: Store, name: str, size: int) -> None:
    """Write without committing, say so, and wait to be killed."""
    fill(kept.create(name), size)
    print("written", flush=True)  # noqa: T201  # the other process waits for it
    time.sleep(60)


def measure(kept: Store, name: str, size: int) -> None:
    """Print by how many bytes the most memory ever used has grown over writing and reading."""
    small = name[::-1]
    there_and_back(kept, small, 9 * 2**20)
    kept.delete(small)
    before = most_memory()
    there_and_back(kept, name, size)
    print(most_memory() - before)  # noqa: T201  # the result


def overfill(kept: Store, name: str, size: int) -> None:
    """Print what the storage says when it is full, and which files it is left with."""
    incoming = kept.create(name)
    try:
        fill(incoming, size)
        incoming.commit()
    except Unavailable as error:
        incoming.abort()
        print(error)  # noqa: T201  # the result
    fresh = kept.create(name)
    fresh.write(b"room again")
    fresh.commit()
    print(*(f"{found.name} {found.size}" for found in kept.names()), sep="\n")  # noqa: T201
    print(kept.free_bytes())  # noqa: T201


def there_and_back(kept: Store, name: str, size: int) -> None:
    incoming = kept.create(name)
    fill(incoming, size)
    incoming.commit()
    with kept.open(name) as file:
        while file.read(len(PIECE)):
            pass


def most_memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    action, url, name, size = sys.argv[1:]
    {"begin": begin, "measure": measure, "overfill": overfill}[action](store_at(url), name, int(size))
