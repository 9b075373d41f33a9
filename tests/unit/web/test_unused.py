"""Nothing lies about that no page uses: templates, icons, and classes of the style sheet."""

import re
from pathlib import Path

import pytest

import sipuma

PACKAGE = Path(sipuma.__file__).parent
ICONS = "ui/icons/"
# Names that Django asks for by itself, when it renders a form.
ASKED_FOR_BY_DJANGO = "django/forms/"
# Classes that are put together from a word and a value, as `tag--{{ tone }}`, and those of the toolkit.
NOT_WRITTEN_OUT = ("notice--", "tag--", "govuk-")


def texts(*kinds: str) -> dict[Path, str]:
    found = (path for path in PACKAGE.rglob("*") if path.suffix in kinds)
    return {path: path.read_text(encoding="utf-8") for path in found}


def template_names() -> list[str]:
    folders = [*PACKAGE.glob("*/templates"), *PACKAGE.glob("*/form_templates")]
    return sorted(
        path.relative_to(folder).as_posix() for folder in folders for path in folder.rglob("*.html")
    )


def icons_asked_for() -> set[str]:
    """Return the icons that a template names, or Python code as the keyword `icon`."""
    written = r'icon="([\w-]+)"|icon\.html" with name="([\w-]+)"|ui/icons/([\w-]+)\.html'
    found = (match for text in texts(".html", ".py").values() for match in re.findall(written, text))
    return {name for match in found for name in match if name}


@pytest.mark.parametrize(
    "name", [name for name in template_names() if not name.startswith((ICONS, ASKED_FOR_BY_DJANGO))]
)
def test_every_template_is_used_by_another_or_by_a_view(name: str) -> None:
    users = [path for path, text in texts(".html", ".py").items() if name in text]
    assert [path for path in users if not path.as_posix().endswith(name)]


def test_every_icon_is_drawn_somewhere_and_every_icon_drawn_is_there() -> None:
    there = {Path(name).stem for name in template_names() if ICONS in name}
    assert there == icons_asked_for()


def test_every_class_of_our_own_is_on_some_page() -> None:
    sheets = "".join(path.read_text(encoding="utf-8") for path in (PACKAGE / "web" / "scss").glob("_*.scss"))
    pages = "".join(texts(".html", ".py").values())
    styled = set(re.findall(r"\.([a-z][\w-]*)(?=[^\w;\"]*[{,:>+~ ])", sheets))
    ours = {name for name in styled if not name.startswith(NOT_WRITTEN_OUT)}
    assert len(ours) > 40  # the pattern still finds what it should
    assert {name for name in ours if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", pages)} == set()
