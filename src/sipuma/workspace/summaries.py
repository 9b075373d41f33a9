"""One line for each case of a list: the beginning of what its reader may know of the matter."""

from collections import defaultdict
from collections.abc import Sequence

from django.utils.text import Truncator

from sipuma.cases.models import Case, Entry
from sipuma.cases.opening import Reader
from sipuma.offices.officer import Officer

LENGTH = 110
# Which entry says what a case is about, and in which of its texts: the matter, or what a unit was told.
SAYS = {"filed": "what", "referral": "referral", "follow-up": "instruction"}


def summaries(cases: Sequence[Case], officer: Officer) -> dict[int, str]:
    """Return the summary of each case by its id; a case of which nothing opens is left out.

    Three queries for all cases of a page, and one for each team key that they need.
    """
    telling: dict[int, list[Entry]] = defaultdict(list)
    for entry in Entry.objects.filter(case__in=cases, kind__in=SAYS).order_by("-pk"):
        telling[entry.case_id].append(entry)
    objects = [entry.uid for entries in telling.values() for entry in entries]
    reader = Reader(cases, officer.private, objects=objects)
    found = {case.pk: _first_readable(reader, telling[case.pk]) for case in cases}
    return {pk: text for pk, text in found.items() if text}


def _first_readable(reader: Reader, newest_first: list[Entry]) -> str:
    """Return the matter as filed where the officer may read it, else the newest text to the unit."""
    for entry in sorted(newest_first, key=lambda entry: entry.kind != "filed"):
        if payload := reader.open(entry).payload:
            words = " ".join(str(payload.get(SAYS[entry.kind], "")).split())
            return Truncator(words).chars(LENGTH)
    return ""
