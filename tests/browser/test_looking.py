"""The looking itself: every kind of flaw is found on a page that has it."""

import pytest

from tests.browser.conftest import OpenPage
from tests.browser.looks import flaws

pytestmark = [pytest.mark.browser, pytest.mark.looks]

PAGE = """<!doctype html><html lang="id"><title>Contoh</title><main><h1>Contoh</h1>{}</main></html>"""
# fmt: off
FLAWED = {
    "wider than the screen": "<p style='width: 2000px'>Lebar</p>",
    "smaller than 44 px":    "<button style='height: 30px; width: 90px'>Kirim</button>",
    "label":                 "<input name='what' style='height: 44px'>",
    "color-contrast":        "<p style='color: #bbb; background: #fff'>Pucat</p>",
    "heading-order":         "<h4>Terlalu dalam</h4>",
    "svg-img-alt":           "<svg role='img' width='50' height='50'></svg>",
}
# fmt: on


@pytest.mark.parametrize("kind", FLAWED)
def test_a_flaw_is_found(open_page: OpenPage, kind: str) -> None:
    page = open_page()
    page.set_content(PAGE.format(FLAWED[kind]))
    assert any(flaw.what.startswith(kind) for flaw in flaws(page, "flawed"))
