"""Files out of a form: taken piece by piece as they arrive, so that no piece touches the disk in clear."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.core.exceptions import BadRequest
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, QueryDict
from django.http.request import UnreadablePostError

from sipuma.files.basket import Basket
from sipuma.files.plain import PIECE_BYTES

FIELD: Final = "evidence"
KEPT: Final = "files"
REMOVE: Final = "remove_file"
FORMS: Final = ("multipart/form-data", "application/x-www-form-urlencoded")


class EvidenceHandler(FileUploadHandler):
    """Takes the files of the field `evidence` into a basket, and drops those of any other field."""

    chunk_size = PIECE_BYTES

    def __init__(self, request: HttpRequest, basket: Basket) -> None:
        super().__init__(request)
        self._basket = basket
        self._announced = int(request.META.get("CONTENT_LENGTH") or 0)

    def new_file(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own signature
        super().new_file(*args, **kwargs)
        if self.field_name != FIELD or not self._basket.begin(
            self.file_name or "", announced=self._announced
        ):
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if not self._basket.write(raw_data):
            raise SkipFile

    def file_complete(self, file_size: int) -> None:
        self._basket.finish()


class NoFiles(FileUploadHandler):
    """Drops every file: pages that expect none keep none, in memory or anywhere. `came`: there was one."""

    came = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:  # Any: Django's own signature
        super().new_file(*args, **kwargs)
        self.came = True
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        raise SkipFile

    def file_complete(self, file_size: int) -> None:
        """Nothing was taken."""


def whole_form(request: HttpRequest) -> QueryDict:
    """Return the form; of one that was cut off, Django would take the part that came for the whole."""
    stream = getattr(request, "_stream", None)
    try:
        form = request.POST
    except UnreadablePostError as error:
        raise BadRequest from error
    if request.content_type in FORMS and getattr(stream, "_pos", 0) < getattr(stream, "limit", 0):
        raise BadRequest
    return form


@contextmanager
def receiving(request: HttpRequest) -> Iterator[Basket]:
    """Read the request's form with its files, and those that the page before carried.

    Must come before anything reads `request.POST`. Files that the view does not keep are deleted.

    Raises:
        BadRequest: the line broke before the form was whole.
    """
    with Basket() as basket:
        if request.method == "POST":
            request.upload_handlers = [EvidenceHandler(request, basket)]
            basket.take_kept(whole_form(request).get(KEPT, ""))
        yield basket
