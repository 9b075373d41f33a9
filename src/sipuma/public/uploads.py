"""The files that a citizen's page brings: taken in, carried from page to page, given to a case."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from django.db import transaction
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from sipuma.cases.evidence import unclaimed
from sipuma.cases.models import Case
from sipuma.cases.tickets import Holder
from sipuma.complaints.evidence import MOST_OF_A_CASE, Added, add_by_complainant, repeats_in
from sipuma.files.acceptance import Accepted
from sipuma.files.basket import Basket, Refusal
from sipuma.files.names import clean_name
from sipuma.files.store import Unavailable, store
from sipuma.files.uploads import KEPT, REMOVE, EvidenceHandler, NoFiles, whole_form
from sipuma.public.sources import UPLOADING


@dataclass
class Posted:
    """A request with the files that came with it, and those that the page before had taken already.

    `began`: unix seconds when the request arrived, however long its files took; `repeats`: what to say of
    files that came twice; `lost`: the page before had files that are no longer kept; `held_back`: the source
    has sent too many, and the new ones were dropped.
    """

    request: HttpRequest = field(repr=False)
    basket: Basket = field(repr=False)
    began: float
    fresh: list[Accepted] = field(default_factory=list, repr=False)
    repeats: list[str] = field(default_factory=list, repr=False)
    lost: bool = False
    held_back: bool = False

    @property
    def form(self) -> QueryDict:
        return self.request.POST

    @property
    def files(self) -> list[Accepted]:
        return self.basket.files

    @property
    def removes(self) -> bool:
        """Whether the person pressed «Remove» beside a file."""
        return REMOVE in self.form

    @property
    def problems(self) -> list[str]:
        """Return what to say about each file that was not taken or is no longer there."""
        return [*self.refusals, *([_lost()] if self.lost else [])]

    @property
    def refusals(self) -> list[str]:
        """Return the name of each file that was not taken, with the reason."""
        return [f"{clean_name(one.name)}: {one.reason}" for one in self.basket.refused]

    def seal(self) -> str:
        """Keep all files for the page that is shown now; return its hidden field `files`."""
        return self.basket.seal()

    def drop_fresh(self) -> None:
        """Keep nothing that came with this request itself."""
        _drop(self.basket, self.fresh)
        self.fresh = []

    def enter(self, holder: Holder) -> list[Accepted]:
        """Put the files into the holder's case; return those that are new to it, for `settle`.

        Raises:
            Refused: the case has a hundred files already.
        """
        if not self.files:
            return []
        added = _enter(holder, list(self.files))
        self.repeats += added.repeats
        return added.files

    def settle(self, entered: Iterable[Accepted]) -> None:
        """Leave what is part of a case now where it is, and delete the rest: it is stored there already."""
        self.basket.keep(entered)
        _drop(self.basket, self.files)
        self.fresh = []


def _lost() -> str:
    return _("Some files that you uploaded before are no longer here. Choose them again.")


@contextmanager
def receiving(request: HttpRequest) -> Iterator[Posted]:
    """Read the request's form with its files. Files that the view neither seals nor gives are deleted.

    Must come before anything reads `request.POST`.

    Raises:
        BadRequest: the line broke before the form was whole.
    """
    posted = Posted(request, Basket(), time.time())
    with posted.basket:
        if request.method == "POST":
            _read(posted)
        yield posted


def _read(posted: Posted) -> None:
    basket, request = posted.basket, posted.request
    # Looked at before: to store and clean files is the work that the limit is there to spare.
    dropping = NoFiles(request)
    taking = UPLOADING.has_left(request)
    request.upload_handlers = [EvidenceHandler(request, basket) if taking else dropping]
    sealed = whole_form(request).get(KEPT, "")
    posted.fresh = list(basket.files)
    if posted.fresh or basket.refused or dropping.came:
        posted.held_back = not UPLOADING.spend(request)
    _take_kept(posted, sealed)
    if posted.held_back:
        _drop(basket, posted.fresh)
    else:
        _drop_repeated(posted)
    _drop_beyond_limit(basket)
    if posted.removes:
        _drop(basket, [one for one in basket.files if one.uid == posted.form[REMOVE]])


def _take_kept(posted: Posted, sealed: str) -> None:
    basket = posted.basket
    fresh = len(basket.files)
    basket.take_kept(sealed)
    carried = basket.files[: len(basket.files) - fresh]
    gone = [one for one in carried if not _is_stored(one)]
    posted.lost = bool(sealed) and (not carried or bool(gone))
    for one in gone:
        basket.files.remove(one)


def _is_stored(file: Accepted) -> bool:
    """Whether a file is still there: an older page may carry one that was removed since."""
    try:
        store().open(file.uid).close()
    except FileNotFoundError:
        return False
    except Unavailable:
        return True
    return True


def _drop_repeated(posted: Posted) -> None:
    """Take out the files whose bytes stand in another one before, and note what to say of them."""
    told = repeats_in(posted.files)
    posted.repeats = list(told.values())
    _drop(posted.basket, [one for one in posted.files if one.uid in told])


def _drop_beyond_limit(basket: Basket) -> None:
    beyond = basket.files[MOST_OF_A_CASE:]
    reason = _("A complaint takes a hundred files. Hand further ones in at the office.")
    basket.refused.extend(Refusal(one.name, reason) for one in beyond)
    _drop(basket, beyond)


def _drop(basket: Basket, files: Iterable[Accepted]) -> None:
    """Take files out and delete them, but for what belongs to a case: an older page may name it still."""
    files = list(files)
    free = {one.uid for one in unclaimed(files)} if files else set()
    for one in files:
        if one.uid not in free:
            basket.files.remove(one)
            continue
        # What a storage that is away keeps of it, a sweep deletes.
        with suppress(Unavailable):
            basket.remove(one.uid)


def _enter(holder: Holder, files: list[Accepted]) -> Added:
    with transaction.atomic():
        # Locked, so that of two copies of a page that arrive at once the second sees the files of the first.
        Case.objects.select_for_update().get(pk=holder.case.pk)
        return add_by_complainant(holder, files)
