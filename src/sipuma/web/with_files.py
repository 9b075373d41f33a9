"""The mark of a view whose form brings files, and so more bytes than other forms."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

View = TypeVar("View", bound=Callable[..., Any])  # Any: what a view takes is its own affair

_MARK: Final = "sipuma_takes_files"


def with_files(view: View) -> View:
    """Let a view read up to `SIPUMA_MAX_UPLOAD_BYTES`."""
    setattr(view, _MARK, True)
    return view


def takes_files(view: Callable[..., Any]) -> bool:
    """Whether a view carries the mark of `with_files`."""
    return getattr(view, _MARK, False) is True
