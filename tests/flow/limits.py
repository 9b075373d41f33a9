"""Sets limits on abuse for one test, with every counter at zero."""

import pytest
from django.conf import settings

from sipuma.public import sources


def limited(monkeypatch: pytest.MonkeyPatch, **values: object) -> None:
    """Set limits as an operator would."""
    sources.forget()
    monkeypatch.setattr(settings, "SIPUMA", settings.SIPUMA.model_copy(update=values))
