"""One demo and one Chromium for all of these tests, and a browser context of its own for each person."""

from collections.abc import Iterator
from functools import partial
from typing import Any, Protocol

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.server import Site, served

CHROMIUM = "/usr/bin/chromium-headless-shell"  # without windows to draw, it takes half of the processor
PATIENCE = 15_000  # milliseconds that a page or an element may take


class OpenPage(Protocol):
    """Opens a page in a browser that nobody has used before; options are those of Playwright's contexts."""

    def __call__(self, **options: Any) -> Page: ...  # Any: whatever Playwright takes


# Both end with the last of these tests: Playwright keeps an event loop running, beside which Django
# refuses to touch a database.
@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(tmp_path_factory.mktemp("browser"), settings.SIPUMA.database_url) as site:
        yield site
        assert site.failures() == []


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_page(site: Site, chromium: Browser) -> Iterator[OpenPage]:
    contexts = []

    def open_one(**options: Any) -> Page:  # Any: as above
        context = chromium.new_context(base_url=site.address, **options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture(params=[False, True], ids=["without-scripts", "with-scripts"])
def open_either(request: pytest.FixtureRequest, open_page: OpenPage) -> OpenPage:
    """Open pages in browsers that run scripts, or don't: SIPUMA must work the same."""
    return partial(open_page, java_script_enabled=bool(request.param))
