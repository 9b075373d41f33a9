"""One range of a file, as a browser asks for it to seek in sound and film (RFC 9110, section 14)."""

import re
from dataclasses import dataclass

# Longer numbers than these say nothing that a file could hold; such a header is none.
ONE_RANGE = re.compile(r"bytes=[ \t]*([0-9]{0,18})-([0-9]{0,18})[ \t]*", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class Span:
    """`file[start:stop]`."""

    start: int
    stop: int

    @property
    def length(self) -> int:
        return self.stop - self.start


class Unsatisfiable(Exception):
    """Nothing of the file lies in the range."""


def span_of(header: str, size: int) -> Span | None:
    """Return the part of a file of `size` bytes that the header `Range` asks for.

    None stands for the whole: no header, one that is no range of bytes, or several ranges at once.

    Raises:
        Unsatisfiable: it lies behind the end.
    """
    found = ONE_RANGE.fullmatch(header.strip())
    if not found or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        return _suffix(int(last), size)
    start, stop = int(first), int(last) + 1 if last else size
    if last and stop <= start:
        return None
    if start >= size:
        raise Unsatisfiable
    return Span(start, min(stop, size))


def _suffix(length: int, size: int) -> Span:
    if not length or not size:
        raise Unsatisfiable
    return Span(max(0, size - length), size)
