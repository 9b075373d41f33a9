"""Reading: which entries of a case somebody's keys open, in a constant number of queries."""

import json
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from sipuma import vault
from sipuma.cases.entries import CASE_KEY, context_of
from sipuma.cases.models import Case, Entry, Seal

Payload = dict[str, object]
FindKey = Callable[[bytes], vault.PrivateKey | None]


@dataclass(frozen=True)
class Opened:
    """An entry as one reader sees it: with its payload, or without when it is not for them."""

    entry: Entry
    payload: Payload | None = field(repr=False)


def case_private(case: Case, seals: Iterable[Seal], find_key: FindKey) -> vault.PrivateKey | None:
    """Open the case key with whichever team key of the reader it is sealed to."""
    for seal in seals:
        private = find_key(bytes(seal.reader))
        if private is None:
            continue
        context = context_of(case.uid, case.uid, CASE_KEY)
        try:
            return vault.open_private_key(bytes(seal.sealed), private, context=context)
        except vault.Unopenable:
            continue  # one damaged seal closes its case, not the list that it stands in
    return None


def main_keys(joined: Iterable[Case], find_key: FindKey) -> dict[int, vault.PrivateKey | None]:
    """Return the keys of the cases that these join, by id, as far as the reader opens them; two queries."""
    mains = Case.objects.filter(pk__in={case.joins_id for case in joined}).only("uid")
    seals: dict[uuid.UUID, list[Seal]] = defaultdict(list)
    for seal in Seal.objects.filter(object__in=[main.uid for main in mains]):
        seals[seal.object].append(seal)
    return {main.pk: case_private(main, seals[main.uid], find_key) for main in mains}


class Reader:
    """Opens entries of several cases for one reader, with two queries for their seals and entries.

    With `objects` (uids of entries) only their seals and the case keys' are fetched.
    """

    def __init__(
        self, cases: Sequence[Case], find_key: FindKey, *, objects: Iterable[uuid.UUID] | None = None
    ) -> None:
        self._cases = {case.pk: case for case in cases}
        self._find_key = find_key
        self._seals: dict[uuid.UUID, list[Seal]] = defaultdict(list)
        seals = Seal.objects.filter(case__in=self._cases)
        if objects is not None:
            seals = seals.filter(object__in=[*(case.uid for case in cases), *objects])
        for seal in seals:
            self._seals[seal.object].append(seal)
        self._case_keys = {
            case.pk: case_private(case, self._seals.get(case.uid, ()), find_key) for case in cases
        }
        self._follow_joins()

    def case_key(self, case: Case) -> vault.PrivateKey | None:
        return self._case_keys[case.pk]

    def open(self, entry: Entry) -> Opened:
        """Open one entry, or show it closed when no key of the reader fits."""
        if entry.ciphertext is None:
            return Opened(entry, {})
        case = self._cases[entry.case_id]
        context = context_of(case.uid, entry.uid, entry.kind)
        for seal in self._seals.get(entry.uid, ()):
            private = self._private_for(case, bytes(seal.reader))
            if private is None:
                continue
            try:
                plain = vault.open_object(
                    bytes(entry.ciphertext), bytes(seal.sealed), private, context=context
                )
            except vault.Unopenable:
                continue  # half of an identity's key, which opens nothing by itself
            payload: Payload = json.loads(plain)
            return Opened(entry, payload)
        return Opened(entry, None)

    def timeline(self, **which: object) -> list[Opened]:
        """Open the entries of all the cases, oldest first; `which` filters them."""
        entries = Entry.objects.filter(case__in=self._cases, **which)
        return [
            self.open(entry) for entry in entries.select_related("member", "capacity__office", "evidence")
        ]

    def _follow_joins(self) -> None:
        """Open the keys of joined cases by the key of the case that each joins: one step, no further."""
        closed = [c for c in self._cases.values() if c.joins_id and self._case_keys[c.pk] is None]
        mains = main_keys(closed, self._find_key) if closed else {}
        for case in closed:
            main = mains.get(case.joins_id or 0)
            if main is not None:
                seals = self._seals.get(case.uid, ())
                self._case_keys[case.pk] = case_private(case, seals, holder_keys(main))

    def _private_for(self, case: Case, reader: bytes) -> vault.PrivateKey | None:
        case_key = self._case_keys[case.pk]
        if case_key is not None and case_key.public.fingerprint == reader:
            return case_key
        return self._find_key(reader)


def holder_keys(private: vault.PrivateKey) -> FindKey:
    """Return the finder of someone with a single key, such as the complainant."""
    own = private.public.fingerprint
    return lambda fingerprint: private if fingerprint == own else None
