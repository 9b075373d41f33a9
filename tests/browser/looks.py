"""How a page must look: no barrier that axe finds, nothing wider than the screen or too small to hit."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

ROOT: Final = Path(__file__).resolve().parents[2]
PICTURES: Final = ROOT / "build" / "pictures"
PHONE, DESK, SMALLEST = 360, 1280, 320  # CSS pixels
AXE: Final = Axe()
HEIGHTS: Final = {SMALLEST: 640, PHONE: 640, DESK: 900}
# Colours do not depend on the width: each width once, each scheme once.
VIEWS: Final = ((PHONE, "light"), (DESK, "dark"))
LEAST_TARGET: Final = 44

# Every rule of axe, best practices too, and the one for WCAG 2.2 that is off unless asked for.
OPTIONS: Final = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}

# Whatever is pressed or filled in; a checkbox that GOV.UK's styles draw is as large as its invisible input.
_SMALL: Final = """least => [...document.querySelectorAll(
    "button, summary, select, textarea, input:not([type=hidden]), .govuk-button, .choice"
  )].filter(one => one.checkVisibility({visibilityProperty: true}))
    .map(one => [one, one.getBoundingClientRect()])
    .filter(([one, box]) => box.height < least - 0.5 || box.width < least - 0.5)
    .map(([one, box]) => `${one.outerHTML.slice(0, 120)} ${box.width}x${box.height}`)"""

# The outermost elements that stick out of the window, to be told in the failure.
_WIDER: Final = """() => {
    const room = window.innerWidth;
    if (document.scrollingElement.scrollWidth <= room) return [];
    const wide = [...document.body.querySelectorAll("*")].filter(
      one => one.getBoundingClientRect().right > room + 0.5);
    return [`page ${document.scrollingElement.scrollWidth}`,
            ...wide.slice(0, 5).map(one => one.outerHTML.slice(0, 160))];
}"""


@dataclass(frozen=True)
class Flaw:
    """What is wrong with a page, at which width and in which colours."""

    page: str
    width: int
    scheme: str
    what: str


def flaws(page: Page, name: str) -> list[Flaw]:
    """Look at the present page at each width and in both colours, and keep a picture of each view."""
    found = [Flaw(name, SMALLEST, "light", what) for what in _at(page, SMALLEST, "light", _WIDER)]
    for width, scheme in VIEWS:
        _show(page, width, scheme)
        found += [Flaw(name, width, scheme, what) for what in barriers(page) + _measured(page)]
        _picture(page, name, width)
    return found


def barriers(page: Page) -> list[str]:
    """Return what axe finds: the rule, what it says, and the first elements that break it."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.axe_script)
    violations = page.evaluate("options => axe.run(options).then(found => found.violations)", OPTIONS)
    return [
        f"{one['id']}: {one['help']}: {[node['html'][:160] for node in one['nodes'][:3]]}"
        for one in violations
    ]


def _measured(page: Page) -> list[str]:
    wider = [f"wider than the screen: {one}" for one in page.evaluate(_WIDER)]
    return wider + [f"smaller than {LEAST_TARGET} px: {one}" for one in page.evaluate(_SMALL, LEAST_TARGET)]


def _at(page: Page, width: int, scheme: str, script: str) -> list[str]:
    _show(page, width, scheme)
    return [str(one) for one in page.evaluate(script)]


def _show(page: Page, width: int, scheme: str) -> None:
    page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")


def _picture(page: Page, name: str, width: int) -> None:
    """Keep what a person would look at; only when asked for, because it takes as long as the checks."""
    if "SIPUMA_PICTURES" not in os.environ:
        return
    PICTURES.mkdir(parents=True, exist_ok=True)
    _show(page, width, "light")
    page.screenshot(path=PICTURES / f"{name}-{width}.png", full_page=True)
