"""Which language a page is in: the path alone says it, never a cookie or the browser's preference."""

from django.conf import settings
from django.urls import get_script_prefix, is_valid_path
from django.utils import translation


def language_of(path: str) -> str:
    """The language code that a path stands for; unprefixed paths are in the default language."""
    return translation.get_language_from_path(path) or settings.LANGUAGE_CODE


def without_language(path: str) -> str:
    """The path as it stands in the default language: the same page has one such path in every language."""
    code = translation.get_language_from_path(path)
    return path.removeprefix(f"/{code}") if code else path


def home(language: str) -> str:
    """The address of the home page in a language."""
    prefix = "" if language == settings.LANGUAGE_CODE else f"{language}/"
    return f"{get_script_prefix()}{prefix}"


def in_language(path: str, language: str) -> str:
    """The same page in another language; its home page where that page does not exist.

    `path` is a request's `path_info`; the query string is left behind.
    """
    bare = path.removeprefix(f"/{language_of(path)}/").lstrip("/")
    target = f"{home(language)}{bare}"
    with translation.override(language):
        exists = is_valid_path("/" + target.removeprefix(get_script_prefix()))
    return target if exists else home(language)
