"""The built style sheet: small, ours alone, and readable in light and dark."""

import gzip
import re
from itertools import product
from pathlib import Path

import pytest

import sipuma.web

WEB = Path(sipuma.web.__file__).parent
BUILT = (WEB / "static/sipuma/sipuma.css").read_text(encoding="utf-8")
TOKENS = (WEB / "scss/_tokens.scss").read_text(encoding="utf-8")
MINIMUM = 4.5  # WCAG 2.2, 1.4.3

# fmt: off
PAIRS = [
    *product(["ink", "muted", "primary", "primary-dark", "stop", "visited"], ["paper", "mist"]),
    ("on-primary", "primary"), ("on-primary", "primary-dark"), ("on-stop", "stop"), ("on-stop", "stop-dark"),
    ("good", "good-mist"), ("warn", "warn-mist"), ("stop", "stop-mist"), ("ink", "line"),
    ("ink", "good-mist"), ("ink", "warn-mist"), ("ink", "stop-mist"), ("muted", "warn-mist"),
]
# fmt: on


def palette(scheme: str) -> dict[str, str]:
    block = re.search(rf"@mixin {scheme} {{(.*?)}}", TOKENS, re.DOTALL)
    assert block
    return dict(re.findall(r"--([\w-]+): (#\w+);", block[1]))


def luminance(colour: str) -> float:
    """Relative luminance of `#rgb` or `#rrggbb`, as WCAG 2 defines it."""
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    channels = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_can_be_read_on_its_ground(scheme: str, text: str, ground: str) -> None:
    colours = palette(scheme)
    assert contrast(colours[text], colours[ground]) >= MINIMUM


def test_focus_can_be_read() -> None:
    assert contrast("#14213d", "#ffb81c") >= MINIMUM


def test_the_style_sheet_is_small() -> None:
    assert len(gzip.compress(BUILT.encode())) < 9_000


@pytest.mark.parametrize(
    "foreign", ["GDS Transport", "@font-face", "crown", "url(", "sourceMappingURL", "@import"]
)
def test_the_style_sheet_brings_nothing_foreign(foreign: str) -> None:
    assert foreign not in BUILT
