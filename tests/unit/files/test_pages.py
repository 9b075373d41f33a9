"""Pages of a PDF as pictures."""

import io
from functools import partial

import pytest
from django.utils import translation
from PIL import Image

from sipuma.files import sandbox
from sipuma.files.pages import page_count, page_picture
from sipuma.files.rejected import Rejected
from tests.machine import needs_sandbox

pytestmark = needs_sandbox


def pdf(*sizes: tuple[int, int]) -> io.BytesIO:
    """Make a PDF with one page of each size, in points, the first of them red."""
    file = io.BytesIO()
    pages = [Image.new("RGB", size, "blue" if number else "red") for number, size in enumerate(sizes)]
    pages[0].save(file, "PDF", save_all=True, append_images=pages[1:], resolution=72)
    return file


def test_pages_are_counted() -> None:
    assert page_count(pdf((200, 100), (100, 200), (100, 100))) == 3


def test_a_page_is_a_png_of_the_width_asked_for() -> None:
    with Image.open(io.BytesIO(page_picture(pdf((200, 100), (100, 200)), 2, width=300))) as picture:
        assert (picture.format, picture.size) == ("PNG", (300, 600))
        pixel = picture.convert("RGB").getpixel((150, 300))
        assert isinstance(pixel, tuple)
        assert pixel[2] - pixel[0] > 200


def test_a_page_is_1200_pixels_wide_unless_said_otherwise() -> None:
    with Image.open(io.BytesIO(page_picture(pdf((200, 100)), 1))) as picture:
        assert picture.size == (1200, 600)


def test_a_page_as_high_as_a_tower_does_not_become_a_huge_picture() -> None:
    with Image.open(io.BytesIO(page_picture(pdf((3, 9000)), 1))) as picture:
        assert picture.width * picture.height <= 41_000_000


@pytest.mark.parametrize("number", [-1, 0, 2, 10**9])
def test_there_is_no_such_page(number: int) -> None:
    with pytest.raises(ValueError, match="no such page"):
        page_picture(pdf((200, 100)), number)


@pytest.mark.parametrize("width", [0, 4001])
def test_there_is_no_such_width(width: int) -> None:
    with pytest.raises(ValueError, match="no such page"):
        page_picture(pdf((200, 100)), 1, width=width)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\nrusak", b"bukan PDF"])
def test_what_can_not_be_drawn_is_rejected(content: bytes) -> None:
    for look in (page_count, partial(page_picture, number=1)):
        with translation.override("en"), pytest.raises(Rejected, match="can’t be shown here"):
            look(io.BytesIO(content))


def test_without_a_sandbox_nothing_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "_found", lambda _program: "/usr/bin/false")
    with pytest.raises(Rejected):
        page_count(pdf((200, 100)))
