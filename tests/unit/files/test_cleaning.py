"""Copies without what they tell about whoever made them, made where hostile content can do no harm."""

import io
import shutil
import zipfile
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from sipuma.files import cleaning, sandbox
from sipuma.files.cleaning import REMOVED_LABELS, clean, tools_missing
from sipuma.files.kinds import kind_of
from sipuma.files.stripping import with_bare_pictures
from tests.machine import needs_sandbox
from tests.unit.files.samples import (
    GPS,
    TEXT,
    WORD,
    archive,
    cleaned,
    copy_of,
    film,
    half_red,
    jpeg,
    pdf,
    pdf_with,
    png,
    telling_exif,
)

pytestmark = needs_sandbox


def opened(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


def colour_at(picture: Image.Image, x: int, y: int) -> str:
    pixel = picture.convert("RGB").getpixel((x, y))
    assert isinstance(pixel, tuple)
    red, green, blue = pixel
    return "red" if red - blue > 150 else "blue" if blue - red > 150 else f"{red} {green} {blue}"


def test_a_photo_loses_place_camera_author_and_times_and_says_so() -> None:
    copy, removed = copy_of(jpeg())
    picture = opened(copy)
    assert removed == ("location", "camera", "times", "author", "software", "comments")
    assert (dict(picture.getexif()), picture.getexif().get_ifd(GPS)) == ({}, {})
    assert not any(word in copy for word in (b"Merek", b"Penulis", b"Gudang", b"SERI", b"2026", b"Exif"))


def test_a_turned_photo_stands_the_right_way_up() -> None:
    picture = opened(copy_of(jpeg())[0])
    assert picture.size == (32, 64)
    assert (colour_at(picture, 16, 8), colour_at(picture, 16, 56)) == ("red", "blue")


def test_the_hidden_preview_and_what_stands_behind_a_photo_go() -> None:
    copy, _removed = copy_of(jpeg() + b"ftypmp42 film di belakang foto")
    assert b"film" not in copy


def test_a_photo_that_tells_nothing_says_that_nothing_was_removed() -> None:
    file = io.BytesIO()
    half_red().save(file, "JPEG")
    assert copy_of(file.getvalue())[1] == ()


def test_colours_of_a_profile_become_srgb_and_the_profile_goes() -> None:
    file = io.BytesIO()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    half_red().save(file, "PNG", icc_profile=profile)
    picture = opened(copy_of(file.getvalue())[0])
    assert "icc_profile" not in picture.info
    assert (colour_at(picture, 5, 5), colour_at(picture, 60, 5)) == ("red", "blue")


@pytest.mark.parametrize("form", ["PNG", "WEBP", "TIFF", "BMP", "GIF"])
@pytest.mark.parametrize("mode", ["RGB", "L", "P"])
def test_every_form_of_picture_stays_what_it_is(form: str, mode: str) -> None:
    file = io.BytesIO()
    half_red().convert(mode).save(file, form, **({"lossless": True} if form == "WEBP" else {}))
    picture = opened(copy_of(file.getvalue())[0])
    assert (picture.format, picture.size) == (form, (64, 32))
    before = opened(file.getvalue()).convert("RGB")
    assert picture.convert("RGB").tobytes() == before.tobytes()


@pytest.mark.parametrize("form", ["PNG", "WEBP", "TIFF"])
def test_place_and_author_go_from_other_forms_too(form: str) -> None:
    file = io.BytesIO()
    half_red().save(file, form, exif=telling_exif())
    copy, removed = copy_of(file.getvalue())
    # Pillow, which makes the sample, writes no place into a TIFF.
    assert {"camera", "author", "times"} | ({"location"} if form != "TIFF" else set()) <= set(removed)
    assert b"Penulis" not in copy


def test_texts_and_transparency_of_a_png() -> None:
    file, texts = io.BytesIO(), PngInfo()
    texts.add_text("Author", "Penulis")
    texts.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta><exif:GPSLatitude>5,53N</exif:GPSLatitude></x:xmpmeta>")
    picture = Image.new("RGBA", (4, 4), (255, 0, 0, 0))
    picture.save(file, "PNG", pnginfo=texts)
    copy, removed = copy_of(file.getvalue())
    assert {"location", "author"} <= set(removed)
    assert b"Penulis" not in copy
    assert b"GPS" not in copy
    assert opened(copy).getpixel((1, 1)) == (255, 0, 0, 0)


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG", "TIFF"])
def test_moving_pictures_and_pages_stay_whole(form: str) -> None:
    file = io.BytesIO()
    frames = [Image.new("RGB", (16, 16), colour) for colour in ("red", "blue", "red")]
    more = {} if form == "TIFF" else {"duration": [100, 200, 300], "loop": 0}
    frames[0].save(file, form, save_all=True, append_images=frames[1:], **more)
    picture = Image.open(io.BytesIO(copy_of(file.getvalue())[0]))
    seen, durations = [], []
    for number in range(getattr(picture, "n_frames", 1)):
        picture.seek(number)
        picture.load()
        seen.append(colour_at(picture, 8, 8))
        durations.append(picture.info.get("duration"))
    assert seen == ["red", "blue", "red"]
    assert form == "TIFF" or durations == [100, 200, 300]


def test_a_pdf_loses_scripts_and_author_and_keeps_its_text() -> None:
    copy, removed = copy_of(pdf())
    assert {"author", "scripts", "times"} <= set(removed)
    assert not any(word in copy for word in (b"JavaScript", b"OpenAction", b"alert", b"Penulis", b"Mesin"))
    document = pypdfium2.PdfDocument(copy)
    assert document[0].get_textpage().get_text_bounded().strip() == "Isi laporan"
    assert document.get_metadata_dict(skip_empty=True) == {}
    document.close()


@pytest.mark.parametrize("way", [{}, {"progressive": True}], ids=["plain", "progressive"])
def test_photos_in_a_pdf_lose_place_camera_and_what_stands_behind_them(way: dict[str, bool]) -> None:
    file = io.BytesIO()
    half_red().save(file, "JPEG", exif=telling_exif(), comment=b"Gudang", **way)
    copy, removed = copy_of(pdf_with(file.getvalue() + b"film di belakang foto"))
    assert removed == ("location", "camera", "times", "author", "software", "comments")
    assert not any(word in copy for word in (b"Merek", b"Penulis", b"Gudang", b"SERI", b"2026", b"film"))
    document = pypdfium2.PdfDocument(copy)
    drawn = document[0].render().to_pil()
    document.close()
    assert (colour_at(drawn, 60, 130), colour_at(drawn, 180, 130)) == ("red", "blue")


def test_a_photo_that_breaks_off_in_a_pdf_takes_nothing_of_the_page_along() -> None:
    for_page = pdf_with(jpeg()[:-2])
    bare = with_bare_pictures(for_page)
    assert b"Penulis" not in bare
    assert (len(bare), bare[-600:-100]) == (len(for_page), for_page[-600:-100])


def test_pictures_of_another_sort_in_the_copy_of_a_pdf_are_not_called_cleaned() -> None:
    with pytest.raises(ValueError, match="JPEG 2000"):
        with_bare_pictures(pdf_with(b"").replace(b"DCTDecode", b"JPXDecode"))


def test_a_word_document_loses_author_macros_and_embedded_files() -> None:
    copy, removed = copy_of(archive(WORD), "surat.docx")
    assert {"author", "times", "scripts", "attachments"} <= set(removed)
    with zipfile.ZipFile(io.BytesIO(copy)) as made:
        texts = {name: made.read(name).decode() for name in made.namelist()}
    assert "Isi surat" in texts["word/document.xml"]
    assert not any("Penulis" in text for text in texts.values())
    assert not any(name.endswith(".bin") for name in texts)


@pytest.mark.parametrize("picture", [jpeg(), png()], ids=["jpg", "png"])
@pytest.mark.parametrize(
    ("members", "place", "name"), [(WORD, "word/media/", "surat.docx"), (TEXT, "Pictures/", "surat.odt")]
)
def test_a_letter_with_a_picture_keeps_it_without_place_and_camera(
    members: dict[str, str], place: str, name: str, picture: bytes
) -> None:
    inside = place + ("1.png" if picture.startswith(b"\x89PNG") else "1.jpg")
    copy, removed = copy_of(archive({**members, inside: picture}), name)
    with zipfile.ZipFile(io.BytesIO(copy)) as made:
        kept = made.read(inside)
    assert {"author", "location", "camera"} <= set(removed)
    assert opened(kept).size in {(64, 32), (32, 64)}
    assert (dict(opened(kept).getexif()), b"Penulis" in kept, b"SERI" in kept) == ({}, False, False)


@pytest.mark.parametrize("name", ["film.mp4", "film.mov", "film.mkv"])
def test_a_film_loses_place_and_author(tmp_path: Path, name: str) -> None:
    content = film(tmp_path, name, "-i", "testsrc=d=0.2:s=32x32", "-pix_fmt", "yuv420p")
    copy, removed = copy_of(content, name)
    assert {"location", "author"} <= set(removed)
    assert b"Penulis" in content
    assert not any(word in copy for word in (b"Penulis", b"95.32", b"Merek"))


@pytest.mark.parametrize("name", ["rekaman.mp3", "rekaman.ogg", "rekaman.flac", "rekaman.m4a", "rekaman.wav"])
def test_a_recording_loses_its_author(tmp_path: Path, name: str) -> None:
    content = film(tmp_path, name, "-i", "sine=d=0.2")
    copy, removed = copy_of(content, name)
    assert "author" in removed
    assert kind_of(copy).mime in {kind_of(content).mime, "video/mp4"}
    assert b"Penulis" not in copy


def test_a_recording_with_a_cover_loses_it_and_its_place(tmp_path: Path) -> None:
    (tmp_path / "sampul.jpg").write_bytes(jpeg())
    cover = ("-i", str(tmp_path / "sampul.jpg"), "-c:v", "copy", "-disposition:v", "attached_pic")
    content = film(tmp_path, "rekaman.flac", "-i", "sine=d=0.2", "-f", "jpeg_pipe", *cover)
    copy, removed = copy_of(content, "rekaman.flac")
    assert {"author", "location", "camera"} <= set(removed)
    assert b"SERI" in content
    assert not any(word in copy for word in (b"SERI", b"Penulis"))


@pytest.mark.parametrize(
    "content",
    [
        jpeg()[:600],
        b"%PDF-1.7\nrusak",
        archive({"[Content_Types].xml": "<", "word/a": ""}),
        b"ID3" + bytes(40),
    ],
    ids=["photo", "pdf", "word", "sound"],
)
def test_what_is_damaged_is_not_cleaned_and_nothing_is_raised(content: bytes) -> None:
    assert cleaned(content, "surat.docx") is None


@pytest.mark.parametrize("content", [b"Kepada Yth.\n", b"<html></html>", archive({"a": "b"}), b""])
def test_kinds_without_a_way_are_not_cleaned(content: bytes) -> None:
    assert cleaned(content) is None


def test_what_is_too_large_is_not_even_read() -> None:
    file = io.BytesIO(b"x")
    file.seek(1)
    assert clean(kind_of(jpeg()), file, size=cleaning.MOST_BYTES + 1) is None
    assert file.tell() == 1


def test_every_code_has_words() -> None:
    assert all(str(words) for words in REMOVED_LABELS.values())


def test_missing_tools_are_named_and_nothing_is_cleaned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _program: None)
    assert tools_missing() == ["util-linux", "bubblewrap", "mat2", "ffmpeg", "libimage-exiftool-perl"]
    assert cleaned(jpeg()) is None


def test_a_machine_that_forbids_sandboxes_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "_found", lambda _program: "/usr/bin/false")
    assert tools_missing() == ["bubblewrap (not allowed to make a sandbox here)"]
    assert cleaned(jpeg()) is None
