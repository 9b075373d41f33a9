"""Which parts of a complaint's entries are words to be found: the matter and what was written about it."""

from collections.abc import Iterator
from typing import Final

from sipuma.cases.models import Entry
from sipuma.cases.opening import Payload
from sipuma.complaints.custody import IDENTITY
from sipuma.complaints.filing import CONTACT_PATH
from sipuma.complaints.words import ELEMENTS
from sipuma.complaints.workflow import MOVES

# Who the complainant is and how to reach them is for no index.
OF_THE_COMPLAINANT: Final = frozenset({IDENTITY, CONTACT_PATH, "register-told", "ticket-issued"})
WRITTEN: Final = frozenset(
    {
        "text",
        *(name for name, _label in ELEMENTS),
        *(field.name for move in MOVES for field in move.fields if field.kind in {"text", "line"}),
    }
)


def texts_of(entry: Entry, payload: Payload) -> Iterator[str]:
    """Yield the texts of an entry that the search finds."""
    if entry.kind not in OF_THE_COMPLAINANT:
        yield from (str(value) for name, value in payload.items() if name in WRITTEN and value)
