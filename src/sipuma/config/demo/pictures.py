"""Pictures for the samples, drawn here: with a camera's metadata in them, so that its removal is seen."""

from io import BytesIO
from typing import Final

from sipuma.files.acceptance import Acceptance, Accepted

SIZE: Final = (960, 640)
SHADES: Final = ("#cfd8dc", "#90a4ae", "#607d8b")
MAKER, MODEL, GPS = 0x010F, 0x0110, 0x8825
LARGEST: Final = 10 * 1024**2


def evidence(name: str) -> Accepted:
    """Return a drawn photograph as evidence, taken in as if somebody had sent it."""
    acceptance = Acceptance(name, limit=LARGEST)
    acceptance.write(photograph())
    return acceptance.finish()


def photograph() -> bytes:
    """Return a JPEG of a room in grey, with a camera's name and a place in its metadata."""
    from PIL import Image, ImageDraw  # noqa: PLC0415  # a server without a demo needs no drawing

    picture = Image.new("RGB", SIZE, SHADES[0])
    draw = ImageDraw.Draw(picture)
    width, height = SIZE
    draw.rectangle((0, height * 2 // 3, width, height), fill=SHADES[1])
    draw.rectangle((width // 4, height // 3, width * 3 // 4, height * 5 // 6), fill=SHADES[2])
    exif = Image.Exif()
    exif[MAKER], exif[MODEL] = "Kamera Contoh", "Model 1"
    exif.get_ifd(GPS).update({1: "N", 2: (5.0, 50.0, 12.0), 3: "E", 4: (95.0, 20.0, 6.0)})
    file = BytesIO()
    picture.save(file, "JPEG", exif=exif)
    return file.getvalue()
