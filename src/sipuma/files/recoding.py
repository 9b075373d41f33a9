"""Runs alone in the sandbox: says what a picture tells beside what it shows, and writes it without that.

Standard input is the picture, standard output a line of JSON (`removed`) and the new picture.
"""

import io
import json
import sys
import warnings
from collections.abc import Callable, Iterable
from typing import Any

from PIL import ExifTags, Image, ImageCms, ImageOps, ImageSequence, JpegImagePlugin

Save = Callable[[Image.Image, io.BytesIO], None]

Image.MAX_IMAGE_PIXELS = 50_000_000  # Pillow refuses twice as many
QUALITY = 92
MODES = {"1", "L", "LA", "P", "PA", "RGB", "RGBA", "I;16"}  # others become RGB

# By parts of the tags' names, the first that fits.
CODES = (
    ("location", ("gps",)),
    ("thumbnail", ("jpegif", "thumbnail")),
    ("times", ("date", "time", "offset")),
    ("software", ("software", "hostcomputer", "creatortool")),
    ("author", ("artist", "copyright", "author", "owner", "creator", "byline")),
    ("comments", ("comment", "description", "xptitle", "xpsubject", "xpkeywords", "documentname")),
    ("camera", ("make", "model", "serial", "lens", "makernote")),
)
# What a picture needs to be shown, in any of its formats.
HARMLESS = {
    "imagewidth", "imagelength", "bitspersample", "compression", "photometricinterpretation", "orientation",
    "samplesperpixel", "xresolution", "yresolution", "resolutionunit", "planarconfiguration", "stripoffsets",
    "rowsperstrip", "stripbytecounts", "colormap", "exifoffset", "ycbcrpositioning", "predictor", "fillorder",
    "tilewidth", "tilelength", "tileoffsets", "tilebytecounts", "extrasamples", "sampleformat", "colorspace",
    "exifimagewidth", "exifimageheight", "exifversion", "flashpixversion", "componentsconfiguration",
    "newsubfiletype", "subfiletype", "t4options", "t6options", "intercolorprofile", "ycbcrsubsampling",
    "jpegtables", "referenceblackwhite", "ycbcrcoefficients", "exifinteroperabilityoffset", "interopindex",
    "interopversion",
}  # fmt: skip
IFDS = (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo, ExifTags.IFD.IFD1)
# What Pillow keeps beside the pixels and is part of the picture or of its container.
SHOWN = {
    "dpi", "jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression", "adobe",
    "adobe_transform", "transparency", "gamma", "srgb", "chromaticity", "interlace", "aspect", "compression",
    "version", "background", "duration", "loop", "extension", "timestamp", "blend", "disposal",
    "default_image", "bbox", "resolution", "icc_profile", "exif", "mpoffset", "mp",
    "xml:com.adobe.xmp",
}  # fmt: skip


def main() -> None:
    warnings.simplefilter("ignore")
    with Image.open(io.BytesIO(sys.stdin.buffer.read())) as picture:
        removed = found_in(picture)
        out = io.BytesIO()
        SAVES[picture.format or ""](picture, out)
    sys.stdout.buffer.write(json.dumps({"removed": sorted(removed)}).encode() + b"\n")
    sys.stdout.buffer.write(out.getbuffer())


def found_in(picture: Image.Image) -> set[str]:
    """Return the codes of all that the picture tells beside what it shows."""
    exif = picture.getexif()
    names = {ExifTags.TAGS.get(tag, str(tag)) for tag in exif}
    for ifd in IFDS:
        tags = ExifTags.GPSTAGS if ifd == ExifTags.IFD.GPSInfo else ExifTags.TAGS
        prefix = "gps" if ifd == ExifTags.IFD.GPSInfo else ""
        names |= {prefix + tags.get(tag, str(tag)) for tag in exif.get_ifd(ifd)}
    names |= {str(key) for key in picture.info} - {"xmp", "photoshop"}
    return _codes(names) | _codes_of_xmp(picture) | ({"other"} if picture.info.get("photoshop") else set())


def _codes(names: Iterable[str]) -> set[str]:
    plain = {name.lower().replace(" ", "") for name in names}
    return {_code(name) for name in plain - HARMLESS - SHOWN}


def _code(name: str) -> str:
    return next((code for code, parts in CODES if any(part in name for part in parts)), "other")


def _codes_of_xmp(picture: Image.Image) -> set[str]:
    """Return what an XMP packet tells, by the names that stand in it."""
    packet = picture.info.get("xmp") or picture.info.get("XML:com.adobe.xmp") or b""
    text = (packet if isinstance(packet, str) else packet.decode("utf-8", "replace")).lower()
    told = {code for code, parts in CODES if code != "times" and any(part in text for part in parts)}
    return told | {"other"} if text else set()


def _plain(frame: Image.Image, *, modes: Iterable[str] = MODES) -> Image.Image:
    """Return the bare picture: the right way up, in sRGB where a profile said otherwise."""
    upright = ImageOps.exif_transpose(frame)
    transparency = upright.info.get("transparency")
    shown = _in_srgb(upright)
    if shown.mode not in modes:
        shown = shown.convert("RGBA" if "A" in shown.mode and "RGBA" in modes else "RGB")
    copy = Image.new(shown.mode, shown.size)
    if (palette := shown.getpalette("RGB")) is not None:
        copy.putpalette(palette)
    copy.paste(shown)
    if transparency is not None and shown.mode == upright.mode:
        copy.info["transparency"] = transparency
    return copy


def _in_srgb(picture: Image.Image) -> Image.Image:
    profile = picture.info.get("icc_profile")
    mode = "RGBA" if picture.mode == "RGBA" else "RGB"
    if not profile or picture.mode not in {"RGB", "RGBA", "CMYK"}:
        return picture
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return (
            ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode=mode)
            or picture
        )
    except (ImageCms.PyCMSError, OSError):
        return picture


def _jpeg(picture: Image.Image, out: io.BytesIO) -> None:
    # -1: not one of those that can be chosen.
    sampling = JpegImagePlugin.get_sampling(picture)
    more: dict[str, Any] = {"subsampling": sampling} if sampling >= 0 else {}  # Any: Pillow's own options
    _plain(picture, modes={"L", "RGB"}).save(out, "JPEG", quality=QUALITY, optimize=True, **more)


def _png(picture: Image.Image, out: io.BytesIO) -> None:
    if getattr(picture, "n_frames", 1) > 1:
        picture.save(out, "PNG", save_all=True, icc_profile=None, exif=None)
    else:
        _plain(picture).save(out, "PNG")


def _gif(picture: Image.Image, out: io.BytesIO) -> None:
    picture.save(out, "GIF", save_all=True, comment=b"")


def _webp(picture: Image.Image, out: io.BytesIO) -> None:
    lossless = b"VP8L" in _start(picture)
    frames, durations = [], []
    for frame in ImageSequence.Iterator(picture):
        frame.load()
        durations.append(int(frame.info.get("duration", 0)))
        frames.append(_plain(frame))
    still: dict[str, Any] = {
        "quality": QUALITY,
        "lossless": lossless,
        "exact": lossless,
    }  # Any: Pillow's options
    moving = {
        "save_all": True,
        "append_images": frames[1:],
        "duration": durations,
        "loop": picture.info.get("loop", 0),
    }
    frames[0].save(out, "WEBP", **still, **(moving if len(frames) > 1 else {}))


def _start(picture: Image.Image) -> bytes:
    file: io.BytesIO | None = getattr(picture, "fp", None)
    return file.getvalue()[:4096] if isinstance(file, io.BytesIO) else b""


def _tiff(picture: Image.Image, out: io.BytesIO) -> None:
    pages = [_plain(page) for page in ImageSequence.Iterator(picture)]
    way = "group4" if all(page.mode == "1" for page in pages) else "tiff_deflate"
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:], compression=way)


def _bmp(picture: Image.Image, out: io.BytesIO) -> None:
    _plain(picture, modes={"1", "L", "P", "RGB", "RGBA"}).save(out, "BMP")


SAVES: dict[str, Save] = {
    "JPEG": _jpeg,
    "MPO": _jpeg,
    "PNG": _png,
    "GIF": _gif,
    "WEBP": _webp,
    "TIFF": _tiff,
    "BMP": _bmp,
}


if __name__ == "__main__":
    main()
