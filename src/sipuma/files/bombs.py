"""Refuses files made to choke whoever opens them; pictures by their headers alone."""

import io
from collections.abc import Callable, Iterator
from itertools import repeat
from typing import BinaryIO, cast

from django.utils.translation import gettext as _
from PIL import Image

from sipuma.files import headers, inflating
from sipuma.files.archives import check_archive, check_stream
from sipuma.files.kinds import Kind
from sipuma.files.rejected import Rejected

MOST_PIXELS = 100_000_000
LONGEST_SIDE = 30_000
MOST_FRAMES = 1_000
# A picture's headers are a few hundred kilobytes; metadata of layered ones, some megabytes.
MOST_HEADER_BYTES = 32 * 1024**2
MOST_HEADER_READS = 1_000_000


def check(kind: Kind, file: BinaryIO) -> None:
    """Look at a file of this kind for what it would become.

    Damaged files pass: they may be evidence, and stay as they are.

    Raises:
        Rejected: it is a bomb.
    """
    look = CHECKS.get(kind.extension)
    if look is not None:
        file.seek(0)
        look(file)


def _check_picture(frames: Callable[[BinaryIO], Iterator[headers.Size]]) -> Callable[[BinaryIO], None]:
    def check_frames(file: BinaryIO) -> None:
        try:
            # The canvas comes first, then the frames.
            for number, (width, height) in enumerate(frames(cast(BinaryIO, _Sparing(file)))):
                if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE or number > MOST_FRAMES:
                    _refuse_picture()
        except headers.Damaged:
            return

    return check_frames


class _Sparing(io.BufferedIOBase):
    """A file of which only so much is read: headers can be as long as a file, and as many as its bytes.

    Raises:
        Rejected: more is asked for.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._bytes, self._reads = file, MOST_HEADER_BYTES, MOST_HEADER_READS

    def read(self, size: int | None = -1, /) -> bytes:
        most = max(self._bytes, 0) + 1
        data = self._file.read(most if size is None or size < 0 else min(size, most))
        self._reads, self._bytes = self._reads - 1, self._bytes - len(data)
        if self._reads < 0 or self._bytes < 0:
            _refuse_picture()
        return data

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()


def _refuse_picture() -> None:
    raise Rejected(_("This picture is too large to open. Send a smaller copy of it, or parts of it."))


def _pillow_frames(file: BinaryIO) -> Iterator[headers.Size]:
    """Give the size of each page or frame, as Pillow reads it from the headers."""
    try:
        with Image.open(file, formats=("JPEG", "PNG", "TIFF", "BMP")) as picture:
            yield picture.size
            if picture.format == "PNG":
                # As many as the file says, which may be billions.
                yield from repeat(picture.size, int(getattr(picture, "n_frames", 1)))
            number = 0
            while picture.format == "TIFF":
                yield picture.size
                picture.seek(number := number + 1)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        _refuse_picture()
    except EOFError:  # no further page
        return
    except Rejected:
        raise
    except Exception as error:  # Pillow raises almost anything for a damaged file
        raise headers.Damaged from error


_archive, _pillow = check_archive, _check_picture(_pillow_frames)
# By the extension of the kind.
CHECKS: dict[str, Callable[[BinaryIO], None]] = {
    ".zip": _archive,
    ".docx": _archive,
    ".xlsx": _archive,
    ".pptx": _archive,
    ".odt": _archive,
    ".ods": _archive,
    ".odp": _archive,
    ".gz": check_stream(inflating.gz_steps),
    ".bz2": check_stream(inflating.bz2_steps),
    ".xz": check_stream(inflating.xz_steps),
    ".jpg": _pillow,
    ".png": _pillow,
    ".tiff": _pillow,
    ".bmp": _pillow,
    ".gif": _check_picture(headers.gif_frames),
    ".webp": _check_picture(headers.webp_frames),
}
